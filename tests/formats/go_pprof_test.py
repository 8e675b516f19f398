#!/usr/bin/env python3
"""go_pprof_test.py FOLDER: `go tool pprof` opens what make_sample_profiles wrote, and its figures are the profile's."""
import os
import re
import shutil
import subprocess
import sys
import tempfile

from expected import Expected

ROW = re.compile(r"^\s*(-?\d+)(?:ns|B)?\s+\S+\s+\S+\s+(-?\d+)(?:ns|B)?\s+\S+  (.*?)(?: \((?:partial-)?inline\))?$")
UNITS = {"allocation": "bytes"}


def pprof(*arguments):
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, HOME=home, PPROF_TMPDIR=home, PPROF_BINARY_PATH=home, GOFLAGS="", GOTOOLCHAIN="local")
        done = subprocess.run(["go", "tool", "pprof", "-symbolize=none", *arguments], text=True, capture_output=True,
                              env=environment, cwd=home)
    if done.returncode != 0:
        raise AssertionError(f"go tool pprof {' '.join(arguments)}: {done.stderr}")
    return done.stdout


def top(path, *arguments, unit):
    """{function: (flat, cum)}"""
    text = pprof("-top", "-nodecount=100000", "-nodefraction=0", "-edgefraction=0", f"-unit={unit}", *arguments, path)
    rows = {}
    for line in text.split("flat%", 1)[1].splitlines()[1:]:
        match = ROW.match(line)
        if not match:  # A name of two lines.
            name = list(rows)[-1]
            rows[f"{name}\n{line}"] = rows.pop(name)
            continue
        assert match[3] not in rows, f"{match[3]} has two rows"
        rows[match[3]] = (int(match[1]), int(match[2]))
    return rows


def compare(got, wanted, what):
    got = {name: figures for name, figures in got.items() if figures != (0, 0)}
    assert got == wanted, f"{what}:\ngot    {sorted(got.items())}\nwanted {sorted(wanted.items())}"
    print(f"{what}: {len(wanted)} functions agree")


def check_top(folder, name):
    path = f"{folder}/{name}.pb.gz"
    expected = Expected(f"{folder}/{name}.json")
    table = expected.by(lambda frame: frame[0])
    counts = {n: (row[0], row[2]) for n, row in table.items()}
    count_type = "alloc_objects" if expected.kind == "allocation" else "samples"
    compare(top(path, f"-sample_index={count_type}", unit="count"), counts, f"{name}, {count_type}")
    if expected.has_values:
        values = {n: (row[1], row[3]) for n, row in table.items()}
        compare(top(path, unit=UNITS.get(expected.kind, "nanoseconds")), values, f"{name}, default sample type")


def check_difference(folder):
    """-diff_base: only what differs between the two is left, and it is by how much."""
    same = top(f"{folder}/cpu.pb.gz", f"-diff_base={folder}/cpu.pb.gz", "-sample_index=samples", unit="count")
    compare(same, {}, "cpu - cpu")
    before, after = (Expected(f"{folder}/{name}.json").by(lambda frame: frame[0]) for name in ("cpu", "later"))
    wanted = {}
    for function in before.keys() | after.keys():
        old, new = before.get(function, [0] * 4), after.get(function, [0] * 4)
        if (new[0] - old[0], new[2] - old[2]) != (0, 0):
            wanted[function] = (new[0] - old[0], new[2] - old[2])
    compare(top(f"{folder}/later.pb.gz", f"-diff_base={folder}/cpu.pb.gz", "-sample_index=samples", unit="count"),
            wanted, "later - cpu")


def check_contents(folder):
    """-raw: labels, inlined functions as lines of one location, mappings, time, duration and period."""
    text = pprof("-raw", f"{folder}/cpu.pb.gz")
    assert "PeriodType: cpu nanoseconds" in text and "Period: 5025126" in text, text[:300]
    assert re.search(r"^Duration: 12\.7", text, re.M) and "2026-11-22 07:30:00" in text, text[:300]
    assert re.search(r"thread:\[worker/1\]", text) and re.search(r"tid:\[101\]", text), text
    assert re.search(r"^\s+\d+: 0x0 M=\d+ swap<int>\(int&, int&\) sort\.hpp:3 s=3\n\s+sort<int, std::less<int> >\(int\*, int\*\)",
                     text, re.M) or re.search(r"swap<int>\(int&, int&\) sort.hpp:3", text), text
    for module in ("program", "libc.so.6", "[kernel]"):
        assert re.search(rf"^\d+: 0x0/0x0/0x0 {re.escape(module)} .*\[FN\]\[FL\]\[LN\]\[IN\]", text, re.M), f"no {module} in {text}"
    comments = pprof("-comments", f"{folder}/cpu.pb.gz")
    assert "collector: perf_event cpu-clock + user stack copies" in comments, comments
    traces = pprof("-traces", f"{folder}/off_cpu.pb.gz")
    assert "pthread_cond_wait" in traces and "5s" in traces, traces
    print("labels, inlined functions, mappings, time, period, comments: as written")


def main():
    if not shutil.which("go"):
        sys.exit("go_pprof_test.py: go is not installed; tools/setup installs it")
    folder = os.path.abspath(sys.argv[1])
    for name in ("cpu", "later", "allocation", "off_cpu", "counts"):
        check_top(folder, name)
    check_difference(folder)
    check_contents(folder)


main()
