import {element} from './dom.js';
import {formatPercent, plural} from './format.js';

/** The search field of a flame graph, and what it found. In quotes a name is meant as a whole. */
export class FlameSearch {
  constructor({changed, left, given}) {
    this.field = element('input', {
      type: 'search', id: 'flame-search', placeholder: 'Search functions  ( / )', 'aria-label': 'Search functions',
      autocomplete: 'off', spellcheck: 'false', oninput: changed, onkeydown: (event) => {
        if (event.key === 'Escape') left();
        if (event.key === 'Enter') given();
      }});
    this.found = element('output', {id: 'flame-matches', for: 'flame-search'});
    this.isMatch = null;
  }

  get isEmpty() {
    return this.field.value === '';
  }

  clear() {
    this.field.value = '';
  }

  get text() {
    return this.field.value.trim();
  }

  set text(text) {
    this.field.value = text;
  }

  wholeName(name) {
    this.field.value = `"${name}"`;
  }

  /** Sets `isMatch`, null where nothing is searched for. `found(tree, isMatch)` says how much it is, where that is no share. */
  update(tree, found) {
    const wanted = this.field.value.trim();
    this.found.value = '';
    this.isMatch = null;
    if (wanted === '') return;
    const whole = /^"(.*)"$/.exec(wanted)?.[1];
    const part = wanted.toLowerCase();
    if (this.frames !== tree.frames) {
      this.frames = tree.frames;
      this.names = tree.frames.map((frame) => frame.function.toLowerCase());
    }
    const matching = this.names.map((name, i) => whole === undefined ? name.includes(part) : tree.frames[i].function === whole);
    this.isMatch = (frame) => matching[frame];
    const functions = tree.seen().reduce((sum, isSeen, i) => sum + (isSeen && matching[i] ? 1 : 0), 0);
    const share = () => `${formatPercent(tree.total[0] > 0 ? tree.matched(this.isMatch) / tree.total[0] : 0)} of all`;
    this.found.value = functions === 0 ? 'no match' : `${plural(functions, 'match', 'matches')}, ${found?.(tree, this.isMatch) ?? share()}`;
  }
}
