"""tools/check-doc-fields reports the functions of the sample that lack a field, and no other."""
import re
import subprocess
import sys
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
SAMPLE = HERE / "doc_fields_sample.hpp"


class DocFields(unittest.TestCase):
    def test_reports_exactly_the_lines_of_the_bad_functions(self):
        done = subprocess.run([sys.executable, HERE.parents[1] / "tools/check-doc-fields", SAMPLE], text=True,
                              capture_output=True)
        reported = {int(line) for line in re.findall(r"^\S+\.hpp:(\d+):", done.stdout, re.M)}
        bad = {n for n, line in enumerate(SAMPLE.read_text().splitlines(), 1) if "bad_" in line and "//" not in line}
        self.assertEqual(reported, bad, done.stdout + done.stderr)
        self.assertEqual(done.returncode, 1)


unittest.main()
