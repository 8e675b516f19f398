import {linkTo} from './address.js';
import {breakable, byId, element} from './dom.js';
import {formatInterval, formatPlusMinus, formatRatio, formatTime, formatChange, unbroken} from './format.js';
import {axisCaption, intervalAxis, intervalPlot} from './interval_plot.js';
import {VERDICTS, verdictIcon, verdictLabel} from './verdicts.js';
import {culpritOf} from './why.js';

const unknownLast = (value) => value === null || !(value > 0) ? Infinity : value;

// Why, where there is something to say; which function did it, where that is known.
function remarks(benchmark) {
  const text = benchmark.reason || benchmark.failure || benchmark.work?.whyNot;
  const {culprit} = benchmark;
  return [text ? element('span', {class: 'reason'}, unbroken(text)) : null,
          culprit ? element('span', {class: 'reason culprit'}, culprit.before, element('a', {
            href: linkTo(benchmark, {view: 'difference', search: `"${culprit.function}"`}), title: culprit.function}, ...breakable(culprit.short)),
            culprit.after) : null];
}

// What both programs did, where it was counted.
function workColumns(data) {
  if (!data.benchmarks.some((b) => b.work)) return [];
  const column = (title, what) => ({
    title, kind: 'number', key: (b) => b.work?.[what][0] ?? Infinity, cell: (b) => [b.work?.[what][1] ?? '–'],
    hint: `${title} of one iteration, counted exactly; sorted by the change`});
  return [column('Instructions', 'instructions'), column('Allocations', 'allocations')];
}

// What a column is called, sorts by (numbers or text) and shows.
function columnsOf(data) {
  const name = {title: 'Benchmark', kind: 'name', key: (b) => b.name.toLowerCase(),
                cell: (b) => [element('a', {href: linkTo(b)}, ...breakable(b.name)), ...remarks(b)]};
  if (data.kind === 'single') {
    return [name,
            {title: 'Time per iteration', kind: 'number', key: (b) => unknownLast(b.base), cell: (b) => [formatTime(b.base)]},
            ...workColumns(data)];
  }
  const axis = intervalAxis(data.benchmarks, data.band);
  return [
    {title: 'Verdict', kind: 'verdict-cell', key: (b) => VERDICTS.indexOf(b.verdict), cell: (b) => [verdictLabel(b.verdict)]},
    name,
    {title: 'Base', kind: 'number', key: (b) => unknownLast(b.base), cell: (b) => [formatTime(b.base)]},
    {title: 'Head', kind: 'number', key: (b) => unknownLast(b.head), cell: (b) => [formatTime(b.head)]},
    {title: 'Ratio', kind: 'number ratio', key: (b) => unknownLast(b.ratio[0]),
     cell: (b) => [element('strong', {}, formatRatio(b.ratio[0])),
                   b.ratio[0] > 0 ? element('span', {class: 'range'}, formatInterval(b.ratio)) : null]},
    {title: 'Interval', kind: 'plot', key: (b) => unknownLast(b.ratio[1]), caption: () => axisCaption(axis),
     cell: (b) => [intervalPlot(b, axis)]},
    {title: 'Could see', kind: 'number', key: (b) => unknownLast(b.smallest), cell: (b) => [formatPlusMinus(b.smallest)],
     hint: 'The smallest change that this run would have found with 90 % probability'},
    {title: 'A/A control', kind: 'number', key: (b) => unknownLast(b.control[0]), cell: (b) => [formatChange(b.control[0])],
     hint: 'Base measured against itself in the same run: what "no change" looked like'},
    ...workColumns(data),
  ];
}

