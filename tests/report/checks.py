"""What is checked of both pages: the flame graph, themes, a phone, silence."""

import json

ZOOMED = "document.getElementById('flame').dataset.zoomed"
FLAME_BOX = """(() => {
  const canvas = document.getElementById('flame');
  canvas.scrollIntoView({block: 'start'});
  const box = canvas.getBoundingClientRect();
  return {left: box.left, top: box.top, width: box.width, height: box.height, row: Number(canvas.dataset.rowHeight)};
})()"""
FLAME_PIXELS = "document.getElementById('flame').toDataURL()"
MATCHES = "document.getElementById('flame-matches').value"
FRAME_NOW = "document.getElementById('frame-now').textContent"
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
    check.that("match" in browser.run(MATCHES) and
               "%" in browser.run(MATCHES), "search shows matches and their share")
    browser.press("Escape")
    check.that(browser.run(ZOOMED) == ROOT_NAME, "Escape in the search field resets the zoom")
    check.that(browser.run(MATCHES) == "", "Escape ends the search")
    browser.type("#flame-search", "no function has this name")
    check.that(browser.run(MATCHES) == "no match", "a vain search says so")
    browser.press("Escape")

    browser.run("document.getElementById('flame').focus()")
    browser.press("ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    check.that(browser.run(ZOOMED) != ROOT_NAME, "arrows and Enter zoom")
    check.that(browser.run(FRAME_NOW) != "", "the focused frame is described")
    browser.press("Escape")
    check.that(browser.run(ZOOMED) == ROOT_NAME, "Escape resets the zoom")
    browser.press("/")
    check.that(browser.run("document.activeElement.id") == "flame-search", "the slash key moves to the search field")

    check_inverted(browser, check)
    check_direction(browser, check)
    check_touch(browser, check)
    check_functions(browser, check)
    sides = browser.run("""[...document.querySelectorAll('[aria-label="Profile of"] button:enabled')].map((b) => b.dataset.value)""")
    for side in sides:
        browser.click(f"[aria-label='Profile of'] button[data-value={side}]")
        pressed = browser.run("""document.querySelector('[aria-label="Profile of"] [aria-pressed=true]').dataset.value""")
        check.that(pressed == side, f"the profile of {side} can be chosen")
    if sides:
        browser.click(f"[aria-label='Profile of'] button[data-value={sides[0]}]")


def check_inverted(browser, check):
    """The first frame below the root of the inverted tree is the first function of the table, and takes what that took itself."""
    top = browser.run("""(() => { const row = document.querySelector('.functions tbody tr');
        return {name: row.querySelector('.pick').title, self: row.querySelector('.self').textContent}; })()""")
    browser.click("[data-value=callees]")
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "Home", "ArrowDown")
    told = browser.run(FRAME_NOW)
    check.that(told.startswith(top["name"]) or f"({top['self']})" in told,
               f"the inverted tree starts with what took most itself: {top}, not {told}")
    check.that(f"({top['self']})" in told, f"a first frame's share of the inverted tree is its own: {top}, not {told}")
    browser.press("ArrowDown", "Enter")
    check.that(browser.run("document.querySelectorAll('.path button').length") == 3, "callers of a function can be zoomed into")
    browser.press("Backspace")
    check.that(browser.run("document.querySelectorAll('.path button').length") == 2, "Backspace zooms out by one")
    browser.press("Escape")
    browser.click("[data-value=callers]")
    check.that(browser.run(ZOOMED) == ROOT_NAME, "back from the inverted tree everything is shown")


def check_direction(browser, check):
    before = browser.run(FLAME_PIXELS)
    browser.click("[data-value=up]")
    check.that(browser.run(FLAME_PIXELS) != before, "a flame is drawn differently from an icicle")
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "Home", "ArrowUp")
    upper = browser.run(FRAME_NOW)
    check.that(upper and not upper.startswith(ROOT_NAME), "in a flame, arrow up leads to what is called")
    box = browser.run(FLAME_BOX)
    browser.move_to(box["left"] + box["width"] / 3, box["top"] + box["height"] - box["row"] / 2)
    check.that(browser.run("document.querySelector('.tooltip strong').textContent") == ROOT_NAME, "a flame has its root at the bottom")
    browser.click("[data-value=down]")
    browser.run("document.getElementById('flame').focus()")
    browser.press("Escape")
    check.that(browser.run(FLAME_PIXELS) == before, "the icicle comes back as it was")


