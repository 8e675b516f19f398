import {FlameTree, linked} from './flame_tree.js';
import {formatDelta, formatDeltaInterval, formatSpent} from './format.js';

// Base and head in one tree. A change is coloured, and called one, only where the paired test over the rounds tells it from noise;
// everything else is grey whatever its size.

const UNSURE = 'not told from noise';
const SIGNS = {slower: '▲', faster: '▼', same: ''};

function changeAt(columns, i) {
  return {base: columns.base[i], head: columns.head[i], low: columns.low[i], high: columns.high[i], isTold: columns.significant[i] === 1};
}

export const deltaOf = (change) => change.head - change.base;

/** 'slower', 'faster', or 'same' where nothing is told. */
export function changeKind(change) {
  if (!change.isTold) return 'same';
  return deltaOf(change) > 0 ? 'slower' : 'faster';
}

/** "▲ +12.3 ns": the sign stands for what is told only. */
export function signed(change) {
  const sign = SIGNS[changeKind(change)];
  return (sign && `${sign} `) + formatDelta(deltaOf(change));
}

/** How a function of base was told to be one of head, in words; '' where they have the same name. */
export function matchedBy(f) {
  switch (f.match) {
    case 'template arguments': return `other template arguments or suffixes in base: ${f.wasShort || f.was}`;
    case 'renamed': return `${f.wasShort || f.was} in base`;
    case 'only base': return 'only in base';
    case 'only head': return 'only in head';
    default: return '';
  }
}

/** What a page's data says of the difference, with its functions as the frames of its tree. */
export class Difference {
  /** null where there is nothing to show. */
  static of(data, frames, unit = 'iteration') {
    return data?.tree && data.tree.function.length > 0 ? new Difference(data, frames, unit) : null;
  }

  /** `unit`: what the times are of. */
  constructor(data, frames, unit) {
    const {functions} = data;
    this.unit = unit;
    Object.assign(this, {rounds: data.rounds, tested: data.tested, floor: data.floor, notes: data.notes, facts: data.facts, code: data.code ?? []});
    const [base, head, low, high, isTold] = data.whole;
    this.whole = {base, head, low, high, isTold: isTold === 1};
    if (data.measured) {
      const [delta, from, to, agrees] = data.measured;
      this.measured = {delta, low: from, high: to, agrees: agrees === 1};
    }
    this.functions = functions.frame.map((number, i) => ({...frames[number], self: changeAt(functions.self, i),
                                                          total: changeAt(functions.total, i)}));
    for (const [i, match, was, wasShort] of functions.matched) Object.assign(this.functions[i], {match, was, wasShort});
    for (const kind of ['slower', 'faster', 'callers']) this[kind] = data[kind].map((i) => this.functions[i]);
    this.tree = new DifferenceTree(data.tree, this.functions);
    this.tree.rootName = `one ${unit}`;
  }

  get isTold() {
    return this.slower.length + this.faster.length > 0;
  }
}

/** A call tree whose widths are the longer of base's and head's own times; `count` is base's time, `head` head's. */
class DifferenceTree extends FlameTree {
  constructor(columns, functions) {
    const base = columns.base.map((n) => n * columns.unit);
    const head = columns.head.map((n) => n * columns.unit);
    super(linked({frame: columns.function, depth: columns.depth}), base.map((ns, i) => Math.max(ns, head[i])), base, functions);
    this.columns = columns;
    this.selfHead = this.withRoot(head);
    this.head = this.summed(this.selfHead);
  }

  changeOf(node) {
    const {low, high, significant, unit} = this.columns;
    const inNs = (n) => n === null ? null : n * unit;
    return {base: this.count[node], head: this.head[node], low: inNs(low[node - 1]), high: inNs(high[node - 1]),
            isTold: significant[node - 1] === 1};
  }
}

/** The measure (see measure.js) of a difference. */
export class DifferenceMeasure {
  constructor(difference) {
    this.difference = difference;
    this.id = 'difference';
    this.seen = new WeakMap();
    this.change = (tree, node) => this.painted(tree, node);
    this.found = (tree, isMatch) => `${formatSpent(tree.matched(isMatch, tree.count))} in base, ` +
                                    `${formatSpent(tree.matched(isMatch, tree.head))} in head`;
  }

