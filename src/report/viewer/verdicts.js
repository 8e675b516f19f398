import {element, svg} from './dom.js';

/** In the order in which a reader wants them; what each means is in "How to read this". */
export const VERDICTS = ['regressed', 'failed', 'missing', 'improved', 'new', 'inconclusive', 'equivalent'];

// Shapes differ, so that the verdicts can be told apart without their colours.
const SHAPES = {
  regressed: 'M8 3 L14 13 H2 Z',
  improved: 'M8 13 L2 3 H14 Z',
  equivalent: 'M2 5 H14 V7 H2 Z M2 10 H14 V12 H2 Z',
  inconclusive: 'M2 8 a6 6 0 1 0 12 0 a6 6 0 1 0 -12 0 M4 8 a4 4 0 1 1 8 0 a4 4 0 1 1 -8 0 M7 7 h2 v2 h-2 Z',
  missing: 'M2 7 H14 V9.5 H2 Z',
  new: 'M7 2 H9 V7 H14 V9 H9 V14 H7 V9 H2 V7 H7 Z',
  failed: 'M3.5 2 L8 6.5 L12.5 2 L14 3.5 L9.5 8 L14 12.5 L12.5 14 L8 9.5 L3.5 14 L2 12.5 L6.5 8 L2 3.5 Z',
};

export function verdictIcon(verdict) {
  return svg('svg', {class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true'},
             svg('path', {d: SHAPES[verdict] ?? '', 'fill-rule': 'evenodd'}));
}

export function verdictLabel(verdict) {
  return element('span', {class: 'verdict', 'data-verdict': verdict}, verdictIcon(verdict), verdict);
}
