#!/usr/bin/env python3
"""Opens pages that deft wrote in headless Chromium and uses them as a reader would.

usage: drive_chromium.py PAGE.html... [--screenshots FOLDER] [--picture FILE.png] [--without-profiles] [--with-history]
       [--with-differences]

Takes reports of benchmarks and pages of one profile. Checks that nothing but the file is requested, that the console stays
free of errors, that sorting and filtering work, that frames zoom, turn, invert and can be searched, that the keyboard and a
finger reach all of it, and that both themes draw. Exit code 1 and one line per broken promise otherwise.
"""

import argparse
import pathlib
import sys

import profile_page
import report_page
from checks import Check, check_quiet, load
from webdriver import Browser, Missing


def drive(browser, page, options, is_first):
    """What the page promised and did not keep."""
    check = Check()
    url = page.resolve().as_uri()
    browser.open("about:blank")
    browser.logged("performance")  # what the browser's own first page or an earlier one requested
    browser.set_window(1280, 900)
    browser.set_scheme("light")
    load(browser, url)
    problem = browser.run("document.getElementById('problem').textContent")
    if not check.that(problem == "", f"the page opens without a problem: {problem}"):
        return check.broken
    drawn = browser.run("performance.getEntriesByName('deft-drawn')[0].startTime")
    print(f"{page.name}: {page.stat().st_size} bytes, drawn {drawn:.0f} ms after it was opened", flush=True)
    check.that(browser.run("document.getElementById('headline').textContent") != "", "there is a headline")
    kind = browser.run("document.documentElement.dataset.page")
    visitor = profile_page if kind == "profile" else report_page
    visitor.visit(browser, check, url, options, is_first)
    check_quiet(browser, check, url)
    return check.broken


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=pathlib.Path, nargs="+", metavar="PAGE")
    parser.add_argument("--screenshots", type=pathlib.Path, metavar="FOLDER", help="of the first page")
    parser.add_argument("--picture", type=pathlib.Path, metavar="FILE", help="of the first page, for a README")
    parser.add_argument("--without-profiles", action="store_true", help="the reports may have no flame graph at all")
    parser.add_argument("--with-history", action="store_true", help="benchmarks have plots of their history")
    parser.add_argument("--with-differences", action="store_true", help="it is explained why benchmarks changed")
    options = parser.parse_args()
    for page in options.pages:
        if not page.is_file():
            parser.error(f"{page} is no file")
    broken = []
    try:
        with Browser() as browser:
            for page in options.pages:
                promises = drive(browser, page, options, is_first=page is options.pages[0])
                broken += [f"{page.name}: {promise}" for promise in promises]
    except Missing as error:
        sys.exit(f"drive_chromium.py: {error}")
    except (RuntimeError, OSError) as error:
        sys.exit(f"drive_chromium.py: {error}")
    for promise in broken:
        print(f"broken: {promise}", file=sys.stderr)
    sys.exit(1 if broken else 0)


if __name__ == "__main__":
    main()
