#include <algorithm>

#include <gmock/gmock.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using measure::method;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class Workers : public deft_program {};

TEST_F(Workers, AreWhatAutoTakesForBenchmarksOfDeftsOwn) {
  EXPECT_EQ(measure({"ab", DEFT_TEST_OWN_BENCHMARKS, DEFT_TEST_OWN_BENCHMARKS, "--filter", "sum"}).code, 0);
  EXPECT_EQ(benchmark("sum").method, method::workers);
  EXPECT_EQ(benchmark("sum").rounds.size(), 2U);
  // Google Benchmark would set up anew before each batch.
  EXPECT_EQ(measure({"ab", DEFT_TEST_SEEDED_WORKER, DEFT_TEST_SEEDED_WORKER, "--filter", "sum"}).code, 0);
  EXPECT_EQ(benchmark("sum").method, method::same_core);
  EXPECT_EQ(measure({"ab", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_SEEDED_WORKER, "--filter", "sum"}).code, 0);
  EXPECT_EQ(benchmark("sum").method, method::same_core);
}

TEST_F(Workers, AreGoogleBenchmarksOnRequest) {
  EXPECT_EQ(measure({"ab", DEFT_TEST_SEEDED_WORKER, DEFT_TEST_SEEDED_WORKER, "--mode", "workers", "--filter",
                     "sum"})
                .code,
            0);
  EXPECT_EQ(benchmark("sum").method, method::workers);
  EXPECT_EQ(benchmark("sum").rounds.size(), 2U);
  // Nobody can drive one side alone.
  const outcome one_side =
      measure({"ab", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_SEEDED_WORKER, "--mode", "workers"});
  EXPECT_EQ(one_side.code, 2);
  EXPECT_TRUE(is_one_line_with(one_side.err, {"seeded_slowdown", "deft::measure"}));
}

TEST_F(Workers, AreNotForThreadsAndWallTime) {
  EXPECT_EQ(measure({"ab", DEFT_TEST_MISBEHAVING_WORKER, DEFT_TEST_MISBEHAVING_WORKER, "--filter",
                     "^(good|threads/threads:2|wall/real_time)$"})
                .code,
            0);
  EXPECT_EQ(benchmark("good").method, method::same_core);
  EXPECT_EQ(benchmark("threads/threads:2").method, method::alternating);
  EXPECT_EQ(benchmark("wall/real_time").method, method::alternating);
}

TEST_F(Workers, FindASlowdown) {
  EXPECT_EQ(deft({"ab", DEFT_TEST_OWN_BENCHMARKS, DEFT_TEST_OWN_BENCHMARKS, "--filter", "^hash$",
                  "--head-env", "DEFT_SLOWDOWN=1.5", "--gate", "--no-profile", "-q", "-o", result_path()})
                .code,
            1);
  EXPECT_GT(benchmark("hash").decision->head.ratio, 1.1);
}

