import {CodePanes, linesLink} from './code_panes.js';
import {deltaOf, signed} from './difference.js';
import {breakable, element} from './dom.js';
import {formatSpent} from './format.js';

/** Of several functions that changed in one body of code the first; inlined ones with what they are part of. */
function codeName({changed: [f], body}) {
  return `${signed(f.self)} · ${f.short}${f === body ? '' : `, inlined into ${body.short}`}`;
}

/** Source lines and instructions of the functions that changed, base's beside head's, with the time of an iteration at each. */
export class CodeComparison {
  /** null where no lines are known. */
  static of(difference) {
    return difference.code.length > 0 ? new CodeComparison(difference) : null;
  }

  constructor(difference) {
    this.difference = difference;
    this.code = difference.code.map((entry) => ({...entry, body: difference.functions[entry.body],
                                                 changed: entry.changed.map((i) => difference.functions[i])}));
    this.list = element('select', {id: 'changed-function', 'aria-label': 'Changed function', onchange: () => this.show(Number(this.list.value))},
                        ...this.code.map((entry, i) => element('option', {value: String(i)}, codeName(entry))));
    this.title = element('p', {class: 'hot-title'});
    this.sides = element('div', {class: 'code-sides'});
    this.node = element('section', {class: 'hot', id: 'code-comparison'}, element('h2', {}, 'Source and instructions of what changed'),
                        element('div', {class: 'bar'}, element('label', {class: 'choice'}, 'Function ', this.list)), this.title, this.sides);
  }

  /** Leads to the lines of a function of the difference; null where they are not known. */
  linkTo(f) {
    const at = this.code.findIndex((entry) => entry.changed.some((one) => one.function === f.function && one.module === f.module));
    return linesLink(this, at);
  }

  /** Once the node is in the page. */
  show(number) {
    const {body: f, base, head} = this.code[number];
    this.list.value = String(number);
    this.title.replaceChildren(element('strong', {title: f.function}, ...breakable(f.short)), '\u2002', element('span', {class: 'place'},
        `${f.module ? `${f.module} · ` : ''}${formatSpent(f.self.base)} in base, ${formatSpent(f.self.head)} in head (${deltaOf(f.self) === 0 ? '' : signed(f.self)}); beside a line the time that fell on it, per ${this.difference.unit}`));
    const panes = [['Base', base, this.difference.facts.base], ['Head', head, this.difference.facts.head]].map(([side, hot, facts]) =>
        hot && new CodePanes(hot, {side, amount: facts.nsPerSample > 0 ? (count) => formatSpent(count * facts.nsPerSample) : undefined}));
    this.sides.replaceChildren(...panes.map((code, i) => element('div', {class: 'code-side', role: 'group', 'aria-label': i === 0 ? 'Base' : 'Head'},
        ...(code ? code.nodes : [element('p', {class: 'empty'}, `No samples fell into it in ${i === 0 ? 'base' : 'head'}, or its code is not known.`)]))));
    for (const code of panes) code?.showHottest();
  }
}
