import {element, svg} from './dom.js';
import {formatDate} from './facts.js';
import {formatPercent, formatTime, plural} from './format.js';

// How long a benchmark took in the runs of a history: one dot per run, a line at the median between two changes.

const HISTORY_HEIGHT = 180;
const HISTORY_LEFT = 66;
const HISTORY_TOP = 16;
const HISTORY_BOTTOM = 24;
const HISTORY_WIDTH = 760;
const SHORT_COMMIT = 12;

/** [{from, to, level}]: stretches in which nothing changed, `to` not included. */
export function stretches(times, changes) {
  const starts = [0, ...changes.map(([at]) => at)];
  return starts.map((from, i) => {
    const to = starts[i + 1] ?? times.length;
    const known = times.slice(from, to).filter((ns) => ns !== null).sort((a, b) => a - b);
    const middle = known.length >> 1;
    const level = known.length % 2 ? known[middle] : (known[middle - 1] + known[middle]) / 2;
    return {from, to, level: known.length ? level : null};
  });
}

function nameOf([time, commit]) {
  return `${formatDate(time)}${commit ? `, commit ${commit.slice(0, SHORT_COMMIT)}` : ''}`;
}

function wordsOf([, before, after, isBlessed]) {
  return `${formatPercent(Math.abs(after / before - 1))} ${after > before ? 'slower' : 'faster'}: ${formatTime(before)} before, ` +
         `${formatTime(after)} since${isBlessed ? ' (blessed)' : ''}`;
}

function kindOf([, before, after, isBlessed]) {
  return isBlessed ? 'equivalent' : after > before ? 'regressed' : 'improved';
}

/** The plot, a line about the run that is chosen, and the changes as text; null where there is no run. */
export class HistoryPlot {
  static of(benchmark, runs) {
    return runs && benchmark.history?.runs.length ? new HistoryPlot(benchmark.history, runs) : null;
  }

  constructor(history, runs) {
    this.runs = history.runs.map((number) => runs[number]);
    this.times = history.ns;
    this.changes = history.changes;
    this.at = this.times.length - 1;
    this.step = Math.min(26, Math.max(4, (HISTORY_WIDTH - HISTORY_LEFT - 8) / this.times.length));
    this.mark = svg('line', {class: 'now', y1: HISTORY_TOP - 6, y2: HISTORY_HEIGHT - HISTORY_BOTTOM + 4});
    this.now = element('p', {class: 'history-now'});
    this.slider = element('div', {
      class: 'scroll-x history-slider', id: 'history', role: 'slider', tabindex: '0', 'aria-label': `Runs on ${history.runner}`,
      'aria-valuemin': '1', 'aria-valuemax': String(this.times.length),
      onkeydown: (event) => this.press(event), onpointermove: (event) => this.point(event), onpointerdown: (event) => this.point(event)},
      this.drawing());
    this.node = element('figure', {class: 'history-figure'}, this.slider,
                        element('figcaption', {}, this.now, this.changeList(history.runner)));
    this.choose(this.at);
  }

  x(i) {
    return HISTORY_LEFT + (i + 0.5) * this.step;
  }

