import {byId} from './dom.js';
import {loadData} from './data.js';

// What both pages do: unpack the data, start, say what went wrong, and let the slash key lead to a field.

export function problem(text) {
  byId('problem').textContent = text;
  byId('problem').hidden = text === '';
}

function isTyping(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
}

export function onSlash(focusField) {
  window.addEventListener('keydown', (event) => {
    if (event.key !== '/' || isTyping(event.target) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    focusField();
  });
}

export async function openPage(start) {
  try {
    start(await loadData());
    performance.mark('deft-drawn');
    document.documentElement.dataset.ready = 'true';
  } catch (error) {
    problem(error.message);
    throw error;
  }
}
