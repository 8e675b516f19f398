import {byId} from './dom.js';

// The system's theme until the reader presses the button; that choice is kept where the browser allows it.

const KEY = 'deft-report-theme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
const onPaper = window.matchMedia('print');

function remembered() {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;  // storage is often refused to pages opened from disk
  }
}

function remember(theme) {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // the choice then lasts as long as the page
  }
}

export function isDark() {
  if (onPaper.matches) return false;
  const chosen = document.documentElement.dataset.theme;
  return chosen ? chosen === 'dark' : systemIsDark.matches;
}

/** Calls `changed` whenever what is drawn by hand must be drawn anew. */
export function initTheme(changed) {
  const button = byId('theme-toggle');
  const show = () => {
    button.textContent = isDark() ? 'Light theme' : 'Dark theme';
    changed();
  };
  const before = remembered();
  if (before === 'dark' || before === 'light') document.documentElement.dataset.theme = before;
  button.addEventListener('click', () => {
    const theme = isDark() ? 'light' : 'dark';
    document.documentElement.dataset.theme = theme;
    remember(theme);
    show();
  });
  systemIsDark.addEventListener('change', show);
  onPaper.addEventListener('change', show);
  show();
}
