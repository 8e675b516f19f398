#!/usr/bin/env python3
"""usage: viewer_modules_test.py VIEWER_FOLDER

Checks single modules of the viewer in headless Chromium: what they compute, without a page around them.
"""

import pathlib
import re
import sys

from webdriver import Browser, Missing


class Modules:
    """Expressions over modules, joined as EmbedViewer.cmake joins them."""

    def __init__(self, browser, folder):
        self.browser = browser
        self.folder = folder

    def run(self, names, expression, *arguments):
        text = "\n".join((self.folder / f"{name}.js").read_text(encoding="utf-8") for name in names)
        text = re.sub(r"(?m)^import [^;]*;", "", text)
        text = re.sub(r"(?m)^export ", "", text)
        return self.browser.run(f"(() => {{ {text}\nreturn {expression}; }})()" if not arguments else
                                f"((...given) => {{ {text}\nreturn {expression}; }})(...arguments)", *arguments)


# The smallest contrast of a label with what it stands on, over functions of every kind of module.
CONTRAST = """(() => {
  const light = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  const colours = palette(given[0]);
  let least = contrast(colours.match, colours.matchInk);
  for (const fill of [...Object.values(colours.changes), ...Object.values(colours.dimmedChanges)]) least = Math.min(least, contrast(fill, colours.ink));
  for (const module of ['program', 'libc.so.6', 'libfoo.so', '[kernel]', '[scope]', '[thread]', '']) {
    for (let i = 0; i < 400; ++i) {
      const frame = {function: `f${i * 7919}`, module, inlined: i % 2 === 1};
      least = Math.min(least, contrast(fillOf(frame, colours), colours.ink), contrast(dimmedFillOf(frame, colours), colours.ink));
    }
  }
  return least;
})()"""


def labels_can_be_read(modules):
    for is_dark in (False, True):
        least = modules.run(["module_kind", "flame_colours"], CONTRAST, is_dark)
        yield least >= 4.5, f"labels stand out by 4.5 to 1 at least, in the {'dark' if is_dark else 'light'} theme: {least:.2f}"


# A root that calls `wide` functions, each of which calls one: many more nodes than pixels.
WIDE_TREE = """(() => {
  const wide = 80000;
  const columns = {frame: [0], depth: [0]};
  const self = [0];
  for (let i = 0; i < wide; ++i) {
    columns.frame.push(1 + i % 50, 60);
    columns.depth.push(1, 2);
    self.push(0, i < 10 ? 5000 : 1);
  }
  const frames = Array.from({length: 61}, (_, i) => ({function: `f${i}`, module: 'm', file: '', line: 0, inlined: false}));
  return new FlameTree(linked(columns), self, self, frames);
})()"""


def layout_culls(modules):
    names = ["flame_tree", "flame_layout"]
    nodes, boxes, rows, crowds = modules.run(names, f"""(() => {{
        const tree = {WIDE_TREE};
        const layout = new FlameLayout(tree, 0, 1000);
        return [tree.size, layout.boxes, layout.rows.length, layout.rows.flat().filter((box) => box.node === CROWD).length];
    }})()""")
    yield nodes == 160_002, f"the tree has 160,000 nodes and two, not {nodes}"
    yield boxes == 1 + 1 + 11 + 10, f"only what can be seen is laid out: {boxes} boxes"
    yield rows == 4, f"in four rows, not {rows}"
    yield crowds == 1, f"frames too narrow to be seen are one crowd, not {crowds}"
    zoomed = modules.run(names, f"""(() => {{
        const tree = {WIDE_TREE};
        const layout = new FlameLayout(tree, tree.size - 2, 1000);
        return layout.rows.map((row) => row.map((box) => box.width));
    }})()""")
    yield zoomed == [[1000]] * 4, f"a zoomed frame takes the whole width, however narrow it was: {zoomed}"


