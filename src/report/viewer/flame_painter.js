import {dimmedFillOf, fillOf} from './flame_colours.js';
import {CROWD} from './flame_layout.js';
import {moduleKind} from './module_kind.js';

export const ROW_HEIGHT = 21;
const TEXT_FROM_PX = 26;
const SIGN_FROM_PX = 18;
const MARKS_FROM_PX = 8;
const PADDING = 5;
const GAP = 1;
const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Slanted lines, repeated: stands for the kernel, and for changes; for what became faster they slant the other way. */
function hatching(ink, isBackwards = false) {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const context = tile.getContext('2d');
  context.strokeStyle = ink;
  context.globalAlpha = 0.22;
  for (const shift of [-6, 0, 6]) {
    context.moveTo(shift - 1, isBackwards ? -1 : 7);
    context.lineTo(shift + 7, isBackwards ? 7 : -1);
  }
  context.stroke();
  return context.createPattern(tile, 'repeat');
}

function fontOf(frame, kind) {
  return `${frame?.inlined ? 'italic ' : ''}${kind === 'scope' || kind === 'thread' ? 'bold ' : ''}${FONT}`;
}

// Only the rows in view are drawn, on a canvas of the size of the view: a canvas as tall as a deep recursion would be
// larger than browsers allow.
export class FlamePainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d', {alpha: false});
    this.widths = new Map();
    this.fills = [];
  }

  resize(width, height) {
    const scale = window.devicePixelRatio || 1;
    if (width === this.width && height === this.height && scale === this.scale) return;
    this.scale = scale;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  /**
   * `view`: {layout, top, yOf, colours, isMatch or null, change or null}. Of a difference, `change(node)` is what became of a
   * node: {kind, isOwn, sign, text}. Returns how many boxes it drew.
   */
  paint(view) {
    const {context} = this;
    this.prepareFills(view);
    context.globalAlpha = 1;
    context.fillStyle = view.colours.background;
    context.fillRect(0, 0, this.width, this.height);
    context.textBaseline = 'middle';
    const shown = [];
    view.layout.rows.forEach((boxes, row) => {
      const y = view.yOf(row) - view.top;
      if (y > -ROW_HEIGHT && y < this.height) shown.push({boxes, y});
    });
    this.paintFills(shown, view);
    for (const {boxes, y} of shown) {
      for (const box of boxes) {
        if (box.width >= MARKS_FROM_PX && box.node !== CROWD) this.paintDetails(box, y, view);
      }
    }
    return shown.reduce((sum, {boxes}) => sum + boxes.length, 0);
  }

  // A colour is worked out once per function and theme, not once per box.
  prepareFills({layout, colours, isMatch}) {
    this.dimmed = isMatch !== null;
    if (this.fillsOf === layout.tree.frames && this.colours === colours) return;
    if (this.colours !== colours) this.hatchings = {kernel: hatching(colours.ink), slower: hatching(colours.ink), faster: hatching(colours.ink, true)};
    Object.assign(this, {fillsOf: layout.tree.frames, colours, fills: [], dimmedFills: []});
  }

  // Boxes of one colour after another: to change the colour costs a canvas more than to fill a box.
  paintFills(shown, view) {
    const {context} = this;
    const byColour = new Map();
    for (const {boxes, y} of shown) {
      for (const box of boxes) {
        const colour = this.fill(box, view);
        let rectangles = byColour.get(colour);
        if (!rectangles) byColour.set(colour, rectangles = []);
        rectangles.push(box.x, y, box.width - (box.width > 3 ? GAP : 0));
      }
    }
    for (const [colour, rectangles] of byColour) {
      context.fillStyle = colour;
      for (let i = 0; i < rectangles.length; i += 3) {
        context.fillRect(rectangles[i], rectangles[i + 1], rectangles[i + 2], ROW_HEIGHT - 1);
      }
    }
  }

  fill({node}, {layout, colours, isMatch, change}) {
    const {tree, zoomed} = layout;
    if (node === CROWD) return colours.crowd;
    if (node === 0) return colours.root;
    const number = tree.frame[node];
    const matches = isMatch?.(number);
    const isAbove = tree.depth[node] < tree.depth[zoomed];
    if (change) {
      const {kind, isOwn} = change(node);
      return (isAbove || (this.dimmed && !matches) ? colours.dimmedChanges : colours.changes)[kind + (isOwn ? 'Own' : '')];
    }
    if (matches) return colours.match;
    const fills = isAbove || this.dimmed ? this.dimmedFills : this.fills;
    fills[number] ??= (isAbove || this.dimmed ? dimmedFillOf : fillOf)(tree.frames[number], colours);
    return fills[number];
  }

  paintDetails(box, y, view) {
    const {tree} = view.layout;
    const frame = box.node === 0 ? null : tree.frames[tree.frame[box.node]];
    const kind = frame === null ? 'root' : moduleKind(frame.module);
    if (view.change === null) this.markKind(kind, box, y, view);
    else if (frame !== null) this.markChange(view.change(box.node), box, y, view);
    if (frame?.inlined) this.markInlined(box, y, view);
    if (box.width > (view.change?.(box.node).sign ? SIGN_FROM_PX : TEXT_FROM_PX)) this.paintLabel(box, y, frame, kind, view);
  }

  markKind(kind, box, y, {colours}) {
    const {context} = this;
    if (kind === 'kernel') {
      context.fillStyle = this.hatchings.kernel;
      context.fillRect(box.x, y, box.width - GAP, ROW_HEIGHT - 1);
    } else if (kind === 'scope') {
      context.fillStyle = colours.ink;
      context.fillRect(box.x, y, 3, ROW_HEIGHT - 1);
      context.fillRect(box.x + box.width - GAP - 3, y, 3, ROW_HEIGHT - 1);
    }
  }

  // A match keeps the colour of its change, so it gets an edge instead; so does a function that changed itself, a thinner one.
  markChange({kind, isOwn}, box, y, {layout, colours, isMatch}) {
    const {context} = this;
    const width = isMatch?.(layout.tree.frame[box.node]) ? 2.5 : isOwn ? 1 : 0;
    if (kind !== 'same') {
      context.fillStyle = this.hatchings[kind];
      context.fillRect(box.x, y, box.width - GAP, ROW_HEIGHT - 1);
    }
    if (width === 0) return;
    context.strokeStyle = colours.ink;
    context.lineWidth = width;
    context.strokeRect(box.x + width / 2, y + width / 2, box.width - GAP - width, ROW_HEIGHT - 1 - width);
  }

  // A dashed upper edge: this call left no call instruction.
  markInlined(box, y, {colours}) {
    const {context} = this;
    context.strokeStyle = colours.ink;
    context.globalAlpha = 0.55;
    context.setLineDash([3, 3]);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(box.x + 1, y + 0.5);
    context.lineTo(box.x + box.width - 2, y + 0.5);
    context.stroke();
    context.setLineDash([]);
    context.globalAlpha = 1;
  }

  paintLabel(box, y, frame, kind, view) {
    const {context} = this;
    const {tree} = view.layout;
    const matches = view.change === null && frame !== null && view.isMatch?.(tree.frame[box.node]);
    const indent = kind === 'scope' ? PADDING + 3 : PADDING;
    const change = view.change?.(box.node);
    context.font = change?.isOwn ? `bold ${fontOf(frame, '')}` : fontOf(frame, kind);
    const name = tree.name(box.node);
    const text = this.fitted(this.labels(name, frame?.short ?? name, change), box.width - PADDING - indent, change?.sign);
    context.fillStyle = matches ? view.colours.matchInk : view.colours.ink;
    context.fillText(text, box.x + indent, y + ROW_HEIGHT / 2);
  }

  widthOf(text) {
    const key = this.context.font + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  // The longest first. A change is told by a sign of its own and its size, as far as there is room.
  labels(name, short, change) {
    if (!change || change.kind === 'same') return [name, short];
    const {sign} = change;
    return [`${sign} ${change.text}  ${name}`, `${sign} ${change.text}  ${short}`, `${sign} ${short}`];
  }

  // The whole name where there is room for it, else without parameters and template arguments, else its beginning.
  // Where there is room for hardly a letter, a change keeps its sign.
  fitted(labels, room, sign = '') {
    const fits = labels.find((label) => this.widthOf(label) <= room);
    if (fits !== undefined) return fits;
    const shortest = labels[labels.length - 1];
    if (sign && room < 4 * this.widthOf(sign)) return this.widthOf(sign) <= room ? sign : '';
    let characters = Math.floor(shortest.length * room / this.widthOf(shortest)) - 1;
    const clipped = () => `${shortest.slice(0, characters)}…`;
    while (characters >= 2 && this.context.measureText(clipped()).width > room) --characters;
    return characters >= 2 ? clipped() : '';
  }
}
