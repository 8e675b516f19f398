import {element} from './dom.js';
import {moduleKind, palette} from './flame_colours.js';
import {FlameLayout} from './flame_layout.js';
import {FlamePainter, ROW_HEIGHT} from './flame_painter.js';
import {shortName} from './flame_tree.js';
import {formatCount, formatPercent, formatTime, plural} from './format.js';
import {isDark} from './theme.js';

const LONGEST_PATH = 14;
const HELP = 'Flame graph. Arrow keys move between frames, Enter zooms into one, Escape resets, slash searches.';

/** A flame graph with its search field, path and tooltip. Callers are above what they call. */
export class FlameView {
  constructor() {
    this.canvas = element('canvas', {id: 'flame', tabindex: '0', role: 'application', 'aria-label': HELP,
                                     'aria-describedby': 'frame-now', 'data-row-height': ROW_HEIGHT});
    this.painter = new FlamePainter(this.canvas);
    this.scroller = element('div', {class: 'flame-scroll'}, this.canvas, this.filler = element('div'));
    this.search = element('input', {type: 'search', id: 'flame-search', placeholder: 'Search functions  ( / )',
                                    'aria-label': 'Search functions', autocomplete: 'off', spellcheck: 'false'});
    this.matched = element('output', {id: 'flame-matches', for: 'flame-search'});
    this.path = element('nav', {class: 'path', 'aria-label': 'Path to the zoomed frame'});
    this.now = element('p', {id: 'frame-now', class: 'frame-now', 'aria-live': 'polite'});
    this.tooltip = element('div', {class: 'tooltip', hidden: true, 'aria-hidden': 'true'});
    this.resetButton = element('button', {type: 'button', class: 'quiet', id: 'flame-reset', onclick: () => this.reset()}, 'Reset');
    this.controls = [this.search, this.matched, this.resetButton];
    this.node = element('div', {class: 'flame'}, this.path, this.scroller, this.now, this.tooltip);
    this.listen();
    this.resizes = new ResizeObserver(() => this.relayout());
    this.resizes.observe(this.scroller);
  }

  /** Switching between the sides of one benchmark keeps the zoom: both have the same nodes. */
  show(tree, nsPerIteration, keepsPlace) {
    this.tree = tree;
    this.nsPerIteration = nsPerIteration;
    this.focused = -1;
    this.hovered = -1;
    if (!keepsPlace || !(tree.total[this.zoomed] > 0)) this.zoomed = 0;
    if (!keepsPlace) this.search.value = '';
    this.updateSearch();
    this.relayout();
  }

  close() {
    this.resizes.disconnect();
  }

