#!/usr/bin/env python3
"""workflows_test.py PAGE DEFT TUTORIAL: the workflows shown on the page are YAML, their scripts are bash, the one that may write takes
nothing from a stranger but data, and its comment step does what it should with a GitHub that is made up. The tutorial's go
with them."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

import yaml

PAGE, DEFT, TUTORIAL = (Path(argument).resolve() for argument in sys.argv[1:4])
del sys.argv[1:4]

RESULT = {
    "schema": "deft-result", "version": 1, "kind": "comparison", "deft_version": "0.1.0", "created": "2026-11-22T07:30:00Z",
    "duration_seconds": 1, "interrupted": False, "note": "",
    "machine": {"cpu_model": "", "logical_cpus": 2, "memory_bytes": 1, "kernel": "", "operating_system": "", "perf_event": ""},
    "noise": {"load_average_before": 0, "load_average_after": 0, "steal_fraction": 0, "other_busy_fraction": 0,
              "control_spread": 0, "involuntary_switches": 0},
    "base": {"label": "b", "program": "b", "revision": ""}, "head": {"label": "h", "program": "h", "revision": ""},
    "seed": 1, "band": 0.01, "confidence": 0.95,
    "benchmarks": [{"name": "$(touch pwned) @you", "method": "same_core", "failure": "", "base_ns": 1, "head_ns": 1, "rounds": []}],
}

# Answers as api.github.com does, and notes what was posted.
FAKE_GH = r"""#!/bin/bash
echo "$*" >> "$FAKE/calls"
case "$*" in
  *"-X GET "*/pulls*) cat "$FAKE/pulls" ;;
  *"/runs/77/artifacts"*) cat "$FAKE/artifacts" ;;
  *"/artifacts/5/zip"*) cat "$FAKE/artifact.zip" ;;
  *"/issues/3/comments?"*) jq -c '.[]' "$FAKE/comments" ;;
  *"--input"*) cp "${@: -1}" "$FAKE/posted" ;;
  *) exit 9 ;;
esac
"""


def shown_on(page):
    return [yaml.safe_load(text) for text in re.findall(r"(?ms)^```yaml\n(.*?)^```", page.read_text())]


def workflows():
    return {w["name"]: w for w in shown_on(PAGE)}


def steps(workflow):
    if "runs" in workflow:
        return workflow["runs"]["steps"]
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


class Workflows(unittest.TestCase):
    def test_scripts_are_bash_and_hold_no_expression(self):
        all_shown = [*workflows().values(), *(w for w in shown_on(TUTORIAL) if "jobs" in w)]
        scripts = [step["run"] for w in all_shown for step in steps(w) if "run" in step]
        self.assertEqual(len(scripts), 10)
        for script in scripts:
            self.assertNotIn("${{", script, "an expression is put into the script as it is, whatever it holds")
            checked = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)
            self.assertEqual((checked.returncode, checked.stderr), (0, ""))

    def test_the_tutorial_fills_in_what_the_workflow_leaves_open(self):
        filled = [w for w in shown_on(TUTORIAL) if "jobs" not in w]
        (job,) = workflows()["benchmarks"]["jobs"].values()
        self.assertEqual([sorted(w["env"]) for w in filled], [sorted(job["env"])])

    def test_the_history_is_kept_of_what_was_merged_only(self):
        (history,) = (w for w in shown_on(TUTORIAL) if "jobs" in w)
        self.assertEqual(list(history[True]), ["push"])
        self.assertEqual(history[True]["push"]["branches"], ["main"])
        self.assertEqual(history["permissions"], {"contents": "write"})

    def test_only_the_second_may_write_and_it_runs_nothing_of_the_change(self):
        measures, comments = workflows()["benchmarks"], workflows()["benchmark-comment"]
        self.assertEqual(measures[True], "pull_request")  # YAML 1.1 reads `on` as true.
        self.assertEqual(measures["permissions"], {"contents": "read"})
        self.assertEqual(comments[True], {"workflow_run": {"workflows": [measures["name"]], "types": ["completed"]}})
        self.assertEqual([k for k, v in comments["permissions"].items() if v == "write"], ["pull-requests"])
        for step in steps(comments):
            self.assertNotIn("ref", step.get("with", {}), "a checkout of the change")
        stored = [s["with"]["name"] for s in steps(measures) if "upload-artifact" in s.get("uses", "")]
        self.assertEqual(stored, ["deft-result"])

    def comment(self, result, comments=(), sha="abc", members=("result.json",)):
        """Runs the step; its exit code, what it posted, and the calls."""
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "bin").mkdir()
            (folder / "bin/gh").write_text(FAKE_GH)
            (folder / "bin/gh").chmod(0o755)
            (folder / "pulls").write_text(json.dumps([{"number": 3, "head": {"sha": sha}}]))
            (folder / "artifacts").write_text(json.dumps({"artifacts": [{"name": "x", "id": 4}, {"name": "deft-result", "id": 5}]}))
            (folder / "comments").write_text(json.dumps(list(comments)))
            with zipfile.ZipFile(folder / "artifact.zip", "w") as packed:
                for member in members:
                    packed.writestr(member, result)
            (folder / "work").mkdir()
            script = [s["run"] for s in steps(workflows()["benchmark-comment"]) if s.get("name") == "Comment"][0]
            environment = dict(os.environ, FAKE=name, GITHUB_REPOSITORY="o/r", RUN="77", HEAD_BRANCH="me:$(touch pwned)",
                               HEAD_SHA="abc", PATH=f"{folder}/bin:{DEFT.parent}:{os.environ['PATH']}")
            done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], env=environment,
                                  cwd=folder / "work", capture_output=True, text=True, timeout=60, check=False)
            posted = folder / "posted"
            self.assertFalse((folder / "work/pwned").exists())
            self.assertFalse((folder / "evil").exists())
            return (done.returncode, json.loads(posted.read_text())["body"] if posted.exists() else None,
                    (folder / "calls").read_text())

    def test_comments_once(self):
        code, body, calls = self.comment(json.dumps(RESULT), members=["../evil", "result.json"])
        self.assertEqual(code, 0)
        self.assertTrue(body.startswith("<!-- deft -->\n**"), body)
        self.assertIn("A/A control", body)
        self.assertIn("-X POST repos/o/r/issues/3/comments --input", calls)

    def test_replaces_its_own_comment_and_nobody_elses(self):
        others = {"id": 1, "user": {"login": "stranger"}, "body": "<!-- deft -->\nlook here"}
        own = {"id": 2, "user": {"login": "github-actions[bot]"}, "body": "<!-- deft -->\nold"}
        code, body, calls = self.comment(json.dumps(RESULT), [others, own])
        self.assertEqual((code, body is not None), (0, True))
        self.assertIn("-X PATCH repos/o/r/issues/comments/2 --input", calls)

    def test_says_nothing_about_a_commit_that_is_no_longer_the_last(self):
        self.assertEqual(self.comment(json.dumps(RESULT), sha="def")[:2], (0, None))

    def test_a_result_that_is_none_is_no_comment(self):
        for text in ("Dear reader", json.dumps(RESULT)[:200], json.dumps(dict(RESULT, kind="single")), ""):
            code, body, _ = self.comment(text)
            self.assertEqual((code, body), (5, None), text[:20])
        code, body, _ = self.comment(" " * 50_000_100)
        self.assertNotEqual(code, 0)
        self.assertIsNone(body)


if __name__ == "__main__":
    unittest.main()
