import {element} from './dom.js';
import {palette} from './flame_colours.js';
import {CROWD, FlameLayout} from './flame_layout.js';
import {FlamePainter, ROW_HEIGHT} from './flame_painter.js';
import {FlameSearch} from './flame_search.js';
import {nodeAt, pathTo, samePlace, wayTo} from './flame_tree.js';
import {formatCount} from './format.js';
import {InvertedTree} from './inverted_tree.js';
import {Segments} from './segments.js';
import {isDark} from './theme.js';
import {Tooltip} from './tooltip.js';

const LONGEST_PATH = 14;
const HELP = 'Flame graph. Arrow keys move between frames, Enter zooms into one, Backspace zooms out, Escape resets, slash searches.';

/** A flame graph with its search field, switches, path and tooltip. */
export class FlameView {
  constructor() {
    this.isInverted = false;
    this.isUpwards = false;
    this.changed = () => {};  // another tree is shown
    this.moved = () => {};    // what place() gives is another one
    this.canvas = element('canvas', {id: 'flame', tabindex: '0', role: 'application', 'aria-label': HELP,
                                     'aria-describedby': 'frame-now', 'data-row-height': ROW_HEIGHT});
    this.painter = new FlamePainter(this.canvas);
    this.filler = element('div');
    this.marks = {hovered: element('div', {class: 'frame-mark', hidden: true}),
                  focused: element('div', {class: 'frame-mark', hidden: true})};
    this.scroller = element('div', {class: 'flame-scroll'}, this.canvas, this.filler, this.marks.hovered, this.marks.focused);
    this.search = new FlameSearch({changed: () => this.searched(), left: () => this.reset(), given: () => this.canvas.focus()});
    this.path = element('nav', {class: 'path', 'aria-label': 'Path to the zoomed frame'});
    this.now = element('p', {id: 'frame-now', class: 'frame-now', 'aria-live': 'polite'});
    this.tooltip = new Tooltip();
    this.makeControls();
    this.node = element('div', {class: 'flame'}, this.path, this.scroller, this.now, this.tooltip.node);
    this.listen();
    this.resizes = new ResizeObserver(() => this.resized());
    this.resizes.observe(this.scroller);
  }

  makeControls() {
    this.root = new Segments('Tree from', [
      {value: 'callers', text: 'Callers', hint: 'From the outermost callers to what they call'},
      {value: 'callees', text: 'Inverted', hint: 'From the functions that the samples fell into to who called them'},
    ], 'callers', (value) => this.invert(value === 'callees'));
    this.direction = new Segments('Direction', [
      {value: 'down', text: '↓ Icicle', hint: 'The root on top'}, {value: 'up', text: '↑ Flame', hint: 'The root at the bottom'},
    ], 'down', (value) => this.turn(value === 'up'));
    this.zoomButton = element('button', {type: 'button', class: 'quiet', id: 'flame-zoom', onclick: () => this.zoom(this.focused)}, 'Zoom in');
    this.resetButton = element('button', {type: 'button', class: 'quiet', id: 'flame-reset', onclick: () => this.reset()}, 'Reset');
  }

  /** The rows of controls above the graph; `choices` stand first in them. */
  bars(...choices) {
    return [element('div', {class: 'bar'}, ...choices, this.root.node, this.direction.node,
                    element('span', {class: 'group'}, this.zoomButton, this.resetButton)),
            element('div', {class: 'bar'}, this.search.field, this.search.found)];
  }

  /** Shows another tree, at the same place where `keepsPlace` and where there is one. */
  show(tree, measure, keepsPlace) {
    this.measure = measure;
    this.tree = tree;
    if (!keepsPlace) this.search.clear();
    this.showTree(keepsPlace);
  }

  /** Where the reader is, for an address: all of it text, empty where it is as at first. */
  place() {
    return {inverted: this.isInverted ? '1' : '', zoom: wayTo(this.shown, this.zoomed), search: this.search.text};
  }

  /** Leads there. */
  go({inverted = '', zoom = '', search = ''}) {
    this.isInverted = inverted === '1';
    this.root.choose(this.isInverted ? 'callees' : 'callers');
    this.search.text = search;
    this.showTree(false);
    this.zoom(nodeAt(this.shown, zoom));
  }

