import {element} from './dom.js';
import {LinePane} from './line_pane.js';

const lastPart = (path) => path.slice(path.lastIndexOf('/') + 1);

/** Leads to the lines of number `at` of `view`, which has show(number), a node and a list to choose from; null below 0. */
export function linesLink(view, at) {
  return at < 0 ? null : element('button', {type: 'button', class: 'lines-link', title: 'Its source lines and instructions', onclick: () => {
    view.show(at);
    view.node.scrollIntoView({block: 'start'});
    view.list.focus({preventScroll: true});
  }}, 'lines');
}

/**
 * Source lines and instructions of one function, each with what fell on it; a press on a line of one marks what belongs to it in
 * the other. `amount(count)`: what stands beside a line, where it is not the share of the function's samples.
 */
export class CodePanes {
  constructor(hot, {side = '', amount} = {}) {
    this.amount = amount;
    this.prefix = side ? `${side}: ` : '';
    this.source = this.sourcePane(hot);
    this.instructions = this.instructionPane(hot);
    const whyNone = element('p', {class: 'empty'}, 'No source lines are known: the program has no debug information for this function.');
    this.nodes = [this.source?.node ?? whyNone, ...(this.instructions ? [this.instructions.node] : [])];
  }

  /** Once the nodes are in the page. */
  showHottest() {
    for (const pane of [this.source, this.instructions]) pane?.showHottest();
  }

  // The file with most samples first; in a file by line.
  sourcePane({sources, instructions}) {
    if (sources.line.length === 0) return null;
    const sums = new Map();
    sources.file.forEach((file, i) => sums.set(file, (sums.get(file) ?? 0) + sources.count[i]));
    const order = [...sources.line.keys()].sort((a, b) => sums.get(sources.file[b]) - sums.get(sources.file[a]) ||
        (sources.file[a] === sources.file[b] ? sources.line[a] - sources.line[b] : sources.file[a] < sources.file[b] ? -1 : 1));
    const lines = {
      length: order.length, noun: 'lines', amount: this.amount, count: (i) => sources.count[order[i]], heading: (i) => sources.file[order[i]],
      cells: (i) => [element('td', {class: 'position'}, String(sources.line[order[i]] || '–')),
                     element('td', {class: 'code', colspan: '2'},
                             sources.text[order[i]] || element('span', {class: 'place'}, 'text not at hand'))],
    };
    this.placeOfSource = new Map(order.map((source, i) => [source, i]));
    return new LinePane(`${this.prefix}Source`, lines, (line) => {
      this.source.link([line]);
      this.instructions?.link(instructions.source.flatMap((source, i) => source === order[line] + 1 ? [i] : []));
    });
  }

  instructionPane({sources, instructions, inlined}) {
    if (instructions.text.length === 0) return null;
    const origin = (i) => {
      const at = instructions.source[i] - 1;
      const place = at >= 0 && at < sources.line.length ? `${lastPart(sources.file[at])}:${sources.line[at]}` : '';
      const [full, short] = inlined[instructions.inlined[i] - 1] ?? ['', ''];
      return element('td', {class: 'origin', title: full ? `inlined from ${full}` : null},
                     place, full && place ? ' · ' : null, full ? element('i', {}, short) : null);
    };
    const lines = {
      length: instructions.text.length, noun: 'instructions', amount: this.amount, count: (i) => instructions.count[i], heading: () => '',
      cells: (i) => [element('td', {class: 'position'}, instructions.address[i]), element('td', {class: 'code clipped', title: instructions.text[i]}, instructions.text[i]), origin(i)],
    };
    return new LinePane(`${this.prefix}Instructions`, lines, (line) => {
      this.instructions.link([line]);
      const source = this.placeOfSource?.get(instructions.source[line] - 1);
      if (source !== undefined) this.source?.link([source]);
    });
  }
}