  listen() {
    const {canvas, scroller, search} = this;
    canvas.addEventListener('mousemove', (event) => this.hover(event));
    canvas.addEventListener('mouseleave', () => this.hover(null));
    canvas.addEventListener('click', (event) => {
      const node = this.nodeAt(event);
      if (node >= 0) this.zoom(node);
    });
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('blur', () => this.focus(-1));
    scroller.addEventListener('scroll', () => this.paint());
    search.addEventListener('input', () => {
      this.updateSearch();
      this.paint();
    });
    search.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.reset();
      if (event.key === 'Enter') canvas.focus();
    });
  }

  nodeAt(event) {
    const box = this.canvas.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top + this.scroller.scrollTop) / ROW_HEIGHT);
    return this.layout.at(row, event.clientX - box.left);
  }

  relayout() {
    const width = this.scroller.clientWidth;
    if (!this.tree || width === 0) return;
    const tallest = Math.max(360, Math.round(window.innerHeight * 0.85));
    const height = Math.min(this.tree.rows * ROW_HEIGHT, tallest);
    this.scroller.style.height = `${height}px`;
    this.filler.style.height = `${this.tree.rows * ROW_HEIGHT - height}px`;
    this.painter.resize(width, height);
    this.layout = new FlameLayout(this.tree, this.zoomed, width);
    this.showPath();
    this.paint();
  }

  paint() {
    if (!this.layout) return;
    this.painter.paint({layout: this.layout, top: this.scroller.scrollTop, colours: palette(isDark()),
                        isMatch: this.isMatch, focused: this.focused, hovered: this.hovered});
  }

  zoom(node) {
    this.zoomed = node;
    this.hover(null);
    if (this.focused >= 0) this.focused = node;
    this.relayout();
  }

  reset() {
    this.search.value = '';
    this.updateSearch();
    this.zoom(0);
  }

  updateSearch() {
    const wanted = this.search.value.trim().toLowerCase();
    this.matched.value = '';
    this.isMatch = null;
    this.showResettable();
    if (wanted === '') return;
    const found = this.tree.frames.map((frame) => frame.function.toLowerCase().includes(wanted));
    this.isMatch = (frame) => found[frame];
    const functions = new Set(this.tree.frame.filter((frame, node) => frame >= 0 && found[frame] && this.tree.total[node] > 0));
    const share = this.tree.samples ? this.tree.matchedSamples(this.isMatch) / this.tree.samples : 0;
    this.matched.value = functions.size === 0 ? 'no match' :
        `${plural(functions.size, 'match', 'matches')}, ${formatPercent(share)} of samples`;
  }

  key(event) {
    const moves = {
      ArrowDown: (node) => this.layout.below(node),
      ArrowUp: (node) => Math.max(this.tree.parent[node], 0),
      ArrowLeft: (node) => this.layout.beside(node, -1),
      ArrowRight: (node) => this.layout.beside(node, 1),
      Home: () => 0,
    };
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key in moves) {
      this.focus(this.focused < 0 ? this.zoomed : moves[event.key](this.focused));
    } else if (event.key === 'Enter' && this.focused >= 0) {
      this.zoom(this.focused);
    } else if (event.key === 'Escape') {
      this.focus(-1);
      this.reset();
    } else {
      return;
    }
    event.preventDefault();
  }

  focus(node) {
    this.focused = node;
    this.now.textContent = node < 0 ? '' : this.describe(node).join(' · ');
    if (node >= 0) this.reveal(node);
    this.paint();
  }

  reveal(node) {
    const top = this.tree.depth[node] * ROW_HEIGHT;
    const {scroller} = this;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    const bottom = top + ROW_HEIGHT - scroller.clientHeight;
    if (bottom > scroller.scrollTop) scroller.scrollTop = bottom;
  }

  /** Name, place, samples: one fact each. */
  describe(node) {
    const {tree} = this;
    const share = tree.share(node);
    const samples = `${plural(tree.total[node], 'sample', 'samples')} (${formatPercent(share)}), ` +
                    `self ${formatCount(tree.self[node])}`;
    const time = this.nsPerIteration > 0 ? [`${formatTime(share * this.nsPerIteration)} per iteration`] : [];
    if (node === 0) return [tree.name(node), samples, ...time];
    const frame = tree.frames[tree.frame[node]];
    const source = frame.file ? [frame.line ? `${frame.file}:${frame.line}` : frame.file] : [];
    return [frame.function, ...(frame.inlined ? ['inlined'] : []), frame.module || 'unknown module', ...source, samples, ...time];
  }

  hover(event) {
    const node = event === null ? -1 : this.nodeAt(event);
    this.canvas.style.cursor = node >= 0 ? 'pointer' : '';
    if (node !== this.hovered) {
      this.hovered = node;
      const [name, ...facts] = node < 0 ? [''] : this.describe(node);
      this.tooltip.replaceChildren(element('strong', {}, name), element('span', {}, facts.join(' · ')));
      this.tooltip.hidden = node < 0;
      this.paint();
    }
    if (node >= 0) this.placeTooltip(event);
  }

  placeTooltip(event) {
    const {offsetWidth, offsetHeight} = this.tooltip;
    const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - offsetWidth - 8);
    const under = event.clientY + 20;
    const top = under + offsetHeight > window.innerHeight ? event.clientY - offsetHeight - 12 : under;
    this.tooltip.style.left = `${Math.max(8, left)}px`;
    this.tooltip.style.top = `${Math.max(8, top)}px`;
  }

  showResettable() {
    this.resetButton.disabled = this.zoomed === 0 && this.search.value === '';
  }

  showPath() {
    const {tree} = this;
    const steps = tree.path(this.zoomed);
    this.canvas.dataset.zoomed = tree.name(this.zoomed);
    this.showResettable();
    const step = (node) => element('li', {}, element('button', {
      type: 'button', title: tree.name(node), 'aria-current': node === this.zoomed ? 'location' : null,
      onclick: () => this.zoom(node)}, node === 0 ? tree.name(0) : shortName(tree.name(node))));
    const leftOut = Math.max(0, steps.length - LONGEST_PATH);
    const parts = leftOut === 0 ? steps.map(step) :
        [step(0), element('li', {}, `… ${formatCount(leftOut)} more`), ...steps.slice(1 + leftOut).map(step)];
    this.path.replaceChildren(element('ol', {}, ...parts));
  }
}

/** Which modules have which colours, for the frames that this tree has. */
export function modulesIn(tree) {
  const samples = new Map();
  for (let node = 1; node < tree.frame.length; ++node) {
    const frame = tree.frames[tree.frame[node]];
    if (tree.self[node] > 0) samples.set(frame.module, (samples.get(frame.module) ?? 0) + tree.self[node]);
  }
  return [...samples].sort((a, b) => b[1] - a[1])
      .map(([module, self]) => ({module: module || 'unknown', kind: moduleKind(module), share: self / tree.samples}));
}
