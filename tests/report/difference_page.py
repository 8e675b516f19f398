"""A reader's visit to the difference of base and head in a report."""

import base64

from checks import FLAME_BOX, FLAME_PIXELS, FRAME_NOW, MATCHES, ZOOMED, hover_deep_frame, load

SIDE = """document.querySelector('[aria-label="Profile of"] [aria-pressed=true]')?.dataset.value"""
TOLD = "[...document.querySelectorAll('.why li .pick')].map((button) => button.title)"
ROWS = "[...document.querySelectorAll('.functions tbody tr')]"
UNSURE = "not told from noise"
# Whether any pixel of the graph has a hue: what is not told from noise has none.
COLOURED = """(() => {
  const canvas = document.getElementById('flame');
  const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  for (let i = 0; i < data.length; i += 4) {
    if (Math.max(data[i], data[i + 1], data[i + 2]) - Math.min(data[i], data[i + 1], data[i + 2]) > 24) return true;
  }
  return false;
})()"""


def link_to(browser, url, name):
    return url + browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name)


def choose_side(browser, side):
    """Whether there is such a side to choose."""
    button = f"[aria-label='Profile of'] button[data-value={side}]"
    there = browser.run("(() => { const button = document.querySelector(arguments[0]); return button !== null && !button.disabled; })()", button)
    if there:
        browser.click(button)
    return there


def check_words(browser, check, told):
    """The list of what changed: each with its sign, its size and its interval."""
    lines = browser.run("[...document.querySelectorAll('.why li')].map((line) => line.textContent.replaceAll('\\u00a0', ' '))")
    for line in lines:
        check.that(("▲ +" in line or "▼ −" in line) and "s per " in line and " to " in line, f"a change has its size and interval: {line}")
    check.that(len(set(told)) == len(told), f"each function is named once: {told}")
    coloured = browser.run(COLOURED)
    check.that(coloured == bool(told), f"the graph has colours where something is told, and only there: {coloured}, {told}")
    if not told:
        check.that("can be told from noise" in browser.run("document.getElementById('detail').textContent"),
                   "where nothing is told, the text says so")


def check_table(browser, check, told):
    columns = browser.run("document.querySelectorAll('.functions thead button').length")
    for column in range(1, columns + 1):
        title = f".functions thead th:nth-child({column})"
        orders = set()
        for _ in range(2):
            browser.click(f"{title} button")
            orders.add(browser.run("document.querySelector(arguments[0]).getAttribute('aria-sort')", title))
        check.that(orders == {"ascending", "descending"}, f"column {column} of the changes sorts both ways: {sorted(orders)}")
    change = ".functions thead th:first-child"
    while browser.run(f"document.querySelector('{change}').getAttribute('aria-sort')") != "descending":
        browser.click(f"{change} button")
    first = browser.run(f"{ROWS}.slice(0, {len(told)}).map((row) => row.querySelector('.pick').title)")
    # The table begins with as many rows as fit; a button shows the others.
    check.that(set(first) <= set(told) and bool(first) == bool(told), f"what is told stands on top of the table: {first}, {told}")
    unsure = browser.run(f"{ROWS}.slice({len(told)}).every((row) => row.querySelector('.self').title === '{UNSURE}')")
    check.that(unsure, "every other change of the table is marked as noise")


def check_graph(browser, check, told):
    hit = hover_deep_frame(browser, browser.run(FLAME_BOX))
    if not check.that(hit, "the difference has frames under the pointer"):
        return
    facts = browser.run("document.querySelector('.tooltip span').textContent")
    check.that("base " in facts and "head " in facts and any(word in facts for word in (UNSURE, "slower", "faster")),
               f"the tooltip has base, head and what is told: {facts}")
    browser.move_to(1, 1)
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "ArrowDown")
    check.that("base " in browser.run(FRAME_NOW) and "head " in browser.run(FRAME_NOW), f"the keyboard's frame is told: {browser.run(FRAME_NOW)}")
    browser.click("[data-value=callees]")
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "ArrowDown")
    check.that("base " in browser.run(FRAME_NOW), "so is one of the inverted tree")
    check.that(browser.run(COLOURED) == bool(told), "the inverted tree colours what is told")
    browser.click("[data-value=callers]")
    if told:
        browser.run("document.querySelector('.why li .pick').focus()")
        browser.press("Enter")
        check.that(browser.run(MATCHES).startswith("1 match, ") and " in base, " in browser.run(MATCHES),
                   f"a function of the list is marked in the graph: {browser.run(MATCHES)}")
    browser.click("#flame-reset")


def check_address(browser, check, url, name):
    """View, zoom and search survive a reload, and can be sent to somebody."""
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "ArrowDown", "ArrowDown", "ArrowDown", "Enter")
    browser.type("#flame-search", "e")
    before = browser.run(f"[{SIDE}, {ZOOMED}, {MATCHES}, location.hash]")
    check.that("zoom=0" in before[3] and "search=e" in before[3] and "view=difference" in before[3], f"the address says where: {before[3]}")
    pixels = browser.run(FLAME_PIXELS)
    load(browser, url + before[3])
    after = browser.run(f"[{SIDE}, {ZOOMED}, {MATCHES}, location.hash]")
    check.that(before == after, f"a link leads to the same place: {before}, {after}")
    browser.run("document.getElementById('detail-name').focus({preventScroll: true})")
    check.that(browser.run(FLAME_PIXELS) == pixels, "and draws the same")
    choose_side(browser, "head")
    check.that("view=head" in browser.run("location.hash"), "the side is part of the address")
    load(browser, link_to(browser, url, name) + "&view=difference&zoom=9.9.9&search=%&nothing")
    check.that(browser.run("document.getElementById('problem').textContent") == "", "a link that leads nowhere opens the benchmark")


def check_code(browser, check):
    if browser.run("document.getElementById('code-comparison') === null"):
        return
    sides = browser.run("[...document.querySelectorAll('.code-side')].map((side) => side.getAttribute('aria-label'))")
    check.that(sides == ["Base", "Head"], f"base's code stands beside head's: {sides}")
    check.that(browser.run("document.querySelectorAll('.code-side .lines tr[data-count]').length") > 0, "with its lines")
    browser.run("document.querySelector('.functions .lines-link').click()")
    check.that(browser.run("document.activeElement.id") == "changed-function", "the table leads to the lines of a function")


def check_print(browser, check):
    browser.devtools("Emulation.setEmulatedMedia", media="print")
    seen = browser.run("""['#why', '#flame', '.legend', '.functions table'].map((selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect(); return Boolean(box && box.width > 0 && box.height > 0); })""")
    check.that(all(seen), f"the difference prints, words and graph: {seen}")
    browser.devtools("Emulation.setEmulatedMedia", media="")
    page = base64.b64decode(browser.devtools("Page.printToPDF")["data"])
    check.that(page.startswith(b"%PDF") and len(page) > 20_000, "the page prints")


def check_difference(browser, check, url, name):
    """All of it, of one benchmark. Whether it has a difference."""
    load(browser, link_to(browser, url, name))
    if not choose_side(browser, "difference"):
        return False
    told = browser.run(TOLD)
    check_words(browser, check, told)
    check_table(browser, check, told)
    check_graph(browser, check, told)
    check_code(browser, check)
    check_address(browser, check, url, name)
    load(browser, link_to(browser, url, name))
    check_print(browser, check)
    return True
