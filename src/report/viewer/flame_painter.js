import {dimmedFillOf, fillOf} from './flame_colours.js';
import {shortName} from './flame_tree.js';

export const ROW_HEIGHT = 21;
const TEXT_FROM_PX = 26;
const PADDING = 5;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

// Only the rows in view are drawn, on a canvas of the size of the view: a canvas as tall as a deep recursion would be
// larger than browsers allow.
export class FlamePainter {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.labels = new Map();
    this.widths = new Map();
  }

  resize(width, height) {
    const scale = window.devicePixelRatio || 1;
    this.width = width;
    this.height = height;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    this.context.setTransform(scale, 0, 0, scale, 0, 0);
  }

  /** `view`: {layout, top, colours, isMatch or null, focused or -1, hovered or -1} */
  paint(view) {
    const {context} = this;
    context.fillStyle = view.colours.background;
    context.fillRect(0, 0, this.width, this.height);
    context.textBaseline = 'middle';
    const first = Math.floor(view.top / ROW_HEIGHT);
    const last = Math.min(view.layout.rows.length, Math.ceil((view.top + this.height) / ROW_HEIGHT));
    for (let row = first; row < last; ++row) {
      for (const box of view.layout.rows[row]) this.paintBox(box, row * ROW_HEIGHT - view.top, view);
    }
    for (const node of [view.hovered, view.focused]) this.outline(node, view);
  }

  paintBox(box, y, view) {
    const {context} = this;
    const {tree, zoomed} = view.layout;
    const frame = box.node === 0 ? null : tree.frames[tree.frame[box.node]];
    const matches = frame !== null && view.isMatch !== null && view.isMatch(tree.frame[box.node]);
    const gap = box.width > 3 ? 1 : 0;
    context.fillStyle = this.fill(frame, matches, view);
    context.globalAlpha = tree.depth[box.node] < tree.depth[zoomed] ? 0.55 : 1;
    context.fillRect(box.x, y, box.width - gap, ROW_HEIGHT - 1);
    if (frame?.inlined && box.width > 8) this.markInlined(box, y, view);
    if (box.width > TEXT_FROM_PX) this.paintLabel(box, y, frame, matches, view);
    context.globalAlpha = 1;
  }

  fill(frame, matches, {colours, isMatch}) {
    if (frame === null) return colours.root;
    if (matches) return colours.match;
    return isMatch === null ? fillOf(frame, colours) : dimmedFillOf(frame, colours);
  }

  // A dashed upper edge: this call left no call instruction.
  markInlined(box, y, {colours}) {
    const {context} = this;
    context.strokeStyle = colours.ink;
    context.save();
    context.globalAlpha *= 0.55;
    context.setLineDash([3, 3]);
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(box.x + 1, y + 0.5);
    context.lineTo(box.x + box.width - 2, y + 0.5);
    context.stroke();
    context.restore();
  }

  paintLabel(box, y, frame, matches, view) {
    const {context} = this;
    const {tree} = view.layout;
    context.font = `${frame?.inlined ? 'italic ' : ''}12px ${FONT}`;
    const text = this.fitted(tree.name(box.node), frame, box.width - 2 * PADDING);
    context.fillStyle = matches ? view.colours.matchInk : view.colours.ink;
    context.fillText(text, box.x + PADDING, y + ROW_HEIGHT / 2);
  }

  widthOf(text, frame) {
    const key = (frame?.inlined ? 'i' : 'r') + text;
    let width = this.widths.get(key);
    if (width === undefined) {
      width = this.context.measureText(text).width;
      this.widths.set(key, width);
    }
    return width;
  }

  // The whole name where there is room for it, else without parameters and template arguments, else its beginning.
  fitted(name, frame, room) {
    if (this.widthOf(name, frame) <= room) return name;
    if (!this.labels.has(name)) this.labels.set(name, shortName(name));
    const short = this.labels.get(name);
    const width = this.widthOf(short, frame);
    if (width <= room) return short;
    const characters = Math.floor(short.length * room / width) - 1;
    return characters >= 2 ? `${short.slice(0, characters)}…` : '';
  }

  outline(node, {layout, top, colours}) {
    if (node < 0) return;
    const row = layout.tree.depth[node];
    const box = layout.rows[row].find((candidate) => candidate.node === node);
    if (!box) return;
    this.context.strokeStyle = colours.focus;
    this.context.lineWidth = 2;
    this.context.strokeRect(box.x + 1, row * ROW_HEIGHT - top + 1, Math.max(box.width - 3, 1), ROW_HEIGHT - 3);
  }
}
