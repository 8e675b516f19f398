// Hue by module: the measured program is warm, libraries are cool, the kernel is violet. Within a module the function's
// name shifts the hue a little, so that neighbours can be told apart and a function keeps its colour everywhere.

function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; ++i) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return (value >>> 0) / 4294967296;
}

export function moduleKind(module) {
  if (module === '[kernel]' || module === '[vdso]') return 'kernel';
  if (/^\[|^$/.test(module)) return 'unknown';
  return /\.so(\.|$)/.test(module) ? 'library' : 'program';
}

function hueOf(frame) {
  const shade = hash(frame.function) - 0.5;
  switch (moduleKind(frame.module)) {
    case 'kernel': return 305 + shade * 20;
    case 'library': return 180 + hash(frame.module) * 80 + shade * 14;
    default: return 60 + shade * 60;
  }
}

const PALETTES = {
  light: {lightness: 0.84, chroma: 0.095, ink: '#1d1c1a', inlined: 0.045, dimmed: 0.94, match: 'oklch(0.78 0.165 345)',
          matchInk: '#2a0016', root: 'oklch(0.91 0.006 90)', focus: '#10131a', background: '#fcfcfb'},
  dark: {lightness: 0.55, chroma: 0.1, ink: '#f7f5f2', inlined: -0.08, dimmed: 0.27, match: 'oklch(0.6 0.21 345)',
         matchInk: '#ffffff', root: 'oklch(0.36 0.008 260)', focus: '#ffffff', background: '#16181c'},
};

export function palette(isDark) {
  return PALETTES[isDark ? 'dark' : 'light'];
}

export function fillOf(frame, colours) {
  const known = moduleKind(frame.module) !== 'unknown';
  const shade = (hash(`${frame.function}.`) - 0.5) * 0.05;
  const lightness = colours.lightness + shade + (frame.inlined ? colours.inlined : 0);
  return `oklch(${lightness.toFixed(3)} ${known ? colours.chroma : 0.01} ${hueOf(frame).toFixed(1)})`;
}

export function dimmedFillOf(frame, colours) {
  return `oklch(${colours.dimmed} 0.02 ${hueOf(frame).toFixed(1)})`;
}
