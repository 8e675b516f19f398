import {breakable, element} from './dom.js';
import {formatCount, formatPercent, formatTime, plural} from './format.js';

const FIRST = 15;

// `widest` is the largest self share: its bar fills the room.
function row(entry, tree, nsPerIteration, widest) {
  const frame = tree.frames[entry.frame];
  const self = entry.self / tree.samples;
  const place = [frame.module, frame.file && (frame.line ? `${frame.file}:${frame.line}` : frame.file), frame.inlined && 'inlined'];
  return element('tr', {},
                 element('td', {class: 'number self', style: `--share: ${(self / widest * 100).toFixed(1)}%`}, formatPercent(self)),
                 element('td', {class: 'number'}, formatPercent(entry.total / tree.samples)),
                 element('td', {class: 'number'}, entry.self === 0 ? '0 ns' : formatTime(self * nsPerIteration)),
                 element('td', {class: 'number samples'}, formatCount(entry.self)),
                 element('th', {scope: 'row', class: 'function'}, ...breakable(frame.function), ' ',
                         element('span', {class: 'place'}, place.filter(Boolean).join(' · '))));
}

/** The flame graph's content as a table: what each function took itself and with everything it called. */
export function functionTable(tree, nsPerIteration) {
  const functions = tree.functions();
  const widest = Math.max(functions[0]?.self / tree.samples, 1e-9);
  const makeRow = (entry) => row(entry, tree, nsPerIteration, widest);
  const body = element('tbody', {}, ...functions.slice(0, FIRST).map(makeRow));
  const rest = functions.slice(FIRST);
  const more = rest.length === 0 ? null : element('button', {type: 'button', class: 'quiet', onclick: () => {
    body.append(...rest.map(makeRow));
    more.remove();
  }}, `Show ${plural(rest.length, 'more function', 'more functions')}`);
  const title = (text) => element('th', {scope: 'col', class: 'number'}, text);
  return element('div', {class: 'functions'},
                 element('div', {class: 'scroll-x'},
                         element('table', {'aria-label': 'Functions by the samples they took'},
                                 element('thead', {}, element('tr', {}, title('Self'), title('Total'),
                                     title('Per iteration'),
                                     element('th', {scope: 'col', class: 'number samples'}, 'Samples'),
                                     element('th', {scope: 'col', class: 'function'}, 'Function'))),
                                 body)),
                 more);
}
