#include <cmath>
#include <fstream>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/process.hpp"
#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using testing::HasSubstr;

// deft itself, with a PATH in which there is no valgrind, or another one.
class Count : public deft_program {
 protected:
  outcome count(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"count", DEFT_TEST_COUNTED_WORK, "-o", result_path()});
    return deft(std::move(arguments));
  }

  outcome with_path(const std::string& path, std::vector<std::string> arguments) const {
    support::spawn_options options = command(std::move(arguments));
    options.environment.emplace_back("PATH", path);
    const auto status = support::run(options, std::chrono::seconds(120));
    if (!status) throw std::runtime_error(status.error().message);
    return {status->code, read("stdout"), read("stderr")};
  }

  stats::work_counts counts(const std::string& name) const {
    const auto b = benchmark(name);
    EXPECT_TRUE(b.base_counts) << name;
    return b.base_counts.value_or(stats::work_counts{});
  }
};

class CountInstructions : public Count {
 protected:
  void SetUp() override {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "agents are not made for instrumented builds";
#endif
    if (support::find_program("valgrind").empty()) GTEST_SKIP() << "valgrind is not installed";
  }
};

bool has_avx512() {
  std::ifstream file("/proc/cpuinfo");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return text.find("avx512f") != std::string::npos;
}

TEST_F(Count, FindsExactlyTheAllocationsOfTheLoop) {
  const auto ended = count({"--filter", "^allocates$"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto counted = counts("allocates");
  EXPECT_EQ(counted.allocations, 2);
  EXPECT_EQ(counted.allocated_bytes, 200);
  ASSERT_TRUE(counted.peak_bytes);
  EXPECT_GE(*counted.peak_bytes, 300U);
  EXPECT_THAT(ended.out, HasSubstr("1 benchmark counted."));
}

TEST_F(Count, HoldsAllOfTheHeapThatTheBenchmarkUses) {
  ASSERT_EQ(count({"--filter", "^loop/1000$"}).code, 0);
  const auto counted = counts("loop/1000");
  EXPECT_EQ(counted.allocations, 0);
  ASSERT_TRUE(counted.peak_bytes);
  EXPECT_GE(*counted.peak_bytes, 800'000U);
  EXPECT_LT(*counted.peak_bytes, 1'600'000U);
}

TEST_F(Count, LeavesOutWhatHappensInPauses) {
  ASSERT_EQ(count({"--filter", "^pauses$"}).code, 0);
  EXPECT_EQ(counts("pauses").allocations, 0);
}

TEST_F(Count, SaysWhatSeveralThreadsForbid) {
  const auto ended = count({"--filter", "two_threads"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto counted = counts("loop_of_two_threads/1000/threads:2");
  EXPECT_FALSE(counted.instructions || counted.allocations);
  EXPECT_THAT(counted.why_not, HasSubstr("several threads"));
  EXPECT_THAT(ended.out, HasSubstr("not counted: it runs in several threads"));
}

TEST_F(Count, CountsAllocationsWhereValgrindIsNotInstalled) {
  const auto ended = with_path(in_folder("tmp").string(), {"count", DEFT_TEST_COUNTED_WORK, "--filter",
                                                           "^allocates$", "-o", result_path()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto counted = counts("allocates");
  EXPECT_FALSE(counted.instructions);
  EXPECT_EQ(counted.allocations, 2);
  EXPECT_EQ(counted.why_not, "instructions: valgrind is not installed");
}

TEST_F(Count, CallsWhatValgrindCannotRunNotCountable) {
  write_script("valgrind",
               "#!/bin/sh\necho 'valgrind: Unrecognised instruction at address 0x1.' >&2\nkill -ILL $$\n");
  const auto ended = with_path(in_folder("").string(), {"count", DEFT_TEST_COUNTED_WORK, "--filter",
                                                        "^allocates$", "-o", result_path()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto counted = counts("allocates");
  EXPECT_FALSE(counted.instructions);
  EXPECT_EQ(counted.allocations, 2);
  EXPECT_EQ(counted.why_not, "instructions: valgrind does not know one of its instructions (AVX-512, say)");
}

TEST_F(Count, BelievesNoValgrindThatWritesNonsense) {
  write_script(
      "valgrind",
      "#!/bin/sh\nwhile [ \"${1#--}\" != \"$1\" ]; do\n  case $1 in --callgrind-out-file=*) echo nonsense > "
      "\"${1#*=}\";; esac\n  shift\ndone\nexec \"$@\"\n");
  const auto ended = with_path(in_folder("").string(), {"count", DEFT_TEST_COUNTED_WORK, "--filter",
                                                        "^allocates$", "-o", result_path()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(counts("allocates").why_not, "instructions: callgrind's output is missing");
}

TEST_F(Count, TellsABenchmarkThatFailsFromOneThatCannotBeCounted) {
  const auto ended = deft({"count", DEFT_TEST_MISBEHAVING, "--filter", "^exit_3$", "-o", result_path()});
  EXPECT_EQ(ended.code, 4) << ended.err;
  EXPECT_THAT(benchmark("exit_3").failure, HasSubstr("exit code 3"));
}

TEST_F(Count, RefusesAFilterThatMatchesNothing) {
  const auto ended = count({"--filter", "nothing"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_TRUE(is_one_line_with(ended.err, {"no benchmark matches"}));
}

TEST_F(CountInstructions, FindsTwiceTheInstructionsOfTwiceTheWork) {
  const auto ended = count({"--filter", "^loop/"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto once = counts("loop/1000");
  const auto twice = counts("loop/2000");
  ASSERT_TRUE(once.instructions && twice.instructions) << once.why_not << twice.why_not;
  const double steps = *twice.instructions - *once.instructions;
  EXPECT_EQ(std::fmod(steps, 1000), 0);
  EXPECT_GT(steps, 2000);
  // Besides the steps there is the call of the loop and what the loop over the state takes: a few
  // instructions.
  EXPECT_GE(2 * *once.instructions, *twice.instructions);
  EXPECT_LT(2 * *once.instructions - *twice.instructions, 50);
}

TEST_F(CountInstructions, AreTheSameWhateverTimeDecides) {
  ASSERT_EQ(count({"--filter", "^loop(/1000$|_by|_of_a)|^by_hand"}).code, 0);
  const auto usual = counts("loop/1000");
  ASSERT_TRUE(usual.instructions) << usual.why_not;
  EXPECT_EQ(counts("loop_by_the_wall/1000/real_time").instructions, usual.instructions);
  EXPECT_EQ(counts("loop_of_a_process/1000/process_time").instructions, usual.instructions);
  const auto by_hand = counts("by_hand/manual_time");
  EXPECT_TRUE(by_hand.instructions && by_hand.allocations) << by_hand.why_not;
}

TEST_F(CountInstructions, AreSharedOutWhereTheBenchmarkSetsItsIterations) {
  ASSERT_EQ(count({"--filter", "^loop(/1000$|_of_seven)"}).code, 0);
  const auto usual = counts("loop/1000");
  const auto seven = counts("loop_of_seven/1000/iterations:7");
  ASSERT_TRUE(usual.instructions && seven.instructions) << usual.why_not << seven.why_not;
  EXPECT_NEAR(*seven.instructions, *usual.instructions, 0.02 * *usual.instructions);
}

TEST_F(CountInstructions, LeaveOutWhatHappensInPauses) {
  ASSERT_EQ(count({"--filter", "^pauses$|^loop/1000$"}).code, 0);
  const auto usual = counts("loop/1000");
  const auto pauses = counts("pauses");
  ASSERT_TRUE(usual.instructions && pauses.instructions) << usual.why_not << pauses.why_not;
  EXPECT_LT(*pauses.instructions, 1.5 * *usual.instructions);
}

TEST_F(CountInstructions, AreTheSameInEveryRunAndEnvironment) {
  std::vector<stats::work_counts> runs;
  for (const char* padding : {"", "x", "some longer text that shifts the stack"}) {
    ASSERT_EQ(count({"--filter", "^allocates$", "--env", std::string("PADDING=") + padding}).code, 0);
    runs.push_back(counts("allocates"));
    runs.back().peak_bytes = runs.front().peak_bytes;
  }
  EXPECT_TRUE(runs[0].instructions) << runs[0].why_not;
  EXPECT_EQ(runs[0], runs[1]);
  EXPECT_EQ(runs[0], runs[2]);
}

TEST_F(CountInstructions, OfAvx512AreNotCountable) {
  if (!has_avx512()) GTEST_SKIP() << "this processor has no AVX-512";
  const auto ended = count({"--filter", "^wide$", "--env", "DEFT_HAS_AVX512=1"});
  EXPECT_EQ(ended.code, 0) << ended.err;
  const auto counted = counts("wide");
  if (counted.instructions) GTEST_SKIP() << "this valgrind knows AVX-512";
  EXPECT_EQ(counted.why_not, "instructions: valgrind does not know one of its instructions (AVX-512, say)");
  EXPECT_EQ(counted.allocations, 0);
}

TEST_F(CountInstructions, OfBothSidesJudgeAComparison) {
  const auto ended =
      measure({"ab", DEFT_TEST_COUNTED_WORK, DEFT_TEST_COUNTED_WORK, "--filter", "^allocates$", "--counts",
               "--head-env", "DEFT_MORE_ALLOCATIONS=1", "--gate", "--max-allocations", "0"});
  EXPECT_EQ(ended.code, 1) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("too many more allocations: allocates (allocations 2 to 3)"));
  const auto b = benchmark("allocates");
  ASSERT_TRUE(b.base_counts && b.head_counts && b.decision);
  EXPECT_EQ(b.base_counts->allocations, 2);
  EXPECT_EQ(b.head_counts->allocations, 3);
  EXPECT_THAT(b.decision->reason, HasSubstr("more work, "));
  const auto judged = deft({"gate", result_path(), "--max-allocations", "1", "--max-instructions", "1000"});
  EXPECT_EQ(judged.out, "gate: passed\n");
}

TEST_F(CountInstructions, AreAddedToARun) {
  const auto ended = measure({"run", DEFT_TEST_COUNTED_WORK, "--filter", "^allocates$", "--counts"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(counts("allocates").allocations, 2);
  EXPECT_TRUE(counts("allocates").instructions);
  EXPECT_GT(benchmark("allocates").base_ns, 0);
  EXPECT_THAT(ended.out, HasSubstr("per iteration"));
  EXPECT_THAT(ended.out, HasSubstr("instructions"));
}

TEST_F(Count, LimitsNeedCountsToJudge) {
  const auto ended =
      measure({"ab", DEFT_TEST_COUNTED_WORK, DEFT_TEST_COUNTED_WORK, "--max-instructions", "0.5"});
  EXPECT_EQ(ended.code, 2);
  EXPECT_TRUE(is_one_line_with(ended.err, {"--max-instructions", "--counts"}));
}

}  // namespace
}  // namespace deft::cli
