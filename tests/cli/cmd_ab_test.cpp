// `deft cmd-ab`: how commands are run and what comes of them. Nothing here depends on how long they take.

#include <algorithm>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

using words = std::vector<std::string>;

class CmdAb : public deft_program {
 protected:
  /// Compares two shell scripts: two rounds of two runs each, unless `options` say otherwise.
  outcome compare(const std::string& base, const std::string& head, const words& options = {}) const {
    return compare_commands({"sh", "-c", base}, {"sh", "-c", head}, options);
  }

  outcome compare_commands(const words& base, const words& head, const words& options = {}) const {
    words all{"cmd-ab", "--rounds", "2", "--seed", "1"};
    if (std::find(options.begin(), options.end(), "-o") == options.end())
      all.insert(all.end(), {"-o", result_path()});
    if (std::find(options.begin(), options.end(), "--repetitions") == options.end())
      all.insert(all.end(), {"--repetitions", "2"});
    for (const words& more : {options, {"--"}, base, {"--"}, head})
      all.insert(all.end(), more.begin(), more.end());
    return deft(all);
  }

  bool has_result() const { return std::filesystem::exists(in_folder("result.json")); }

  /// The lines of a file in the folder, in threes; what stands before the first three is left out.
  std::vector<words> threes(const std::string& name, std::size_t before) const {
    std::istringstream lines(read(name));
    std::vector<words> found;
    std::size_t n = 0;
    for (std::string line; std::getline(lines, line); ++n) {
      if (n < before) continue;
      if ((n - before) % 3 == 0) found.emplace_back();
      found.back().push_back(line);
    }
    return found;
  }
};

constexpr const char* spin = "i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done";

TEST_F(CmdAb, WritesAResultAsAbDoes) {
  const outcome o = compare(spin, spin, {"--mode", "same-core", "--head-label", "new", "--note", "a note"});
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("result: "));
  const auto file = result();
  EXPECT_EQ(file.kind, store::run_kind::comparison);
  EXPECT_EQ(file.base.label, "sh -c '" + std::string(spin) + "'");
  EXPECT_EQ(file.head.label, "new");
  EXPECT_EQ(file.head.program, file.base.label);
  EXPECT_EQ(file.note, "a note");
  ASSERT_THAT(file.benchmarks, SizeIs(1));
  const store::benchmark& b = file.benchmarks[0];
  EXPECT_EQ(b.name, "sh");
  EXPECT_EQ(b.method, measure::method::same_core);
  EXPECT_THAT(b.failure, IsEmpty());
  ASSERT_TRUE(b.decision);
  EXPECT_GT(b.base_ns, 0);
  EXPECT_GT(b.head_ns, 0);
  EXPECT_GE(b.rounds.size(), 2U);  // More if noise looked like a change at first.
  for (const measure::round& r : b.rounds) {
    for (const measure::process_run& run : {r.base, r.head, r.control}) {
      ASSERT_THAT(run, SizeIs(2));
      for (const measure::repetition& one : run) {
        EXPECT_GT(one.cpu_ns, 0);
        EXPECT_GT(one.real_ns, 0);
        EXPECT_EQ(one.iterations, 1U);
      }
    }
  }
}

TEST_F(CmdAb, ItsResultIsForGateReportAndPublish) {
  ASSERT_EQ(compare("true", "true", {"-q", "--name", "nothing"}).code, 0);
  EXPECT_THAT(deft({"gate", result_path()}).out, StartsWith("gate: "));
  EXPECT_EQ(deft({"report", result_path(), "-o", in_folder("report").string()}).code, 0);
  EXPECT_THAT(read("report/index.html"), HasSubstr("nothing"));
  const outcome published = deft({"publish", result_path(), "--markdown", "-"});
  EXPECT_EQ(published.code, 0);
  EXPECT_THAT(published.out, HasSubstr("| `nothing` |"));
}

TEST_F(CmdAb, AddsItsResultToAHistory) {
  const std::string file = in_folder("h.sqlite").string();
  const outcome o = compare(spin, spin, {"--name", "spinning", "-q", "--history", file});
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(deft({"history", "show", "--history", file}).out, HasSubstr("spinning"));
}

TEST_F(CmdAb, RunsBaseTwiceAndHeadOnceInEachThree) {
  for (const std::string mode : {"alternate", "same-core"}) {
    write("log", "");
    ASSERT_EQ(compare("echo base >> log", "echo head >> log", {"--mode", mode, "--warmup", "2", "-q"}).code,
              0);
    const auto runs = threes("log", 4);  // Two of each beforehand do not count.
    ASSERT_GE(runs.size(), 4U) << mode;
    for (const words& three : runs)
      EXPECT_THAT(three, testing::UnorderedElementsAre("base", "base", "head")) << mode;
  }
}

TEST_F(CmdAb, OnSameCoreAllThreeHaveOneProcessor) {
  const std::string note = "grep Cpus_allowed_list /proc/self/status >> log";
  ASSERT_EQ(compare(note, note, {"--mode", "same-core", "-q"}).code, 0);
  const auto runs = threes("log", 2);
  ASSERT_GE(runs.size(), 4U);
  for (const words& three : runs) {
    ASSERT_THAT(three, SizeIs(3));
    EXPECT_THAT(three, Each(three[0]));
    EXPECT_EQ(three[0].find_first_of(",-", three[0].find(':')), std::string::npos) << three[0];
  }
}

