import {element} from './dom.js';
import {formatPercent, plural} from './format.js';
import {processName, threadName} from './profile.js';

/** Which threads a flame graph shows: all of them in one, each by itself, those of a process, or one. */
export class ThreadChoice {
  constructor(threads, changed) {
    this.list = element('select', {id: 'threads', 'aria-label': 'Threads', onchange: changed});
    this.node = threads.length > 1 ? element('label', {class: 'choice'}, 'Threads ', this.list) : null;
    this.show(threads);
  }

  /** `threads` with their weights, the largest first. */
  show(threads) {
    const chosen = this.list.value;
    const whole = threads.reduce((sum, thread) => sum + thread.weight, 0);
    const option = (value, text, weight) => element('option', {value, selected: value === chosen}, `${text} · ${formatPercent(weight / whole)}`);
    const processes = new Map();
    for (const thread of threads) {
      const name = processName(thread);
      if (!processes.has(name)) processes.set(name, []);
      processes.get(name).push(thread);
    }
    const groups = [...processes].map(([name, members]) => {
      const weight = members.reduce((sum, thread) => sum + thread.weight, 0);
      const together = members.length > 1 && processes.size > 1 ?
          [option(`process ${members[0].pid}`, `${name}, ${plural(members.length, 'thread', 'threads')}`, weight)] : [];
      return element('optgroup', {label: name},
                     ...together, ...members.map((thread) => option(`thread ${thread.number}`, threadName(thread), thread.weight)));
    });
    this.list.replaceChildren(element('option', {value: 'all'}, `All ${threads.length} together`),
                              element('option', {value: 'each', selected: chosen === 'each'}, 'Each by itself'), ...groups);
  }

  /** The tree of `profile` that was chosen. */
  treeOf(profile, measured) {
    const [kind, number] = this.list.value.split(' ');
    if (kind === 'each') return profile.treeByThread(measured);
    const isWanted = {thread: (thread) => thread.number === Number(number), process: (thread) => thread.pid === Number(number)}[kind];
    return profile.tree(measured, isWanted ?? (() => true));
  }
}
