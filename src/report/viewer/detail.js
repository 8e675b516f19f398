import {linkTo, noteAddress} from './address.js';
import {CodeComparison} from './code_comparison.js';
import {countsTable} from './counts_table.js';
import {Difference, DifferenceMeasure} from './difference.js';
import {breakable, byId, element} from './dom.js';
import {profileFacts, tile} from './facts.js';
import {FlameTree, linked} from './flame_tree.js';
import {FlameView} from './flame_view.js';
import {formatChange, formatInterval, formatPlusMinus, formatRatio, formatTime, plural, unbroken} from './format.js';
import {FunctionTable} from './function_table.js';
import {HistoryPlot} from './history_plot.js';
import {Legend} from './legend.js';
import {samplesMeasure} from './measure.js';
import {processesPlot, roundsPlot} from './rounds_plot.js';
import {Segments} from './segments.js';
import {verdictLabel} from './verdicts.js';
import {whyNodes} from './why.js';

function tiles(benchmark, data) {
  const out = element('dl', {class: 'tiles'});
  if (data.kind === 'single') {
    out.append(tile('Time per iteration', formatTime(benchmark.base), `${benchmark.rounds.length} processes`));
    return out;
  }
  const rounds = benchmark.rounds.length;
  const confirmations = benchmark.rounds.filter((round) => round[3] === 1).length;
  out.append(tile('Base', formatTime(benchmark.base), data.base.label), tile('Head', formatTime(benchmark.head), data.head.label));
  if (rounds === 0 && benchmark.difference) return out;  // profiled, not measured
  out.append(tile('Ratio', formatRatio(benchmark.ratio[0]), formatInterval(benchmark.ratio)),
             tile('Could see', formatPlusMinus(benchmark.smallest), 'with 90 % probability'),
             tile('A/A control', formatChange(benchmark.control[0]), formatInterval(benchmark.control)),
             tile('Rounds', String(rounds), [`${benchmark.method}, ${benchmark.method === 'alternating' ? 'wall' : 'processor'} time`,
                                             confirmations ? `${confirmations} to confirm` : ''].filter(Boolean).join('; ')));
  return out;
}

function whyNone(facts) {
  return facts?.unavailable || 'This run took no profile of this benchmark.';
}

const SIDES = ['difference', 'head', 'base'];

/** The view of one benchmark: figures, what changed, flame graph, functions, their lines, counts, history, rounds. */
export class Detail {
  constructor(data, frames, overview) {
    this.data = data;
    this.frames = frames;
    this.overview = overview;
    this.section = byId('detail');
  }

  show(benchmark, address = {}) {
    this.close();
    this.benchmark = benchmark;
    this.difference = Difference.of(benchmark.difference, this.frames, this.data.profilesOnly ? 'run' : 'iteration');
    this.sides = SIDES.filter((side) => side === 'difference' ? this.difference : benchmark.profiles[side]?.samples > 0 && benchmark.tree);
    // A difference that tells nothing is not what a reader wants first.
    const isDull = this.difference && !this.difference.isTold && !this.data.profilesOnly && this.sides.length > 1;
    const first = this.sides[isDull ? 1 : 0];
    this.side = this.sides.includes(address.view) ? address.view : first;
    const plot = this.data.kind === 'single' ? processesPlot(benchmark) : roundsPlot(benchmark, this.data.band);
    const history = HistoryPlot.of(benchmark, this.data.runs);
    const counts = countsTable(benchmark, this.data.kind === 'single');
    this.section.replaceChildren(
        ...this.top(),
        ...this.whySection(),
        ...this.profileSection(),
        ...(counts ? [element('h2', {}, 'Counts and memory'), counts] : []),
        ...(history ? [element('h2', {}, 'History'), history.node] : []),
        ...(plot ? [element('h2', {}, this.data.kind === 'single' ? 'Processes' : 'Rounds'), plot] : []));
    history?.scrollThere();
    if (this.side) {
      this.showSide(this.side, false);
      if (address.zoom || address.search || address.inverted) this.flame.go(address);
      this.flame.moved = () => this.noted();
    }
    this.code?.show(0);
    byId('detail-name').focus({preventScroll: true});
  }

