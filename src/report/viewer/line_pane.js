import {element} from './dom.js';
import {formatCount, formatPercent} from './format.js';

const HOTTEST = 60;
const AROUND = 3;
const LINES_AT_FIRST = 40;
const LINES_AT_A_TIME = 200;

/**
 * Lines of source or instructions with the samples that fell on them. Of long ones only the hot parts are shown, with a row for
 * what is left out in between; Enter or a press on it brings more.
 *
 * `lines`: {length, noun, count(i), cells(i), heading(i) or '' where none begins, and amount(count), what is written where it is not
 * the share of all}. `pressed(i)` is called for a line.
 */
export class LinePane {
  constructor(title, lines, pressed) {
    this.lines = lines;
    this.pressed = pressed;
    this.counts = Array.from({length: lines.length}, (_, i) => lines.count(i));
    this.whole = this.counts.reduce((sum, count) => sum + count, 0);
    this.widest = this.counts.reduce((most, count) => Math.max(most, count), 1);
    this.isShown = this.hotParts();
    this.linked = new Set();
    this.body = element('tbody');
    this.table = element('table', {role: 'grid', 'aria-label': title, 'aria-multiselectable': 'true',
                                   onkeydown: (event) => this.key(event), onclick: (event) => this.clicked(event)}, this.body);
    this.scroller = element('div', {class: 'lines'}, this.table);
    this.node = element('div', {class: 'pane'}, element('h3', {}, title), this.scroller);
    this.render();
  }

  hotParts() {
    const shown = new Uint8Array(this.lines.length);
    const hottest = [...this.counts.keys()].filter((i) => this.counts[i] > 0)
                        .sort((a, b) => this.counts[b] - this.counts[a]).slice(0, HOTTEST);
    if (hottest.length === 0 || this.lines.length <= LINES_AT_FIRST) shown.fill(1, 0, LINES_AT_FIRST);
    for (const line of hottest) shown.fill(1, Math.max(0, line - AROUND), line + AROUND + 1);
    // A row that says that one line is missing takes the room of that line.
    for (let i = 0; i < shown.length; ++i) {
      if (!shown[i] && (i === 0 || shown[i - 1]) && (i + 1 === shown.length || shown[i + 1])) shown[i] = 1;
    }
    return shown;
  }

  render() {
    const focused = this.body.contains(document.activeElement) ? Number(document.activeElement.dataset.line) : -1;
    const rows = [];
    for (let i = 0; i < this.lines.length;) {
      if (!this.isShown[i]) {
        const from = i;
        while (i < this.lines.length && !this.isShown[i]) ++i;
        rows.push(this.gap(from, i));
        continue;
      }
      const heading = this.lines.heading(i);
      if (heading && this.headingBefore(i) !== heading) {
        rows.push(element('tr', {class: 'heading'}, element('th', {colspan: '4', scope: 'rowgroup'}, heading)));
      }
      rows.push(this.line(i++));
    }
    this.body.replaceChildren(...rows);
    const row = this.rowOf(focused);
    const first = row ?? this.body.querySelector('tr[tabindex]');
    if (first) first.tabIndex = 0;
    row?.focus({preventScroll: true});
  }

  headingBefore(i) {
    return i > 0 && this.isShown[i - 1] ? this.lines.heading(i - 1) : '';
  }

  line(i) {
    const count = this.counts[i];
    const share = count > 0 ? this.lines.amount?.(count) ?? formatPercent(count / this.whole) : '';
    return element('tr', {tabindex: '-1', 'data-line': i, 'data-count': count, 'aria-selected': String(this.linked.has(i))},
                   element('td', {class: 'share', title: count > 0 ? `${formatCount(count)} samples` : null,
                                  style: `--share: ${(count / this.widest * 100).toFixed(1)}%`}, share),
                   ...this.lines.cells(i));
  }

  gap(from, to) {
    const samples = this.counts.slice(from, to).reduce((sum, count) => sum + count, 0);
    const what = `${formatCount(to - from)} ${this.lines.noun} ${samples > 0 ? `with ${formatCount(samples)} samples` : 'without samples'}`;
    return element('tr', {tabindex: '-1', class: 'gap', 'data-from': from, 'data-to': to, 'aria-label': `Left out: ${what}. Enter shows them.`},
                   element('td', {colspan: '4'}, `⋯ ${what}`));
  }

  rowOf(i) {
    return this.body.querySelector(`tr[data-line="${i}"]`);
  }

  /** Marks lines that belong to what was pressed in the other pane, and brings the hottest of them into view. */
  link(lines) {
    this.linked = new Set(lines);
    const hottest = lines.reduce((best, i) => best < 0 || this.counts[i] > this.counts[best] ? i : best, -1);
    if (hottest >= 0 && !this.isShown[hottest]) this.isShown.fill(1, Math.max(0, hottest - AROUND), hottest + AROUND + 1);
    this.render();
    this.scrollTo(hottest);
  }

  showHottest() {
    this.scrollTo(this.counts.indexOf(this.widest));
  }

  scrollTo(line) {
    const row = line >= 0 ? this.rowOf(line) : null;
    if (row) this.scroller.scrollTop = row.offsetTop - (this.scroller.clientHeight - row.offsetHeight) / 2;
  }

  open(gap) {
    const from = Number(gap.dataset.from);
    this.isShown.fill(1, from, Math.min(Number(gap.dataset.to), from + LINES_AT_A_TIME));
    this.render();
    this.focus(this.rowOf(from));
  }

  focus(row) {
    if (!row) return;
    for (const other of this.body.querySelectorAll('tr[tabindex="0"]')) other.tabIndex = -1;
    row.tabIndex = 0;
    row.focus();
  }

  activate(row) {
    if (row.classList.contains('gap')) this.open(row);
    else this.pressed(Number(row.dataset.line));
  }

  clicked(event) {
    const row = event.target.closest('tr[tabindex]');
    if (!row || String(window.getSelection())) return;
    this.focus(row);
    this.activate(row);
  }

  key(event) {
    const row = event.target.closest('tr[tabindex]');
    const rows = [...this.body.querySelectorAll('tr[tabindex]')];
    const at = rows.indexOf(row);
    const wanted = {ArrowDown: at + 1, ArrowUp: at - 1, PageDown: Math.min(at + 15, rows.length - 1), PageUp: Math.max(at - 15, 0),
                    Home: 0, End: rows.length - 1}[event.key];
    if (wanted !== undefined) this.focus(rows[wanted]);
    else if (event.key === 'Enter') this.activate(row);
    else return;
    event.preventDefault();
  }
}
