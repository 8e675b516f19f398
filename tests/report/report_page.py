"""A reader's visit to a report of benchmarks."""

import pathlib
import tempfile

from checks import check_flame_graph, check_phone, check_themes, load, take_screenshots
from difference_page import check_difference, choose_side

ROWS = "[...document.querySelectorAll('.results tbody tr')]"
NAMES = "[...document.querySelectorAll('.results td.name > a')].map((link) => link.textContent)"


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
        browser.run("""[...document.querySelectorAll('.results td.name > a')]
            .find((link) => link.textContent === arguments[0]).click()""", name)
        browser.wait_until("!document.getElementById('detail').hidden")
        if browser.run("document.getElementById('flame') !== null"):
            return name
        browser.click(".steps a")
        browser.wait_until("document.getElementById('detail').hidden")
    return None


def check_history(browser, check):
    """The plot of a history, of a benchmark that is open: by keys, by finger and as text. Whether there is one."""
    if browser.run("document.getElementById('history') === null"):
        return False
    value = "Number(document.getElementById('history').getAttribute('aria-valuenow'))"
    told = "document.getElementById('history').getAttribute('aria-valuetext')"
    runs = browser.run("Number(document.getElementById('history').getAttribute('aria-valuemax'))")
    drawn = browser.run("document.querySelectorAll('.history circle, .history .unknown').length")
    check.that(drawn == runs, f"each run is drawn: {drawn} of {runs}")
    check.that(browser.run(value) == runs, "the last run is chosen first")
    browser.run("document.getElementById('history').focus()")
    browser.press("Home")
    check.that(browser.run(value) == 1, "Home leads to the first run")
    browser.press("ArrowRight", "ArrowRight", "ArrowLeft")
    check.that(browser.run(value) == 2, "arrows lead from run to run")
    check.that("UTC" in browser.run(told), f"a run is told by its time: {browser.run(told)}")
    check.that(browser.run("document.querySelector('.history-now').textContent") == browser.run(told), "what is told can be read")
    marks = browser.run("document.querySelectorAll('.history .change').length")
    listed = browser.run("[...document.querySelectorAll('.changes li')].map((line) => line.textContent)")
    check.that(len(listed) == marks, f"every mark is in the list of changes: {marks}, {listed}")
    check.that(marks or browser.run("document.querySelector('.changes').textContent").startswith("No change"),
               "where nothing changed, the text says so")
    if marks:
        browser.press("Home", "PageDown", "PageUp")
        check.that("since" in browser.run(told) and browser.run(told).replace(" · ", ": ").split(": ")[0] == listed[0].split(": ")[0],
                   f"Page Up leads to the change in the list: {browser.run(told)}, {listed[0]}")
    browser.press("End")
    box = browser.run("""(() => { const plot = document.getElementById('history'); plot.scrollIntoView({block: 'center'});
        const box = plot.getBoundingClientRect(); return {left: box.left, top: box.top}; })()""")
    browser.move_to(box["left"] + 80, box["top"] + 60)
    check.that(browser.run(value) < runs, "the pointer chooses a run")
    browser.move_to(1, 1)
    check.that(browser.run("document.getElementById('history').getBoundingClientRect().height") < 260, "the plot is small")
    return True


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


def check_history_of(browser, check, url, name):
    load(browser, url + browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name))
    return check_history(browser, check)


def visit(browser, check, url, options, is_first):
    """Everything that a report of benchmarks promises; it is open already."""
    if browser.run("document.getElementById('overview').hidden"):  # of profiles alone, there is one view
        check.that(check_difference(browser, check, url, "profiles"), "a comparison of profiles has a difference")
        check_themes(browser, check)
        check_phone(browser, check)
        return
    names = check_table(browser, check)
    check_themes(browser, check)
    name = open_with_flame_graph(browser, names)
    if options.with_history:
        seen = [check_history_of(browser, check, url, name) for name in names]
        check.that(any(seen), "some benchmark has a history")
        load(browser, url)
        name = open_with_flame_graph(browser, names)
    if name is not None:
        seen = [check_difference(browser, check, url, each) for each in names]
        check.that(any(seen) or not options.with_differences, "some benchmark's difference is explained")
        load(browser, url + browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name))
        choose_side(browser, "head")
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
    if is_first and options.screenshots is not None:
        views = {"overview": url}
        if name is not None:
            views["benchmark"] = url + browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name)
        take_screenshots(browser, views, options.screenshots)
    if is_first and options.picture is not None and check.that(name is not None, "a picture needs a flame graph"):
        take_picture(browser, url, name, options.picture)
