import {Detail} from './detail.js';
import {byId, element} from './dom.js';
import {makeFrames} from './flame_tree.js';
import {Overview} from './overview.js';
import {onSlash, openPage, problem} from './page.js';
import {runFacts} from './run_facts.js';
import {initTheme} from './theme.js';

const PREFIX = '#benchmark=';

function wantedName() {
  if (!location.hash.startsWith(PREFIX)) return null;
  const text = location.hash.slice(PREFIX.length);
  try {
    return decodeURIComponent(text);
  } catch {
    return text;  // a link typed by hand
  }
}

function start(data) {
  document.documentElement.dataset.page = 'report';
  byId('subject').textContent = data.kind === 'single' ? data.base.label : `${data.base.label} → ${data.head.label}`;
  for (const note of [data.note, data.interrupted ? 'This run was interrupted: it shows what was measured until then.' : '']) {
    if (note) byId('headline').after(element('p', {class: 'note'}, note));
  }
  const overview = new Overview(data);
  const detail = new Detail(data, makeFrames(data.frames), overview);
  byId('footer').append(runFacts(data));
  let place = 0;  // where the reader was in the table

  const route = () => {
    const name = wantedName();
    const benchmark = data.benchmarks.find((b) => b.name === name);
    const wasOverview = byId('detail').hidden;
    problem(name !== null && !benchmark ? `This report has no benchmark “${name}”.` : '');
    if (wasOverview && benchmark) place = window.scrollY;
    byId('overview').hidden = Boolean(benchmark);
    byId('detail').hidden = !benchmark;
    byId('footer').hidden = Boolean(benchmark);
    if (benchmark) detail.show(benchmark);
    else detail.close();
    if (benchmark || !wasOverview) window.scrollTo(0, benchmark ? 0 : place);
  };

  initTheme(() => detail.repaint());
  window.addEventListener('hashchange', route);
  onSlash(() => byId('detail').hidden ? overview.focusFilter() : detail.focusSearch());
  route();
}

await openPage(start);
