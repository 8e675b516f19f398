#!/usr/bin/env python3
"""speedscope_in_chromium.py FOLDER SPEEDSCOPE: opens what make_sample_profiles wrote in speedscope itself (the npm package
in the folder SPEEDSCOPE), in headless Chromium, and compares its table of functions with the profile."""
import base64
import json
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "report"))
import webdriver  # noqa: E402
from expected import Expected  # noqa: E402

# It draws with WebGL, which a machine without a graphics card does in software.
webdriver.FLAGS = [flag for flag in webdriver.FLAGS if flag != "--disable-gpu"] + [
    "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--allow-file-access-from-files"]


def open_profile(browser, page, profile, folder):
    """As speedscope's own command line does it."""
    script = pathlib.Path(folder, "profile.js")
    content = base64.b64encode(profile.read_bytes()).decode()
    script.write_text(f"speedscope.loadFileFromBase64({json.dumps(profile.name)}, {json.dumps(content)})")
    browser.open("about:blank")
    browser.open(f"{page.as_uri()}#localProfilePath={script}")
    browser.wait_until("document.body.innerText.includes('Sandwich')")


def table(browser):
    """The rows of the table of functions: [total, own, name], as printed."""
    browser.press("3")
    rows = ("[...document.querySelectorAll('table tr')].map(r => [...r.cells].map(c => c.innerText))"
            ".filter(r => r.length == 3 && r[0].endsWith('%)'))")
    browser.wait_until(f"{rows}.length > 0")
    return browser.run(rows)


def threads(browser):
    """[name, total weight], or nothing where there is one thread only."""
    rows = browser.run("[...document.querySelectorAll('table')].filter(t => t.rows[0].innerText.includes('Total Weight'))"
                       ".flatMap(t => [...t.rows].slice(1).map(r => [...r.cells].map(c => c.innerText)))")
    return [row[1:] for row in rows]


def figure(text):
    """'954.77ms (85%)' in ns, '4.00 KB (0.41%)' in bytes."""
    match = re.match(r"([\d.]+) ?([A-Za-z\u00b5]*)", text)
    return float(match[1]) * UNITS[match[2]]


UNITS = {"": 1, "ns": 1, "\u00b5s": 1e3, "\u03bcs": 1e3, "us": 1e3, "ms": 1e6, "s": 1e9, "B": 1, "KB": 2**10, "MB": 2**20}


def close(shown, exact):
    """Three digits are printed."""
    return abs(shown - exact) <= max(0.006 * exact, 0.006)


def wanted_rows(expected, thread):
    """[(total, own, name)] of one thread, a row for each frame."""
    rows = {}
    for frames, count, value, owner in expected.stacks:
        if owner != thread:
            continue
        weight = value if expected.has_values else count
        for number in set(frames):
            rows.setdefault(number, [0, 0])[0] += weight
        rows[frames[-1]][1] += weight
    return sorted((total, own, re.sub(r"\s+", " ", expected.frames[number][0])) for number, (total, own) in rows.items())


def check(browser, page, folder, name, temporary):
    expected = Expected(folder / f"{name}.json")
    open_profile(browser, page, folder / f"{name}.speedscope.json", temporary)
    browser.screenshot(folder / f"{name}.speedscope.png")
    shown = sorted((figure(total), figure(own), symbol.strip()) for total, own, symbol in table(browser))
    wanted = wanted_rows(expected, 0)
    assert len(shown) == len(wanted), f"{name}: {len(shown)} rows, not {len(wanted)}: {shown}"
    for row in wanted:
        match = next((s for s in shown if s[2] == row[2] and close(s[0], row[0]) and close(s[1], row[1])), None)
        assert match, f"{name}: no row {row} in {shown}"
        shown.remove(match)
    for thread, (printed, weight) in enumerate(threads(browser)):
        total = sum(value for _, _, value, owner in expected.stacks if owner == thread)
        assert str(expected.threads[thread][1]) in printed and close(figure(weight), total), f"{name}: {printed} {weight}"
    print(f"{name}: {len(wanted)} functions of the first thread, {len(threads(browser))} threads agree")


def main():
    folder, package = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    page = package / "node_modules/speedscope/dist/release/index.html"
    if not page.is_file():
        sys.exit(f"speedscope_in_chromium.py: {page} is missing: speedscope/install installs it with npm")
    try:
        with webdriver.Browser() as browser, tempfile.TemporaryDirectory(prefix="deft-speedscope-") as temporary:
            browser.set_window(1280, 900)
            for name in ("cpu", "allocation", "off_cpu", "counts"):
                check(browser, page, folder, name, temporary)
    except webdriver.Missing as error:
        sys.exit(f"speedscope_in_chromium.py: {error}")


main()