TEST_F(CmdAb, ComparesWallTimeOfWhatWaits) {
  const outcome o = compare("sleep 0.05", "sleep 0.05", {"--repetitions", "1"});
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.err, HasSubstr("comparing wall time"));
  EXPECT_EQ(result().benchmarks.at(0).method, measure::method::alternating);
}

TEST_F(CmdAb, FillsARoundOfShortCommands) {
  ASSERT_EQ(deft({"cmd-ab", "--rounds", "2", "-q", "-o", result_path(), "--", "true", "--", "true"}).code, 0);
  const std::size_t repetitions = result().benchmarks.at(0).rounds.at(0).head.size();
  EXPECT_GE(repetitions, 1U);
  EXPECT_LE(repetitions, 10U);
}

TEST_F(CmdAb, CallsTheComparisonAfterItsPrograms) {
  ASSERT_EQ(compare_commands({"/bin/true"}, {"echo", "x"}, {"-q"}).code, 0);
  EXPECT_EQ(result().benchmarks.at(0).name, "true to echo");
}

TEST_F(CmdAb, SetsVariablesForEachSide) {
  const std::string note = R"(echo "$SIDE $BOTH" >> log)";
  ASSERT_EQ(
      compare(note, note,
              {"-q", "--env", "BOTH=1", "--env", "SIDE=x", "--base-env", "SIDE=b", "--head-env", "SIDE=h"})
          .code,
      0);
  for (const words& three : threes("log", 2))
    EXPECT_THAT(three, testing::UnorderedElementsAre("b 1", "b 1", "h 1"));
}

TEST_F(CmdAb, ThrowsAwayWhatCommandsPrintUnlessAsked) {
  const std::string print = "echo to-stdout; echo to-stderr >&2";
  const outcome silent = compare(print, print, {"-q"});
  EXPECT_EQ(silent.code, 0);
  EXPECT_EQ(silent.out + silent.err, "");
  const outcome shown = compare(print, print, {"-q", "--show-output"});
  EXPECT_EQ(shown.code, 0);
  EXPECT_THAT(shown.out, HasSubstr("to-stdout"));
  EXPECT_THAT(shown.err, HasSubstr("to-stderr"));
}

TEST_F(CmdAb, SaysWhichCommandFailsAndWhy) {
  const outcome o = compare("exit 0", "echo 'no input file' >&2; exit 3", {"-q"});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(
      is_one_line_with(o.err, {"deft: head, sh -c ", "exit code 3", "no input file", "--ignore-exit"}));
  EXPECT_FALSE(has_result());
  EXPECT_EQ(compare("exit 1", "exit 0", {"-q"}).code, 4);
  EXPECT_THAT(read("stderr"), StartsWith("deft: base, "));
}

TEST_F(CmdAb, MeasuresFailuresWhereAsked) {
  const outcome o = compare("exit 1", "exit 2", {"-q", "--ignore-exit"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(result().benchmarks.at(0).failure, IsEmpty());
  // But nothing is known of what a signal ended.
  const outcome killed = compare("exit 0", "kill -9 $$", {"-q", "--ignore-exit"});
  EXPECT_EQ(killed.code, 4);
  EXPECT_TRUE(is_one_line_with(killed.err, {"head", "SIGKILL"}));
}

TEST_F(CmdAb, NotesACommandThatFailsLater) {
  for (const std::string mode : {"alternate", "same-core"}) {
    write("count", "");
    const std::string head = "echo >> count; [ $(wc -l < count) -lt 3 ] || exit 7";
    const outcome o = compare("true", head, {"-q", "--mode", mode});
    EXPECT_EQ(o.code, 4) << o.err;
    const auto b = result().benchmarks.at(0);
    ASSERT_TRUE(b.decision);
    EXPECT_EQ(b.decision->verdict, stats::verdict::failed);
    EXPECT_THAT(b.failure, testing::AllOf(HasSubstr("head: exit code 7"), testing::Not(HasSubstr("base"))));
    EXPECT_EQ(deft({"gate", result_path()}).code, 4);
  }
}

TEST_F(CmdAb, NamesACommandThatCannotBeStarted) {
  const outcome absent = compare_commands({"true"}, {"/no/such/command"}, {"--ignore-exit", "-q"});
  EXPECT_EQ(absent.code, 4);
  EXPECT_TRUE(is_one_line_with(absent.err, {"head", "/no/such/command", "No such file"}));
  const outcome unknown = compare_commands({"no-such-command-anywhere"}, {"true"}, {"-q"});
  EXPECT_EQ(unknown.code, 4);
  EXPECT_TRUE(is_one_line_with(unknown.err, {"base", "no-such-command-anywhere", "not found in PATH"}));
}

TEST_F(CmdAb, EndsACommandThatHangsWithItsWholeFamily) {
  const outcome o = compare("true", "sleep 1000 & wait", {"-q", "--time-limit", "0.3"});
  EXPECT_EQ(o.code, 4);
  EXPECT_TRUE(is_one_line_with(o.err, {"head", "no end within the time limit of 0.3 s"}));
  EXPECT_TRUE(leaves_no_process());
}

TEST_F(CmdAb, FindsOutFirstWhetherTheResultCanBeWritten) {
  write("file", "");
  const outcome o = compare("echo ran >> log", "true", {"-o", in_folder("file/x.json").string()});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"cannot write", "file/x.json"}));
  EXPECT_EQ(read("log"), "");
}

}  // namespace
}  // namespace deft::cli