  drawing() {
    const known = this.times.filter((ns) => ns !== null);
    const middle = known.length ? (Math.max(...known) + Math.min(...known)) / 2 : 1;
    // Noise of a thousandth is not drawn as if it were a mountain.
    const half = Math.max(known.length ? Math.max(...known) - middle : 0, middle * 0.02) * 1.08;
    const room = HISTORY_HEIGHT - HISTORY_TOP - HISTORY_BOTTOM;
    const y = (ns) => HISTORY_TOP + (middle + half - ns) / (2 * half) * room;
    const right = this.x(this.times.length - 1) + this.step / 2 + 4;
    const floor = HISTORY_HEIGHT - HISTORY_BOTTOM;
    const grid = [middle + half, middle, middle - half].flatMap((ns) => [
      svg('line', {class: 'grid', x1: HISTORY_LEFT, x2: right, y1: y(ns), y2: y(ns)}),
      svg('text', {x: HISTORY_LEFT - 8, y: y(ns) + 4, 'text-anchor': 'end'}, formatTime(ns))]);
    const levels = stretches(this.times, this.changes).flatMap(({from, to, level}) => level === null ? [] : [
      svg('line', {class: 'level', x1: this.x(from) - this.step / 2, x2: this.x(to - 1) + this.step / 2, y1: y(level), y2: y(level)})]);
    const dots = this.times.map((ns, i) => ns === null ?
        svg('path', {class: 'unknown', d: `M${this.x(i) - 3} ${floor - 6} l6 6 m0 -6 l-6 6`}) :
        svg('circle', {class: 'dot head', cx: this.x(i), cy: y(ns), r: Math.min(3.5, this.step / 2)}));
    const marks = this.changes.map((change) => {
      const x = this.x(change[0]) - this.step / 2;
      const shape = change[2] > change[1] ? `M${x - 5} 12 h10 l-5 -9 Z` : `M${x - 5} 3 h10 l-5 9 Z`;
      return svg('g', {class: 'change', 'data-verdict': kindOf(change)}, svg('line', {x1: x, x2: x, y1: HISTORY_TOP - 2, y2: floor}),
                 svg('path', {d: shape}));
    });
    const last = this.times.length - 1;
    const day = (i, anchor) => svg('text', {x: this.x(i), y: HISTORY_HEIGHT - 6, 'text-anchor': anchor}, this.runs[i][0].slice(0, 10));
    return svg('svg', {class: 'history', viewBox: `0 0 ${right + 4} ${HISTORY_HEIGHT}`, width: right + 4, height: HISTORY_HEIGHT, 'aria-hidden': 'true'},
               ...grid, ...marks, ...levels, this.mark, ...dots,
               ...(last * this.step > 160 ? [day(0, 'start'), day(last, 'end')] : [day(0, 'start')]));
  }

  changeList(runner) {
    const known = plural(this.times.length, 'run', 'runs');
    if (this.changes.length === 0) return element('p', {class: 'changes'}, `No change in ${known} on ${runner}.`);
    return element('div', {class: 'changes'},
                   element('p', {}, `${plural(this.changes.length, 'change', 'changes')} in ${known} on ${runner}:`),
                   element('ol', {}, ...this.changes.map((change) => element('li', {'data-verdict': kindOf(change)},
                                                                             `${nameOf(this.runs[change[0]])}: ${wordsOf(change)}`))));
  }

  choose(i) {
    this.at = Math.max(0, Math.min(this.times.length - 1, i));
    const change = this.changes.find(([at]) => at === this.at);
    const ns = this.times[this.at];
    const text = `${nameOf(this.runs[this.at])}: ${ns === null ? 'not measured' : formatTime(ns)}${change ? ` · ${wordsOf(change)}` : ''}`;
    this.mark.setAttribute('x1', this.x(this.at));
    this.mark.setAttribute('x2', this.x(this.at));
    this.now.textContent = text;
    this.slider.setAttribute('aria-valuenow', String(this.at + 1));
    this.slider.setAttribute('aria-valuetext', text);
  }

  press(event) {
    const beside = (direction) => {
      const places = this.changes.map(([at]) => at).filter((at) => (at - this.at) * direction > 0);
      return places.length ? direction > 0 ? places[0] : places[places.length - 1] : this.at;
    };
    const places = {ArrowLeft: this.at - 1, ArrowDown: this.at - 1, ArrowRight: this.at + 1, ArrowUp: this.at + 1,
                    PageUp: beside(1), PageDown: beside(-1), Home: 0, End: this.times.length - 1};
    if (!(event.key in places) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.choose(places[event.key]);
    this.scrollThere();
  }

  /** Once the plot is on the page: the run that is chosen comes into sight where the plot is wider than its place. */
  scrollThere() {
    const x = this.x(this.at);
    const {scrollLeft, clientWidth} = this.slider;
    if (x < scrollLeft + 20 || x > scrollLeft + clientWidth - 20) this.slider.scrollLeft = x - clientWidth / 2;
  }

  point(event) {
    const x = event.clientX - this.slider.getBoundingClientRect().left + this.slider.scrollLeft;
    this.choose(Math.floor((x - HISTORY_LEFT) / this.step));
  }
}