def check_touch(browser, check):
    def tap():
        box = browser.run(FLAME_BOX)  # a press on a button may have scrolled the page
        browser.tap(box["left"] + 6, box["top"] + 1.5 * box["row"])

    tap()
    name = browser.run(FRAME_NOW).split(" · ")[0]
    check.that(name not in ("", ROOT_NAME) and browser.run(ZOOMED) == ROOT_NAME, "a first tap says what a frame is and stays")
    check.that(browser.run("document.querySelector('.tooltip').hidden"), "a finger leaves no tooltip behind")
    tap()
    check.that(browser.run(ZOOMED) == name, "a second tap zooms")
    browser.click("#flame-reset")
    tap()
    browser.click("#flame-zoom")
    check.that(browser.run(ZOOMED) == name, "the button zooms into the frame that was tapped")
    browser.click("#flame-reset")
    check.that(browser.run(ZOOMED) == ROOT_NAME, "the other button resets")


def check_functions(browser, check):
    rows = "[...document.querySelectorAll('.functions tbody tr')]"
    names = f"{rows}.map((row) => row.querySelector('.pick').title)"
    check.that(browser.run(f"{rows}.length") > 0, "the flame graph has a table as its text")
    columns = browser.run("document.querySelectorAll('.functions thead button').length")
    for column in range(1, columns + 1):
        title = f".functions thead th:nth-child({column})"
        orders = {}
        for _ in range(2):
            browser.click(f"{title} button")
            orders[browser.run("document.querySelector(arguments[0]).getAttribute('aria-sort')", title)] = browser.run(names)
        check.that(set(orders) == {"ascending", "descending"}, f"column {column} of the functions sorts both ways: {sorted(orders)}")
    browser.click(".functions thead th:first-child button")
    if browser.run("document.querySelector('.functions thead th').getAttribute('aria-sort')") != "descending":
        browser.click(".functions thead th:first-child button")
    shares = browser.run(f"{rows}.map((row) => parseFloat(row.querySelector('.self').textContent))")
    check.that(shares == sorted(shares, reverse=True), "functions are sorted by what they took themselves")
    first = browser.run(f"{names}[0]")
    browser.type("#function-filter", first)
    check.that(set(browser.run(names)) == {first} or first in browser.run(names), "filtering functions by a name keeps it")
    browser.run("(document.getElementById('function-filter').value = 'no function has this', "
                "document.getElementById('function-filter').dispatchEvent(new Event('input')))")
    check.that(browser.run(f"{rows}.length") == 0, "filtering functions by what no name has leaves none")
    browser.run("(document.getElementById('function-filter').value = '', "
                "document.getElementById('function-filter').dispatchEvent(new Event('input')))")
    browser.run(f"{rows}[0].querySelector('.pick').focus()")
    browser.press("Enter")
    check.that(browser.run("document.getElementById('flame-search').value") == f'"{first}"' and
               browser.run(MATCHES).startswith("1 match"), "a function of the table is marked in the graph, and no other one")
    total = browser.run(f"{rows}[0].querySelectorAll('td')[1].textContent")
    check.that(total in browser.run(MATCHES), f"its share is the one in the table: {total}, not {browser.run(MATCHES)}")
    browser.click("#flame-reset")


def check_themes(browser, check):
    # The share of light in the page's background, and the flame graph's bytes where there is one.
    light_of = """(() => { const c = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
                  return (c[0] + c[1] + c[2]) / 765; })()"""
    light = browser.run(f"document.getElementById('flame') && {FLAME_PIXELS}")
    browser.set_scheme("dark")
    browser.wait_until(f"{light_of} <= 0.5", seconds=5)
    if light:
        try:
            browser.wait_until(f"{FLAME_PIXELS} !== arguments[0]", light, seconds=5)
        except RuntimeError:
            check.that(False, "the flame graph is drawn anew for the dark theme")
    browser.click("#theme-toggle")
    check.that(browser.run(light_of) > 0.5, "the button overrides the system's dark theme")
    browser.click("#theme-toggle")
    browser.run("(() => { delete document.documentElement.dataset.theme; try { localStorage.clear(); } catch {} })()")
    browser.set_scheme("light")


def check_phone(browser, check):
    browser.set_window(360, 780, scale=2, phone=True)
    browser.wait_until("document.documentElement.clientWidth === 360", seconds=5)
    check.that(browser.run("document.documentElement.scrollWidth <= 360"), "nothing is wider than a phone")
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


def take_screenshots(browser, views, folder):
    """Of pages by name: in both themes, wide and on a phone."""
    folder.mkdir(parents=True, exist_ok=True)
    for view, address in views.items():
        for scheme in ("light", "dark"):
            for device, width, height in (("wide", 1280, 900), ("phone", 360, 780)):
                browser.set_window(width, height, scale=2 if device == "phone" else 1, phone=device == "phone")
                browser.set_scheme(scheme)
                load(browser, address)
                browser.screenshot(folder / f"{view}-{device}-{scheme}.png", whole_page=True)
    browser.set_scheme("light")
    browser.set_window(1280, 900)