RECURSIVE_TREE = """(() => {
  // main > a > b > a, main > b; a frame's number is its letter
  const columns = {frame: [0, 1, 2, 1, 2], depth: [0, 1, 2, 3, 1]};
  const self = [1, 2, 4, 8, 16];
  const frames = ['main', 'a', 'b'].map((name) => ({function: name, module: name, file: '', line: 0, inlined: false}));
  return new FlameTree(linked(columns), self, self, frames);
})()"""


def recursion_counts_once(modules):
    got = modules.run(["flame_tree"], f"{RECURSIVE_TREE}.functions().map((entry) => [entry.frame, entry.self, entry.total])")
    yield got == [[2, 20, 28], [1, 10, 14], [0, 1, 31]], f"self and total of recursive functions: {got}"
    got = modules.run(["flame_tree"], f"{RECURSIVE_TREE}.matched((frame) => frame === 1)")
    yield got == 14, f"a match below a match counts once: {got}"


# The inverted tree against a model without any sharing: every stack's frames, from the innermost one.
INVERTED = """(() => {
  const tree = %s;
  const wanted = {};
  for (let node = 1; node < tree.size; ++node) {
    let key = '';
    for (let at = node; at > 0 && tree.self[node] > 0; at = tree.parent[at]) {
      key += '/' + tree.frame[at];
      wanted[key] = (wanted[key] ?? 0) + tree.self[node];
    }
  }
  const inverted = new InvertedTree(tree);
  const got = {};
  const visit = (node, key) => {
    for (const child of inverted.children(node)) {
      got[key + '/' + inverted.frame[child]] = inverted.total[child];
      visit(child, key + '/' + inverted.frame[child]);
    }
  };
  visit(0, '');
  const sorted = (o) => JSON.stringify(Object.entries(o).sort());
  return [sorted(got), sorted(wanted), inverted.frame.length];
})()"""

RANDOM_TREE = """(() => {
  let seed = 7;
  const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
  const columns = {frame: [], depth: []};
  const self = [];
  for (let i = 0, depth = 0; i < 400; ++i) {
    columns.frame.push(random(6));
    columns.depth.push(depth);
    self.push(random(3));
    depth = random(depth + 2);
  }
  const frames = Array.from({length: 6}, (_, i) => ({function: `f${i}`, module: '', file: '', line: 0, inlined: false}));
  return new FlameTree(linked(columns), self, self, frames);
})()"""


def inverted_is_every_stack_backwards(modules):
    for tree in (RECURSIVE_TREE, RANDOM_TREE):
        got, wanted, _ = modules.run(["flame_tree", "inverted_tree"], INVERTED % tree)
        yield got == wanted, f"the inverted tree is every stack backwards: {got[:200]}, not {wanted[:200]}"
    made = modules.run(["flame_tree", "flame_layout", "inverted_tree"], f"""(() => {{
        const inverted = new InvertedTree({WIDE_TREE});
        new FlameLayout(inverted, 0, 1000);
        return inverted.frame.length;
    }})()""")
    yield made < 200, f"callers that nobody can see are not looked up: {made} nodes made"


def threads_add_up(modules):
    data = """{frames: {strings: ['', 'f', 'g'], function: [1, 2], short: [1, 2], module: [0, 0], file: [0, 0], line: [0, 0], inlined: [0, 0]},
              tree: {frame: [0, 1, 1], depth: [0, 1, 2]}, period: 10,
              shares: {node: [0, 1, 0, 1], thread: [0, 0, 1, 1], count: [1, 2, 3, 4], value: null},
              threads: [{pid: 1, tid: 1, name: 'a', process: 'p'}, {pid: 1, tid: 2, name: 'b', process: 'p'}]}"""
    names = ["module_kind", "flame_tree", "profile"]
    got = modules.run(names, f"[...new Profile({data}).tree('value', () => true).self]")
    yield got == [0, 10, 50, 40], f"all threads together: {got}"
    got = modules.run(names, f"[...new Profile({data}).tree('count', (thread) => thread.tid === 2).self]")
    yield got == [0, 0, 3, 4], f"one thread: {got}"
    got = modules.run(names, f"""(() => {{ const tree = new Profile({data}).treeByThread('value');
        return [[...tree.depth], [...tree.self], [...tree.total], tree.name(1)]; }})()""")
    yield got == [[0, 1, 2, 3, 4, 1, 2, 3], [0, 0, 0, 30, 40, 0, 10, 20], [100, 70, 70, 70, 40, 30, 30, 20], "b 2"], \
        f"each thread by itself, the largest first: {got}"


