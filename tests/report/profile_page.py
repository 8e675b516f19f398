"""A reader's visit to the page of one profile."""

from checks import FLAME_PIXELS, MATCHES, ZOOMED, check_flame_graph, check_phone, check_themes, load, take_screenshots

# More boxes than this cannot be told apart on a screen, whatever the profile's size.
MOST_BOXES = 20_000


def visit(browser, check, url, options, is_first):
    """Everything that a profile's page promises; it is open already."""
    if browser.run("document.getElementById('flame') === null"):
        check.that("no profile: " in browser.run("document.getElementById('headline').textContent"), "a page without a profile says why")
        check_themes(browser, check)
        check_phone(browser, check)
        return
    check.that(browser.run("document.querySelectorAll('.tile').length") >= 3, "the page starts with figures")
    boxes = browser.run("document.getElementById('flame').dataset.boxes * 1")
    drawn = browser.run("document.getElementById('flame').dataset.drawn * 1")
    check.that(0 < drawn <= boxes <= MOST_BOXES, f"frames too narrow to be seen are not laid out: {drawn} of {boxes} boxes drawn")
    check_flame_graph(browser, check)
    check_short_name(browser, check)
    check_measure(browser, check)
    check_threads(browser, check)
    check_lines(browser, check)
    check_call_tree(browser, check)
    load(browser, url)
    check_tab_order(browser, check)
    check_themes(browser, check)
    check_phone(browser, check)
    if is_first and options.screenshots is not None:
        take_screenshots(browser, {"profile": url}, options.screenshots)
    if is_first and options.picture is not None:
        browser.set_window(1280, 900)
        browser.screenshot(options.picture)


def check_short_name(browser, check):
    """A function behind a return type "decltype (auto)" is labelled by its name: the path shows the label."""
    name = "decltype (auto) index::visit<"
    browser.run("""(() => { const field = document.getElementById('function-filter'); field.value = arguments[0];
                   field.dispatchEvent(new Event('input')); })()""", name)
    found = browser.run("document.querySelectorAll('.functions .pick').length")
    browser.run("""(() => { const field = document.getElementById('function-filter'); field.value = '';
                   field.dispatchEvent(new Event('input')); })()""")
    if not found:
        return
    browser.click("[data-value=callees]")
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "Home", "ArrowDown")
    for _ in range(60):
        if browser.run("document.getElementById('frame-now').textContent.startsWith(arguments[0])", name):
            browser.press("Enter")
            label = browser.run("document.querySelector('.path button[aria-current]').textContent")
            check.that(label == "index::visit", f"a name behind a decltype return type is shortened to the name, not {label}")
            break
        browser.press("ArrowRight")
    browser.press("Escape")
    browser.click("[data-value=callers]")


def check_measure(browser, check):
    if not browser.run("""document.querySelector('[aria-label="Measure"]') !== null"""):
        return
    before = browser.run(FLAME_PIXELS)
    value = "document.querySelector('.functions tbody .value').textContent"
    check.that("B" in browser.run(value), f"allocations are told in bytes: {browser.run(value)}")
    browser.click("[aria-label=Measure] [data-value=count]")
    check.that("B" not in browser.run(value), f"allocations are told in objects: {browser.run(value)}")
    check.that(browser.run(FLAME_PIXELS) != before, "objects make other widths than bytes")
    browser.click("[aria-label=Measure] [data-value=value]")
    check.that(browser.run(FLAME_PIXELS) == before, "bytes come back")


def choose(browser, selector, value):
    browser.run("""(() => { const list = document.querySelector(arguments[0]); list.value = arguments[1];
                   list.dispatchEvent(new Event('change')); })()""", selector, value)


def check_threads(browser, check):
    if not browser.run("document.getElementById('threads') !== null"):
        return
    options = browser.run("[...document.querySelectorAll('#threads option')].map((option) => [option.value, option.textContent])")
    threads = [value for value, _ in options if value.startswith("thread ")]
    check.that(len(threads) > 1, "each thread can be chosen")
    for value, text in options:
        choose(browser, "#threads", value)
        check.that(browser.run(ZOOMED) == "all samples" and browser.run("document.querySelectorAll('.functions tbody tr').length") > 0,
                   f"there is a graph for {text}")
    check.that(all("%" in text for value, text in options if value.startswith("thread ")), "each thread is listed with its share")
    choose(browser, "#threads", "each")
    browser.run("document.getElementById('flame').focus()")
    browser.press("Home", "Home", "ArrowDown")
    told = browser.run("document.getElementById('frame-now').textContent")
    largest = next(text for value, text in options if value.startswith("thread "))
    check.that(told.startswith(largest.split(" · ")[0]) and "[thread]" in told, f"threads by themselves start with the largest: {told}")
    browser.press("Escape")
    choose(browser, "#threads", "all")


