import {FlameTree, linked, makeFrames} from './flame_tree.js';
import {THREAD_MODULE} from './module_kind.js';

export function threadName(thread) {
  return `${thread.name || 'thread'} ${thread.tid}`;
}

export function processName(thread) {
  return `${thread.process || 'process'} ${thread.pid}`;
}

/** The data of a profile's page: one call tree, and what each thread holds in which of its nodes. */
export class Profile {
  constructor(data) {
    const {node, thread, count, value} = data.shares;
    let at = 0;
    this.frames = makeFrames(data.frames);
    this.shape = linked(data.tree);
    this.nodes = Int32Array.from(node, (step) => at += step);
    this.owners = Int32Array.from(thread ?? node, (number) => thread ? number : 0);
    this.counts = Float64Array.from(count);
    this.values = value ? Float64Array.from(value) : this.counts.map((n) => n * data.period);
    this.threads = data.threads.map((facts, number) => ({...facts, number}));
  }

  /** 'value' or 'count': what widths and shares mean. */
  column(measured) {
    return measured === 'count' ? this.counts : this.values;
  }

  /** The threads that hold something, the largest first, each with its `weight`. */
  weighted(measured) {
    const column = this.column(measured);
    const sums = new Float64Array(this.threads.length);
    this.owners.forEach((owner, i) => {
      sums[owner] += column[i];
    });
    return this.threads.map((thread) => ({...thread, weight: sums[thread.number]})).filter((thread) => thread.weight > 0)
        .sort((a, b) => b.weight - a.weight);
  }

  /** Of those threads that `isWanted(thread)` holds for. */
  tree(measured, isWanted) {
    const wanted = this.threads.map(isWanted);
    const column = this.column(measured);
    const self = new Float64Array(this.shape.size - 1);
    const counts = new Float64Array(this.shape.size - 1);
    this.nodes.forEach((node, i) => {
      if (this.threads.length > 0 && !wanted[this.owners[i]]) return;
      self[node] += column[i];
      counts[node] += this.counts[i];
    });
    return new FlameTree(this.shape, self, counts, this.frames);
  }

  /** Of all threads, with a frame for each thread above its stacks. */
  treeByThread(measured) {
    const column = this.column(measured);
    const {size, frame, depth, parent} = this.shape;
    const shares = this.threads.map(() => []);
    this.owners.forEach((owner, i) => shares[owner].push(i));
    const out = {frame: [], depth: [], self: [], counts: []};
    const frames = this.frames.slice();
    const put = (number, level) => {
      out.frame.push(number);
      out.depth.push(level);
      out.self.push(0);
      return out.counts.push(0) - 1;
    };
    const placeOf = new Int32Array(size);
    const seenBy = new Int32Array(size).fill(-1);
    for (const thread of this.weighted(measured)) {
      const name = threadName(thread);
      put(frames.push({function: name, short: name, module: THREAD_MODULE, file: '', line: 0, inlined: false}) - 1, 0);
      const nodes = [];
      for (const i of shares[thread.number]) {
        for (let node = this.nodes[i] + 1; node > 0 && seenBy[node] !== thread.number; node = parent[node]) {
          seenBy[node] = thread.number;
          nodes.push(node);
        }
      }
      for (const node of Int32Array.from(nodes).sort()) placeOf[node] = put(frame[node], depth[node]);  // preorder again
      for (const i of shares[thread.number]) {
        out.self[placeOf[this.nodes[i] + 1]] += column[i];
        out.counts[placeOf[this.nodes[i] + 1]] += this.counts[i];
      }
    }
    return new FlameTree(linked(out), out.self, out.counts, frames);
  }
}
