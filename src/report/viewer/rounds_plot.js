import {element, svg} from './dom.js';
import {formatChange, formatTime, plural} from './format.js';

// One dot per round: head against base, and the A/A control against base, which shows what "no change" looks like.

const ROUNDS_HEIGHT = 150;
const LEFT = 58;
const STEP = 26;
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 100, 1000];

function dots(rounds, key, y, name) {
  return rounds.flatMap((round, i) => round[key] === null ? [] : [
    svg('circle', {class: `dot ${key}`, cx: LEFT + (i + 0.5) * STEP + (key === 'control' ? -3 : 3), cy: y(round[key]), r: 3.5},
        svg('title', {}, `round ${i + 1}${round.confirmation ? ' (confirmation)' : ''}: ${name} ${formatChange(round[key])}`))]);
}

function key(kind, text) {
  return element('span', {}, element('span', {class: `key ${kind}`}), text);
}

/** null where no round has figures of both sides. */
export function roundsPlot(benchmark, band) {
  const against = (value, base) => value > 0 && base > 0 ? value / base : null;
  const rounds = benchmark.rounds.map(([base, head, control, confirmation]) => ({
    head: against(head, base), control: against(control, base), confirmation: confirmation === 1}));
  const seen = rounds.flatMap((round) => [round.head, round.control]).filter((value) => value !== null);
  if (!rounds.some((round) => round.head !== null)) return null;

  const half = Math.max(...seen.map((value) => Math.abs(Math.log(value))), 2.5 * band) * 1.15;
  const y = (ratio) => ROUNDS_HEIGHT / 2 - Math.log(ratio) / half * (ROUNDS_HEIGHT / 2 - 8);
  const width = LEFT + rounds.length * STEP + 8;
  const gridline = (ratio) => [
    svg('line', {class: ratio === 1 ? 'same' : 'grid', x1: LEFT, x2: width, y1: y(ratio), y2: y(ratio)}),
    svg('text', {x: LEFT - 8, y: y(ratio) + 4, 'text-anchor': 'end'}, ratio === 1 ? 'same' : formatChange(ratio))];
  const step = STEPS.findLast((change) => Math.log(1 + change) < half) ?? STEPS[0];
  const confirmations = rounds.flatMap((round, i) => round.confirmation ? [
    svg('rect', {class: 'confirmation', x: LEFT + i * STEP, y: 0, width: STEP, height: ROUNDS_HEIGHT})] : []);
  const plot = svg('svg', {class: 'rounds', viewBox: `0 0 ${width} ${ROUNDS_HEIGHT}`, width, height: ROUNDS_HEIGHT, role: 'img',
                           'aria-label': `Ratio to base in ${plural(rounds.length, 'round', 'rounds')}`},
                   ...confirmations,
                   svg('rect', {class: 'band', x: LEFT, y: y(1 + band), width: width - LEFT, height: y(1 / (1 + band)) - y(1 + band)}),
                   ...gridline(1), ...gridline(1 + step), ...(Math.log(1 - step) > -half ? gridline(1 - step) : []),
                   ...dots(rounds, 'control', y, 'base again'), ...dots(rounds, 'head', y, 'head'));
  return element('figure', {class: 'rounds-figure'},
                 element('div', {class: 'scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Rounds'}, plot),
                 element('figcaption', {},
                         key('head', 'head against base'), key('control', 'base again against base (A/A control)'),
                         key('band', 'tolerated band'), confirmations.length ? key('confirmation', 'confirmation rounds') : null));
}

/** For `deft run`: one dot per process. */
export function processesPlot(benchmark) {
  const times = benchmark.rounds.map(([base]) => base).filter((ns) => ns > 0);
  if (times.length < 2) return null;
  const top = Math.max(...times) * 1.02;
  const bottom = Math.min(...times) * 0.98;
  const y = (ns) => 10 + (top - ns) / (top - bottom) * (ROUNDS_HEIGHT - 20);
  const width = LEFT + times.length * STEP + 8;
  return element('figure', {class: 'rounds-figure'},
                 element('div', {class: 'scroll-x', tabindex: '0', role: 'group', 'aria-label': 'Processes'},
                         svg('svg', {class: 'rounds', viewBox: `0 0 ${width} ${ROUNDS_HEIGHT}`, width, height: ROUNDS_HEIGHT, role: 'img',
                                     'aria-label': `Median time in ${plural(times.length, 'process', 'processes')}`},
                             ...[top, bottom].flatMap((ns) => [
                               svg('line', {class: 'grid', x1: LEFT, x2: width, y1: y(ns), y2: y(ns)}),
                               svg('text', {x: LEFT - 8, y: y(ns) + 4, 'text-anchor': 'end'}, formatTime(ns))]),
                             ...times.map((ns, i) => svg('circle', {class: 'dot head', cx: LEFT + (i + 0.5) * STEP, cy: y(ns), r: 3.5},
                                                         svg('title', {}, `process ${i + 1}: ${formatTime(ns)}`))))),
                 element('figcaption', {}, key('head', 'median of one process')));
}
