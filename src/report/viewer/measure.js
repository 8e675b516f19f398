import {formatBytes, formatCount, formatPercent, formatTime, plural} from './format.js';

// A measure is what the width of a frame stands for, and how that is told:
//   describe(tree, node)  one fact each
//   columns               of the table of functions: {title, key(entry), text(entry, tree), class}

function facts(tree, node, format, selfFormat = format) {
  const self = tree.self ? `, self ${selfFormat(tree.self[node])}` : '';
  return `${format(tree.total[node])} (${formatPercent(tree.share(node))})${self}`;
}

const samples = (n) => plural(n, 'sample', 'samples');

const sampleColumn = {title: 'Samples', class: 'samples', key: (entry) => entry.selfCount, text: (entry) => formatCount(entry.selfCount)};

function valueColumns(noun, format) {
  return [{title: `Self ${noun}`, class: 'value', key: (entry) => entry.self, text: (entry) => format(entry.self)},
          {title: `Total ${noun}`, class: 'value', key: (entry) => entry.total, text: (entry) => format(entry.total)}];
}

/** Of a benchmark, whose time per iteration is known from elsewhere; 0 or null where it is not. */
export function samplesMeasure(nsPerIteration) {
  const perIteration = (share) => share === 0 ? '0 ns' : formatTime(share * nsPerIteration);
  const isTimed = nsPerIteration > 0;
  return {
    describe: (tree, node) => [facts(tree, node, samples, formatCount),
                               ...(isTimed ? [`${perIteration(tree.share(node))} per iteration`] : [])],
    columns: [...(isTimed ? [{title: 'Per iteration', key: (entry) => entry.self,
                              text: (entry, tree) => perIteration(entry.self / tree.total[0])}] : []), sampleColumn],
  };
}

export function timeMeasure() {
  const format = (ns) => ns === 0 ? '0 s' : formatTime(ns);
  return {format, describe: (tree, node) => [facts(tree, node, format), samples(tree.count[node])], columns: valueColumns('time', format)};
}

export function bytesMeasure() {
  const format = (bytes) => bytes === 0 ? '0 B' : formatBytes(bytes);
  return {format, columns: valueColumns('size', format),
          describe: (tree, node) => [facts(tree, node, format), plural(tree.count[node], 'object', 'objects')]};
}

export function objectsMeasure() {
  const format = (n) => plural(n, 'object', 'objects');
  return {format, columns: valueColumns('objects', formatCount), describe: (tree, node) => [facts(tree, node, format, formatCount)]};
}
