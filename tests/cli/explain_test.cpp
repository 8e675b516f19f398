// deft explain: which functions made a benchmark slower, of two programs, and of what deft ab found. The
// programs are the same file, one of whose functions does more of its work if told to. Whatever takes the
// samples here.

#include <filesystem>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/explanations.hpp"
#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class Explain : public deft_program {
 protected:
  /// As short as can be, where what is found does not matter.
  static std::vector<std::string> hasty(std::vector<std::string> arguments, const std::string& rounds = "1") {
    arguments.insert(arguments.begin(), "explain");
    arguments.insert(arguments.end(),
                     {"--rounds", rounds, "--profile-time", "0.05", "--seed", "1", "--filter", "inner_work"});
    return arguments;
  }

  /// A result with that benchmark, profiled in one round; the programs are copies in the folder.
  void make_result() const {
    for (const char* name : {"base", "head"}) fs::copy_file(DEFT_TEST_INNER_SLOWDOWN, in_folder(name));
    const outcome o =
        deft(hasty({in_folder("base").string(), in_folder("head").string(), "-o", result_path()}));
    ASSERT_EQ(o.code, 0) << o.err;
  }

  std::vector<std::string> names(const std::vector<std::uint32_t>& which,
                                 const diff::explanation& explained) const {
    std::vector<std::string> found;
    for (const std::uint32_t i : which) found.push_back(explained.functions[i].frame.function);
    return found;
  }
};

TEST_F(Explain, NamesTheOneFunctionThatDoesMore) {
  std::vector<std::string> arguments{DEFT_TEST_INNER_SLOWDOWN,
                                     DEFT_TEST_INNER_SLOWDOWN,
                                     "--head-env",
                                     "DEFT_SLOWDOWN=mix=30",
                                     "-o",
                                     result_path()};
  const outcome o = deft(hasty(std::move(arguments), "8"));
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, HasSubstr("slower in its own code"));
  EXPECT_THAT(o.out, HasSubstr("inner::mix"));
  const store::result_file file = result();
  ASSERT_EQ(file.benchmarks.size(), 1U);
  ASSERT_TRUE(file.benchmarks[0].paired);
  const diff::profile_rounds& rounds = *file.benchmarks[0].paired;
  EXPECT_EQ(rounds.base.processes.size(), 8U) << rounds.note;
  EXPECT_EQ(rounds.head.processes.size(), 8U);
  const diff::explanation explained = report::explain(file.benchmarks[0], file);
  const auto slower = names(explained.slower, explained);
  ASSERT_EQ(slower.size(), 1U) << testing::PrintToString(slower);
  EXPECT_THAT(slower[0], HasSubstr("inner::mix"));
  EXPECT_GT(explained.whole.low_ns, 0);
  EXPECT_GT(file.benchmarks[0].head_ns, file.benchmarks[0].base_ns);
}

TEST_F(Explain, NamesNothingWhereBothAreTheSameBytes) {
  const outcome o =
      deft(hasty({DEFT_TEST_INNER_SLOWDOWN, DEFT_TEST_INNER_SLOWDOWN, "-o", result_path()}, "5"));
  ASSERT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, Not(HasSubstr("in its own code")));
  const store::result_file file = result();
  const diff::explanation explained = report::explain(file.benchmarks.at(0), file);
  EXPECT_EQ(explained.rounds, 5U);
  EXPECT_TRUE(explained.slower.empty());
  EXPECT_TRUE(explained.faster.empty());
  EXPECT_TRUE(explained.callers.empty());
}

TEST_F(Explain, KeepsItsProfilesInTheResultFileAndReadsThemAgain) {
  make_result();
  const std::string before = read("result.json");
  const outcome nothing = deft({"explain", result_path()});
  EXPECT_EQ(nothing.code, 0) << nothing.err;
  EXPECT_THAT(nothing.out, HasSubstr("nothing regressed or improved"));
  EXPECT_EQ(read("result.json"), before);

  const outcome again = deft({"explain", result_path(), "--no-profile", "--json"});
  EXPECT_EQ(again.code, 0) << again.err;
  EXPECT_THAT(again.out, testing::StartsWith(R"({"schema":"deft-explanation","version":1,)"));
  EXPECT_THAT(again.out, HasSubstr(R"("benchmark":"inner_work")"));
  EXPECT_EQ(read("result.json"), before);

  const outcome more = deft(hasty({result_path(), "--all", "--report", in_folder("report").string()}, "2"));
  EXPECT_EQ(more.code, 0) << more.err;
  EXPECT_EQ(benchmark("inner_work").paired->base.processes.size(), 2U);
  EXPECT_TRUE(fs::exists(in_folder("report") / "index.html"));
}

