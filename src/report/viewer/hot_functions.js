import {breakable, element} from './dom.js';
import {formatPercent, plural} from './format.js';
import {LinePane} from './line_pane.js';

const base = (path) => path.slice(path.lastIndexOf('/') + 1);

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
    return at < 0 ? null : element('button', {type: 'button', class: 'lines-link', title: 'Its source lines and instructions', onclick: () => {
      this.show(at);
      this.node.scrollIntoView({block: 'start'});
      this.list.focus({preventScroll: true});
    }}, 'lines');
  }

  /** Once the node is in the page. */
  show(number) {
    this.placeOfSource = undefined;
    const hot = this.functions[number];
    this.list.value = String(number);
    this.title.replaceChildren(element('strong', {title: hot.function}, ...breakable(hot.short)), '\u2002', element('span', {class: 'place'},
        `${hot.module} · ${plural(hot.count, 'sample', 'samples')} (${formatPercent(hot.count / this.samples)}) in its own code`));
    const sources = this.sourcePane(hot);
    const instructions = this.instructionPane(hot);
    const whyNone = element('p', {class: 'empty'}, 'No source lines are known: the program has no debug information for this function.');
    this.panes.replaceChildren(sources?.node ?? whyNone, ...(instructions ? [instructions.node] : []));
    this.source = sources;
    this.instructions = instructions;
    for (const pane of [sources, instructions]) pane?.showHottest();
  }

  // The file with most samples first; in a file by line.
  sourcePane({sources, instructions}) {
    if (sources.line.length === 0) return null;
    const sums = new Map();
    sources.file.forEach((file, i) => sums.set(file, (sums.get(file) ?? 0) + sources.count[i]));
    const order = [...sources.line.keys()].sort((a, b) => sums.get(sources.file[b]) - sums.get(sources.file[a]) ||
        (sources.file[a] === sources.file[b] ? sources.line[a] - sources.line[b] : sources.file[a] < sources.file[b] ? -1 : 1));
    const lines = {
      length: order.length, noun: 'lines', count: (i) => sources.count[order[i]], heading: (i) => sources.file[order[i]],
      cells: (i) => [element('td', {class: 'position'}, String(sources.line[order[i]] || '–')),
                     element('td', {class: 'code', colspan: '2'},
                             sources.text[order[i]] || element('span', {class: 'place'}, 'text not at hand'))],
    };
    this.placeOfSource = new Map(order.map((source, i) => [source, i]));
    return new LinePane('Source', lines, (line) => {
      this.source.link([line]);
      this.instructions?.link(instructions.source.flatMap((source, i) => source === order[line] + 1 ? [i] : []));
    });
  }

  instructionPane({sources, instructions, inlined}) {
    if (instructions.text.length === 0) return null;
    const origin = (i) => {
      const at = instructions.source[i] - 1;
      const place = at >= 0 && at < sources.line.length ? `${base(sources.file[at])}:${sources.line[at]}` : '';
      const [full, short] = inlined[instructions.inlined[i] - 1] ?? ['', ''];
      return element('td', {class: 'origin', title: full ? `inlined from ${full}` : null},
                     place, full && place ? ' · ' : null, full ? element('i', {}, short) : null);
    };
    const lines = {
      length: instructions.text.length, noun: 'instructions', count: (i) => instructions.count[i], heading: () => '',
      cells: (i) => [element('td', {class: 'position'}, instructions.address[i]), element('td', {class: 'code clipped', title: instructions.text[i]}, instructions.text[i]), origin(i)],
    };
    return new LinePane('Instructions', lines, (line) => {
      this.instructions.link([line]);
      const source = this.placeOfSource?.get(instructions.source[line] - 1);
      if (source !== undefined) this.source?.link([source]);
    });
  }
}