  top() {
    const {benchmark} = this;
    const title = (...text) => element('h1', {id: 'detail-name', tabindex: '-1'}, ...text);
    if (this.data.profilesOnly) return [title(byId('headline').textContent)];
    const {failure, reason} = benchmark;
    return [this.navigation(), title(...breakable(benchmark.name)),
            element('p', {class: 'lead'}, benchmark.verdict ? verdictLabel(benchmark.verdict) : null, element('span', {}, unbroken(reason || failure))),
            ...(failure && failure !== reason && reason ? [element('p', {class: 'failure'}, failure)] : []),
            tiles(benchmark, this.data)];
  }

  // The address says where the reader is, so that it survives a reload and can be sent to somebody.
  noted() {
    noteAddress(this.benchmark.name, {view: this.side, ...this.flame.place()});
  }

  whySection() {
    const {difference} = this.benchmark;
    if (this.difference) return whyNodes(this.difference, (name) => this.pick(name));
    return difference?.unavailable ? [element('h2', {id: 'why'}, 'What changed'), element('p', {class: 'empty'}, difference.unavailable)] : [];
  }

  /** Marks a function's calls in the flame graph. */
  pick(name) {
    this.flame.searchFor(name);
    this.flame.node.scrollIntoView({block: 'nearest'});
  }

  close() {
    this.flame?.close();
    this.flame = undefined;
    this.code = undefined;
    this.section.replaceChildren();
  }

  repaint() {
    if (!this.flame) return;
    this.flame.paint();
    this.showLegend();
  }

  showLegend() {
    if (this.side === 'difference') this.legend.showChanges(this.flame.tree);
    else this.legend.show(this.flame.tree);
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
    this.shape = this.benchmark.tree && linked(this.benchmark.tree);
    this.facts = element('p', {class: 'facts'});
    this.legend = new Legend();
    this.code = this.difference && CodeComparison.of(this.difference);
    this.functions = new FunctionTable({pick: (name) => this.pick(name), linesOf: (frame) => this.code?.linkTo(frame) ?? null});
    const why = (side) => side === 'difference' ? this.benchmark.difference?.unavailable : whyNone(profiles[side]);
    const offered = SIDES.filter((side) => side !== 'difference' || this.benchmark.difference);
    this.choice = this.data.kind === 'single' ? null : new Segments('Profile of', offered.map((side) => ({
      value: side, text: side, disabled: !this.sides.includes(side), hint: this.sides.includes(side) ? null : why(side)})),
      this.side, (side) => {
        this.showSide(side, true);
        this.noted();
      });
    return [title, ...this.flame.bars(this.choice?.node), this.flame.node, this.legend.node,
            this.facts, element('h2', {}, 'Functions'), this.functions.node, ...(this.code ? [this.code.node] : [])];
  }

  showSide(side, keepsPlace) {
    this.side = side;
    const {shown, measure} = side === 'difference' ? this.changes() : this.samplesOf(side);
    this.flame.show(shown, measure, keepsPlace);
    this.showLegend();
    this.functions.show(shown, measure);
  }

  changes() {
    const {facts, rounds, floor} = this.difference;
    const lines = [`${plural(rounds, 'round', 'rounds')}, a process of base and of head in each · changes up to ${formatTime(floor)} are never told`,
                   ...(facts ? [`base: ${profileFacts(facts.base)}`, `head: ${profileFacts(facts.head)}`] : [])];
    this.facts.replaceChildren(...lines.map((line) => element('span', {class: 'line'}, line)));
    return {shown: this.difference.tree, measure: new DifferenceMeasure(this.difference)};
  }

  samplesOf(side) {
    const {tree, head, base, profiles} = this.benchmark;
    const isHead = side === 'head' && this.data.kind !== 'single';
    this.facts.textContent = profileFacts(profiles[side]);
    return {shown: new FlameTree(this.shape, tree[side], tree[side], this.frames), measure: samplesMeasure(isHead ? head : base)};
  }
}
