// A call tree read from its other end: functions by what they took themselves, and below each of them who called it.
// Complete it would have as many nodes as all stacks together have frames; so a node's callers are looked up when they are
// first asked for, and nobody asks for those of a node too narrow to be seen.

export class InvertedTree {
  constructor(tree) {
    this.tree = tree;
    this.frames = tree.frames;
    this.frame = [-1];
    this.depth = [0];
    this.parent = [-1];
    this.total = [tree.total[0]];
    this.count = [tree.count[0]];
    this.head = [tree.head?.[0] ?? 0];  // of a difference, whose count is base's time
    this.callers = [undefined];
    // Of each node that was not yet asked: where its stacks are in the call tree, and what each of them holds.
    const stacks = {at: [], self: [], count: [], head: []};
    for (let node = 1; node < tree.size; ++node) {
      if (tree.self[node] > 0) this.put(stacks, node, tree.self[node], tree.selfCount[node], tree.selfHead?.[node] ?? 0);
    }
    this.stacks = [stacks];
  }

  put(stacks, at, self, count, head) {
    const last = stacks.at.length - 1;
    if (last >= 0 && stacks.at[last] === at) {
      stacks.self[last] += self;
      stacks.count[last] += count;
      stacks.head[last] += head;
      return;
    }
    stacks.at.push(at);
    stacks.self.push(self);
    stacks.count.push(count);
    stacks.head.push(head);
  }

  name(node) {
    return node === 0 ? this.tree.rootName : this.frames[this.frame[node]].function;
  }

  share(node) {
    return this.total[0] > 0 ? this.total[node] / this.total[0] : 0;
  }

  children(node) {
    this.callers[node] ??= this.expanded(node);
    return this.callers[node];
  }

  expanded(node) {
    const stacks = this.stacks[node];
    const {frame, parent} = this.tree;
    this.stacks[node] = undefined;
    if (stacks.at.length === 1 && node > 0) {  // most of them; needs no grouping
      const caller = stacks.at[0] = parent[stacks.at[0]];
      return caller === 0 ? [] : [this.add(node, frame[caller], {total: stacks.self[0], count: stacks.count[0], head: stacks.head[0], stacks})];
    }
    const groups = new Map();
    for (let i = 0; i < stacks.at.length; ++i) {
      const caller = node === 0 ? stacks.at[i] : parent[stacks.at[i]];
      if (caller === 0) continue;  // the first function of its stack: nobody called it
      let group = groups.get(frame[caller]);
      if (!group) groups.set(frame[caller], group = {total: 0, count: 0, head: 0, stacks: {at: [], self: [], count: [], head: []}});
      group.total += stacks.self[i];
      group.count += stacks.count[i];
      group.head += stacks.head[i];
      this.put(group.stacks, caller, stacks.self[i], stacks.count[i], stacks.head[i]);
    }
    return [...groups].sort((a, b) => b[1].total - a[1].total).map(([number, group]) => this.add(node, number, group));
  }

  add(parent, frame, {total, count, head, stacks}) {
    const node = this.frame.push(frame) - 1;
    this.depth.push(this.depth[parent] + 1);
    this.parent.push(parent);
    this.total.push(total);
    this.count.push(count);
    this.head.push(head);
    this.callers.push(undefined);
    this.stacks.push(stacks);
    return node;
  }
}
