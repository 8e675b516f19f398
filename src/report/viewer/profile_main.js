import {CallTreeList} from './call_tree_list.js';
import {byId, element} from './dom.js';
import {factList, formatDate, machineFacts, profileFacts, tile} from './facts.js';
import {FlameView} from './flame_view.js';
import {formatCount, formatPercent, plural} from './format.js';
import {FunctionTable} from './function_table.js';
import {HotFunctions} from './hot_functions.js';
import {Legend} from './legend.js';
import {bytesMeasure, objectsMeasure, samplesMeasure, timeMeasure} from './measure.js';
import {onSlash, openPage} from './page.js';
import {Profile} from './profile.js';
import {Segments} from './segments.js';
import {initTheme} from './theme.js';
import {ThreadChoice} from './thread_choice.js';

const KINDS = {
  cpu: {title: 'Processor time', reading: 'Time that threads spent running, waiting not included.'},
  wall: {title: 'Elapsed time', reading: 'Time that passed in the threads, running or waiting; of several threads it adds up.'},
  off_cpu: {title: 'Waiting', reading: 'Time that threads spent waiting: for files, locks, other processes or a processor.'},
  allocation: {title: 'Allocated', reading: 'Memory asked for, whether or not it was given back; an estimate from samples.'},
};

function measuresOf(data) {
  if (data.unit === 'bytes') return {value: bytesMeasure(), count: objectsMeasure()};
  if (data.unit === 'ns') return {value: timeMeasure()};
  return {count: samplesMeasure(0)};
}

function tiles(data, sum, measure) {
  const {facts, threads} = data;
  const processes = new Set(threads.map((thread) => thread.pid)).size;
  const rooted = facts.samples > 0 ? 1 - facts.unrooted / facts.samples : null;
  const [one, many] = data.kind === 'allocation' ? ['object', 'objects'] : ['sample', 'samples'];
  const counted = plural(facts.samples, one, many);
  return element('dl', {class: 'tiles'},
    measure.format ? tile(KINDS[data.kind].title, measure.format(sum), `${counted}${facts.hz ? ` at ${formatCount(facts.hz)} Hz` : ''}`) :
                     tile('Samples', formatCount(facts.samples)),
    data.duration ? tile('Took', data.duration, data.ended) : data.ended ? tile('Ended', data.ended) : null,
    threads.length ? tile('Threads', formatCount(threads.length), processes > 1 ? `in ${formatCount(processes)} processes` : null) : null,
    tile('Stacks with their root', formatPercent(rooted), facts.unrooted > 0 ? `${formatCount(facts.unrooted)} without it` : 'all of them'),
    tile('Lost', formatCount(facts.lost), 'samples, by the collector'));
}

function reading(data) {
  const lines = [
    ['width', `${KINDS[data.kind].reading} The width of a frame is its share, with everything it called.`],
    ['callers, inverted', 'From the outermost callers to what they call; or from the functions that samples fell into to who called them.'],
    ['self, total', 'In the function’s own code; with everything that it called, recursion counted once.'],
    ['inlined', 'A function that the compiler put into its caller: dashed edge, slanted letters.'],
    ['kernel, scopes', 'Hatched: the kernel on behalf of a thread. Thick edges, bold: a scope that the program marked.'],
  ];
  return element('details', {class: 'reading', open: true}, element('summary', {}, 'How to read this'),
                 element('dl', {}, ...lines.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])));
}

function footer(data) {
  return element('div', {class: 'run-facts'}, data.tree === null ? null : reading(data), element('div', {class: 'columns'},
    factList('Profile', [['Command', data.command], ['Ended', data.ended], ['Taken', formatDate(data.created)], ['Took', data.duration],
                         ['Collector', data.facts.collector], ['Written by', data.deft ? `deft ${data.deft}` : '']]),
    machineFacts(data.machine)));
}

/** Flame graph, functions, lines and call tree of the threads and the measure that were chosen. */
class ProfileView {
  constructor(data) {
    this.profile = new Profile(data);
    this.measures = measuresOf(data);
    this.measured = Object.keys(this.measures)[0];
    this.flame = new FlameView();
    this.legend = new Legend();
    this.hot = data.hot.length > 0 ? new HotFunctions(data.hot, data.facts.samples) : null;
    this.functions = new FunctionTable({
      pick: (name) => {
        this.flame.searchFor(name);
        this.flame.node.scrollIntoView({block: 'nearest'});
      },
      linesOf: (frame) => this.hot?.linkTo(frame) ?? null,
    });
    this.calls = new CallTreeList((node) => this.flame.describe(node));
    this.flame.changed = () => this.calls.show(this.flame.shown);
    this.threads = new ThreadChoice(this.profile.weighted(this.measured), () => this.show());
    const choice = !this.measures.count || !this.measures.value ? null : new Segments('Measure', [
      {value: 'value', text: 'Bytes'}, {value: 'count', text: 'Objects'}], this.measured, (measured) => this.measure(measured));
    this.nodes = [element('h2', {}, 'Flame graph'),
                  ...this.flame.bars(this.threads.node, choice?.node), this.flame.node, this.legend.node, element('p', {class: 'facts'}, profileFacts(data.facts, data.kind === 'allocation' ? 'objects' : 'samples')),
                  this.calls.node, element('h2', {}, 'Functions'), this.functions.node, ...(this.hot ? [this.hot.node] : [])];
  }

  measure(measured) {
    this.measured = measured;
    this.threads.show(this.profile.weighted(measured));
    this.show();
  }

  show() {
    const tree = this.threads.treeOf(this.profile, this.measured);
    const measure = this.measures[this.measured];
    this.flame.show(tree, measure, true);
    this.legend.show(tree);
    this.functions.show(tree, measure);
  }

  repaint() {
    if (!this.flame.tree) return;
    this.flame.paint();
    this.legend.show(this.flame.tree);
  }
}

function start(data) {
  document.documentElement.dataset.page = 'profile';
  byId('subject').textContent = data.command;
  byId('footer').append(footer(data));
  const overview = byId('overview');
  const view = data.tree === null || data.facts.samples === 0 ? null : new ProfileView(data);
  initTheme(() => view?.repaint());
  if (view === null) return;  // the headline says why
  const sum = view.profile.column(view.measured).reduce((all, value) => all + value, 0);
  overview.append(tiles(data, sum, view.measures[view.measured]), ...view.nodes);
  view.show();
  view.hot?.show(0);
  onSlash(() => view.flame.search.field.focus());
}

await openPage(start);