function compared(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export class Overview {
  constructor(data, frames) {
    this.data = data;
    for (const benchmark of data.benchmarks) benchmark.culprit = culpritOf(benchmark, frames);
    this.columns = columnsOf(data);
    this.sortedBy = data.kind === 'single' ? -1 : 0;
    this.descending = false;
    this.text = '';
    this.chosenVerdicts = new Set();
    this.rows = data.benchmarks.map((benchmark) => ({benchmark, row: this.makeRow(benchmark)}));
    this.shown = this.rows;
    this.body = element('tbody', {role: 'rowgroup'});
    this.status = element('p', {class: 'status', role: 'status'});
    const verdictFilter = this.makeVerdictFilter();
    byId('counts').replaceWith(...(verdictFilter.children.length ? [verdictFilter] : []));
    byId('overview').append(...(data.benchmarks.length ? [this.makeTextFilter(), this.makeTable()] :
                                [element('p', {class: 'empty'}, 'There is nothing to show: the run has no benchmarks.')]));
    this.update();
  }

  /** In the order and selection that the table shows now. */
  neighbours(benchmark) {
    const at = this.shown.findIndex((entry) => entry.benchmark === benchmark);
    return {before: this.shown[at - 1]?.benchmark, after: at < 0 ? undefined : this.shown[at + 1]?.benchmark};
  }

  focusFilter() {
    this.filter?.focus();
  }

  makeVerdictFilter() {
    const group = element('div', {id: 'counts', class: 'chips', role: 'group', 'aria-label': 'Show only these verdicts'});
    for (const verdict of VERDICTS) {
      const count = this.data.benchmarks.filter((b) => b.verdict === verdict).length;
      if (count === 0) continue;
      group.append(element('button', {type: 'button', class: 'chip', 'data-verdict': verdict, 'aria-pressed': 'false',
                                      onclick: (event) => this.toggleVerdict(verdict, event.currentTarget)},
                           verdictIcon(verdict), element('b', {}, String(count)), verdict));
    }
    return group;
  }

  toggleVerdict(verdict, button) {
    if (!this.chosenVerdicts.delete(verdict)) this.chosenVerdicts.add(verdict);
    button.setAttribute('aria-pressed', String(this.chosenVerdicts.has(verdict)));
    this.update();
  }

  makeTextFilter() {
    this.filter = element('input', {type: 'search', id: 'filter', placeholder: 'Filter by name or reason  ( / )',
                                    'aria-label': 'Filter by name or reason', autocomplete: 'off', spellcheck: 'false',
                                    oninput: () => {
                                      this.text = this.filter.value;
                                      this.update();
                                    }});
    return element('div', {class: 'bar'}, this.filter, this.status);
  }

  makeTable() {
    const titles = this.columns.map((column, i) => element('th', {
      scope: 'col', role: 'columnheader', class: column.kind, 'data-title': column.title},
        element('button', {type: 'button', title: column.hint, onclick: () => this.sortBy(i)}, column.title),
        column.caption?.()));
    this.titles = titles;
    return element('table', {class: `results ${this.data.kind}`, role: 'table', 'aria-labelledby': 'headline'},
                   element('thead', {role: 'rowgroup'}, element('tr', {role: 'row'}, ...titles)), this.body);
  }

  makeRow(benchmark) {
    return element('tr', {role: 'row', 'data-verdict': benchmark.verdict, onclick: (event) => {
                     if (!event.target.closest('a') && !String(window.getSelection())) location.hash = linkTo(benchmark);
                   }},
                   ...this.columns.map((column) => element('td', {role: 'cell', class: column.kind, 'data-title': column.title},
                                                           ...column.cell(benchmark))));
  }

  sortBy(column) {
    this.descending = this.sortedBy === column && !this.descending;
    this.sortedBy = column;
    this.update();
  }

  update() {
    const words = this.text.toLowerCase().split(/\s+/).filter(Boolean);
    const matches = ({benchmark: b}) => {
      if (this.chosenVerdicts.size && !this.chosenVerdicts.has(b.verdict)) return false;
      const text = `${b.name} ${b.reason ?? ''} ${b.failure} ${b.culprit?.function ?? ''}`.toLowerCase();
      return words.every((word) => text.includes(word));
    };
    this.shown = this.rows.filter(matches);
    if (this.sortedBy >= 0) {
      const key = this.columns[this.sortedBy].key;
      const direction = this.descending ? -1 : 1;
      this.shown.sort((a, b) => direction * compared(key(a.benchmark), key(b.benchmark)));
    }
    this.body.replaceChildren(...this.shown.map((entry) => entry.row));
    this.titles?.forEach((title, i) => title.setAttribute(
        'aria-sort', i !== this.sortedBy ? 'none' : this.descending ? 'descending' : 'ascending'));
    const all = this.rows.length;
    this.status.textContent = this.shown.length === all ? `${all} shown` : `${this.shown.length} of ${all} shown`;
  }
}
