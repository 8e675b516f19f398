import {element} from './dom.js';

/** Buttons of which one is pressed. `choices`: {value, text, hint, disabled}. Node and `choose(value)`, which calls nobody. */
export class Segments {
  constructor(label, choices, chosen, changed) {
    this.buttons = choices.map(({value, text, hint, disabled}) => element('button', {
      type: 'button', 'data-value': value, title: hint, disabled, onclick: () => {
        this.choose(value);
        changed(value);
      }}, text));
    this.node = element('div', {class: 'segments', role: 'group', 'aria-label': label}, ...this.buttons);
    this.choose(chosen);
  }

  choose(value) {
    for (const button of this.buttons) button.setAttribute('aria-pressed', String(button.dataset.value === value));
  }
}