  showTree(keepsPlace) {
    const before = this.shown;
    this.shown = this.isInverted ? new InvertedTree(this.tree) : this.tree;
    this.zoomed = keepsPlace && before ? samePlace(this.shown, before, this.zoomed) : 0;
    this.rows = 0;
    this.search.update(this.tree, this.measure.found);
    this.hover(null);
    this.select(-1);
    this.relayout();
    this.changed();
  }

  invert(isInverted) {
    if (this.isInverted === isInverted) return;
    this.isInverted = isInverted;
    this.showTree(false);
    this.scrollToRoot();
    this.moved();
  }

  turn(isUpwards) {
    this.isUpwards = isUpwards;
    this.relayout();
    this.scrollToRoot();
  }

  scrollToRoot() {
    this.scroller.scrollTop = this.isUpwards ? this.rows * ROW_HEIGHT : 0;
    this.paint();
  }

  close() {
    this.resizes.disconnect();
  }

  listen() {
    const {canvas} = this;
    canvas.addEventListener('pointermove', (event) => this.hover(event.pointerType === 'touch' ? null : event));
    canvas.addEventListener('pointerleave', () => this.hover(null));
    canvas.addEventListener('pointerdown', (event) => {
      this.isTouch = event.pointerType === 'touch';
    });
    canvas.addEventListener('click', (event) => this.press(this.boxAt(event)?.node ?? CROWD));
    canvas.addEventListener('keydown', (event) => this.key(event));
    this.scroller.addEventListener('scroll', () => this.paint());
  }

  // A finger cannot hover: its first tap says what a frame is, the second one zooms.
  press(node) {
    if (node === CROWD) return;
    if (this.isTouch && node !== this.focused) this.select(node);
    else this.zoom(node);
  }

  yOf(row) {
    return this.isUpwards ? (this.rows - 1 - row) * ROW_HEIGHT : row * ROW_HEIGHT;
  }

  boxAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const fromTop = Math.floor((event.clientY - box.top + this.scroller.scrollTop) / ROW_HEIGHT);
    return this.layout.at(this.isUpwards ? this.rows - 1 - fromTop : fromTop, event.clientX - box.left);
  }

  resized() {
    const isOther = this.scroller.clientWidth !== this.painter.width || window.devicePixelRatio !== this.painter.scale;
    if (this.shown && isOther) this.relayout();
  }

  relayout() {
    const width = this.scroller.clientWidth;
    if (!this.shown || width === 0) return;
    const fromBottom = this.rows * ROW_HEIGHT - this.scroller.scrollTop;
    this.layout = new FlameLayout(this.shown, this.zoomed, width);
    this.rows = Math.max(this.rows, this.layout.rows.length);  // never shrinks, so that the page below stays where it is
    const tallest = Math.max(300, Math.round(window.innerHeight * (width < 700 ? 0.6 : 0.8)));
    const height = Math.min(this.rows * ROW_HEIGHT, tallest);
    this.scroller.style.height = `${height}px`;
    this.filler.style.height = `${this.rows * ROW_HEIGHT - height}px`;
    if (this.isUpwards) this.scroller.scrollTop = this.rows * ROW_HEIGHT - fromBottom;
    this.painter.resize(width, height);
    this.canvas.dataset.boxes = this.layout.boxes;
    this.showPath();
    this.paint();
  }

  paint() {
    if (!this.layout) return;
    this.canvas.dataset.drawn = this.painter.paint({layout: this.layout, top: this.scroller.scrollTop, yOf: (row) => this.yOf(row),
                                                    colours: palette(isDark()), isMatch: this.search.isMatch,
                                                    change: this.measure.change ? (node) => this.measure.change(this.shown, node) : null});
    this.mark('focused', this.layout.boxOf(this.focused));
  }

  // Outlines are elements above the canvas: moving one must not draw ten thousand boxes anew.
  mark(which, box) {
    const {style} = this.marks[which];
    this.marks[which].hidden = box === null;
    if (box === null) return;
    style.left = `${box.x}px`;
    style.top = `${this.yOf(this.shown.depth[box.node])}px`;
    style.width = `${Math.max(box.width - 1, 2)}px`;
    style.height = `${ROW_HEIGHT - 1}px`;
  }

  zoom(node) {
    this.zoomed = node;
    this.hover(null);
    if (this.focused >= 0) this.focused = node;
    this.relayout();
    this.moved();
  }

  reset() {
    this.search.clear();
    this.search.update(this.tree, this.measure.found);
    this.select(-1);
    this.zoom(0);
  }

  searched() {
    this.search.update(this.tree, this.measure.found);
    this.showResettable();
    this.paint();
    this.moved();
  }

  /** Marks every call of one function. */
  searchFor(name) {
    this.search.wholeName(name);
    this.searched();
  }

  key(event) {
    const further = (node) => this.layout.further(node);
    const back = (node) => Math.max(this.shown.parent[node], 0);
    const moves = {
      ArrowDown: this.isUpwards ? back : further,
      ArrowUp: this.isUpwards ? further : back,
      ArrowLeft: (node) => this.layout.beside(node, -1),
      ArrowRight: (node) => this.layout.beside(node, 1),
      Home: () => 0,
    };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in moves) {
      this.select(this.layout.boxOf(this.focused) ? moves[event.key](this.focused) : this.zoomed);
    } else if (event.key === 'Enter' && this.focused >= 0) {
      this.zoom(this.focused);
    } else if (event.key === 'Backspace') {
      this.zoom(Math.max(this.shown.parent[this.zoomed], 0));
    } else if (event.key === 'Escape') {
      this.reset();
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Makes `node` the one that is described and that "Zoom in" means; -1 for none. */
  select(node) {
    this.focused = node;
    this.now.textContent = node < 0 ? '' : this.describe(node).join(' · ');
    if (node >= 0) this.reveal(node);
    if (this.layout) this.mark('focused', this.layout.boxOf(node));
    this.showResettable();
  }

  reveal(node) {
    const top = this.yOf(this.shown.depth[node]);
    const {scroller} = this;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const bottom = top + ROW_HEIGHT - scroller.clientHeight;
    if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
  }

  /** Name, place, amounts: one fact each. */
  describe(node) {
    const {shown} = this;
    const amounts = this.measure.describe(shown, node);
    if (node === 0) return [shown.name(node), ...amounts];
    const frame = shown.frames[shown.frame[node]];
    const source = frame.file ? [frame.line ? `${frame.file}:${frame.line}` : frame.file] : [];
    return [frame.function, ...(frame.inlined ? ['inlined'] : []), frame.module || 'unknown module', ...source, ...amounts];
  }

  hover(event) {
    const box = event === null ? null : this.boxAt(event);
    this.canvas.style.cursor = box && box.node !== CROWD ? 'pointer' : '';
    if (box !== this.hovered) {
      this.hovered = box;
      this.mark('hovered', box && box.node !== CROWD ? box : null);
      if (box === null) this.tooltip.hide();
      else this.tooltip.show(box.node === CROWD ? ['Too narrow to be drawn', 'zoom in to see these frames'] : this.describe(box.node));
    }
    if (box !== null) this.tooltip.place(event);
  }

  showResettable() {
    this.resetButton.disabled = !(this.zoomed > 0) && this.search.isEmpty;
    this.zoomButton.disabled = this.focused < 0 || this.focused === this.zoomed;
  }

  showPath() {
    const {shown} = this;
    const steps = pathTo(shown, this.zoomed);
    this.canvas.dataset.zoomed = shown.name(this.zoomed);
    this.showResettable();
    const step = (node) => element('li', {}, element('button', {
      type: 'button', title: shown.name(node), 'aria-current': node === this.zoomed ? 'location' : null,
      onclick: () => this.zoom(node)}, node === 0 ? shown.name(0) : shown.frames[shown.frame[node]].short));
    const leftOut = Math.max(0, steps.length - LONGEST_PATH);
    const parts = leftOut === 0 ? steps.map(step) :
        [step(0), element('li', {}, `… ${formatCount(leftOut)} more`), ...steps.slice(1 + leftOut).map(step)];
    this.path.replaceChildren(element('ol', {}, ...parts));
  }
}
