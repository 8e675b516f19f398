#!/usr/bin/env python3
"""callgrind_annotate_test.py FOLDER: callgrind_annotate reads what make_sample_profiles wrote, and finds the profile's
totals and each function's own and inclusive cost in it."""
import re
import shutil
import subprocess
import sys

from expected import Expected

ROW = re.compile(r"^\s*([\d,]+|\.)(?: \([^)]*\))?(?:\s+([\d,]+|\.)(?: \([^)]*\))?)?  (\S.*)$")


def number(text):
    return 0 if text in (None, ".") else int(text.replace(",", ""))


def annotated(path, inclusive):
    """The totals, and {"file:function [module]": figures}"""
    done = subprocess.run(["callgrind_annotate", "--threshold=100", "--auto=no", "--show-percs=no",
                           f"--inclusive={'yes' if inclusive else 'no'}", path], text=True, capture_output=True, errors="replace")
    assert done.returncode == 0 and not done.stderr.strip(), f"callgrind_annotate {path}: {done.stderr}{done.stdout}"
    totals, rows = None, {}
    for line in done.stdout.splitlines():
        match = ROW.match(line)
        if not match:
            continue
        figures = (number(match[1]), number(match[2]))
        if match[3].startswith("PROGRAM TOTALS"):
            totals = figures
        elif totals:
            assert match[3] not in rows, f"{match[3]} has two rows"
            rows[match[3]] = figures
    return totals, rows


def printed(frame):
    function, module, file, *_ = (re.sub(r"[\x00-\x1f\x7f]", " ", part) if isinstance(part, str) else part for part in frame)
    return f"{file or '???'}:{function} [{module or '???'}]"


def main():
    if not shutil.which("callgrind_annotate"):
        sys.exit("callgrind_annotate_test.py: valgrind is not installed; tools/setup installs it")
    folder = sys.argv[1]
    for name in ("cpu", "later", "allocation", "off_cpu", "counts"):
        expected = Expected(f"{folder}/{name}.json")
        count, value = expected.totals()
        for inclusive in (False, True):
            totals, rows = annotated(f"{folder}/{name}.callgrind", inclusive)
            wanted = {}
            for function, (own_count, own_value, all_count, all_value) in expected.by(printed).items():
                pair = (all_value, all_count) if inclusive else (own_value, own_count)
                if not expected.has_values:
                    pair = (pair[1], 0)
                if pair != (0, 0):
                    wanted[function] = pair
            assert totals == ((value, count) if expected.has_values else (count, 0)), f"{name}: totals {totals}"
            rows = {function: figures for function, figures in rows.items()
                    if figures != (0, 0) and function != "???:(root) [???]"}
            assert rows == wanted, f"{name}, inclusive {inclusive}:\ngot    {sorted(rows.items())}\nwanted {sorted(wanted.items())}"
            print(f"{name}, {'inclusive' if inclusive else 'own'} cost: {len(wanted)} functions agree")


main()
