#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using stats::verdict;
using testing::HasSubstr;
using testing::Not;

class Comparison : public deft_program {
 protected:
  /// `hash` takes four times the time on one side; more than any noise.
  outcome compare_with_slow(const std::string& side, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"ab",
                                       DEFT_TEST_SEEDED_SLOWDOWN,
                                       DEFT_TEST_SEEDED_SLOWDOWN,
                                       "--" + side + "-env",
                                       "DEFT_SLOWDOWN=hash=4",
                                       "--filter",
                                       "hash",
                                       "--no-profile",
                                       "--repetitions",
                                       "3",
                                       "--min-time",
                                       "0.005",
                                       "-o",
                                       result_path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return deft(std::move(arguments));
  }
};

TEST_F(Comparison, FindsASlowdownAndTellsTheGate) {
  const outcome o = compare_with_slow("head", {"--gate"});
  EXPECT_EQ(o.code, 1) << o.out << o.err;
  EXPECT_THAT(o.out, HasSubstr("gate: regressed: hash"));
  const auto hash = benchmark("hash");
  ASSERT_TRUE(hash.decision);
  EXPECT_EQ(hash.decision->verdict, verdict::regressed);
  EXPECT_TRUE(hash.decision->confirmed);
  EXPECT_GT(hash.decision->head.ratio, 2);
  EXPECT_EQ(hash.method, measure::method::same_core);
  EXPECT_EQ(deft({"gate", result_path()}).code, 1);
}

TEST_F(Comparison, FindsAnImprovementAndLetsItPass) {
  const outcome o = compare_with_slow("base", {"--gate"});
  EXPECT_EQ(o.code, 0) << o.out << o.err;
  EXPECT_EQ(benchmark("hash").decision->verdict, verdict::improved);
}

TEST_F(Comparison, WithoutGateEndsWithZeroAlsoAfterARegression) {
  EXPECT_EQ(compare_with_slow("head", {}).code, 0);
  EXPECT_EQ(benchmark("hash").decision->verdict, verdict::regressed);
}

TEST_F(Comparison, InTurnWhereTheNameOrTheUserSaysSo) {
  ASSERT_EQ(
      measure({"ab", DEFT_TEST_MISBEHAVING, DEFT_TEST_MISBEHAVING, "--filter", "^(good|wall|threads)"}).code,
      0);
  EXPECT_EQ(benchmark("good").method, measure::method::same_core);
  EXPECT_EQ(benchmark("wall/real_time").method, measure::method::alternating);
  EXPECT_EQ(benchmark("threads/threads:2").method, measure::method::alternating);
  ASSERT_EQ(measure({"ab", DEFT_TEST_PRINTING, DEFT_TEST_PRINTING, "--mode", "alternate"}).code, 0);
  EXPECT_EQ(benchmark("work").method, measure::method::alternating);
}

TEST_F(Comparison, LetsTheVariableOfOneSideWin) {
  ASSERT_EQ(measure({"ab", DEFT_TEST_MISBEHAVING, DEFT_TEST_MISBEHAVING, "--env", "DEFT_TEST_HIDE=good",
                     "--head-env", "DEFT_TEST_HIDE=error", "--filter", "^(good|garbage)$"})
                .code,
            0);
  EXPECT_EQ(benchmark("good").decision->verdict, verdict::added);
}

TEST_F(Comparison, RecordsHowItWasMade) {
  ASSERT_EQ(measure({"ab", DEFT_TEST_PRINTING, DEFT_TEST_PRINTING, "--note", "a note", "--base-label",
                     "before", "--band", "0.05"})
                .code,
            0);
  const auto file = result();
  EXPECT_EQ(file.kind, store::run_kind::comparison);
  EXPECT_EQ(file.seed, 1U);
  EXPECT_EQ(file.band, 0.05);
  EXPECT_EQ(file.note, "a note");
  EXPECT_EQ(file.base.label, "before");
  EXPECT_EQ(file.head.label, DEFT_TEST_PRINTING);
  EXPECT_EQ(file.base.program, DEFT_TEST_PRINTING);
  EXPECT_FALSE(file.interrupted);
  EXPECT_GT(file.duration_seconds, 0);
  EXPECT_FALSE(file.created.empty());
  EXPECT_FALSE(file.machine.kernel.empty());
  EXPECT_FALSE(file.machine.perf_event.empty());
  ASSERT_EQ(file.benchmarks.size(), 1U);
  EXPECT_GE(file.benchmarks[0].rounds.size(), 2U);
  EXPECT_EQ(file.benchmarks[0].rounds[0].control.size(), 2U);
}

TEST_F(Comparison, NamesWhatIsMissingAndWhatIsNew) {
  const outcome gone = measure({"ab", DEFT_TEST_MISBEHAVING, DEFT_TEST_MISBEHAVING, "--head-env",
                                "DEFT_TEST_HIDE=good", "--filter", "^(good|garbage)$", "--gate"});
  EXPECT_EQ(gone.code, 1) << gone.err;
  EXPECT_EQ(benchmark("good").decision->verdict, verdict::missing);
  EXPECT_EQ(deft({"gate", result_path(), "--allow-missing"}).code, 0);

  const outcome fresh = measure({"ab", DEFT_TEST_MISBEHAVING, DEFT_TEST_MISBEHAVING, "--base-env",
                                 "DEFT_TEST_HIDE=good", "--filter", "^(good|garbage)$", "--gate"});
  EXPECT_EQ(fresh.code, 0) << fresh.err;
  EXPECT_EQ(benchmark("good").decision->verdict, verdict::added);
  EXPECT_GT(benchmark("good").head_ns, 0);
}

