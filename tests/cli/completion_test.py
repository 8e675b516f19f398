#!/usr/bin/env python3
"""completion_test.py DEFT: the completions and the manual know every command and option that `--help` shows, shells and roff read them, and
bash completes with them. zsh and fish are asked where they are installed."""
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

DEFT = sys.argv.pop(1)


def deft(*arguments):
    return subprocess.run([DEFT, *arguments], capture_output=True, text=True, timeout=60, check=True).stdout


def options_of(command):
    """The names in a help text's list of options."""
    lines = re.search(r"(?ms)^Options:\n(.*?)^$", deft(*command.split(), "--help"))[1]
    return {name for line in re.findall(r"^  (-\S+)", lines, re.M) for name in line.split(",")}


def verbs(*command):
    lines = re.search(r"(?ms)^Subcommands:\n(.*?)^$", deft(*command, "--help"))
    return re.findall(r"^  (\S+)", lines[1], re.M) if lines else []


VERBS = verbs()
HELP = {verb: options_of(verb) for first in VERBS for verb in [first, *(f"{first} {own}" for own in verbs(first))]}


class Help(unittest.TestCase):
    def test_there_is_something_to_compare_with(self):
        self.assertLessEqual({"run", "ab", "cmd-ab", "gate", "publish", "profile", "completion", "help", "history", "history add", "history export"}, set(HELP))
        self.assertLessEqual({"--commit", "--history", "-q"}, HELP["history add"])
        self.assertLessEqual({"-o", "--output", "--mode", "-h", "--help", "--strict"}, HELP["ab"])

    def test_help_of_a_command_is_what_it_says_itself(self):
        named = lambda text: text.replace(DEFT, "deft")
        self.assertEqual(named(deft("help")), named(deft("--help")))
        for verb in VERBS:
            self.assertEqual(named(deft("help", verb)), named(deft(verb, "--help")))

    def test_what_is_no_command_or_shell_is_an_error(self):
        for arguments in (["help", "nonsense"], ["help", "--man", "ab"], ["completion", "tcsh"], ["completion"]):
            done = subprocess.run([DEFT, *arguments], capture_output=True, text=True, timeout=60, check=False)
            self.assertEqual((done.returncode, done.stdout, done.stderr.count("\n")), (2, "", 1), arguments)


class Manual(unittest.TestCase):
    def test_has_every_command_and_option(self):
        page = deft("help", "--man").replace("\\-", "-")
        parts = dict(re.findall(r"(?ms)^\.SS deft ([^\n]+)\n(.*?)(?=^\.S[SH] )", page))
        self.assertEqual(set(parts), set(HELP))
        for verb, options in HELP.items():
            named = set(re.findall(r"\\fB(-[^\\]+)\\fR", parts[verb]))
            self.assertEqual(named & options, options, verb)
        for section in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXAMPLES", "EXIT STATUS"):
            self.assertIn(f"\n.SH {section}\n", page)
        self.assertIn("130  interrupted", page)
        self.assertIn("\\fBdeft history bless\\fR [\\fIOPTIONS\\fR] \\fIBENCH\\fR\n", page)
        self.assertEqual(page.count("deft history show sort/1000"), 1)
        self.assertIn("\\fBdeft cmd-ab\\fR [\\fIOPTIONS\\fR] \\fB--\\fR \\fIBASE... -- HEAD...\\fR\n", page)

    def test_no_text_is_taken_for_a_request(self):
        known = {".TH", ".SH", ".SS", ".TP", ".PP", ".nf", ".fi", ".br"}
        for line in deft("help", "--man").splitlines():
            if line[:1] in (".", "'"):
                self.assertIn(line.split()[0], known)

    @unittest.skipUnless(shutil.which("groff"), "no groff")
    def test_groff_has_no_complaint(self):
        done = subprocess.run(["groff", "-man", "-ww", "-Tascii"], input=deft("help", "--man"), text=True,
                              capture_output=True, timeout=60, check=True)
        self.assertEqual(done.stderr, "")
        self.assertIn("deft ab", done.stdout)


