import {moduleKind} from './module_kind.js';

// Hue by kind of module: the measured program is warm, libraries are cool, the kernel is violet, scopes are green. Within a module
// the function's name shifts the hue a little, so that neighbours can be told apart and a function keeps its colour everywhere.
// What the kinds are is also told by other means than colour: see FlamePainter and legend().

function hash(text) {
  let value = 2166136261;
  for (let i = 0; i < text.length; ++i) value = Math.imul(value ^ text.charCodeAt(i), 16777619);
  return (value >>> 0) / 4294967296;
}

// Lightness, chroma and hue of OKLCH as "#rrggbb". A canvas takes ten times as long for a colour given as "oklch(...)".
function oklch(lightness, chroma, hue) {
  const angle = hue * Math.PI / 180;
  const [a, b] = [chroma * Math.cos(angle), chroma * Math.sin(angle)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
                  -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
                  -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  const byte = (x) => Math.round(255 * Math.min(1, Math.max(0, x <= 0.0031308 ? 12.92 * x : 1.055 * x ** (1 / 2.4) - 0.055)));
  return `#${linear.map((x) => byte(x).toString(16).padStart(2, '0')).join('')}`;
}

function hueOf(frame) {
  const shade = hash(frame.function) - 0.5;
  switch (moduleKind(frame.module)) {
    case 'kernel': return 305 + shade * 20;
    case 'scope': return 145 + shade * 16;
    case 'library': return 200 + hash(frame.module) * 60 + shade * 14;
    default: return 60 + shade * 60;
  }
}

// Orange and blue are told apart by nearly everybody; what is only noise has no hue.
function changeColours(colours) {
  return Object.fromEntries(Object.entries(colours).map(([kind, [lightness, chroma, hue]]) => [kind, oklch(lightness, chroma, hue)]));
}

const PALETTES = {
  light: {lightness: 0.84, chroma: 0.095, ink: '#1d1c1a', inlined: 0.045, dimmed: 0.94, match: oklch(0.78, 0.165, 345),
          matchInk: '#2a0016',
          changes: changeColours({same: [0.925, 0.004, 90], slower: [0.875, 0.07, 55], slowerOwn: [0.77, 0.155, 48], faster: [0.875, 0.055, 240], fasterOwn: [0.77, 0.115, 240]}),
          dimmedChanges: changeColours({same: [0.955, 0.003, 90], slower: [0.945, 0.028, 55], slowerOwn: [0.925, 0.05, 48], faster: [0.945, 0.022, 240], fasterOwn: [0.925, 0.04, 240]}),
          root: oklch(0.91, 0.006, 90), crowd: oklch(0.87, 0.004, 90), background: '#fcfcfb'},
  dark: {lightness: 0.5, chroma: 0.1, ink: '#f7f5f2', inlined: -0.08, dimmed: 0.27, match: oklch(0.53, 0.21, 345),
         matchInk: '#ffffff',
         changes: changeColours({same: [0.33, 0.006, 260], slower: [0.42, 0.075, 45], slowerOwn: [0.53, 0.145, 42], faster: [0.42, 0.065, 248], fasterOwn: [0.53, 0.115, 248]}),
         dimmedChanges: changeColours({same: [0.255, 0.004, 260], slower: [0.275, 0.03, 45], slowerOwn: [0.3, 0.05, 42], faster: [0.275, 0.028, 248], fasterOwn: [0.3, 0.045, 248]}),
         root: oklch(0.36, 0.008, 260), crowd: oklch(0.31, 0.006, 260), background: '#16181c'},
};

export function palette(isDark) {
  return PALETTES[isDark ? 'dark' : 'light'];
}

export function fillOf(frame, colours) {
  const kind = moduleKind(frame.module);
  if (kind === 'thread') return colours.root;
  const shade = (hash(`${frame.function}.`) - 0.5) * 0.05;
  const lightness = colours.lightness + shade + (frame.inlined ? colours.inlined : 0);
  return oklch(lightness, kind === 'unknown' ? 0.01 : colours.chroma, hueOf(frame));
}

export function dimmedFillOf(frame, colours) {
  return oklch(colours.dimmed, 0.02, hueOf(frame));
}
