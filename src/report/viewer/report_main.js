import {parseAddress} from './address.js';
import {Detail} from './detail.js';
import {byId, element} from './dom.js';
import {makeFrames} from './flame_tree.js';
import {Overview} from './overview.js';
import {onSlash, openPage, problem} from './page.js';
import {runFacts} from './run_facts.js';
import {initTheme} from './theme.js';

const PEERS = 'peers.html';

// tools/report writes tables of others' containers beside the report and says so: its word for them leads there.
function noteNodes(text) {
  const at = text.indexOf(PEERS);
  return at < 0 ? [text] : [text.slice(0, at), element('a', {href: PEERS}, PEERS), text.slice(at + PEERS.length)];
}

function start(data) {
  document.documentElement.dataset.page = 'report';
  byId('subject').textContent = data.kind === 'single' ? data.base.label : `${data.base.label} → ${data.head.label}`;
  for (const note of [data.note, data.interrupted ? 'This run was interrupted: it shows what was measured until then.' : '']) {
    if (note) byId('headline').after(element('p', {class: 'note'}, ...noteNodes(note)));
  }
  const frames = makeFrames(data.frames);
  const overview = new Overview(data, frames);
  const detail = new Detail(data, frames, overview);
  byId('footer').append(runFacts(data));
  let place = 0;  // where the reader was in the table

  const route = () => {
    const address = parseAddress(location.hash);
    const name = address?.name ?? (data.profilesOnly ? data.benchmarks[0].name : null);
    const benchmark = data.benchmarks.find((b) => b.name === name);
    const wasOverview = byId('detail').hidden;
    problem(name !== null && !benchmark ? `This report has no benchmark “${name}”.` : '');
    if (wasOverview && benchmark) place = window.scrollY;
    byId('overview').hidden = Boolean(benchmark);
    byId('detail').hidden = !benchmark;
    byId('footer').hidden = Boolean(benchmark);
    if (benchmark) detail.show(benchmark, address ?? {});
    else detail.close();
    if (benchmark || !wasOverview) window.scrollTo(0, benchmark ? 0 : place);
  };

  initTheme(() => detail.repaint());
  window.addEventListener('hashchange', route);
  onSlash(() => byId('detail').hidden ? overview.focusFilter() : detail.focusSearch());
  route();
}

await openPage(start);
