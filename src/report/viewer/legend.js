import {element} from './dom.js';
import {dimmedFillOf, fillOf, palette} from './flame_colours.js';
import {formatPercent} from './format.js';
import {moduleKind, SCOPE_MODULE} from './module_kind.js';
import {isDark} from './theme.js';

const MOST_MODULES = 8;

function swatch(fill, kind = '') {
  return element('span', {class: `swatch ${kind}`.trim(), style: `--fill: ${fill}`});
}

/** Which modules have which colours in a tree, and what is told by other means than colour. */
export class Legend {
  constructor() {
    this.node = element('ul', {class: 'legend'});
  }

  /** Of a difference: what is slower, what is faster, and that grey means nothing. */
  showChanges(tree) {
    const {changes} = palette(isDark());
    const item = (kind, mark, text) => element('li', {}, swatch(changes[kind], mark), text);
    const inlined = tree.frames.some((frame) => frame.inlined);
    this.node.setAttribute('aria-label', 'What colours, hatching and widths mean');
    this.node.replaceChildren(
        item('slowerOwn', 'slower own', '▲ slower, in its own code'), item('slower', 'slower', '▲ slower, in what it calls'),
        item('fasterOwn', 'faster own', '▼ faster, in its own code'), item('faster', 'faster', '▼ faster, in what it calls'),
        item('same', '', 'grey: not told from noise'),
        ...(inlined ? [element('li', {}, swatch(changes.same, 'inlined'), element('i', {}, 'inlined'))] : []),
        element('li', {}, 'width: the longer of the own times in base and head, with everything called'));
  }

  show(tree) {
    this.node.setAttribute('aria-label', 'Colours by module, with the share of each');
    const colours = palette(isDark());
    const isListed = ({module}) => !['scope', 'thread'].includes(moduleKind(module));  // told apart by other means
    const modules = tree.modules().filter(isListed).slice(0, MOST_MODULES).map(({module, share}) => element('li', {},
        swatch(fillOf({function: module, module}, colours), moduleKind(module)), module || 'unknown',
        element('span', {class: 'share'}, formatPercent(share))));
    const seen = tree.seen();
    const frames = tree.frames.filter((_, number) => seen[number]);
    const inlined = element('li', {}, swatch(dimmedFillOf({function: '', module: 'p'}, colours), 'inlined'), element('i', {}, 'inlined'));
    const scope = element('li', {}, swatch(fillOf({function: '', module: SCOPE_MODULE}, colours), 'scope'),
                          element('b', {}, 'scope marked by the program'));
    this.node.replaceChildren(...modules, ...(frames.some((frame) => frame.inlined) ? [inlined] : []),
                              ...(frames.some((frame) => frame.module === SCOPE_MODULE) ? [scope] : []));
  }
}
