#!/usr/bin/env python3
"""Opens a report in headless Chromium and uses it as a reader would.

usage: drive_chromium.py REPORT.html... [--screenshots FOLDER] [--picture FILE.png] [--without-profiles]

Checks that nothing but the file is requested, that the console stays free of errors, that sorting and filtering work,
that frames zoom and can be searched, that the keyboard reaches all of it, and that both themes draw. Exit code 1 and one
line per broken promise otherwise.
"""

import argparse
import json
import pathlib
import sys
import tempfile

from webdriver import Browser, Missing

ROWS = "[...document.querySelectorAll('.results tbody tr')]"
NAMES = "[...document.querySelectorAll('.results td.name a')].map((link) => link.textContent)"
ZOOMED = "document.getElementById('flame').dataset.zoomed"
FLAME_BOX = """(() => {
  const canvas = document.getElementById('flame');
  canvas.scrollIntoView({block: 'start'});
  const box = canvas.getBoundingClientRect();
  return {left: box.left, top: box.top, width: box.width, height: box.height, row: Number(canvas.dataset.rowHeight)};
})()"""
FLAME_PIXELS = "document.getElementById('flame').toDataURL()"
ROOT_NAME = "all samples"


class Check:
    def __init__(self):
        self.broken = []

    def that(self, holds, promise):
        if not holds:
            self.broken.append(promise)
        return holds


def load(browser, url):
    browser.open("about:blank")
    browser.open(url)
    try:
        browser.wait_until("document.documentElement.dataset.ready || !document.getElementById('problem').hidden")
    except RuntimeError:
        told = [entry["message"] for entry in browser.logged("browser")] or ["nothing on the console"]
        raise RuntimeError(f"{url} was not drawn: {told[0]}") from None


def check_table(browser, check):
    names = browser.run(NAMES)
    if not names:
        check.that(browser.run("document.querySelector('#overview .empty') !== null"), "an empty report says that it is empty")
        return names
    columns = browser.run("document.querySelectorAll('.results thead button').length")
    for column in range(1, columns + 1):
        title = f".results thead th:nth-child({column})"
        orders = []
        for order in ("ascending", "descending"):
            already = browser.run("document.querySelector(arguments[0]).getAttribute('aria-sort') === arguments[1]", title, order)
            if not already:
                browser.click(f"{title} button")
            stated = browser.run("document.querySelector(arguments[0]).getAttribute('aria-sort')", title)
            check.that(stated == order, f"column {column} states that it is sorted {order}, not {stated}")
            orders.append(browser.run(NAMES))
        check.that(sorted(orders[0]) == sorted(names), f"sorting by column {column} keeps every row")
        is_name = browser.run("document.querySelector(arguments[0]).classList.contains('name')", title)
        if is_name and len(set(names)) == len(names):
            # JavaScript compares UTF-16 code units.
            wanted = sorted(names, key=lambda name: name.lower().encode("utf-16-be"))
            check.that(orders[0] == wanted, "sorting by name gives the order of the names")
            check.that(orders[1] == wanted[::-1], "sorting by name again reverses it")
    browser.click(".results thead th:first-child button")

    browser.type("#filter", names[-1])
    check.that(names[-1] in browser.run(NAMES), "filtering by a whole name keeps its row")
    browser.run("(document.getElementById('filter').value = '', document.getElementById('filter').focus())")
    browser.type("#filter", "no benchmark has this name")
    check.that(browser.run(NAMES) == [], "filtering by what no name has leaves no row")
    browser.run("(document.getElementById('filter').value = '', document.getElementById('filter')"
                ".dispatchEvent(new Event('input')))")
    check.that(len(browser.run(NAMES)) == len(names), "clearing the filter brings every row back")

    verdicts = browser.run("[...document.querySelectorAll('.chip')].map((chip) => chip.dataset.verdict)")
    for verdict in verdicts:
        browser.click(f".chip[data-verdict={verdict}]")
        shown = browser.run(f"{ROWS}.map((row) => row.dataset.verdict)")
        check.that(shown and set(shown) == {verdict}, f"the filter for {verdict} shows those only")
        browser.click(f".chip[data-verdict={verdict}]")
    return names


def open_with_flame_graph(browser, names):
    """Clicks rows until one has a flame graph; the name, or None."""
    for name in names:
        browser.run("""[...document.querySelectorAll('.results td.name a')]
            .find((link) => link.textContent === arguments[0]).click()""", name)
        browser.wait_until("!document.getElementById('detail').hidden")
        if browser.run("document.getElementById('flame') !== null"):
            return name
        browser.click(".steps a")
        browser.wait_until("document.getElementById('detail').hidden")
    return None


