import {element} from './dom.js';

/** Facts beside the pointer. Readers who hear the page get them by other means. */
export class Tooltip {
  constructor() {
    this.node = element('div', {class: 'tooltip', hidden: true, 'aria-hidden': 'true'});
  }

  hide() {
    this.node.hidden = true;
  }

  show([title, ...facts]) {
    this.node.replaceChildren(element('strong', {}, title), element('span', {}, facts.join(' · ')));
    this.node.hidden = false;
  }

  /** Near the pointer, never outside of the window. */
  place(event) {
    const {offsetWidth, offsetHeight} = this.node;
    const left = Math.min(event.clientX + 14, document.documentElement.clientWidth - offsetWidth - 8);
    const under = event.clientY + 20;
    const top = under + offsetHeight > window.innerHeight ? event.clientY - offsetHeight - 12 : under;
    this.node.style.left = `${Math.max(8, left)}px`;
    this.node.style.top = `${Math.max(8, top)}px`;
  }
}