def check_lines(browser, check):
    if not browser.run("document.getElementById('hot') !== null"):
        return
    for number in browser.run("[...document.querySelectorAll('#hot-function option')].map((option) => option.value)"):
        choose(browser, "#hot-function", number)
        has = browser.run("""Object.fromEntries(['Source', 'Instructions'].map((name) =>
            [name, document.querySelector(`[aria-label=${name}] tr[data-line]`) !== null]))""")
        check.that(has["Source"] or browser.run("document.querySelector('.panes .empty') !== null"),
                   f"hot function {number} without source says so")
    choose(browser, "#hot-function", "0")
    check.that(browser.run("""[...document.querySelectorAll('.lines')].every((pane) => {
        const hottest = [...pane.querySelectorAll('tr[data-line]')].reduce((a, b) => Number(b.dataset.count) > Number(a.dataset.count) ? b : a);
        const [row, view] = [hottest.getBoundingClientRect(), pane.getBoundingClientRect()];
        return row.top >= view.top - 1 && row.bottom <= view.bottom + 1; })"""), "the hottest line is in view")
    rows = "document.querySelectorAll('[aria-label=Instructions] tr[data-line]')"
    check.that(0 < browser.run(f"{rows}.length") < 1500, "of a long function the hot parts are shown")
    check_links_between_lines(browser, check, rows)
    if browser.run("document.querySelector('[aria-label=Instructions] .gap') !== null"):
        browser.run("document.querySelector('[aria-label=Instructions] .gap').focus()")
        count = browser.run(f"{rows}.length")
        browser.press("Enter")
        check.that(browser.run(f"{rows}.length") > count, "Enter shows what was left out")
        check.that(browser.run("document.activeElement.dataset.line !== undefined"), "and goes on there")
    browser.run("document.querySelector('.lines-link')?.click()")
    title = browser.run("document.querySelector('.lines-link')?.closest('tr').querySelector('.pick').title")
    check.that(title is None or browser.run("document.querySelector('.hot-title strong').title") == title,
               "a function's link leads to its lines")


def check_links_between_lines(browser, check, rows):
    hot = browser.run(f"[...{rows}].find((row) => row.dataset.count > 0 && /:/.test(row.querySelector('.origin').textContent))?.dataset.line")
    if hot is None:
        return
    browser.click(f"[aria-label=Instructions] tr[data-line='{hot}']")
    linked = browser.run("document.querySelectorAll('[aria-label=Source] tr[aria-selected=true]').length")
    check.that(linked == 1, f"an instruction leads to its source line, not to {linked}")
    browser.run("document.querySelector('[aria-label=Source] tr[aria-selected=true]').focus()")
    browser.press("Enter")
    linked = browser.run(f"[...{rows}].filter((row) => row.ariaSelected === 'true').map((row) => row.dataset.line)")
    check.that(hot in linked, f"a source line leads to its instructions: {hot} among {linked}")
    before = browser.run("document.activeElement.dataset.line")
    browser.press("ArrowDown")
    moved = browser.run("document.activeElement.dataset.line") != before
    browser.press("Home")
    check.that(moved or browser.run("document.activeElement.dataset.line") != before, "keys move from line to line")


def check_call_tree(browser, check):
    browser.click("#call-tree summary")
    items = "[...document.querySelectorAll('[role=treeitem]')]"
    browser.wait_until(f"{items}.length > 0", seconds=5)
    count = browser.run(f"{items}.length")
    browser.run(f"{items}[0].focus()")
    browser.press("ArrowRight")
    check.that(browser.run(f"{items}.length") > count and browser.run(f"{items}[0].ariaExpanded") == "true", "arrow right opens a call")
    browser.press("ArrowRight")
    check.that(browser.run("document.activeElement.ariaLevel") == "2", "arrow right again goes into it")
    check.that("%" in browser.run("document.activeElement.textContent"), "a call is told with its share")
    browser.press("ArrowLeft", "ArrowLeft")
    check.that(browser.run(f"{items}.length") == count, "arrow left goes back and closes it")
    browser.click("#call-tree summary")


def check_tab_order(browser, check):
    """From the top of a fresh page, Tab reaches every part, and the focus can be seen wherever it is."""
    reached = set()
    for _ in range(60):
        browser.press("Tab")
        if browser.run("document.activeElement === document.body"):
            break
        at = browser.run("""(() => { const at = document.activeElement; const style = getComputedStyle(at);
            return [at.id || at.className || at.tagName, style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0]; })()""")
        if not check.that(at[1], f"the focus is visible at {at[0]}"):
            return
        reached.add(at[0])
    check.that({"theme-toggle", "flame-search", "flame", "function-filter"} <= reached, f"Tab reaches every part: {sorted(reached)}")
