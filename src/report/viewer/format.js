// How numbers are written, everywhere in the page. null stands for "not known".

const NONE = '–';

function threeDigits(value) {
  const size = Math.abs(value);
  return value.toFixed(size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
}

export function formatTime(ns) {
  if (ns === null || !(ns > 0)) return NONE;
  for (const [size, unit] of [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']]) {
    if (ns >= size * 0.9995) return `${ns / size < 1e6 ? threeDigits(ns / size) : (ns / size).toExponential(2)} ${unit}`;
  }
  return `${ns >= 0.01 ? ns.toFixed(3) : ns.toExponential(2)} ns`;
}

export function formatRatio(value) {
  if (value === null || !(value > 0)) return NONE;
  if (value >= 1e6 || value < 1e-3) return value.toExponential(2);
  return value.toFixed(value < 9.9995 ? 3 : value < 99.95 ? 1 : 0);
}

export function formatInterval([, low, high]) {
  return low > 0 && high > 0 ? `${formatRatio(low)} to ${formatRatio(high)}` : NONE;
}

export function formatPercent(fraction, digits = 1) {
  if (fraction === null || fraction === undefined) return NONE;
  const percent = fraction * 100;
  return Math.abs(percent) < 1e6 ? `${percent.toFixed(digits)} %` : `${percent.toExponential(1)} %`;
}

export function formatPlusMinus(fraction) {
  return fraction > 0 ? `±${formatPercent(fraction)}` : NONE;
}

/** A ratio as a signed change: "+5.2 %". */
export function formatChange(ratio) {
  if (ratio === null || !(ratio > 0)) return NONE;
  const text = formatPercent(Math.abs(ratio - 1));
  return text === '0.0 %' ? text : (ratio >= 1 ? '+' : '−') + text;
}

export function formatCount(n) {
  return String(n).replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

export function formatBytes(bytes) {
  if (!(bytes > 0)) return NONE;
  for (const [size, unit] of [[2 ** 40, 'TiB'], [2 ** 30, 'GiB'], [2 ** 20, 'MiB'], [2 ** 10, 'KiB']]) {
    if (bytes >= size * 0.9995) return `${bytes / size < 1e6 ? threeDigits(bytes / size) : (bytes / size).toExponential(2)} ${unit}`;
  }
  return `${Math.round(bytes)} B`;
}

/** Prose in which no line ends between a number and its percent sign or its unit of time. */
export function unbroken(text) {
  return text.replace(/([▲▼]|\d) (?=%|[nµm]?s\b|[+−]\d)/g, '$1\u00a0');
}

export function plural(n, one, many) {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

/** A change of a time, with its sign: "+12.3 ns". */
export function formatDelta(ns) {
  if (ns === null || ns === undefined) return NONE;
  if (Math.abs(ns) < 5e-4) return '0 ns';
  return (ns > 0 ? '+' : '−') + formatSpent(Math.abs(ns));
}

/** "+10.1 ns to +14.5 ns" */
export function formatDeltaInterval(low, high) {
  return low === null || high === null || low === undefined ? NONE : `${formatDelta(low)} to ${formatDelta(high)}`;
}

/** A time that may be none at all. */
export function formatSpent(ns) {
  if (ns === 0) return '0 ns';
  return ns > 0 && ns < 0.01 ? `${ns.toFixed(3)} ns` : formatTime(ns);
}
