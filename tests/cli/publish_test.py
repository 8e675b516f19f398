#!/usr/bin/env python3
"""publish_test.py DEFT: what `deft publish` makes of hostile names, as other people's parsers read it."""
import json
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
from pathlib import Path

DEFT = sys.argv.pop(1)

VERDICTS = ["regressed", "failed", "missing", "improved", "new", "inconclusive", "equivalent"]
HOSTILE = [
    "plain/name",
    "a|b|c",
    "`tick` ``two`` ```",
    "<img src=x onerror=alert(1)> </code></td></details><!--",
    "line\nbreak\r\nand\ttab",
    "\n\n# Title\n::error::x\n##[group]y",
    "@everyone @org/team #1 org/repo#2 GH-3 https://e.org www.e.org",
    "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "]]> &amp; &#64; <![CDATA[ <!DOCTYPE x [<!ENTITY y SYSTEM 'file:///etc/passwd'>]>",
    "\ufffe\uffff\u202e\u2028\ufeff\U0001fffe",
    "größe/日本語/😀",
    "x" * 100_000,
    "",
    "%0A%25::,",
    "\\| \\` \\",
]


def estimate(ratio):
    return {"ratio": ratio, "low": ratio * 0.99, "high": ratio * 1.01}


def benchmark(name, verdict):
    compared = verdict not in ("missing", "new", "failed")
    unknown = {"ratio": 1, "low": 0, "high": None}
    return {
        "name": name, "method": "same_core", "failure": "killed" if verdict == "failed" else "", "base_ns": 100.5,
        "head_ns": 120.25,
        "decision": {"verdict": verdict, "reason": f"reason of {name}",
                     "head": estimate(1.2) if compared else unknown,
                     "control": estimate(1.001) if compared else unknown,
                     "smallest_effect": 0.018 if compared else 0, "p_value": 0.001, "confirmed": True},
        "rounds": [{"confirmation": False, "base": [[100, 101, 1000]], "head": [[120, 121, 1000]],
                    "control": [[100, 101, 1000]]}],
    }


def result(benchmarks, **more):
    arm = {"label": "`b`\n@x <b>", "program": "p", "revision": ""}
    return {
        "schema": "deft-result", "version": 1, "kind": "comparison", "deft_version": "0.1.0",
        "created": "2026-11-22T07:30:00Z", "duration_seconds": 12.5, "interrupted": False, "note": "a <note> & @x",
        "machine": {"cpu_model": "c", "logical_cpus": 2, "memory_bytes": 1, "kernel": "k", "operating_system": "o",
                    "perf_event": "available"},
        "noise": {"load_average_before": 0, "load_average_after": 0, "steal_fraction": 0, "other_busy_fraction": 0,
                  "control_spread": 0.004, "involuntary_switches": 0},
        "base": arm, "head": arm, "seed": 1, "band": 0.01, "confidence": 0.95, "benchmarks": benchmarks, **more}


class Publish(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def publish(self, content, *options):
        path = self.folder / "result.json"
        path.write_text(json.dumps(content))
        done = subprocess.run([DEFT, "publish", str(path), *options], capture_output=True, timeout=60, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, b""))
        return done.stdout.decode("utf-8")

    def hostile(self):
        return result([benchmark(name, verdict) for name in HOSTILE for verdict in VERDICTS])

    def test_junit_is_xml_with_every_benchmark(self):
        root = ElementTree.fromstring(self.publish(self.hostile(), "--junit", "-").encode("utf-8"))
        suite = root.find("testsuite")
        cases = suite.findall("testcase")
        self.assertEqual(len(cases), len(HOSTILE) * len(VERDICTS))
        count = len(HOSTILE)
        self.assertEqual(len(suite.findall("testcase/failure")), 2 * count, "regressed, missing")
        self.assertEqual(len(suite.findall("testcase/error")), count, "failed")
        self.assertEqual(len(suite.findall("testcase/skipped")), count, "inconclusive")
        for element in (root, suite):
            self.assertEqual({k: element.get(k) for k in ("tests", "failures", "errors", "skipped")},
                             {"tests": str(7 * count), "failures": str(2 * count), "errors": str(count),
                              "skipped": str(count)})
        names = {case.get("name") for case in cases}
        for name in ("plain/name", "a|b|c", "größe/日本語/😀", "", HOSTILE[3], HOSTILE[8], HOSTILE[11]):
            self.assertIn(name, names)
        for case in cases:
            self.assertGreaterEqual(float(case.get("time")), 0)
            self.assertIn("could see", case.find("system-out").text)

    def test_junit_survives_every_character(self):
        """Each alone, so that one does not hide what another breaks."""
        points = [*range(0x100), 0x2028, 0x202E, 0xFDD0, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF]
        text = self.publish(result([benchmark(f"n{p}{chr(p)}", "regressed") for p in points]), "--junit", "-")
        names = [case.get("name") for case in ElementTree.fromstring(text.encode("utf-8")).iter("testcase")]
        self.assertEqual(len(names), len(points))
        for p in (0x20, 0x22, 0x26, 0x27, 0x3C, 0x3E, 0xE9):
            self.assertIn(f"n{p}{chr(p)}", names)

    def test_markdown_rows_stay_rows(self):
        text = self.publish(self.hostile(), "--markdown", "-")
        self.assertLessEqual(len(text.encode("utf-8")), 60_000)
        rows = [line for line in text.split("\n") if line.startswith("|")]
        self.assertEqual({line.count("|") for line in rows}, {10})
        self.assertEqual(text.count("<details>"), text.count("</details>"))
        left = re.sub(r"`[^`\n]*`|<code>[^<\n]*</code>", "", text)
        self.assertNotIn("`", left)
        self.assertEqual(set(re.findall(r"<[^>]*>", left)),
                         {"<details>", "<summary>", "</summary>", "</details>"})
        for active in ("@", "##[", "::", "https:", "![", "]("):
            self.assertNotIn(active, left)

    def test_markdown_is_cut_with_a_count(self):
        for count in (10, 300, 3000):
            text = self.publish(result([benchmark(f"set/find/{i}", VERDICTS[i % 7]) for i in range(count)]),
                                "--markdown", "-")
            self.assertLessEqual(len(text.encode("utf-8")), 60_000)
            shown = sum(line.startswith("| ") and not line.startswith("| Verdict") for line in text.split("\n"))
            told = re.search(r"Left out to keep this short: (\d+) of (\d+) benchmarks", text)
            self.assertEqual(shown + (int(told[1]) if told else 0), count)
            self.assertIn("A/A control: base against itself came out at 1.001", text)
            self.assertIn("Smallest change this run would have found: ±1.8 %", text)

    def test_annotations_are_a_command_a_line(self):
        """Taken apart as GitHub's runner does it."""
        def unescape(text, escapes):
            for code, character in escapes:
                text = text.replace(code, character)
            return text.replace("%25", "%")

        content = result([benchmark(name, verdict) for name in HOSTILE[:9] for verdict in ("regressed", "new")])
        lines = self.publish(content, "--annotations").split("\n")
        self.assertEqual(lines.pop(), "")
        titles = []
        for line in lines:
            level, properties, message = re.fullmatch(r"::(error|warning|notice) (title=[^,:]*)::(.*)", line).groups()
            titles.append(unescape(properties[6:], [("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r")]))
            self.assertIn(level, ("error", "notice"))
            self.assertNotRegex(message, r"%(?!25|0A|0D)")
        self.assertIn("regressed: plain/name", titles)
        self.assertIn("new: a|b|c", titles)


if __name__ == "__main__":
    unittest.main()
