#!/usr/bin/env python3
"""tools/validate-verdicts judges made-up data as it should: validate_verdicts_test.py DEFT"""
import gzip
import json
import subprocess
import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "tools/validate-verdicts"
loader = SourceFileLoader("validate_verdicts", str(SCRIPT))
validate = module_from_spec(spec_from_loader("validate_verdicts", loader))
loader.exec_module(validate)
DEFT = None


def rounds(count, percent, control=0):
    """Rounds that say the same, but for a wobble of half a thousandth."""
    return [[10_000 * percent + 250 * (i % 3 - 1), control + 250 * (i % 2)] for i in range(count)]


def run(number, percent=0, layout=0.0, recorded="equivalent"):
    """A run of two benchmarks, `a` slower by `percent`, `b` changed by its layout."""
    changed = abs(layout) > 0
    return {"run": number, "seed": number, "kind": "slower" if percent else "rebuild" if changed else "same",
            "percent": percent, "slowed": ["a"] if percent else [], "loaded": number % 2 == 1, "builds": [9, 10],
            "wall": 5.0, "others": 0.1, "benchmarks": {
                "a": {"verdict": "regressed" if percent else "equivalent", "measured": 1.5,
                      "first": rounds(6, percent), "fresh": rounds(16, percent) if percent else []},
                "b": {"verdict": recorded, "measured": 1.5, "first": rounds(6, layout),
                      "fresh": rounds(16, layout) if changed else []}}}


def floor(value):
    benchmarks = [{"name": n, "method": "same_core", "floor": value, "variants": [[0.01, 0.001]]} for n in "ab"]
    machine = {"cpu_model": "another", "logical_cpus": 2, "memory_bytes": 1, "kernel": "", "operating_system": "",
               "perf_event": ""}
    return {"floor": {"schema": "deft-layout-floor", "version": 1, "deft_version": "", "created": "", "duration_seconds": 1.0,
                      "machine": machine, "program": "p", "build": "", "seed": 1, "rounds": 6, "confidence": 0.95,
                      "floor": value, "benchmarks": benchmarks}}


def counts(build, percent):
    return {"counts": {"a": [1000.0 * (1 + percent / 100), 3.0], "b": [500.0, 0.0]}, "build": build, "percent": percent}


def first_line():
    return {"schema": "deft-verdict-data", "version": 1, "rule": validate.frozen_rule()}


class Rejudge(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)

    def judge(self, *lines, tail=""):
        path = Path(self.folder.name) / "data.jsonl.gz"
        text = "".join(json.dumps(line) + "\n" for line in lines) + tail
        path.write_bytes(gzip.compress(text.encode()))
        return subprocess.run([SCRIPT, "--program", DEFT, "--rejudge", path], capture_output=True, text=True)

    def test_counts_what_was_found_and_says_that_it_is_too_little(self):
        done = self.judge(first_line(), run(0), run(1, percent=5), run(2, percent=5))
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertIn("| 5 % slower | 2 | 0/2", done.stdout)
        self.assertIn("| 2/2 (≥ 22.4 %)", done.stdout)
        self.assertIn("0 of 6 verdicts differ", done.stdout)
        self.assertIn("too little data", done.stdout)

    def test_the_layout_floor_takes_back_what_a_rebuild_shows(self):
        done = self.judge(first_line(), floor(0.04), run(0, layout=2.5, recorded="regressed"))
        plain, floored = done.stdout.split("With the layout floor")
        self.assertIn("1 false alarms in 2 decisions", plain)
        self.assertIn("0 false alarms in 2 decisions", floored)

    def test_counts_confirm_a_slowdown_below_the_layout_floor(self):
        slower = [run(0, percent=5), run(1, percent=5)]
        self.assertIn("| 0/2 (", self.judge(first_line(), floor(0.2), *slower).stdout.split("With the layout floor")[1])
        counted = self.judge(first_line(), floor(0.2), *slower, counts(9, 0), counts(10, 0), counts(10, 5))
        self.assertIn("| 2/2 (", counted.stdout.split("With the layout floor")[1])

    def test_a_missed_goal_is_told_by_the_exit_code(self):
        done = self.judge(first_line(), run(0, layout=2.5))
        self.assertEqual(done.returncode, 1)
        self.assertIn("missed: false alarms", done.stdout)
        self.assertIn("1 of 2 verdicts differ", done.stdout)

    def test_finding_a_slowdown_too_slowly_is_a_missed_goal(self):
        slow = [run(i, percent=5) for i in range(4)]
        for one in slow:
            one["benchmarks"]["a"]["measured"] = 5.3
        self.assertIn("5 % slower: found within 5.3 s of measuring", self.judge(first_line(), *slow).stdout)
        self.assertNotIn("s of measuring", self.judge(first_line(), *(run(i, percent=5) for i in range(4))).stdout)

    def test_a_line_that_was_cut_off_is_left_out_and_named(self):
        done = self.judge(first_line(), run(0), tail='{"run":1,"see')
        self.assertIn("data.jsonl.gz:3", done.stderr)
        self.assertIn(", 1 runs;", done.stdout)

    def test_other_files_are_refused(self):
        done = self.judge({"schema": "something"})
        self.assertEqual(done.returncode, 1)
        self.assertIn("no data of verdicts", done.stderr)


class Data(unittest.TestCase):
    def test_bounds_are_those_of_clopper_and_pearson(self):
        self.assertAlmostEqual(validate.at_most(0, 440), 1 - 0.05 ** (1 / 440), 9)
        self.assertAlmostEqual(validate.at_least(10, 10), 0.05 ** (1 / 10), 9)
        self.assertEqual(validate.at_most(3, 3), 1)
        self.assertEqual(validate.at_least(0, 0), 0)

    def test_log_ratios_are_medians_of_pairs(self):
        one = {"confirmation": False, "base": [[100, 0, 1]] * 3, "control": [[100, 0, 1]] * 3,
               "head": [[105, 0, 1], [106, 0, 1], [200, 0, 1]]}
        self.assertEqual(validate.log_ratios([one], False), [[58269, 0]])
        self.assertEqual(validate.log_ratios([one], True), [])

    def test_the_schedule_has_half_of_each_kind_under_load(self):
        class options:
            null_runs, trials, slowdowns, seed = 40, 20, [2.0, 5.0], 1
        runs = validate.schedule(options)
        self.assertEqual(len(runs), 40 + 2 * 10)
        for kind, number in (("same", 20), ("rebuild", 20), ("slower", 20)):
            of_kind = [r for r in runs if r["kind"] == kind]
            self.assertEqual(len(of_kind), number)
            self.assertEqual(sum(r["loaded"] for r in of_kind), number // 2)
        for r in runs:
            self.assertEqual(r["kind"] == "rebuild", r["builds"][0] != r["builds"][1])
            self.assertGreaterEqual(min(r["builds"]), validate.LEARNT)
        self.assertEqual(runs, validate.schedule(options))


if __name__ == "__main__":
    DEFT = sys.argv.pop(1)
    unittest.main()
