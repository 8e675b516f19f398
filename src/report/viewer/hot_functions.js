import {CodePanes, linesLink} from './code_panes.js';
import {breakable, element} from './dom.js';
import {formatPercent, plural} from './format.js';

/** Functions with their source lines and instructions, one at a time. */
export class HotFunctions {
  constructor(functions, samples) {
    this.functions = functions;
    this.samples = samples;
    this.list = element('select', {id: 'hot-function', 'aria-label': 'Hot function', onchange: () => this.show(Number(this.list.value))},
                        ...functions.map((hot, i) => element('option', {value: String(i)},
                            `${formatPercent(hot.count / samples)} · ${hot.short}`)));
    this.title = element('p', {class: 'hot-title'});
    this.panes = element('div', {class: 'panes'});
    this.node = element('section', {class: 'hot', id: 'hot'}, element('h2', {}, 'Source and instructions'),
                        element('div', {class: 'bar'}, element('label', {class: 'choice'}, 'Function ', this.list)), this.title, this.panes);
  }

  /** Leads to the lines of a frame's function; null where they are not known. */
  linkTo(frame) {
    const at = this.functions.findIndex((hot) => hot.function === frame.function && hot.module === frame.module);
    return linesLink(this, at);
  }

  /** Once the node is in the page. */
  show(number) {
    const hot = this.functions[number];
    this.list.value = String(number);
    this.title.replaceChildren(element('strong', {title: hot.function}, ...breakable(hot.short)), '\u2002', element('span', {class: 'place'},
        `${hot.module} · ${plural(hot.count, 'sample', 'samples')} (${formatPercent(hot.count / this.samples)}) in its own code`));
    const code = new CodePanes(hot);
    this.panes.replaceChildren(...code.nodes);
    code.showHottest();
  }
}
