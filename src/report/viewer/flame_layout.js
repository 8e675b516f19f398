// Where each frame of the zoomed tree lies, in fractions of the width. Rows are kept apart, so that a pointer finds its frame
// by a binary search, and frames too narrow to be seen are skipped with everything below them.

const NARROWEST_PX = 0.4;

export class FlameLayout {
  constructor(tree, zoomed, width) {
    this.tree = tree;
    this.zoomed = zoomed;
    this.rows = Array.from({length: tree.rows}, () => []);
    const scale = tree.total[zoomed] > 0 ? width / tree.total[zoomed] : 0;
    for (const node of tree.path(zoomed).slice(0, -1)) this.place(node, 0, width);
    for (let node = zoomed; node < tree.end[zoomed];) {
      const frameWidth = tree.total[node] * scale;
      if (frameWidth < NARROWEST_PX) {
        node = tree.end[node];
        continue;
      }
      this.place(node, (tree.start[node] - tree.start[zoomed]) * scale, frameWidth);
      ++node;
    }
  }

  place(node, x, width) {
    this.rows[this.tree.depth[node]].push({node, x, width});
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
    return low < boxes.length && boxes[low].x <= x ? boxes[low].node : -1;
  }

  indexInRow(node) {
    return this.rows[this.tree.depth[node]].findIndex((box) => box.node === node);
  }

  /** The frame to the left (-1) or right (+1) in the same row; the node itself at the end of the row. */
  beside(node, direction) {
    const row = this.rows[this.tree.depth[node]];
    return row[this.indexInRow(node) + direction]?.node ?? node;
  }

  /** The widest frame called by this one. */
  below(node) {
    const onPath = this.tree.path(this.zoomed);
    const place = onPath.indexOf(node);
    if (place >= 0 && place + 1 < onPath.length) return onPath[place + 1];
    return this.tree.children(node).reduce((best, child) =>
        best === node || this.tree.total[child] > this.tree.total[best] ? child : best, node);
  }

  isVisible(node) {
    return this.indexInRow(node) >= 0;
  }
}
