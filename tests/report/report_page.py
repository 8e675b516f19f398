"""A reader's visit to a report of benchmarks."""

import pathlib
import tempfile

from checks import check_flame_graph, check_phone, check_themes, load, take_screenshots

ROWS = "[...document.querySelectorAll('.results tbody tr')]"
NAMES = "[...document.querySelectorAll('.results td.name a')].map((link) => link.textContent)"


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


def visit(browser, check, url, options, is_first):
    """Everything that a report of benchmarks promises; it is open already."""
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
    if is_first and options.screenshots is not None:
        views = {"overview": url}
        if name is not None:
            views["benchmark"] = url + browser.run("'#benchmark=' + encodeURIComponent(arguments[0])", name)
        take_screenshots(browser, views, options.screenshots)
    if is_first and options.picture is not None and check.that(name is not None, "a picture needs a flame graph"):
        take_picture(browser, url, name, options.picture)
