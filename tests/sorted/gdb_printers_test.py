#!/usr/bin/env python3
"""gdb_printers_test.py PRINTERS PROGRAM: gdb shows the containers of PROGRAM as PRINTERS say.

Exits 77, which ctest takes as skipped, where there is no gdb, it may not start programs, or it does not know the standard
library's containers."""
import os
import re
import shutil
import subprocess
import sys

SKIPPED = 77
PRINTERS, PROGRAM = sys.argv[1:]

SHOWN = {
    "numbers": "deft::sorted_vector of std::vector of length 4, capacity N = {1, 2, 2, 3}",
    "empty": "deft::sorted_vector of std::vector of length 0, capacity N",
    "index": "deft::search_index of std::span of length 4 = {1, 2, 2, 3}",
    "names": 'deft::flat_set of std::vector of length 2, capacity N = {"apple", "pear"}',
    "down": "deft::flat_multiset of std::deque with 4 elements = {3, 2, 2, 1}",
    "ages": "deft::flat_map of std::vector of length 2, capacity N and std::vector of length 2, capacity N = "
            '{["Ada"] = 36, ["Zoe"] = 7}',
    "nested": "deft::flat_map of std::vector of length 2, capacity N and std::vector of length 2, capacity N = "
              "{[1] = deft::flat_set of std::vector of length 2, capacity N = {10, 11}, "
              "[2] = deft::flat_set of std::vector of length 0, capacity N}",
    "words": "deft::flat_multimap of std::deque with 3 elements and std::deque with 3 elements = "
             '{[1] = "one", [2] = "two", [2] = "deux"}',
    "letters": "deft::counter of std::vector of length 2, capacity N and std::vector of length 2, capacity N = "
               "{[97 'a'] = 1, [98 'b'] = 2}",
    # Over a container without a printer: its members.
    "foreign": "deft::flat_set = {keys = {<std::vector<int, std::allocator<int> >> = "
               "std::vector of length 2, capacity N = {1, 2}, <No data fields>}}",
    "aliased": "deft::flat_set of std::vector of length 1, capacity N = {5}",
    "reference": 'deft::flat_set of std::vector of length 2, capacity N = {"apple", "pear"}',
}

TREES = {
    "small": "deft::sorted_set of length 3 = {1, 2, 3}",
    "none": "deft::sorted_set of length 0",
    "texts": 'deft::sorted_list of length 3 = {"a", "b", "b"}',
    "rows": 'deft::sorted_map of length 2 = {["Ada"] = 36, ["Zoe"] = 7}',
    "falling": 'deft::sorted_map of length 2 = {[2] = "two", [1] = "one"}',
    "boxes": "deft::sorted_list of length 2 = {{value = 1}, {value = 2}}",
    "wides": "deft::sorted_map of length 2 = {[{value = 3}] = {value = 30}, [{value = 4}] = {value = 40}}",
    "in_trees": "deft::sorted_map of length 2 = {[1] = deft::sorted_set of length 1 = {10}, [2] = deft::sorted_set of length 0}",
    "frozen": 'deft::frozen of deft::flat_multiset of std::vector of length 3, capacity N = {"a", "b", "b"}',
    "at_two": "deft iterator to 2",
    "at_end": "deft iterator to the end",
    "at_row": 'deft iterator to "Zoe" = 7',
    "at_nothing": "deft iterator to nothing",
    "old": "deft iterator, invalid",
}


def skip(why):
    print(f"skipped: {why}")
    sys.exit(SKIPPED)


def gdb(*commands):
    arguments = ["gdb", "-nx", "-batch", "-iex", "set auto-load safe-path /", "-iex", "set debuginfod enabled off"]
    for command in [f"source {PRINTERS}", *commands]:
        arguments += ["-ex", command]
    # Under gdb LeakSanitizer cannot look for leaks, and says so by failing.
    environment = {**os.environ, "ASAN_OPTIONS": "detect_leaks=0", "LC_ALL": "C"}
    run = subprocess.run([*arguments, PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=False)
    if re.search("ptrace|ould not trace|Couldn't get registers", run.stderr):
        skip(run.stderr)
    assert "Python Exception" not in run.stderr, run.stderr
    return run.stdout


def print_each(stop, expressions):
    """What `print` gives for each of the expressions after the commands of `stop`."""
    commands = []
    for expression in expressions:
        commands += [f"echo == {expression} ==\\n", f"print {expression}"]
    output = gdb(*stop, *commands)
    answers = re.findall(r"^== (.*) ==\n\$\d+ = (.*)", output, re.MULTILINE)
    assert [expression for expression, _ in answers] == list(expressions), output
    return dict(answers)


def normal(text):
    return re.sub(r"capacity \d+", "capacity N", re.sub(r"^\((const )?deft::.*? ?&\) @0x[0-9a-f]+: ", "", text))


def main():
    assert os.path.exists(PROGRAM) and os.path.exists(PRINTERS)
    if shutil.which("gdb") is None:
        skip("no gdb")
    at_stop = ["break stop", "run", "up"]
    if "std::vector of length" not in gdb(*at_stop, "info locals"):
        skip("this gdb does not know the standard library's containers")

    for expression, answer in print_each(at_stop, SHOWN).items():
        assert normal(answer) == SHOWN[expression], f"{expression} = {answer}\nexpected: {SHOWN[expression]}"

    in_trees = ["break show_trees", "run", "break stop", "continue", "up"]
    for expression, answer in print_each(in_trees, TREES).items():
        assert normal(answer) == TREES[expression], f"{expression} = {answer}\nexpected: {TREES[expression]}"
    # Through all leaves of a tree of several.
    many = print_each([*in_trees, "set print elements 0", "set print repeats unlimited"], ["many"])["many"]
    left = [i * 7 % 701 for i in range(1, 700)]
    assert many == f"deft::sorted_set of length 699 = {{{', '.join(map(str, sorted(left)))}}}", many

    # Where optimisation has left little of them, and before any constructor has run: something, and no exception.
    optimised = gdb("break show_what_is_gone", "run", "break stop", "continue", "up", "info locals")
    assert "gone = " in optimised, optimised
    garbage = gdb("break show_containers", "run", "print numbers", "print aliased", "print down")
    assert garbage.count("= deft::") == 3, garbage
    garbage = gdb("break show_trees", "run", "print small", "print rows", "print at_row")
    assert garbage.count("= deft::") == 2 and "= deft iterator" in garbage, garbage

    # The elements can be asked for one by one, as front ends do, and the printers turned off.
    raw = gdb(*at_stop, "print/r numbers")
    assert "storage_ = " in raw, raw
    several = gdb(*at_stop, "set print elements 2", "print numbers")
    assert "{1, 2...}" in several, several


main()