TEST_F(Explain, LeavesMoreRoundsThanItCouldTakeNow) {
  make_result();
  ASSERT_EQ(deft(hasty({result_path(), "--benchmark", "inner_work", "--benchmark", "inner_work"}, "2")).code,
            0);
  ASSERT_EQ(benchmark("inner_work").paired->base.processes.size(), 2U);
  const outcome fewer = deft(hasty({result_path(), "--all"}));
  EXPECT_EQ(fewer.code, 0);
  EXPECT_THAT(fewer.err, HasSubstr("2 rounds of profiles that were there stay"));
  EXPECT_EQ(benchmark("inner_work").paired->base.processes.size(), 2U);
  const outcome no_time = deft(hasty({result_path(), "--all", "--time-budget", "0.001"}));
  EXPECT_THAT(no_time.err, HasSubstr("that were there stay"));
  EXPECT_EQ(benchmark("inner_work").paired->base.processes.size(), 2U);
}

TEST_F(Explain, RefusesProgramsThatAreNotThoseThatWereMeasured) {
  make_result();
  fs::permissions(in_folder("head"), fs::perms::owner_all);
  const std::string program = read("head");
  write("head", program + "x");
  const outcome changed = deft(hasty({result_path(), "--all"}));
  EXPECT_EQ(changed.code, 5);
  EXPECT_TRUE(is_one_line_with(changed.err, {in_folder("head").string(), "built again since"}));
  fs::remove(in_folder("base"));
  const outcome gone = deft(hasty({result_path(), "--benchmark", "inner_work"}));
  EXPECT_EQ(gone.code, 5);
  EXPECT_TRUE(is_one_line_with(gone.err, {in_folder("base").string(), "is gone"}));
}

TEST_F(Explain, RefusesWhatIsNotThere) {
  make_result();
  const auto refusal = [this](std::vector<std::string> arguments, int code,
                              const std::vector<std::string>& words) {
    arguments.insert(arguments.begin(), "explain");
    const outcome o = deft(std::move(arguments));
    EXPECT_EQ(o.code, code) << o.out;
    EXPECT_TRUE(is_one_line_with(o.err, words));
  };
  refusal({result_path(), "--benchmark", "none"}, 2, {"there is no benchmark 'none'"});
  refusal({result_path(), "--all", "--filter", "none"}, 2, {"no benchmark matches --filter 'none'"});
  refusal({result_path(), "--all", "--benchmark", "inner_work"}, 2, {"not both"});
  refusal({result_path(), "--env", "A=B"}, 2, {"for two programs"});
  refusal({result_path(), "--no-profile", "-o", in_folder("out.json").string()}, 2, {"--output"});
  refusal({"a", "b", "--all"}, 2, {"for a result file"});
  refusal({in_folder("none.json").string()}, 5, {"none.json"});
  write("text", "Welcome");
  refusal({in_folder("text").string()}, 5, {"text", "not valid JSON"});
  refusal({DEFT_TEST_INNER_SLOWDOWN, in_folder("none").string()}, 4, {in_folder("none").string()});
}

TEST_F(Explain, SaysThatNothingTellsWhetherProgramsWereBuiltAgainOfAnOlderResult) {
  make_result();
  store::result_file file = result();
  file.head.programs[0].content.clear();
  ASSERT_TRUE(store::save(file, result_path()));
  const outcome without_content = deft(hasty({result_path(), "--all"}));
  EXPECT_THAT(without_content.err, HasSubstr("cannot be checked"));

  file.base.programs.clear();
  file.head.programs.clear();
  file.benchmarks[0].program.reset();
  ASSERT_TRUE(store::save(file, result_path()));
  const outcome o = deft(hasty({result_path(), "--all"}));
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.err, HasSubstr("cannot be checked"));
}

TEST_F(Explain, FollowsAComparisonThatAsksForIt) {
  const outcome o = measure({"ab", DEFT_TEST_INNER_SLOWDOWN, DEFT_TEST_INNER_SLOWDOWN, "--filter",
                             "inner_work", "--head-env", "DEFT_SLOWDOWN=mix=30", "--explain",
                             "--explain-rounds", "2", "--explain-time", "0.05", "--no-profile"});
  ASSERT_EQ(o.code, 0) << o.err;
  const store::benchmark b = benchmark("inner_work");
  ASSERT_TRUE(b.decision);
  const bool changed = b.decision->verdict == stats::verdict::regressed;
  EXPECT_EQ(b.paired.has_value(), changed) << b.decision->reason;
  if (changed) {
    EXPECT_EQ(b.paired->base.processes.size(), 2U) << b.paired->unavailable;
    EXPECT_THAT(o.out, HasSubstr("under the profiler"));
  }
  ASSERT_EQ(result().head.programs.size(), 1U);
  EXPECT_EQ(result().head.programs[0].environment.back().second, "mix=30");
}

}  // namespace
}  // namespace deft::cli
