// Where each frame of the zoomed tree lies, in fractions of the width. Rows are kept apart, so that a pointer finds its frame
// by a binary search. Frames too narrow to be seen are skipped with everything below them; where several of them lie side by
// side, one box without a node stands for the crowd.

import {pathTo} from './flame_tree.js';

const NARROWEST_PX = 0.5;
export const CROWD = -1;

export class FlameLayout {
  constructor(tree, zoomed, width) {
    this.tree = tree;
    this.zoomed = zoomed;
    this.path = pathTo(tree, zoomed);
    this.rows = this.path.map((node) => [{node, x: 0, width}]);
    const scale = tree.total[zoomed] > 0 ? width / tree.total[zoomed] : 0;
    for (let above = this.rows[this.rows.length - 1]; above.length > 0;) {
      const row = [];
      for (const box of above) {
        if (box.node !== CROWD) this.placeChildren(row, box, scale);
      }
      if (row.length) this.rows.push(row);
      above = row;
    }
  }

  placeChildren(row, {node, x}, scale) {
    const {tree} = this;
    let crowdFrom = x;
    const closeCrowd = () => {
      if (x - crowdFrom >= NARROWEST_PX) row.push({node: CROWD, x: crowdFrom, width: x - crowdFrom});
    };
    for (const child of tree.children(node)) {
      const width = tree.total[child] * scale;
      if (width >= NARROWEST_PX) {
        closeCrowd();
        row.push({node: child, x, width});
        crowdFrom = x + width;
      }
      x += width;
    }
    closeCrowd();
  }

  /** How many boxes there are to be drawn, whatever the tree's size. */
  get boxes() {
    return this.rows.reduce((sum, row) => sum + row.length, 0);
  }

  at(row, x) {
    const boxes = this.rows[row] ?? [];
    let low = 0;
    let high = boxes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (boxes[middle].x + boxes[middle].width <= x) low = middle + 1;
      else high = middle;
    }
    return low < boxes.length && boxes[low].x <= x ? boxes[low] : null;
  }

  boxOf(node) {
    return this.rows[this.tree.depth[node]]?.find((box) => box.node === node) ?? null;
  }

  /** The frame to the left (-1) or right (+1) in the same row; the node itself at the end of the row. */
  beside(node, direction) {
    const row = this.rows[this.tree.depth[node]] ?? [];
    for (let i = row.findIndex((box) => box.node === node) + direction; i >= 0 && i < row.length; i += direction) {
      if (row[i].node !== CROWD) return row[i].node;
    }
    return node;
  }

  /** The widest frame one row further from the root, among those that are drawn. */
  further(node) {
    const place = this.path.indexOf(node);
    if (place >= 0 && place + 1 < this.path.length) return this.path[place + 1];
    const {tree} = this;
    const widest = tree.children(node).reduce((best, child) => best < 0 || tree.total[child] > tree.total[best] ? child : best, -1);
    return widest >= 0 && this.boxOf(widest) ? widest : node;
  }
}
