import {breakable, byId, element} from './dom.js';
import {profileFacts, tile} from './facts.js';
import {FlameTree, linked} from './flame_tree.js';
import {FlameView} from './flame_view.js';
import {formatChange, formatInterval, formatPlusMinus, formatRatio, formatTime, unbroken} from './format.js';
import {FunctionTable} from './function_table.js';
import {HistoryPlot} from './history_plot.js';
import {Legend} from './legend.js';
import {samplesMeasure} from './measure.js';
import {linkTo} from './overview.js';
import {processesPlot, roundsPlot} from './rounds_plot.js';
import {Segments} from './segments.js';
import {verdictLabel} from './verdicts.js';

function tiles(benchmark, data) {
  const out = element('dl', {class: 'tiles'});
  if (data.kind === 'single') {
    out.append(tile('Time per iteration', formatTime(benchmark.base), `${benchmark.rounds.length} processes`));
    return out;
  }
  const rounds = benchmark.rounds.length;
  const confirmations = benchmark.rounds.filter((round) => round[3] === 1).length;
  out.append(tile('Base', formatTime(benchmark.base), data.base.label), tile('Head', formatTime(benchmark.head), data.head.label),
             tile('Ratio', formatRatio(benchmark.ratio[0]), formatInterval(benchmark.ratio)),
             tile('Could see', formatPlusMinus(benchmark.smallest), 'with 90 % probability'),
             tile('A/A control', formatChange(benchmark.control[0]), formatInterval(benchmark.control)),
             tile('Rounds', String(rounds), [`${benchmark.method}, ${benchmark.method === 'alternating' ? 'wall' : 'processor'} time`,
                                             confirmations ? `${confirmations} to confirm` : ''].filter(Boolean).join('; ')));
  return out;
}

function whyNone(facts) {
  return facts?.unavailable || 'This run took no profile of this benchmark.';
}

/** The view of one benchmark: figures, rounds, flame graph, functions. */
export class Detail {
  constructor(data, frames, overview) {
    this.data = data;
    this.frames = frames;
    this.overview = overview;
    this.section = byId('detail');
  }

  show(benchmark) {
    this.close();
    this.benchmark = benchmark;
    this.sides = ['head', 'base'].filter((side) => benchmark.profiles[side]?.samples > 0 && benchmark.tree);
    this.side = this.sides[0];
    const plot = this.data.kind === 'single' ? processesPlot(benchmark) : roundsPlot(benchmark, this.data.band);
    const history = HistoryPlot.of(benchmark, this.data.runs);
    this.section.replaceChildren(
        this.navigation(),
        element('h1', {id: 'detail-name', tabindex: '-1'}, ...breakable(benchmark.name)),
        element('p', {class: 'lead'}, benchmark.verdict ? verdictLabel(benchmark.verdict) : null,
                element('span', {}, unbroken(benchmark.reason || benchmark.failure))),
        ...(benchmark.failure && benchmark.failure !== benchmark.reason && benchmark.reason ?
                [element('p', {class: 'failure'}, benchmark.failure)] : []),
        tiles(benchmark, this.data),
        ...(history ? [element('h2', {}, 'History'), history.node] : []),
        ...this.profileSection(),
        ...(plot ? [element('h2', {}, this.data.kind === 'single' ? 'Processes' : 'Rounds'), plot] : []));
    history?.scrollThere();
    if (this.side) this.showSide(this.side, false);
    byId('detail-name').focus({preventScroll: true});
  }

  close() {
    this.flame?.close();
    this.flame = undefined;
    this.section.replaceChildren();
  }

  repaint() {
    if (!this.flame) return;
    this.flame.paint();
    this.legend.show(this.flame.tree);
  }

  focusSearch() {
    this.flame?.search.field.focus();
  }

  navigation() {
    const {before, after} = this.overview.neighbours(this.benchmark);
    const step = (to, text) => to ? element('a', {href: linkTo(to), title: to.name}, text) : null;
    return element('nav', {class: 'steps', 'aria-label': 'Benchmarks'}, element('a', {href: '#'}, '← All benchmarks'),
                   element('span', {class: 'spring'}), step(before, 'Previous'), step(after, 'Next'));
  }

  profileSection() {
    const {profiles} = this.benchmark;
    const title = element('h2', {}, 'Flame graph');
    if (!this.side) {
      return [title, element('p', {class: 'empty', id: 'no-profile'}, `No profile: ${whyNone(profiles.head ?? profiles.base)}`)];
    }
    this.flame = new FlameView();
    this.shape = linked(this.benchmark.tree);
    this.facts = element('p', {class: 'facts'});
    this.legend = new Legend();
    this.functions = new FunctionTable({pick: (name) => {
      this.flame.searchFor(name);
      this.flame.node.scrollIntoView({block: 'nearest'});
    }});
    this.choice = this.data.kind === 'single' ? null : new Segments('Profile of', ['head', 'base'].map((side) => ({
      value: side, text: side, disabled: !this.sides.includes(side), hint: this.sides.includes(side) ? null : whyNone(profiles[side])})),
      this.side, (side) => this.showSide(side, true));
    return [title, ...this.flame.bars(this.choice?.node), this.flame.node, this.legend.node,
            this.facts, element('h2', {}, 'Functions'), this.functions.node];
  }

  showSide(side, keepsPlace) {
    const {tree, head, base, profiles} = this.benchmark;
    const isHead = side === 'head' && this.data.kind !== 'single';
    const measure = samplesMeasure(isHead ? head : base);
    const shown = new FlameTree(this.shape, tree[side], tree[side], this.frames);
    this.flame.show(shown, measure, keepsPlace);
    this.facts.textContent = profileFacts(profiles[side]);
    this.legend.show(shown);
    this.functions.show(shown, measure);
  }
}
