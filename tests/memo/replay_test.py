#!/usr/bin/env python3
"""Runs deft_replay over the traces in tests/data/traces, whose hits are known, and over what is no trace.

    replay_test.py PROGRAM TRACES"""
import lzma
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

PROGRAM, TRACES = sys.argv[1], Path(sys.argv[2])
COLUMNS = {"lru": "LRU", "fifo": "FIFO", "clock": "CLOCK1", "sieve": "SIEVE", "s3_fifo": "S3FIFO"}


def run(*args, stdin=None):
    return subprocess.run([PROGRAM, *map(str, args)], input=stdin, capture_output=True)


def hits(*args, stdin=None):
    """(policy, size) -> hits"""
    done = run(*args, stdin=stdin)
    assert done.returncode == 0, done.stderr.decode()
    rows = [line.split() for line in done.stdout.decode().splitlines()]
    assert rows[0] == ["policy", "size", "requests", "hits", "ratio"], rows[0]
    for row in rows[1:]:
        assert abs(int(row[3]) / int(row[2]) - float(row[4])) < 0.0001, row
    return {(row[0], row[1]): int(row[3]) for row in rows[1:]}


class Replay(unittest.TestCase):
    def test_hits_as_often_as_an_exact_simulation(self):
        lines = [line.split("\t") for line in (TRACES / "expected_hits.tsv").read_text().splitlines()]
        for trace in sorted({line[0] for line in lines[1:]}):
            expected = [dict(zip(lines[0], line)) for line in lines[1:] if line[0] == trace]
            sizes = [option for row in expected for option in ("--size", row["capacity"])]
            found = hits(*sizes, TRACES / f"{trace}.trace.xz")
            for row in expected:
                for policy, column in COLUMNS.items():
                    tolerance = int(row[column]) // 1000 if policy == "s3_fifo" else 0
                    self.assertAlmostEqual(found[policy, row["capacity"]], int(row[column]), delta=tolerance,
                                           msg=f"{policy}, {row['capacity']} entries, {trace}")
            self.assertEqual(found["unbounded", "-"], int(expected[0]["requests"]) - int(expected[0]["unique"]))

    def test_reads_words_and_text_packed_and_not(self):
        keys = [1, 2, 3, 1, 2, 4, 1, 70000, 1]
        big = b"".join(k.to_bytes(4, "big") for k in keys)
        little = b"".join(k.to_bytes(4, "little") for k in keys)
        text = "".join(f"{k}\n" for k in keys).encode()
        for content in (big, little, text, text.replace(b"\n", b"\r\n"), text[:-1], lzma.compress(big)):
            self.assertEqual(hits("--policy", "lru", "--size", 2, "-", stdin=content), {("lru", "2"): 1})
            self.assertEqual(hits("--policy", "lru", "--size", 3, "-", stdin=content), {("lru", "3"): 4})
        self.assertEqual(hits("--policy", "lru", "--size", 9, "--format", "words", "-", stdin=b"aaaaaaaa"),
                         {("lru", "9"): 1})

    def test_takes_sizes_that_suit_the_trace(self):
        found = hits("--policy", "lru", "-", stdin="".join(f"{i}\n" for i in range(1000)).encode())
        self.assertEqual([size for _, size in found], ["10", "50", "200"])

    def test_shards_a_cache(self):
        packed = TRACES / "cache2k-web07.trace.xz"
        exact = hits("--policy", "clock", "--size", 3000, packed)["clock", "3000"]
        sharded = hits("--policy", "clock", "--size", 3000, "--shards", 0, packed)["clock", "3000"]
        self.assertAlmostEqual(sharded, exact, delta=exact // 20)

    def test_says_in_one_line_what_is_wrong(self):
        packed = (TRACES / "cache2k-web07.trace.xz").read_bytes()
        damaged = packed[:5000] + b"????" + packed[5004:]
        with tempfile.TemporaryDirectory() as folder:
            for code, expected, args, stdin in [
                    (5, "No such file", ["/no/such/file"], None),
                    (5, "directory", [folder], None),
                    (5, "no requests", ["-"], b""),
                    (5, "no number of 32-bit words", ["-"], b"\0\0\0\1\0"),
                    (5, "ends too early", ["-"], packed[:5000]),
                    (5, "damaged", ["-"], damaged),
                    (2, "no policy 'mru'", ["--policy", "mru", "-"], b"1\n"),
                    (2, "wants a number, not 'many'", ["--size", "many", "-"], b"1\n"),
                    (2, "wants a number, not '-1'", ["--size", "-1", "-"], b"1\n"),
                    (2, "wants a value", ["-", "--shards"], b"1\n"),
                    (2, "no option '--fast'", ["--fast", "-"], b"1\n"),
                    (2, "no format 'csv'", ["--format", "csv", "-"], b"1\n"),
                    (2, "more than one FILE", ["a", "b"], None),
                    (2, "which FILE", [], None)]:
                done = run(*args, stdin=stdin)
                message = done.stderr.decode()
                self.assertEqual(done.returncode, code, message)
                self.assertIn(expected, message)
                self.assertTrue(message.startswith("deft_replay: "), message)
                self.assertEqual(message.count("\n"), 1, message)
                self.assertEqual(done.stdout, b"")

    def test_explains_itself(self):
        done = run("--help")
        self.assertEqual(done.returncode, 0)
        self.assertIn(b"usage: deft_replay", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
