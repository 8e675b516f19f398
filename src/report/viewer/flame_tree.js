// The call tree of a profile: who called whom, and how much of it each call holds.

/** What the report knows of a frame, by its number. */
export function makeFrames(columns) {
  const text = (key, i) => columns.strings[columns[key][i]];
  return columns.line.map((line, i) => ({
    function: text('function', i), short: text('short', i), module: text('module', i), file: text('file', i), line,
    inlined: columns.inlined[i] === 1,
  }));
}

/** The nodes on the way from the root to `node`, both included. */
export function pathTo(tree, node) {
  const out = [];
  for (let at = node; at >= 0; at = tree.parent[at]) out.push(at);
  return out.reverse();
}

/** The node that has the same functions above it in `tree` as `node` has in `other`; 0 where there is none. */
export function samePlace(tree, other, node) {
  const isSame = tree.frames === other.frames ? (a, b) => tree.frame[a] === other.frame[b] : (a, b) => tree.name(a) === other.name(b);
  let at = 0;
  for (const step of pathTo(other, node).slice(1)) {
    const next = tree.children(at).find((child) => isSame(child, step));
    if (next === undefined) return 0;
    at = next;
  }
  return at;
}

/** The way to a node in words of an address: at each step which child it is, "0.3.1". Empty for the root. */
export function wayTo(tree, node) {
  return pathTo(tree, node).slice(1).map((step) => tree.children(tree.parent[step]).indexOf(step)).join('.');
}

/** The inverse; as far as there are such children. */
export function nodeAt(tree, way) {
  let at = 0;
  for (const step of way === '' ? [] : way.split('.')) {
    const next = tree.children(at)[Number(step)];
    if (next === undefined) break;
    at = next;
  }
  return at;
}

/**
 * The shape of a call tree, from its columns frame and depth in preorder: who called whom. Node 0, which is in none of the
 * columns, stands for all of it.
 */
export function linked(columns) {
  const size = columns.frame.length + 1;
  const frame = new Int32Array(size).fill(-1);
  const depth = new Int32Array(size);
  frame.set(columns.frame, 1);
  depth.set(columns.depth, 1);
  const parent = new Int32Array(size).fill(-1);
  const end = new Int32Array(size).fill(size);  // one past the last node below this one
  const open = [0];
  for (let node = 1; node < size; ++node) {
    depth[node] += 1;
    while (open.length > depth[node]) end[open.pop()] = node;
    parent[node] = open[open.length - 1];
    open.push(node);
  }
  return {size, frame, depth, parent, end};
}

export class FlameTree {
  /**
   * `shape` is what linked() gives, `self` what each node holds without those below it, in the measure that is shown, and
   * `counts` the same in samples; both by node, the root left out.
   */
  constructor(shape, self, counts, frames) {
    Object.assign(this, shape);
    this.frames = frames;
    this.rootName = 'all samples';
    this.self = this.withRoot(self);
    this.selfCount = counts === self ? this.self : this.withRoot(counts);
    this.total = this.summed(this.self);
    this.count = counts === self ? this.total : this.summed(this.selfCount);
  }

  withRoot(column) {
    const out = new Float64Array(this.size);
    out.set(column, 1);
    return out;
  }

  summed(column) {
    const out = column.slice();
    for (let node = this.size - 1; node > 0; --node) out[this.parent[node]] += out[node];
    return out;
  }

  name(node) {
    return node === 0 ? this.rootName : this.frames[this.frame[node]].function;
  }

  share(node) {
    return this.total[0] > 0 ? this.total[node] / this.total[0] : 0;
  }

  children(node) {
    const out = [];
    for (let at = node + 1; at < this.end[node]; at = this.end[at]) {
      if (this.total[at] > 0) out.push(at);
    }
    return out;
  }

  /** What is in and below frames that match, in one of the columns of totals; a matching frame below another one counts once. */
  matched(isMatch, totals = this.total) {
    let sum = 0;
    for (let node = 1; node < this.size;) {
      if (isMatch(this.frame[node])) {
        sum += totals[node];
        node = this.end[node];
      } else {
        ++node;
      }
    }
    return sum;
  }

  /** Self and total of each function, recursion counted once; the largest self first. */
  functions() {
    const {size, frame, end} = this;
    const self = new Float64Array(this.frames.length);
    const total = new Float64Array(this.frames.length);
    const selfCount = new Float64Array(this.frames.length);
    const onStack = new Int32Array(this.frames.length);
    const above = new Int32Array(this.depth.reduce((most, depth) => Math.max(most, depth), 0) + 1);
    let height = 0;
    for (let node = 1; node < size; ++node) {
      while (height > 0 && end[above[height - 1]] <= node) onStack[frame[above[--height]]] -= 1;
      const number = frame[node];
      self[number] += this.self[node];
      selfCount[number] += this.selfCount[node];
      if (onStack[number] === 0) total[number] += this.total[node];
      onStack[number] += 1;
      above[height++] = node;
    }
    return [...this.frames.keys()].filter((number) => total[number] > 0)
        .map((number) => ({frame: number, self: self[number], total: total[number], selfCount: selfCount[number]}))
        .sort((a, b) => b.self - a.self || b.total - a.total);
  }

  /** By frame: 1 where some node that holds something has it. */
  seen() {
    const out = new Uint8Array(this.frames.length);
    for (let node = 1; node < this.size; ++node) {
      if (this.total[node] > 0) out[this.frame[node]] = 1;
    }
    return out;
  }

  /** Modules by the share that they took themselves, the largest first; also those that only called others. */
  modules() {
    const sums = new Map();
    for (let node = 1; node < this.size; ++node) {
      if (!(this.total[node] > 0)) continue;
      const {module} = this.frames[this.frame[node]];
      sums.set(module, (sums.get(module) ?? 0) + this.self[node]);
    }
    return [...sums].sort((a, b) => b[1] - a[1]).map(([module, self]) => ({module, share: self / this.total[0]}));
  }
}
