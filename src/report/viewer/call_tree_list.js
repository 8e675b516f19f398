import {element} from './dom.js';
import {formatPercent, plural} from './format.js';

const CHILDREN_AT_A_TIME = 50;
const STEP_PX = 14;
const DEEPEST_INDENT = 14;

/** What a flame graph shows, as a tree of lines: for screen readers, and for whoever prefers words. */
export class CallTreeList {
  constructor(describe) {
    this.describe = describe;
    this.list = element('div', {class: 'call-tree', role: 'tree', 'aria-label': 'Call tree', onkeydown: (event) => this.key(event),
                                onclick: (event) => this.clicked(event)});
    this.node = element('details', {id: 'call-tree', ontoggle: () => this.fill()}, element('summary', {}, 'Call tree as text'), this.list);
  }

  show(tree) {
    this.tree = tree;
    this.list.replaceChildren();
    if (this.node.open) this.fill();
  }

  fill() {
    if (!this.node.open || this.list.children.length > 0) return;
    this.list.append(...this.items(0, 0, 0));
    if (this.list.firstChild) this.list.firstChild.tabIndex = 0;
  }

  items(parent, level, from) {
    const children = this.tree.children(parent);
    const items = children.slice(from, from + CHILDREN_AT_A_TIME).map((node) => this.item(node, level + 1));
    const left = children.length - from - CHILDREN_AT_A_TIME;
    if (left > 0) items.push(this.line(level + 1, {'data-parent': parent, 'data-from': from + CHILDREN_AT_A_TIME},
                                       `… ${plural(left, 'more', 'more')}`));
    return items;
  }

  line(level, attributes, ...children) {
    return element('div', {role: 'treeitem', tabindex: '-1', 'aria-level': level,
                           style: `--indent: ${Math.min(level - 1, DEEPEST_INDENT) * STEP_PX}px`, ...attributes}, ...children);
  }

  item(node, level) {
    const [name, ...facts] = this.describe(node);
    const isLeaf = this.tree.children(node).length === 0;
    return this.line(level, {'data-node': node, 'aria-expanded': isLeaf ? null : 'false'},
                     element('span', {class: 'number'}, formatPercent(this.tree.share(node))), ' ', element('code', {}, name), ' ',
                     element('span', {class: 'place'}, facts.join(' · ')));
  }

  expand(item) {
    const level = Number(item.getAttribute('aria-level'));
    item.setAttribute('aria-expanded', 'true');
    item.after(...this.items(Number(item.dataset.node), level, 0));
  }

  collapse(item) {
    const level = Number(item.getAttribute('aria-level'));
    item.setAttribute('aria-expanded', 'false');
    while (Number(item.nextElementSibling?.getAttribute('aria-level')) > level) item.nextElementSibling.remove();
  }

  parentOf(item) {
    const level = Number(item.getAttribute('aria-level'));
    let at = item.previousElementSibling;
    while (at && Number(at.getAttribute('aria-level')) >= level) at = at.previousElementSibling;
    return at;
  }

  activate(item) {
    const expanded = item.getAttribute('aria-expanded');
    if (item.dataset.from) {
      const more = this.items(Number(item.dataset.parent), Number(item.getAttribute('aria-level')) - 1, Number(item.dataset.from));
      item.replaceWith(...more);
      this.focus(more[0]);
    } else if (expanded === 'false') {
      this.expand(item);
    } else if (expanded === 'true') {
      this.collapse(item);
    }
  }

  focus(item) {
    if (!item) return;
    for (const other of this.list.querySelectorAll('[tabindex="0"]')) other.tabIndex = -1;
    item.tabIndex = 0;
    item.focus();
  }

  clicked(event) {
    const item = event.target.closest('[role=treeitem]');
    if (!item || String(window.getSelection())) return;
    this.focus(item);
    this.activate(item);
  }

  key(event) {
    const item = event.target.closest('[role=treeitem]');
    const expanded = item?.getAttribute('aria-expanded');
    const actions = {
      ArrowDown: () => this.focus(item.nextElementSibling),
      ArrowUp: () => this.focus(item.previousElementSibling),
      ArrowRight: () => expanded === 'false' ? this.expand(item) : expanded === 'true' ? this.focus(item.nextElementSibling) : undefined,
      ArrowLeft: () => expanded === 'true' ? this.collapse(item) : this.focus(this.parentOf(item)),
      Home: () => this.focus(this.list.firstElementChild),
      End: () => this.focus(this.list.lastElementChild),
      Enter: () => this.activate(item),
      ' ': () => this.activate(item),
    };
    if (!item || !(event.key in actions) || event.ctrlKey || event.altKey || event.metaKey) return;
    actions[event.key]();
    event.preventDefault();
  }
}