TEST_F(Workers, OfDeftsOwnBenchmarksNeedNoGoogleBenchmark) {
  EXPECT_EQ(measure({"run", DEFT_TEST_OWN_BENCHMARKS, "--filter", "^(hash|sum)$"}).code, 0);
  EXPECT_EQ(benchmark("hash").method, method::workers);
  EXPECT_GT(benchmark("hash").base_ns, 0);
  const outcome refused = measure({"run", DEFT_TEST_OWN_BENCHMARKS, "--mode", "same-core"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(is_one_line_with(refused.err, {"own_benchmarks", "--mode workers"}));
}

TEST_F(Workers, AreSaidToHaveCrashedHungOrFailed) {
  const outcome ended =
      measure({"ab", DEFT_TEST_MISBEHAVING_WORKER, DEFT_TEST_MISBEHAVING_WORKER, "--filter",
               "^(good|segfault|exit_0|error|hang)$", "--mode", "workers", "--time-limit", "3"});
  EXPECT_EQ(ended.code, 4);
  EXPECT_THAT(benchmark("good").failure, IsEmpty());
  EXPECT_THAT(benchmark("segfault").failure, AllOf(HasSubstr("base: "), HasSubstr("SIGSEGV")));
  EXPECT_THAT(benchmark("exit_0").failure, HasSubstr("ended without an answer"));
  EXPECT_THAT(benchmark("error").failure, HasSubstr("no input file"));
  EXPECT_THAT(benchmark("hang").failure, HasSubstr("hang"));
  EXPECT_TRUE(leaves_no_process());
}

TEST_F(Workers, ThatSpeakAnotherVersionAreRefusedInOneLine) {
  const outcome newer = measure({"run", DEFT_TEST_BAD_WORKER, "--env", "DEFT_TEST_SAYS=newer version"});
  EXPECT_EQ(newer.code, 4);
  EXPECT_TRUE(is_one_line_with(newer.err, {"bad_worker", "speaks version 2 of the worker protocol"}));
  const outcome nonsense = measure({"run", DEFT_TEST_BAD_WORKER, "--env", "DEFT_TEST_SAYS=list of nonsense"});
  EXPECT_EQ(nonsense.code, 4);
  EXPECT_TRUE(is_one_line_with(nonsense.err, {"bad_worker", "answers nothing that was asked"}));
}

TEST_F(Workers, AreAskedForByTheirMode) {
  const outcome foreign =
      measure({"ab", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_SEEDED_SLOWDOWN, "--mode", "workers"});
  EXPECT_EQ(foreign.code, 2);
  EXPECT_TRUE(is_one_line_with(foreign.err, {"seeded_slowdown", "deft::measure"}));
  EXPECT_EQ(deft({"cmd-ab", "--mode", "workers", "--", "true", "--", "true"}).code, 2);
}

TEST_F(Workers, MeasureInDuet) {
  const outcome ended =
      measure({"ab", DEFT_TEST_SEEDED_WORKER, DEFT_TEST_SEEDED_WORKER, "--mode", "duet", "--filter", "sum"});
  if (support::allowed_cpus().size() < 2) {
    EXPECT_EQ(ended.code, 2);
    return;
  }
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(benchmark("sum").method, method::duet);
}

TEST_F(Workers, AreExplainedByDoctor) {
  const outcome told = deft({"doctor", DEFT_TEST_SEEDED_SLOWDOWN, DEFT_TEST_MISBEHAVING_WORKER});
  EXPECT_EQ(told.code, 0) << told.err;
  EXPECT_THAT(told.out,
              AllOf(HasSubstr("comparing, --mode duet"),
                    HasSubstr("seeded_slowdown: --mode same-core, because one thread's processor time"),
                    HasSubstr("misbehaving_worker: --mode same-core, because"),
                    HasSubstr("misbehaving_worker: --mode alternate, because its name says")));
  EXPECT_THAT(deft({"doctor", "--json", DEFT_TEST_OWN_BENCHMARKS}).out,
              HasSubstr(R"("name":"sum","mode":"workers")"));
  EXPECT_THAT(deft({"doctor", "--json"}).out, testing::Not(HasSubstr(R"("benchmarks")")));
  EXPECT_EQ(deft({"doctor", "no/such/program"}).code, 4);
}

class Effort : public deft_program {};

TEST_F(Effort, ToSeeAnEffectTakesAsManyRoundsAsThatNeeds) {
  EXPECT_EQ(measure({"ab", DEFT_TEST_OWN_BENCHMARKS, DEFT_TEST_OWN_BENCHMARKS, "--filter", "^sum$",
                     "--effect", "1000"})
                .code,
            0);
  EXPECT_EQ(benchmark("sum").rounds.size(), 2U);
  EXPECT_LE(benchmark("sum").decision->smallest_effect, 10);
}

TEST_F(Effort, WithinTheBandCannotBeSeen) {
  const outcome refused = measure({"ab", "a", "b", "--effect", "1"});
  EXPECT_EQ(refused.code, 2);
  EXPECT_TRUE(is_one_line_with(refused.err, {"--effect", "--band"}));
  EXPECT_EQ(deft({"cmd-ab", "--effect", "5", "--band", "0.1", "--", "true", "--", "true"}).code, 2);
}

TEST_F(Effort, EndsWithTheTimeBudget) {
  const outcome ended = deft({"ab", DEFT_TEST_MISBEHAVING_WORKER, DEFT_TEST_MISBEHAVING_WORKER, "--filter",
                              "^(good|hang|milliseconds)$", "--mode", "workers", "--no-profile",
                              "--time-budget", "3", "-o", result_path()});
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(benchmark("hang").decision->verdict, stats::verdict::inconclusive);
  EXPECT_THAT(benchmark("hang").decision->reason, HasSubstr("the time budget ended the run"));
  EXPECT_TRUE(leaves_no_process());
}

}  // namespace
}  // namespace deft::cli