def hover_deep_frame(browser, box):
    """Moves over a frame as deep as possible; where it is and what the tooltip calls it."""
    for row in range(int(box["height"] // box["row"]) - 1, 0, -1):
        for part in (0.05, 0.3, 0.6):
            x, y = box["left"] + part * box["width"], box["top"] + (row + 0.5) * box["row"]
            browser.move_to(x, y)
            name = browser.run("""document.querySelector('.tooltip').hidden ? '' :
                document.querySelector('.tooltip strong').textContent""")
            if name and name != ROOT_NAME:
                return x, y, name
    return None


def check_flame_graph(browser, check):
    box = browser.run(FLAME_BOX)
    hit = hover_deep_frame(browser, box)
    if not check.that(hit, "the flame graph has frames under the pointer"):
        return
    x, y, name = hit
    before = browser.run(FLAME_PIXELS)
    browser.move_to(x, y, click=True)
    check.that(browser.run(ZOOMED) == name, f"a click zooms into the frame: {name}, not {browser.run(ZOOMED)}")
    check.that(browser.run(FLAME_PIXELS) != before, "zooming draws something else")
    steps = browser.run("[...document.querySelectorAll('.path button')].map((step) => step.title)")
    check.that(steps and steps[0] == ROOT_NAME and steps[-1] == name, "the path leads from the root to the frame")

    browser.type("#flame-search", name[:12])
    check.that("match" in browser.run("document.getElementById('flame-matches').value") and
               "%" in browser.run("document.getElementById('flame-matches').value"), "search shows matches and their share")
    browser.press("Escape")
    check.that(browser.run(ZOOMED) == ROOT_NAME, "Escape in the search field resets the zoom")
    check.that(browser.run("document.getElementById('flame-matches').value") == "", "Escape ends the search")
    browser.type("#flame-search", "no function has this name")
    check.that(browser.run("document.getElementById('flame-matches').value") == "no match", "a vain search says so")
    browser.press("Escape")

    browser.run("document.getElementById('flame').focus()")
    browser.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    check.that(browser.run(ZOOMED) != ROOT_NAME, "arrows and Enter zoom")
    check.that(browser.run("document.getElementById('frame-now').textContent") != "", "the focused frame is described")
    browser.press("Escape")
    check.that(browser.run(ZOOMED) == ROOT_NAME, "Escape resets the zoom")
    browser.press("/")
    check.that(browser.run("document.activeElement.id") == "flame-search", "the slash key moves to the search field")

    functions = browser.run("document.querySelectorAll('.functions tbody tr').length")
    check.that(functions > 0, "the flame graph has a table as its text")
    sides = browser.run("[...document.querySelectorAll('.segments button:enabled')].map((b) => b.dataset.side)")
    for side in sides:
        browser.click(f".segments button[data-side={side}]")
        pressed = browser.run("document.querySelector('.segments button[aria-pressed=true]').dataset.side")
        check.that(pressed == side, f"the profile of {side} can be chosen")
    if sides:
        browser.click(f".segments button[data-side={sides[0]}]")


def check_themes(browser, check):
    # The share of light in the page's background, and the flame graph's bytes where there is one.
    light_of = """(() => { const c = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
                  return (c[0] + c[1] + c[2]) / 765; })()"""
    seen = {}
    for scheme in ("light", "dark"):
        browser.set_scheme(scheme)
        browser.wait_until(f"({light_of} > 0.5) === arguments[0]", scheme == "light", seconds=5)
        seen[scheme] = browser.run(f"document.getElementById('flame') && {FLAME_PIXELS}")
    if seen["light"]:
        check.that(seen["light"] != seen["dark"], "the flame graph is drawn anew for the dark theme")
    browser.click("#theme-toggle")
    check.that(browser.run(light_of) > 0.5, "the button overrides the system's dark theme")
    browser.click("#theme-toggle")
    browser.run("(() => { delete document.documentElement.dataset.theme; try { localStorage.clear(); } catch {} })()")
    browser.set_scheme("light")


def check_phone(browser, check):
    browser.set_window(390, 844, scale=2, phone=True)
    browser.wait_until("innerWidth === 390", seconds=5)
    check.that(browser.run("document.documentElement.scrollWidth <= innerWidth"), "nothing is wider than a phone")
    if browser.run("document.getElementById('flame') !== null"):
        sharp = "(() => { const c = document.getElementById('flame'); return c.width === 2 * c.clientWidth; })()"
        try:
            browser.wait_until(sharp, seconds=5)
        except RuntimeError:
            check.that(False, "the flame graph uses every pixel of a dense display")


def check_quiet(browser, check, url):
    for entry in browser.logged("browser"):
        check.that(entry["level"] != "SEVERE", f"no error on the console: {entry['message']}")
    for entry in browser.logged("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            requested = message["params"]["request"]["url"]
            check.that(requested in (url, "about:blank"), f"nothing is requested but the file: {requested[:200]}")


def take_screenshots(browser, url, name, folder):
    folder.mkdir(parents=True, exist_ok=True)
    views = {"overview": ""}
    if name is not None:
        views["benchmark"] = browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name)
    for view, fragment in views.items():
        for scheme in ("light", "dark"):
            for device, width, height in (("wide", 1280, 900), ("phone", 390, 844)):
                browser.set_window(width, height, scale=2 if device == "phone" else 1, phone=device == "phone")
                browser.set_scheme(scheme)
                load(browser, url + fragment)
                browser.screenshot(folder / f"{view}-{device}-{scheme}.png", whole_page=True)
    browser.set_scheme("light")
    browser.set_window(1280, 900)


def take_picture(browser, url, name, path):
    """The table and, below it, a flame graph in one picture, for the README."""
    fragment = browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name)
    with tempfile.TemporaryDirectory(prefix="deft-picture-") as folder:
        for view, address, height in (("overview", url, 600), ("benchmark", url + fragment, 720)):
            browser.set_window(1280, height)
            load(browser, address)
            browser.screenshot(f"{folder}/{view}.png")
        page = pathlib.Path(folder, "both.html")
        page.write_text("<body style='margin: 0; background: #d5d5d0'><img src=overview.png style='display: block'>"
                        "<img src=benchmark.png style='display: block; margin-top: 6px'>")
        browser.set_window(1280, 600 + 6 + 720)
        browser.open(page.as_uri())
        browser.screenshot(path)


def drive(browser, report, options, is_first):
    """What the report promised and did not keep."""
    check = Check()
    url = report.resolve().as_uri()
    browser.open("about:blank")
    browser.logged("performance")  # what the browser's own first page or an earlier report requested
    browser.set_window(1280, 900)
    browser.set_scheme("light")
    load(browser, url)
    problem = browser.run("document.getElementById('problem').textContent")
    if not check.that(problem == "", f"the page opens without a problem: {problem}"):
        return check.broken
    drawn = browser.run("performance.getEntriesByName('deft-drawn')[0].startTime")
    print(f"{report.name}: {report.stat().st_size} bytes, drawn {drawn:.0f} ms after it was opened", flush=True)
    check.that(browser.run("document.getElementById('headline').textContent") != "", "there is a headline")
    names = check_table(browser, check)
    check_themes(browser, check)
    name = open_with_flame_graph(browser, names)
    if name is not None:
        check_flame_graph(browser, check)
        check_themes(browser, check)
        check_phone(browser, check)
        browser.set_window(1280, 900)
        load(browser, url + browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name))
        check.that(browser.run("document.getElementById('detail-name').textContent") == name,
                   "a link to a benchmark opens it")
    else:
        check.that(options.without_profiles or not names, "some benchmark has a flame graph (or say --without-profiles)")
    load(browser, url)
    check_phone(browser, check)
    check_quiet(browser, check, url)
    if is_first and options.screenshots is not None:
        take_screenshots(browser, url, name, options.screenshots)
    if is_first and options.picture is not None and check.that(name is not None, "a picture needs a flame graph"):
        take_picture(browser, url, name, options.picture)
    return check.broken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=pathlib.Path, nargs="+", metavar="REPORT")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="FOLDER", help="of the first report")
    parser.add_argument("--picture", type=pathlib.Path, metavar="FILE", help="of the first report, for a README")
    parser.add_argument("--without-profiles", action="store_true", help="the reports may have no flame graph at all")
    options = parser.parse_args()
    for report in options.reports:
        if not report.is_file():
            parser.error(f"{report} is no file")
    broken = []
    try:
        with Browser() as browser:
            for report in options.reports:
                promises = drive(browser, report, options, is_first=report is options.reports[0])
                broken += [f"{report.name}: {promise}" for promise in promises]
    except Missing as error:
        sys.exit(f"drive_chromium.py: {error}")
    except (RuntimeError, OSError) as error:
        sys.exit(f"drive_chromium.py: {error}")
    for promise in broken:
        print(f"broken: {promise}", file=sys.stderr)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