class Completion(unittest.TestCase):
    def bash(self, *words):
        """What bash offers for the last of `words`."""
        quoted = " ".join("'" + word.replace("'", "'\\''") + "'" for word in words)
        script = (deft("completion", "bash") + f'COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1}; _deft; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "--norc", "-u", "-c", script], capture_output=True, text=True, timeout=60, check=True)
        self.assertEqual(done.stderr, "")
        return set(done.stdout.split("\n")) - {""}

    def test_bash_offers_commands_and_options(self):
        self.assertEqual(self.bash("deft", ""), set(VERBS))
        self.assertEqual(self.bash("deft", "pro"), {"profile"})
        self.assertEqual(self.bash("deft", "--"), {"--help", "--version"})
        for verb, options in HELP.items():
            self.assertEqual(self.bash("deft", *verb.split(), "-"), options)
        self.assertEqual(self.bash("deft", "history", ""), set(verbs("history")))
        self.assertEqual(self.bash("deft", "history", "ex"), {"export"})
        self.assertEqual(self.bash("deft", "history", "export", "x", "--rep"), {"--replace"})
        self.assertEqual(self.bash("deft", "ab", "a", "b", "--base-"), {"--base-env", "--base-label"})

    def test_bash_offers_the_words_that_an_option_takes(self):
        self.assertEqual(self.bash("deft", "ab", "--mode", ""), {"auto", "workers", "same-core", "duet", "alternate"})
        self.assertEqual(self.bash("deft", "profile", "--mode", ""), {"cpu", "wall", "off-cpu", "alloc"})
        self.assertEqual(self.bash("deft", "profile", "--collector", "p"), {"perf", "ptrace"})
        self.assertEqual(self.bash("deft", "export", "x", "--format", ""),
                         {"deft", "html", "collapsed", "pprof", "speedscope", "callgrind"})
        self.assertEqual(self.bash("deft", "completion", ""), {"bash", "zsh", "fish"})
        self.assertEqual(self.bash("deft", "help", ""), set(VERBS))
        self.assertEqual(self.bash("deft", "history", "show", ""), set(), "the name of a benchmark")
        self.assertEqual(self.bash("deft", "run", "--seed", ""), set(), "a number")

    def test_bash_offers_files_and_commands(self):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "my result.json").touch()
            found = {f"{folder}/my result.json"}
            self.assertEqual(self.bash("deft", "gate", f"{folder}/my"), found)
            self.assertEqual(self.bash("deft", "ab", "a", "b", "-o", f"{folder}/my"), found)
            self.assertEqual(self.bash("deft", "history", "show", "--history", f"{folder}/my"), found)
            self.assertEqual(self.bash("deft", "history", "add", f"{folder}/my"), found)
            self.assertEqual(self.bash("deft", "profile", "--", "cat", f"{folder}/my"), found)
        self.assertIn("bash", self.bash("deft", "profile", "--", "bas"))
        self.assertEqual(self.bash("deft", "nonsense", ""), set())
        self.assertEqual(self.bash("deft", "history", "nonsense", ""), set())

    def test_every_shell_has_every_command_and_option(self):
        zsh = dict(re.findall(r"(?ms)^    '([^'\n]+)'\)\n(.*?)^      ;;$", deft("completion", "zsh")))
        fish = deft("completion", "fish")
        for verb, options in HELP.items():
            self.assertEqual(set(re.findall(r"'\*(-[\w-]+)\[", zsh[verb])), options, verb)
            condition = "; and __fish_seen_subcommand_from ".join(verb.split())
            lines = "\n".join(re.findall(
                rf"^complete -c deft -n '__fish_seen_subcommand_from {condition}(?:; and not [^']+)?' .*$", fish, re.M))
            named = {"--" + name for name in re.findall(r" -l (\S+)", lines)} | {"-" + n for n in re.findall(r" -s (\S)", lines)}
            self.assertEqual(named, options, verb)
            self.assertEqual(f"-n __fish_use_subcommand -a '{verb}'" in fish, verb in VERBS, verb)
        self.assertIn("-n '__fish_seen_subcommand_from export; and not __fish_seen_subcommand_from history' -l format", fish)

    def test_every_shell_reads_its_own(self):
        for shell in ("bash", "zsh", "fish"):
            if not shutil.which(shell):
                continue
            done = subprocess.run([shell, "-n"], input=deft("completion", shell), capture_output=True, text=True,
                                  timeout=60, check=False)
            self.assertEqual((done.returncode, done.stderr), (0, ""), shell)


if __name__ == "__main__":
    unittest.main()
