#!/usr/bin/env python3
"""Compares deft::sorted_list with SortedList of the package python3-sortedcontainers, which it is modelled on.

  bench/python/sorted_list.py --program build/release/bin/deft_bench

The two run in turn, in fresh processes, as often as --processes says; the table gives the median time of SortedList over
that of the rows of deft_bench that do the same (see bench/sorted/tree_rows.hpp), on keys of the same kind: random integers.
Python's loop around each call is part of its time, as it is for whoever writes it.
"""

import argparse
import json
import random
import statistics
import subprocess
import sys
import time

SIZES = {"1e3": 1_000, "1e5": 100_000, "1e6": 1_000_000}
ROWS = ["insert", "nth", "rank", "find_hit", "iterate", "build", "erase"]
ASKED = 50_000  # random keys or positions in a timed loop


def timed(loop, count):
    begin = time.perf_counter()
    loop()
    return (time.perf_counter() - begin) / count


def measure_python(size):
    """Nanoseconds per item of each row."""
    from sortedcontainers import SortedList

    keys = random.Random(size).sample(range(2**62), size)
    there = random.Random(1).choices(keys, k=ASKED)
    positions = random.Random(2).choices(range(size), k=ASKED)
    container = SortedList()

    def insert():
        add = container.add
        for key in keys:
            add(key)

    def nth():
        for position in positions:
            container[position]

    def rank():
        place = container.bisect_left
        for key in there:
            place(key)

    def find():
        for key in there:
            key in container

    def erase():
        remove = container.remove
        for key in keys:
            remove(key)

    found = {"insert": timed(insert, size), "nth": timed(nth, ASKED), "rank": timed(rank, ASKED),
             "find_hit": timed(find, ASKED), "iterate": timed(lambda: sum(container), size),
             "build": timed(lambda: SortedList(keys), size), "erase": timed(erase, size)}
    return {row: 1e9 * seconds for row, seconds in found.items()}


def measure_deft(program, size_name):
    wanted = f"^sorted_list/({'|'.join(ROWS)})/u64/{size_name}/deft$"
    done = subprocess.run([program, f"--benchmark_filter={wanted}", "--benchmark_format=json"], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return {b["name"].split("/")[1]: 1e9 / b["items_per_second"] for b in json.loads(done.stdout)["benchmarks"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", help="deft_bench, built with the preset release")
    parser.add_argument("--processes", type=int, default=5, help="of each (default: %(default)s)")
    parser.add_argument("--measure-python", type=int, metavar="SIZE", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure_python:
        json.dump(measure_python(options.measure_python), sys.stdout)
        return
    if not options.program:
        parser.error("--program is needed")
    ratios = {}
    for name, size in SIZES.items():
        times = {"python": [], "deft": []}
        for _ in range(options.processes):
            child = subprocess.run([sys.executable, __file__, "--measure-python", str(size)], check=True,
                                   stdout=subprocess.PIPE)
            times["python"].append(json.loads(child.stdout))
            times["deft"].append(measure_deft(options.program, name))
        for row in ROWS:
            python, deft = (statistics.median(one[row] for one in times[who]) for who in ("python", "deft"))
            ratios[row, name] = f"{python / deft:.0f} ({python:.0f} ns / {deft:.1f} ns)"
    print("| | " + " | ".join(SIZES) + " |\n|---|" + "---|" * len(SIZES))
    for row in ROWS:
        print(f"| {row} | " + " | ".join(ratios[row, name] for name in SIZES) + " |")


if __name__ == "__main__":
    main()
