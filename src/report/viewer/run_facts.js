import {element} from './dom.js';
import {factList, formatDate, machineFacts} from './facts.js';
import {formatCount, formatPercent, formatPlusMinus} from './format.js';

function arm({label, program, revision}) {
  return [label, program === label ? '' : program, label.includes(revision) ? '' : revision].filter(Boolean).join(' · ');
}

function reading(isComparison, data) {
  const band = formatPercent(data.band);
  const lines = isComparison ? [
    ['regressed, improved', `The time changed by more than the tolerated band of ±${band}, and fresh data confirmed it.`],
    ['equivalent', 'The whole interval of the ratio lies close enough to 1.'],
    ['inconclusive', 'This run could not tell. “Could see” says what change it would have found with 90 % probability.'],
    ['missing, new, failed', 'Only base has it; only head has it; it crashed, hung or reported an error.'],
    ['ratio', `Head’s time over base’s: 1.05 takes 5 % longer. The interval holds at ${formatPercent(data.confidence, 0)} confidence.`],
    ['A/A control', 'A second process of base measured in the same rounds against the first: the noise that is left after pairing.'],
  ] : [['time per iteration', 'The median in each process, averaged over the processes without the extreme quarters.']];
  if (data.runs) lines.push(['history', 'Head’s time in the last runs on this kind of machine, and where it changed for good: a step that no single comparison need have shown.']);
  lines.push(['flame graph', 'Callers above, callees below; the width is the share of samples. Profiles are taken in a separate pass that is never timed.']);
  return element('details', {class: 'reading', open: true}, element('summary', {}, 'How to read this'),
                 element('dl', {}, ...lines.flatMap(([name, text]) => [element('dt', {}, name), element('dd', {}, text)])));
}

/** What is true of the whole run: how to read it, the programs, the machine, its noise. */
export function runFacts(data) {
  const isComparison = data.kind === 'comparison';
  const {machine, noise} = data;
  const program = isComparison ? [['Base', arm(data.base)], ['Head', arm(data.head)]] : [['Program', arm(data.base)]];
  const rule = isComparison ? [['Tolerated band', `±${formatPercent(data.band)}`],
                               ['Confidence', formatPercent(data.confidence, 0)]] : [];
  return element('div', {class: 'run-facts'},
    reading(isComparison, data),
    element('div', {class: 'columns'},
      factList('Run', [...program, ['Measured', formatDate(data.created)],
                   ['Took', data.duration + (data.interrupted ? ', interrupted' : '')], ...rule,
                   ['Seed of every random choice', data.seed], ['Written by', `deft ${data.deft}`]]),
      machineFacts(machine),
      factList('Noise of the run', [
        ...(isComparison ? [['A/A control, standard error', formatPlusMinus(noise.control)]] : []),
        ['Processor time of others', formatPercent(noise.others)], ['Steal', formatPercent(noise.steal)],
        ['Load before and after', `${noise.loadBefore?.toFixed(2) ?? '–'}, ${noise.loadAfter?.toFixed(2) ?? '–'}`],
        ['Involuntary switches', formatCount(noise.switches)]])));
}
