import {element} from './dom.js';
import {formatBytes, formatCount, formatPercent} from './format.js';

const exact = (n) => Number.isInteger(n) || n >= 1000 ? formatCount(Math.round(n)) : String(n);
const bytes = (n) => n === 0 ? '0 B' : n >= 1024 ? formatBytes(n) : `${exact(n)} B`;
const ROWS = [['Instructions', exact], ['Allocations', exact], ['Allocated', bytes], ['Most heap at once', bytes]];

function changed(before, after) {
  if (before === null || after === null) return '–';
  if (before === after) return 'same';
  if (!(before > 0)) return 'more';
  return `${after > before ? '+' : '−'}${formatPercent(Math.abs(after / before - 1))}`;
}

/** What one iteration does in base and head, counted exactly; null where nothing was counted. */
export function countsTable({work}, isSingle) {
  if (!work) return null;
  const rows = ROWS.flatMap(([title, format], i) => {
    const [before, after] = [work.base[i], work.head[i]];
    if (before === null && after === null) return [];
    const cell = (value) => element('td', {class: 'number'}, value === null ? '–' : format(value));
    return [element('tr', {}, element('th', {scope: 'row'}, title), cell(before), ...(isSingle ? [] : [cell(after),
        element('td', {class: 'number'}, changed(before, after))]))];
  });
  if (rows.length === 0) return work.whyNot ? element('p', {class: 'empty'}, work.whyNot) : null;
  const titles = isSingle ? ['Per iteration', ''] : ['Per iteration', 'Base', 'Head', 'Change'];
  return element('table', {class: 'counts-table', 'aria-label': 'Counts of one iteration'},
                 element('thead', {}, element('tr', {}, ...titles.map((title, i) => element('th', {scope: 'col', class: i ? 'number' : null}, title)))),
                 element('tbody', {}, ...rows));
}
