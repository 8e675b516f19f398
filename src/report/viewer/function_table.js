import {breakable, element} from './dom.js';
import {formatPercent, plural} from './format.js';
import {moduleKind} from './module_kind.js';

const ROWS_AT_FIRST = 15;
const ROWS_AT_A_TIME = 200;

/** Where a function comes from, in words. */
export function placeOf(frame) {
  return [frame.module, frame.file && (frame.line ? `${frame.file}:${frame.line}` : frame.file), frame.inlined && 'inlined']
      .filter(Boolean).join(' · ');
}

/**
 * The flame graph's content as a table: what each function took itself and with everything it called. `pick(name)` is called
 * for a function that is pressed; `linesOf(frame)` gives an element that leads to its lines, or null.
 */
export class FunctionTable {
  constructor({pick, linesOf = () => null}) {
    this.pick = pick;
    this.linesOf = linesOf;
    this.filter = element('input', {type: 'search', id: 'function-filter', placeholder: 'Filter functions', 'aria-label': 'Filter functions',
                                    autocomplete: 'off', spellcheck: 'false', oninput: () => this.update()});
    this.status = element('p', {class: 'status', role: 'status'});
    this.titles = element('tr', {});
    this.body = element('tbody');
    this.more = element('button', {type: 'button', class: 'quiet', onclick: () => this.append(ROWS_AT_A_TIME)});
    this.table = element('table', {class: 'sortable'}, element('thead', {}, this.titles), this.body);
    this.node = element('div', {class: 'functions'}, element('div', {class: 'bar'}, this.filter, this.status), this.table, this.more);
  }

  /** A measure may have a table of its own: {entries, columns, caption, remark(entry)}. */
  show(tree, measure) {
    this.tree = tree;
    const own = measure.table?.();
    const entries = own?.entries ?? tree.functions();
    this.entries = entries.filter((entry) => moduleKind(tree.frames[entry.frame].module) !== 'thread');
    this.remark = own?.remark ?? (() => '');
    this.widest = this.entries.reduce((most, entry) => Math.max(most, entry.self), Number.MIN_VALUE);
    this.table.setAttribute('aria-label', own?.caption ?? 'Functions by what they took');
    this.table.classList.toggle('changes-of-functions', Boolean(own));
    const whole = tree.total[0];
    this.columns = [
      ...(own?.columns ?? [
        {title: 'Self', class: 'self', key: (entry) => entry.self, text: (entry) => formatPercent(entry.self / whole)},
        {title: 'Total', key: (entry) => entry.total, text: (entry) => formatPercent(entry.total / whole)},
        ...measure.columns]),
      {title: 'Function', class: 'function', key: (entry) => tree.frames[entry.frame].function.toLowerCase()},
    ];
    if (!(this.sortedBy < this.columns.length) || this.measured !== measure.id) {
      this.sortedBy = 0;
      this.isAscending = false;
    }
    this.measured = measure.id;
    this.isAscending ??= false;
    this.titles.replaceChildren(...this.columns.map((column, i) => element('th', {scope: 'col', class: this.classOf(column)},
        element('button', {type: 'button', onclick: () => this.sortBy(i)}, column.title))));
    this.update();
  }

  classOf(column) {
    return column.class === 'function' ? 'function' : `number ${column.class ?? ''}`.trim();
  }

  sortBy(column) {
    const isName = this.columns[column].class === 'function';
    this.isAscending = this.sortedBy === column ? !this.isAscending : isName;
    this.sortedBy = column;
    this.update();
  }

  update() {
    const words = this.filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const textOf = (entry) => {
      const frame = this.tree.frames[entry.frame];
      return `${frame.function} ${placeOf(frame)}`.toLowerCase();
    };
    this.shown = words.length === 0 ? this.entries.slice() :
                                      this.entries.filter((entry) => words.every((word) => textOf(entry).includes(word)));
    const {key} = this.columns[this.sortedBy];
    const direction = this.isAscending ? 1 : -1;
    this.shown.sort((a, b) => {
      const [left, right] = [key(a), key(b)];
      return left === right ? 0 : direction * (left < right ? -1 : 1);
    });
    [...this.titles.children].forEach((title, i) => title.setAttribute(
        'aria-sort', i !== this.sortedBy ? 'none' : this.isAscending ? 'ascending' : 'descending'));
    const all = plural(this.entries.length, 'function', 'functions');
    this.status.textContent = words.length === 0 ? all : `${plural(this.shown.length, 'of', 'of')} ${all}`;
    this.body.replaceChildren();
    this.append(ROWS_AT_FIRST);
  }

  append(count) {
    const from = this.body.children.length;
    this.body.append(...this.shown.slice(from, from + count).map((entry) => this.row(entry)));
    const left = this.shown.length - from - count;
    this.more.hidden = left <= 0;
    this.more.textContent = left > ROWS_AT_A_TIME ? `Show ${ROWS_AT_A_TIME} more of ${plural(left, 'function', 'functions')}` :
                                               `Show ${plural(left, 'more function', 'more functions')}`;
  }

  row(entry) {
    const frame = this.tree.frames[entry.frame];
    const cells = this.columns.slice(0, -1).map((column) => element('td', {
      class: column.look ? `${this.classOf(column)} ${column.look(entry)}` : this.classOf(column), title: column.hint?.(entry), style: column.class === 'self' ? `--share: ${(entry.self / this.widest * 100).toFixed(1)}%` : null},
        column.text(entry, this.tree)));
    return element('tr', {}, ...cells, element('th', {scope: 'row', class: 'function'},
        element('button', {type: 'button', class: 'pick', title: frame.function, 'aria-description': 'Marks its calls in the flame graph',
                           onclick: () => this.pick(frame.function)}, ...breakable(frame.short)),
        '\u2002', element('span', {class: 'place'}, [this.remark(entry), placeOf(frame)].filter(Boolean).join(' · ')), this.linesOf(frame),
        frame.function === frame.short || frame.function === `${frame.short}()` ? null : element('span', {class: 'whole-name'}, frame.function)));
  }
}
