// What stands behind the "#" of a report's address: which benchmark, and where in its view the reader is.

const FIELDS = ['view', 'inverted', 'zoom', 'search'];

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;  // a link typed by hand
  }
}

/** "#benchmark=NAME&view=difference&zoom=0.3&search=..."; what is empty is left out. */
export function formatAddress(name, place = {}) {
  return `#benchmark=${encodeURIComponent(name)}` +
         FIELDS.filter((field) => place[field]).map((field) => `&${field}=${encodeURIComponent(place[field])}`).join('');
}

/** {name, view, ...} with '' for what is left out; null where the address names no benchmark. */
export function parseAddress(hash) {
  const [first, ...more] = hash.split('&');
  if (!first.startsWith('#benchmark=')) return null;
  const out = {name: decoded(first.slice('#benchmark='.length)), ...Object.fromEntries(FIELDS.map((field) => [field, '']))};
  for (const part of more) {
    const at = part.indexOf('=');
    if (FIELDS.includes(part.slice(0, at))) out[part.slice(0, at)] = decoded(part.slice(at + 1));
  }
  return out;
}

/** The address of a benchmark's own view. */
export function linkTo(benchmark, place) {
  return formatAddress(benchmark.name, place);
}

/** Where the reader is now, without a new entry in the browser's history. */
export function noteAddress(name, place) {
  try {
    history.replaceState(null, '', formatAddress(name, place));
  } catch {
    // some browsers refuse this to pages opened from disk; links and reloading then lead to the benchmark only
  }
}
