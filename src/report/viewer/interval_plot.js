import {svg} from './dom.js';
import {formatChange} from './format.js';

// A ratio with its interval on a logarithmic axis around "no change", the tolerated band shaded.

const PLOT_WIDTH = 190;
const PLOT_HEIGHT = 22;
const MARGIN = 8;
const EDGES = [0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5];

/** One axis for all rows: wide enough for most intervals, never so wide that the band cannot be seen. */
export function intervalAxis(benchmarks, band) {
  const ends = benchmarks.flatMap((b) => [b.ratio[1], b.ratio[2]])
                   .filter((value) => value > 0)
                   .map((value) => Math.abs(Math.log(value)))
                   .sort((a, b) => a - b);
  const wanted = Math.max(ends.length ? ends[Math.floor((ends.length - 1) * 0.95)] : 0, 3 * band);
  const edge = EDGES.find((change) => -Math.log(1 - change) >= wanted) ?? EDGES[EDGES.length - 1];
  const half = -Math.log(1 - edge);
  const x = (ratio) => {
    const place = Math.max(-1, Math.min(1, Math.log(ratio) / half));
    return PLOT_WIDTH / 2 + place * (PLOT_WIDTH / 2 - MARGIN);
  };
  return {band, edge, x, isOutside: (ratio) => Math.abs(Math.log(ratio)) > half};
}

export function axisCaption(axis) {
  return svg('svg', {class: 'axis', viewBox: `0 0 ${PLOT_WIDTH} 14`, width: PLOT_WIDTH, height: 14, 'aria-hidden': 'true'},
             svg('text', {x: MARGIN - 6, y: 11}, `−${axis.edge * 100} %`),
             svg('text', {x: PLOT_WIDTH / 2, y: 11, 'text-anchor': 'middle'}, 'same'),
             svg('text', {x: axis.x(1 + axis.edge) + 6, y: 11, 'text-anchor': 'end'}, `+${axis.edge * 100} %`));
}

function arrow(x, direction) {
  const middle = PLOT_HEIGHT / 2;
  return svg('path', {class: 'beyond', d: `M${x + direction * 6} ${middle} l${-direction * 6} -4 v8 Z`});
}

export function intervalPlot(benchmark, axis) {
  const [ratio, low, high] = benchmark.ratio;
  if (!(ratio > 0 && low > 0 && high > 0)) return null;
  const middle = PLOT_HEIGHT / 2;
  const bandLeft = axis.x(1 / (1 + axis.band));
  const plot = svg('svg', {class: 'interval', 'data-verdict': benchmark.verdict, viewBox: `0 0 ${PLOT_WIDTH} ${PLOT_HEIGHT}`,
                           width: PLOT_WIDTH, height: PLOT_HEIGHT, role: 'img',
                           'aria-label': `${formatChange(ratio)}, between ${formatChange(low)} and ${formatChange(high)}`},
                   svg('rect', {class: 'band', x: bandLeft, y: 0, width: axis.x(1 + axis.band) - bandLeft, height: PLOT_HEIGHT}),
                   svg('line', {class: 'same', x1: PLOT_WIDTH / 2, x2: PLOT_WIDTH / 2, y1: 0, y2: PLOT_HEIGHT}));
  plot.append(svg('line', {class: 'range', x1: axis.x(low), x2: axis.x(high), y1: middle, y2: middle}));
  for (const [end, direction] of [[low, -1], [high, 1]]) {
    const x = axis.x(end);
    plot.append(axis.isOutside(end) ? arrow(x, Math.sign(Math.log(end)) || direction)
                                    : svg('line', {class: 'range', x1: x, x2: x, y1: middle - 4, y2: middle + 4}));
  }
  if (!axis.isOutside(ratio)) plot.append(svg('circle', {class: 'estimate', cx: axis.x(ratio), cy: middle, r: 3.5}));
  return plot;
}