TEST_F(Comparison, ANewBenchmarkThatCrashesIsNoSuccess) {
  const outcome o = measure({"ab", DEFT_TEST_MISBEHAVING, DEFT_TEST_MISBEHAVING, "--base-env",
                             "DEFT_TEST_HIDE=segfault", "--filter", "^(good|segfault)$"});
  EXPECT_EQ(o.code, 4);
  EXPECT_EQ(benchmark("segfault").decision->verdict, verdict::failed);
}

TEST_F(Comparison, OfSeveralProgramsBelowTwoFolders) {
  namespace fs = std::filesystem;
  for (const std::string side : {"old", "new"}) {
    fs::create_directories(in_folder(side));
    fs::create_symlink(DEFT_TEST_PRINTING, in_folder(side + "/printing"));
  }
  fs::create_symlink(DEFT_TEST_PRINTING, in_folder("new/other"));
  const outcome o = measure({"ab", "old", "new", "--bench", "printing", "--bench", "other"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_TRUE(benchmark("printing: work").decision);
  EXPECT_EQ(benchmark("other: work").decision->verdict, verdict::added);
  const outcome none = measure({"ab", "old", "new", "--bench", "absent"});
  EXPECT_EQ(none.code, 2);
  EXPECT_TRUE(is_one_line_with(none.err, {"absent", "old", "new"}));
}

TEST_F(Comparison, TellsProgramsOfOneNameApartByTheirPaths) {
  namespace fs = std::filesystem;
  for (const std::string side : {"old", "new"}) {
    fs::create_directories(in_folder(side));
    fs::create_symlink(DEFT_TEST_PRINTING, in_folder(side + "/printing"));
  }
  ASSERT_EQ(measure({"run", "old/printing", "new/printing"}).code, 0);
  EXPECT_GT(benchmark("old/printing: work").base_ns, 0);
  EXPECT_GT(benchmark("new/printing: work").base_ns, 0);
}

TEST_F(Comparison, ProfilesWhateverItCanMeasure) {
  const std::string odd = "work<int, (x)>/^a|b$/[0]+{1}*?.\\";
  const outcome o =
      deft({"run", DEFT_TEST_MISBEHAVING, "--filter", "^(not_finite|aggregates.*|work<int, .*)$", "--rounds",
            "2", "--min-time", "0.001", "--profile-time", "0.1", "-o", result_path()});
  ASSERT_EQ(o.code, 0) << o.err;
  for (const std::string& name : {std::string("not_finite"), std::string("aggregates/repeats:3"), odd}) {
    const auto profile = benchmark(name).profile;
    ASSERT_TRUE(profile) << name;
    EXPECT_TRUE(profile->unavailable.empty() || profile->unavailable == result().machine.perf_event)
        << name << ": " << profile->unavailable;
  }
}

TEST_F(Comparison, PassesArgumentsOn) {
  ASSERT_EQ(measure({"run", DEFT_TEST_PRINTING}).code, 0);
  const double usual = benchmark("work").base_ns;
  ASSERT_EQ(measure({"run", DEFT_TEST_PRINTING, "--arg", "--many-steps"}).code, 0);
  // A hundred times the work, on a machine that may be busy.
  EXPECT_GT(benchmark("work").base_ns, 4 * usual);
  const outcome refused = measure({"run", DEFT_TEST_PRINTING, "--arg", "--no-such-word"});
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("printing: exit code 1"));
}

TEST_F(Comparison, ProfilesBothSidesAfterMeasuring) {
  const outcome o = deft({"ab", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_SEEDED_SLOWDOWN, "--filter", "hash",
                          "--rounds", "2", "--min-time", "0.001", "--profile-time", "0.2", "-o",
                          result_path(), "--report", in_folder("report").string()});
  ASSERT_EQ(o.code, 0) << o.err;
  const auto hash = benchmark("hash");
  for (const auto& profile : {hash.profile, hash.base_profile}) {
    ASSERT_TRUE(profile);
    EXPECT_NE(profile->unavailable.empty(), profile->stacks.empty()) << profile->unavailable;
  }
  EXPECT_THAT(read("report/index.html"), HasSubstr("<html"));
  EXPECT_THAT(read("report/report.md"), HasSubstr("hash"));
  EXPECT_EQ(read("report/result.json"), read("result.json"));
}

TEST_F(Comparison, ReportOfAResultFileIsTheSameEachTime) {
  ASSERT_EQ(measure({"run", DEFT_TEST_PRINTING}).code, 0);
  ASSERT_EQ(deft({"report", result_path(), "-o", "one"}).code, 0);
  ASSERT_EQ(deft({"report", "one/result.json", "-o", "two"}).code, 0);
  for (const std::string file : {"index.html", "report.md", "result.json"}) {
    EXPECT_FALSE(read("one/" + file).empty());
    EXPECT_EQ(read("one/" + file), read("two/" + file));
  }
}

TEST_F(Comparison, SaysNothingWhenQuiet) {
  const outcome o = measure({"run", DEFT_TEST_PRINTING, "--quiet"});
  EXPECT_EQ(o.code, 0);
  EXPECT_EQ(o.out, "");
  EXPECT_EQ(o.err, "");
}

TEST_F(Comparison, WritesPlainLinesWhereThereIsNoTerminal) {
  const outcome o = measure({"run", DEFT_TEST_PRINTING});
  EXPECT_EQ(o.err, "measuring 1 benchmark\n");
  EXPECT_THAT(o.out, Not(HasSubstr("\033")));
}

}  // namespace
}  // namespace deft::cli
