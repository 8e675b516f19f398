// Elements are made with textContent only: nothing a benchmark is called can become markup.

function filled(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

/** element('td', {class: 'number', onclick: open}, 'text', otherElement) */
export function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

export function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

/** `name` with places where a line may end, at its own separators rather than in the middle of a word. */
export function breakable(name) {
  return name.split(/(?<=[/,:>])(?![/,:>])/).flatMap((part, i) => i === 0 ? [part] : [element('wbr'), part]);
}

export function byId(id) {
  return document.getElementById(id);
}