  // Of the inverted tree, only the functions themselves were tested: its first row.
  changeOf(tree, node) {
    if (node === 0) return this.difference.whole;
    if (tree === this.difference.tree) return tree.changeOf(node);
    if (tree.depth[node] === 1) return this.difference.functions[tree.frame[node]].self;
    return {base: tree.count[node], head: tree.head[node], low: null, high: null, isTold: false};
  }

  painted(tree, node) {
    let known = this.seen.get(tree);
    if (!known) this.seen.set(tree, known = []);
    return known[node] ??= this.looked(tree, node);
  }

  looked(tree, node) {
    const change = this.changeOf(tree, node);
    const kind = changeKind(change);
    const own = node > 0 ? changeKind(this.difference.functions[tree.frame[node]].self) : 'same';
    if (kind === 'same' && this.isWhereItChanged(tree, node)) {
      return {kind: own, isOwn: true, sign: SIGNS[own], text: formatDelta(tree.selfHead[node] - tree.selfCount[node])};
    }
    return {kind, isOwn: kind !== 'same' && own === kind, sign: SIGNS[kind], text: formatDelta(deltaOf(change))};
  }

  // What a function calls may hide that its own code changed, which is told all the same: then the path that has most of it.
  isWhereItChanged(tree, node) {
    if (node === 0 || tree !== this.difference.tree) return false;
    const {self} = this.difference.functions[tree.frame[node]];
    return self.isTold && (tree.selfHead[node] - tree.selfCount[node]) / deltaOf(self) > 0.5;
  }

  describe(tree, node) {
    const change = this.changeOf(tree, node);
    const kind = changeKind(change);
    const f = node > 0 ? this.difference.functions[tree.frame[node]] : null;
    const interval = change.low === null ? '' : ` (${formatDeltaInterval(change.low, change.high)})`;
    const isOwnTold = f?.self.isTold && tree.depth[node] > 0 && f.self !== change;
    return [...(f?.match ? [matchedBy(f)] : []), `base ${formatSpent(change.base)}`, `head ${formatSpent(change.head)}`,
            `${signed(change)}${interval}: ${kind === 'same' ? UNSURE : kind}`,
            ...(isOwnTold ? [`${f.short} itself ${signed(f.self)}`] : [])];
  }

  /** The table of functions: what each took itself. */
  table() {
    const entries = this.difference.functions.map((f, frame) => ({frame, f, self: Math.abs(deltaOf(f.self))}))
        .filter(({f}) => f.total.base > 0 || f.total.head > 0)
        .sort((a, b) => Number(b.f.self.isTold) - Number(a.f.self.isTold) || b.self - a.self);
    const order = (change) => Math.abs(deltaOf(change)) * (change.isTold ? 1e9 : 1);  // noise below all that is told
    const look = (change) => `change-${changeKind(change)}`;
    return {
      entries, caption: `What each function took itself, per ${this.difference.unit}: base, head and the change. Grey changes are not told from noise.`,
      columns: [
        {title: 'Change', class: 'self', key: ({f}) => order(f.self), text: ({f}) => signed(f.self), look: ({f}) => look(f.self),
         hint: ({f}) => f.self.isTold ? null : UNSURE},
        {title: 'Base', key: ({f}) => f.self.base, text: ({f}) => formatSpent(f.self.base)},
        {title: 'Head', key: ({f}) => f.self.head, text: ({f}) => formatSpent(f.self.head)},
        {title: 'Interval', class: 'range', key: ({f}) => f.self.low ?? 0, text: ({f}) => formatDeltaInterval(f.self.low, f.self.high)},
        {title: 'With callees', class: 'with-callees', key: ({f}) => order(f.total), text: ({f}) => signed(f.total), look: ({f}) => look(f.total),
         hint: ({f}) => f.total.isTold ? null : UNSURE},
      ],
      remark: ({f}) => matchedBy(f),
    };
  }
}
