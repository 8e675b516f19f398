// The call tree of a benchmark for one side (head or base): who called whom, and how many samples each holds.

/** What the report knows of a frame, by its number. */
export function makeFrames(columns) {
  const text = (key, i) => columns.strings[columns[key][i]];
  return columns.line.map((line, i) => ({
    function: text('function', i), module: text('module', i), file: text('file', i), line,
    inlined: columns.inlined[i] === 1,
  }));
}

/** What follows a return type of the form "decltype (expression) ", whose parentheses are not the parameters'. */
function withoutDecltype(name) {
  if (!name.startsWith('decltype (')) return name;
  let depth = 0;
  for (let i = 'decltype '.length; i < name.length; ++i) {
    if (name[i] === '(') ++depth;
    if (name[i] === ')' && --depth === 0) return name.slice(i + 1).trimStart();
  }
  return name;
}

/** Name without parameters and template arguments: "std::map::find". Operators and lambdas stay readable. */
export function shortName(full) {
  const name = withoutDecltype(full);
  let out = '';
  let depth = 0;
  for (let i = 0; i < name.length; ++i) {
    if (name.startsWith('operator', i) && depth === 0) {
      const symbol = /^operator(\(\)|<=>|<<|>>|<=|>=|->|<|>)?/.exec(name.slice(i))[0];
      out += symbol;
      i += symbol.length - 1;
    } else if (name.startsWith('(anonymous namespace)', i)) {
      if (depth === 0) out += '(anon)';
      i += '(anonymous namespace)'.length - 1;
    } else if (name[i] === '<' && (depth > 0 || i > 0)) {
      ++depth;
    } else if (name[i] === '>' && depth > 0) {
      --depth;
    } else if (depth === 0 && name[i] === '(' && i > 0) {
      break;
    } else if (depth === 0) {
      out += name[i];
    }
  }
  // A template's demangled name begins with its return type; "operator new" and "operator bool" do not.
  return out.trim().replace(/\[abi:\w+\]/g, '').replace(/^(?!.*\boperator\b).* (?=[^ ]+$)/, '') || name;
}

export class FlameTree {
  /** `side` is 'head' or 'base'. Node 0 stands for all samples. */
  constructor(tree, side, frames) {
    const count = tree.frame.length + 1;
    this.frames = frames;
    this.frame = [-1, ...tree.frame];
    this.depth = [0, ...tree.depth.map((d) => d + 1)];
    this.self = [0, ...tree[side]];
    this.total = this.self.slice();
    this.parent = new Array(count).fill(-1);
    this.end = new Array(count).fill(count);  // one past the last node below this one
    this.start = new Array(count).fill(0);    // samples to the left of this one
    this.link();
    this.rows = this.depth.reduce((most, depth) => Math.max(most, depth + 1), 1);
  }

  get samples() {
    return this.total[0];
  }

  name(node) {
    return node === 0 ? 'all samples' : this.frames[this.frame[node]].function;
  }

  share(node) {
    return this.samples ? this.total[node] / this.samples : 0;
  }

  /** From the outermost caller to the node itself. */
  path(node) {
    const out = [];
    for (let at = node; at >= 0; at = this.parent[at]) out.unshift(at);
    return out;
  }

  children(node) {
    const out = [];
    for (let at = node + 1; at < this.end[node]; at = this.end[at]) {
      if (this.total[at] > 0) out.push(at);
    }
    return out;
  }

  link() {
    const open = [];
    for (let node = 0; node < this.frame.length; ++node) {
      while (open.length > this.depth[node]) this.end[open.pop()] = node;
      this.parent[node] = open.length ? open[open.length - 1] : -1;
      open.push(node);
    }
    for (let node = this.frame.length - 1; node > 0; --node) this.total[this.parent[node]] += this.total[node];
    const next = this.start.slice();
    for (let node = 0; node < this.frame.length; ++node) {
      if (node > 0) {
        this.start[node] = next[this.parent[node]];
        next[this.parent[node]] += this.total[node];
      }
      next[node] = this.start[node];
    }
  }

  hasInlined() {
    return this.frame.some((frame, node) => frame >= 0 && this.frames[frame].inlined && this.total[node] > 0);
  }

  /** Samples in and below frames that match; a matching frame below another one counts once. */
  matchedSamples(isMatch) {
    let sum = 0;
    for (let node = 1; node < this.frame.length;) {
      if (isMatch(this.frame[node])) {
        sum += this.total[node];
        node = this.end[node];
      } else {
        ++node;
      }
    }
    return sum;
  }

  /** Self and total samples of each function, recursion counted once; the largest self first. */
  functions() {
    const byFrame = new Map();
    const above = [];
    const onStack = new Map();
    for (let node = 1; node < this.frame.length; ++node) {
      while (above.length && this.end[above[above.length - 1]] <= node) {
        const left = this.frame[above.pop()];
        onStack.set(left, onStack.get(left) - 1);
      }
      const frame = this.frame[node];
      const entry = byFrame.get(frame) ?? {frame, self: 0, total: 0};
      byFrame.set(frame, entry);
      entry.self += this.self[node];
      if (!onStack.get(frame)) entry.total += this.total[node];
      onStack.set(frame, (onStack.get(frame) ?? 0) + 1);
      above.push(node);
    }
    return [...byFrame.values()].filter((entry) => entry.total > 0).sort((a, b) => b.self - a.self || b.total - a.total);
  }
}
