import {element} from './dom.js';
import {formatBytes, formatCount, formatPercent} from './format.js';

/** How a profile was taken and what it lacks, in one line. `noun`: what it counts. */
export function profileFacts(facts, noun = 'samples') {
  const counted = (n, text) => n > 0 ? [`${formatCount(n)} ${text}`] : [];
  const unrooted = facts.samples > 0 ? ` (${formatPercent(facts.unrooted / facts.samples)})` : '';
  return [`${formatCount(facts.samples)} ${noun}${facts.hz ? ` at ${formatCount(facts.hz)} Hz` : ''}`, facts.collector,
          ...counted(facts.discarded, 'outside the timed part, discarded'),
          facts.lost > 0 ? `${formatCount(facts.lost)} lost by the kernel` : 'none lost',
          facts.unrooted > 0 ? `${formatCount(facts.unrooted)}${unrooted} whose stack does not reach the thread's root` :
                               'all stacks reach the root', facts.note].filter(Boolean).join(' · ');
}

/** A figure with what it is above it and a remark below. */
export function tile(title, value, remark) {
  return element('div', {class: 'tile'}, element('dt', {}, title), element('dd', {}, value),
                 remark ? element('dd', {class: 'remark'}, remark) : null);
}

/** Names and values; those without a value are left out. */
export function factList(title, facts) {
  return element('section', {class: 'facts-list'}, element('h2', {}, title),
                 element('dl', {}, ...facts.filter(([, value]) => value !== '' && value !== null)
                     .flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)])));
}

export function machineFacts(machine) {
  return factList('Machine', [['Processor', machine.cpu], ['Logical processors', machine.cpus ? String(machine.cpus) : ''],
                              ['Memory', machine.memory ? formatBytes(machine.memory) : ''], ['System', machine.system], ['Kernel', machine.kernel],
                              ['perf_event', machine.perf]]);
}

/** "2026-11-22 07:30:00 UTC" */
export function formatDate(iso) {
  return iso.replace('T', ' ').replace('Z', ' UTC');
}
