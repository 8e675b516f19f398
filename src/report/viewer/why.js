import {deltaOf, changeKind, matchedBy, signed} from './difference.js';
import {breakable, element} from './dom.js';
import {formatCount, formatDelta, formatDeltaInterval, formatPercent, formatSpent, formatTime, plural, unbroken} from './format.js';
import {placeOf} from './function_table.js';

// Why a benchmark changed, in words.

const CALLERS_SHOWN = 5;

function heading({slower, faster, whole}) {
  if (slower.length && deltaOf(whole) >= 0) return 'What made it slower';
  if (faster.length && deltaOf(whole) < 0) return 'What made it faster';
  return 'What changed';
}

/** Whether the parts make up the whole, and the profiled processes show what the comparison measured. */
function sumOf(difference) {
  const {functions, whole, rounds, tested, unit, measured} = difference;
  const sum = functions.reduce((all, f) => all + deltaOf(f.self), 0);
  const took = unbroken(`In ${plural(rounds, 'round', 'rounds')} under the profiler ${unit === 'iteration' ? 'an' : 'a'} ${unit} took ${formatTime(whole.base)} in base and ${formatTime(whole.head)} in head: `);
  if (!tested) return element('p', {class: 'why-sum'}, took, element('strong', {}, unbroken(formatDelta(deltaOf(whole)))), '.');
  const rounding = 1e-6 * whole.base;
  const fits = whole.low - rounding <= sum && sum <= whole.high + rounding;
  return element('p', {class: 'why-sum'},
    took,
    element('strong', {}, unbroken(formatDelta(deltaOf(whole)))), unbroken(` (${formatDeltaInterval(whole.low, whole.high)}). `),
    unbroken(`The changes of all functions add up to ${formatDelta(sum)}${fits ? '' : ', which is not within that interval'}.`),
    measured ? unbroken(` The comparison itself measured ${formatDelta(measured.delta)} (${formatDeltaInterval(measured.low, measured.high)}): ` +
                        `${measured.agrees ? 'both agree.' : 'they do not agree, so read this with care.'}`) : null);
}

function change(f, {whole, unit}, pick) {
  return element('li', {class: `change-${changeKind(f.self)}`},
    element('button', {type: 'button', class: 'pick', title: f.function, 'aria-description': 'Marks its calls in the flame graph',
                       onclick: () => pick(f.function)}, ...breakable(f.short)), ' ',
    element('strong', {class: 'delta'}, unbroken(signed(f.self))), ` per ${unit} `,
    element('span', {class: 'range'}, unbroken(`(${formatDeltaInterval(f.self.low, f.self.high)})`)),
    unbroken(`, ${formatPercent(Math.abs(deltaOf(f.self)) / whole.base)} of base’s ${unit}; ${formatSpent(f.self.base)} before, ${formatSpent(f.self.head)} now`),
    element('span', {class: 'place'}, [matchedBy(f), placeOf(f)].filter(Boolean).join(' · ')));
}

function list(title, functions, difference, pick) {
  if (functions.length === 0) return [];
  return [...(title ? [element('h3', {}, title)] : []),
          element('ol', {class: 'why', 'aria-label': title || 'Functions whose own time changed'}, ...functions.map((f) => change(f, difference, pick)))];
}

function callersOf({callers}, pick) {
  if (callers.length === 0) return null;
  const further = callers.length - CALLERS_SHOWN;
  return element('p', {class: 'why-callers'}, 'With them their callers changed: ', ...callers.slice(0, CALLERS_SHOWN).flatMap((f, i) => [
    i === 0 ? null : ', ', element('button', {type: 'button', class: 'pick', title: f.function, onclick: () => pick(f.function)}, ...breakable(f.short)),
    unbroken(` ${formatDelta(deltaOf(f.total))}`)]), further > 0 ? ` and ${formatCount(further)} further out.` : '.');
}

/** The nodes of the section. `pick(function)` is called for one that is pressed. */
export function whyNodes(difference, pick) {
  const {slower, faster, whole, floor, notes, tested} = difference;
  const isFaster = slower.length === 0 || deltaOf(whole) < 0;
  const [first, second] = isFaster ? [faster, slower] : [slower, faster];
  const none = element('p', {}, !tested ? 'Nothing was tested: that takes at least four rounds.' : `No function’s change can be told from noise${floor > 0 ? `; changes up to ${formatTime(floor)} come about by building again, too` : ''}.`);
  return [element('h2', {id: 'why'}, heading(difference)),
          ...(difference.isTold ? list('', first, difference, pick) : [none]),
          ...(first.length ? list(isFaster ? 'What became slower' : 'What became faster', second, difference, pick) : list('', second, difference, pick)),
          ...[callersOf(difference, pick)].filter(Boolean), sumOf(difference),
          ...(notes.length ? [element('ul', {class: 'why-notes', 'aria-label': 'How functions of base and head were matched'},
                                      ...notes.map((note) => element('li', {}, note)))] : [])];
}

/** Of a benchmark whose time changed, or that was only profiled, the function that did it: {function, short, before, after}; or null. */
export function culpritOf(benchmark, frames) {
  const data = benchmark.difference;
  if (!data?.tree) return null;
  const isMeasured = benchmark.rounds.length > 0;
  if (isMeasured && !['regressed', 'improved'].includes(benchmark.verdict)) return null;
  if (!isMeasured && data.whole[4] !== 1) return null;
  const isSlower = isMeasured ? benchmark.verdict === 'regressed' : data.whole[1] > data.whole[0];
  const order = isSlower ? data.slower : data.faster;
  if (order.length === 0) return null;
  const {self, frame} = data.functions;
  const delta = (i) => self.head[i] - self.base[i];
  const [first, ...others] = order;
  const sum = others.reduce((all, i) => all + delta(i), 0);
  return {function: frames[frame[first]].function, short: frames[frame[first]].short, before: `made ${isSlower ? 'slower' : 'faster'} by `,
          after: ` (${formatDelta(delta(first))} of ${formatTime(data.whole[0])})` +
                 (others.length ? ` and ${plural(others.length, 'other', 'others')} (${formatDelta(sum)})` : '')};
}
