import {breakable, byId, element} from './dom.js';
import {dimmedFillOf, fillOf, palette} from './flame_colours.js';
import {FlameTree} from './flame_tree.js';
import {FlameView, modulesIn} from './flame_view.js';
import {formatChange, formatCount, formatInterval, formatPercent, formatPlusMinus, formatRatio, formatTime,
        unbroken} from './format.js';
import {functionTable} from './function_table.js';
import {linkTo} from './overview.js';
import {processesPlot, roundsPlot} from './rounds_plot.js';
import {isDark} from './theme.js';
import {verdictLabel} from './verdicts.js';

function tile(title, value, remark) {
  return element('div', {class: 'tile'}, element('dt', {}, title), element('dd', {}, value),
                 remark ? element('dd', {class: 'remark'}, remark) : null);
}

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
             tile('Rounds', String(rounds), [benchmark.method === 'alternating' ? 'alternating, wall time' : 'same core, processor time',
                                             confirmations ? `${confirmations} to confirm` : ''].filter(Boolean).join('; ')));
  return out;
}

function profileFacts(facts) {
  const counted = (n, text) => n > 0 ? [`${formatCount(n)} ${text}`] : [];
  const unrooted = facts.samples > 0 ? ` (${formatPercent(facts.unrooted / facts.samples)})` : '';
  return [`${formatCount(facts.samples)} samples${facts.hz ? ` at ${formatCount(facts.hz)} Hz` : ''}`, facts.collector,
          ...counted(facts.discarded, 'outside the timed part, discarded'),
          facts.lost > 0 ? `${formatCount(facts.lost)} lost by the kernel` : 'none lost',
          facts.unrooted > 0 ? `${formatCount(facts.unrooted)}${unrooted} whose stack does not reach the thread's root` :
                               'all stacks reach the root', facts.note].filter(Boolean).join(' · ');
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
    this.section.replaceChildren(
        this.navigation(),
        element('h1', {id: 'detail-name', tabindex: '-1'}, ...breakable(benchmark.name)),
        element('p', {class: 'lead'}, benchmark.verdict ? verdictLabel(benchmark.verdict) : null,
                element('span', {}, unbroken(benchmark.reason || benchmark.failure))),
        ...(benchmark.failure && benchmark.failure !== benchmark.reason && benchmark.reason ?
                [element('p', {class: 'failure'}, benchmark.failure)] : []),
        tiles(benchmark, this.data),
        ...this.profileSection(),
        ...(plot ? [element('h2', {}, this.data.kind === 'single' ? 'Processes' : 'Rounds'), plot] : []));
    if (this.side) this.showSide(this.side, false);
    byId('detail-name').focus({preventScroll: true});
  }

  close() {
    this.flame?.close();
    this.flame = undefined;
    this.section.replaceChildren();
  }

  repaint() {
    this.flame?.paint();
    if (this.flame) this.showLegend();
  }

  focusSearch() {
    this.flame?.search.focus();
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
    this.facts = element('p', {class: 'facts'});
    this.legend = element('ul', {class: 'legend', 'aria-label': 'Colours by module, with the share of samples'});
    this.functions = element('div');
    this.buttons = this.data.kind === 'single' ? [] : ['head', 'base'].map((side) => element('button', {
      type: 'button', 'data-side': side, disabled: !this.sides.includes(side),
      title: this.sides.includes(side) ? null : whyNone(profiles[side]), onclick: () => this.showSide(side, true)}, side));
    return [
      title,
      element('div', {class: 'bar'},
              this.buttons.length ? element('div', {class: 'segments', role: 'group', 'aria-label': 'Profile of'}, ...this.buttons) : null,
              ...this.flame.controls),
      this.flame.node, this.legend, this.facts,
      element('h2', {}, 'Functions'), this.functions];
  }

  showSide(side, keepsPlace) {
    this.side = side;
    const tree = new FlameTree(this.benchmark.tree, side, this.frames);
    const isHead = side === 'head' && this.data.kind !== 'single';
    const ns = isHead ? this.benchmark.head : this.benchmark.base;
    for (const button of this.buttons) button.setAttribute('aria-pressed', String(button.dataset.side === side));
    this.tree = tree;
    this.flame.show(tree, ns, keepsPlace);
    this.facts.textContent = profileFacts(this.benchmark.profiles[side]);
    this.showLegend();
    this.functions.replaceChildren(functionTable(tree, ns));
  }

  showLegend() {
    const colours = palette(isDark());
    const swatch = (style) => element('span', {class: 'swatch', style});
    const items = modulesIn(this.tree).slice(0, 8).map(({module, share}) => element('li', {},
        swatch(`background: ${fillOf({function: module, module: module === 'unknown' ? '' : module}, colours)}`),
        module, element('span', {class: 'share'}, formatPercent(share))));
    const inlined = element('li', {},
        swatch(`background: ${dimmedFillOf({function: '', module: 'p'}, colours)}; border-top: 1px dashed currentColor`),
        element('i', {}, 'inlined'));
    this.legend.replaceChildren(...items, ...(this.tree.hasInlined() ? [inlined] : []));
  }
}
