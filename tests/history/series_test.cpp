#include "history/series.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/history/sample_history.hpp"

namespace deft::history {
namespace {

/// Noise of less than a percent without a random source.
double wobble(int i) {
  return 1 + 0.001 * ((i * 7) % 5 - 2);
}

/// 30 runs; from the 20th on "sort" takes 10 % longer.
std::vector<entry> runs_with_a_step() {
  std::vector<entry> runs;
  for (int i = 0; i < 30; ++i) runs.push_back(tests::run_number(i, (i < 20 ? 100 : 110) * wobble(i)));
  return runs;
}

TEST(HistorySeries, MarksWhereABenchmarkBecameSlower) {
  const auto all = series_of(runs_with_a_step(), {}, quantity::time);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].benchmark, "sort");
  EXPECT_EQ(all[0].runner, "box");
  EXPECT_EQ(all[0].observations.size(), 30U);
  ASSERT_EQ(all[0].changes.size(), 1U);
  EXPECT_EQ(all[0].changes[0].index, 20U);
  EXPECT_NEAR(all[0].changes[0].before, 100, 0.5);
  EXPECT_NEAR(all[0].changes[0].after, 110, 0.5);
  EXPECT_LE(all[0].changes[0].p_value, 0.01);
  EXPECT_FALSE(all[0].changes[0].blessed);
}

TEST(HistorySeries, ABlessingCoversChangesUpToItsRun) {
  const auto runs = runs_with_a_step();
  for (const auto& [at, blessed] :
       std::vector<std::pair<std::size_t, bool>>{{29, true}, {20, true}, {18, true}, {17, false}}) {
    const std::vector<entry> blessings{tests::blessing_until(runs[at])};
    EXPECT_EQ(series_of(runs, blessings, quantity::time)[0].changes[0].blessed, blessed) << at;
  }
}

TEST(HistorySeries, ABlessingIsForOneBenchmarkOnOneRunner) {
  const auto runs = runs_with_a_step();
  const std::vector<entry> blessings{
      with_id(blessing{"2026-11-23T00:00:00Z", "box", "other", time_of(runs[29]), runs[29].id}),
      with_id(blessing{"2026-11-23T00:00:00Z", "other", "sort", time_of(runs[29]), runs[29].id})};
  EXPECT_FALSE(series_of(runs, blessings, quantity::time)[0].changes[0].blessed);
}

TEST(HistorySeries, AFailureIsShownAndIsNoTime) {
  auto runs = runs_with_a_step();
  run broken = std::get<run>(runs[10].what);
  broken.points[0].verdict = stats::verdict::failed;
  broken.points[0].ns = 1e6;
  runs[10] = with_id(broken);
  const auto all = series_of(runs, {}, quantity::time);
  ASSERT_EQ(all[0].observations.size(), 30U);
  EXPECT_TRUE(all[0].observations[10].failed);
  EXPECT_EQ(all[0].observations[10].value, 0);
  ASSERT_EQ(all[0].changes.size(), 1U);
  EXPECT_EQ(all[0].changes[0].index, 20U);
}

TEST(HistorySeries, TimesOfTwoMethodsAreNotCompared) {
  auto runs = runs_with_a_step();
  for (int i = 20; i < 30; ++i) {
    run r = std::get<run>(runs[static_cast<std::size_t>(i)].what);
    r.points[0].method = measure::method::alternating;
    runs[static_cast<std::size_t>(i)] = with_id(r);
  }
  const auto all = series_of(runs, {}, quantity::time);
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].changes.empty());
  EXPECT_TRUE(all[1].changes.empty());
}

TEST(HistorySeries, RatiosLeaveOutWhatWasNotCompared) {
  std::vector<entry> runs{tests::run_number(1, 100), tests::sample_comparison()};
  const auto all = series_of(runs, {}, quantity::ratio);
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].benchmark, "find/\xC3\xA9");
  EXPECT_EQ(all[0].observations[0].value, 0.98);
}

}  // namespace
}  // namespace deft::history