def medians_lie_between_changes(modules):
    names = ["dom", "format", "facts", "history_plot"]
    got = modules.run(names, "stretches([3, 1, null, 10, 12], [[3, 2, 11, 0]])")
    yield got == [{"from": 0, "to": 3, "level": 2}, {"from": 3, "to": 5, "level": 11}], f"on both sides of a change: {got}"
    got = modules.run(names, "stretches([null, 5, 7, 6], [])")
    yield got == [{"from": 0, "to": 4, "level": 6}], f"of all runs where nothing changed: {got}"
    got = modules.run(names, "stretches([null], [])")
    yield got == [{"from": 0, "to": 1, "level": None}], f"of no time at all: {got}"


ADDRESSES = """(() => {
  const places = [{}, {view: 'difference'}, {view: 'head', inverted: '1', zoom: '0.12.3', search: '"a & b=c#%"'}];
  const names = ['a/b', 'x&view=base', '100 %', '', '=#&'];
  return names.flatMap((name) => places.map((place) => {
    const back = parseAddress(formatAddress(name, place));
    return back.name === name && ['view', 'inverted', 'zoom', 'search'].every((field) => back[field] === (place[field] ?? ''));
  }));
})()"""


def addresses_lead_back(modules):
    got = modules.run(["address"], ADDRESSES)
    yield len(got) == 15 and all(got), f"an address leads to the place that it was made from: {got}"
    got = modules.run(["address"], "parseAddress('#benchmark=a%2Fb').name")
    yield got == "a/b", f"links to a benchmark stay what they were: {got}"
    got = modules.run(["address"], "[parseAddress(''), parseAddress('#other=1'), parseAddress('#benchmark=%zz&zoom=%').name]")
    yield got == [None, None, "%zz"], f"what is no address is none: {got}"
    got = modules.run(["flame_tree"], f"(() => {{ const tree = {RECURSIVE_TREE}; return [0, 1, 2, 3, 4, 5].map((node) => nodeAt(tree, wayTo(tree, node))); }})()")
    yield got == [0, 1, 2, 3, 4, 5], f"the way to a node leads to it: {got}"
    got = modules.run(["flame_tree"], f"(() => {{ const tree = {RECURSIVE_TREE}; return [nodeAt(tree, '0.9'), nodeAt(tree, 'x'), wayTo(tree, 4)]; }})()")
    yield got == [1, 0, "0.0.0.0"], f"a way that ends leads as far as it goes: {got}"


# main > a (slower), main > b (noise); c is in base only.
DIFFERENCE = """(() => {
  const frames = ['main', 'a', 'b', 'c'].map((name) => ({function: name, short: name, module: '', file: '', line: 0, inlined: false}));
  const columns = (base, head, significant) => ({base, head, low: base.map((ns, i) => head[i] - ns - 1), high: base.map((ns, i) => head[i] - ns + 1), significant});
  const data = {rounds: 12, floor: 1, whole: [100, 106, 5, 7, 1], slower: [1], faster: [], callers: [0], notes: [],
    functions: {frame: [0, 1, 2, 3], matched: [[3, 'only base', '', '']], self: columns([10, 50, 30, 10], [10, 66, 30, 0], [0, 1, 0, 0]),
                total: columns([100, 50, 30, 10], [106, 66, 30, 0], [1, 1, 0, 0])},
    tree: {unit: 2, function: [0, 1, 2, 3], depth: [0, 1, 1, 2], base: [5, 25, 15, 5], head: [5, 33, 15, 0], low: [2.5, 7.5, -1, -6],
           high: [3.5, 8.5, 1, -4], significant: [1, 1, 0, 0]}};
  return Difference.of(data, frames);
})()"""


def differences_are_told_apart_from_noise(modules):
    names = ["dom", "format", "flame_tree", "inverted_tree", "difference"]
    got = modules.run(names, f"(() => {{ const {{tree}} = {DIFFERENCE}; return [[...tree.total], [...tree.count], [...tree.head]]; }})()")
    yield got == [[116, 116, 66, 40, 10], [100, 100, 50, 40, 10], [106, 106, 66, 30, 0]], f"widths, base and head: {got}"
    got = modules.run(names, f"""(() => {{ const d = {DIFFERENCE}; const measure = new DifferenceMeasure(d);
        return [0, 1, 2, 3, 4].map((node) => measure.change(d.tree, node)).map(({{kind, isOwn, sign, text}}) => `${{kind}} ${{isOwn}} ${{sign}} ${{text}}`); }})()""")
    yield got == ["slower false ▲ +6.00 ns", "slower false ▲ +6.00 ns", "slower true ▲ +16.0 ns", "same false  −10.0 ns", "same false  −10.0 ns"], \
        f"what is told has a sign, noise has none: {got}"
    got = modules.run(names, f"""(() => {{ const d = {DIFFERENCE}; const measure = new DifferenceMeasure(d);
        return measure.describe(d.tree, 2).concat(measure.describe(d.tree, 3), measure.describe(d.tree, 4)); }})()""")
    yield got == ["base 50.0 ns", "head 66.0 ns", "▲ +16.0 ns (+15.0 ns to +17.0 ns): slower", "a itself ▲ +16.0 ns",
                  "base 40.0 ns", "head 30.0 ns", "−10.0 ns (−2.00 ns to +2.00 ns): not told from noise",
                  "only in base", "base 10.0 ns", "head 0 ns", "−10.0 ns (−12.0 ns to −8.00 ns): not told from noise"], f"in words: {got}"
    got = modules.run(names, f"""(() => {{ const d = {DIFFERENCE}; const measure = new DifferenceMeasure(d); const inverted = new InvertedTree(d.tree);
        return inverted.children(0).map((node) => [inverted.name(node), inverted.count[node], inverted.head[node], measure.change(inverted, node).kind])
            .concat(inverted.children(inverted.children(0)[0]).map((node) => [inverted.name(node), measure.change(inverted, node).kind])); }})()""")
    yield got == [["a", 50, 66, "slower"], ["b", 30, 30, "same"], ["main", 10, 10, "same"], ["c", 10, 0, "same"], ["main", "same"]], \
        f"of the inverted tree only its first row was tested: {got}"
    got = modules.run(names, f"new DifferenceMeasure({DIFFERENCE}).table().entries.map((entry) => entry.f.function)")
    yield got == ["a", "c", "main", "b"], f"what is told comes first in the table: {got}"
    got = modules.run(names, f"""(() => {{ const d = {DIFFERENCE}; d.tree.columns.significant[1] = 0;
        return new DifferenceMeasure(d).change(d.tree, 2); }})()""")
    yield got == {"kind": "slower", "isOwn": True, "sign": "▲", "text": "+16.0 ns"}, f"own code that changed shows where what it calls is noise: {got}"


def main():
    folder = pathlib.Path(sys.argv[1])
    broken = []
    try:
        with Browser() as browser:
            modules = Modules(browser, folder)
            for test in (labels_can_be_read, layout_culls, recursion_counts_once, inverted_is_every_stack_backwards, threads_add_up,
                         medians_lie_between_changes, addresses_lead_back, differences_are_told_apart_from_noise):
                broken += [f"{test.__name__}: {promise}" for holds, promise in test(modules) if not holds]
    except (Missing, RuntimeError, OSError) as error:
        sys.exit(f"viewer_modules_test.py: {error}")
    for promise in broken:
        print(f"broken: {promise}", file=sys.stderr)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
