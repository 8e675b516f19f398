// The whole rule on simulated machines, with fixed seeds: what it promises holds in the long run, not for
// each benchmark.

#include <cmath>
#include <cstdint>
#include <vector>

#include <gtest/gtest.h>

#include "stats/decide.hpp"
#include "tests/stats/simulated.hpp"

using namespace deft;
using stats::verdict;
using tests::disturbance;
using tests::simulated_benchmark;

namespace {

constexpr std::size_t benchmarks_in_a_run = 5;

struct tally {
  int found = 0;         ///< Runs in which exactly the slowed benchmark was called regressed.
  int false_alarms = 0;  ///< Decisions "regressed" or "improved" about a benchmark that did not change.
  int told = 0;          ///< Decisions other than inconclusive about such a benchmark.
};

/// `runs` runs of five benchmarks, of which one that rotates is slower by `effect` (0: none).
tally simulate(int runs, double effect, const disturbance& d, std::uint64_t seed) {
  tally result;
  for (int r = 0; r < runs; ++r) {
    const std::size_t slowed =
        effect > 0 ? static_cast<std::size_t>(r) % benchmarks_in_a_run : benchmarks_in_a_run;
    std::vector<simulated_benchmark> benchmarks;
    for (std::size_t i = 0; i < benchmarks_in_a_run; ++i) {
      benchmarks.emplace_back(seed++, i == slowed ? std::log1p(effect) : 0, d);
    }
    const auto decisions = stats::decide(tests::measure_as_planned(std::move(benchmarks)));
    bool found = false;
    int wrong = 0;
    for (std::size_t i = 0; i < decisions.size(); ++i) {
      const verdict v = decisions[i].verdict;
      if (i == slowed) {
        found = v == verdict::regressed;
        continue;
      }
      if (v == verdict::regressed || v == verdict::improved) ++wrong;
      if (v != verdict::inconclusive) ++result.told;
    }
    result.false_alarms += wrong;
    if (found && wrong == 0) ++result.found;
  }
  return result;
}

constexpr disturbance quiet{};
constexpr disturbance bursts{.process = 0.01, .repetition = 0.015, .wild_rounds = 0.15};

}  // namespace

TEST(Simulation, SameProgramIsNeverCalledChangedOnAQuietMachine) {
  const tally t = simulate(400, 0, quiet, 1);
  EXPECT_LE(t.false_alarms, 2) << "of 2,000 decisions";
  EXPECT_GE(t.told, 1900) << "equivalent, of 2,000";
}

TEST(Simulation, SameProgramIsHardlyEverCalledChangedUnderBurstsOfLoad) {
  const tally t = simulate(400, 0, bursts, 1'000'000);
  EXPECT_LE(t.false_alarms, 4) << "of 2,000 decisions";
}

TEST(Simulation, FindsExactlyTheBenchmarkThatIsFivePercentSlower) {
  EXPECT_GE(simulate(100, 0.05, quiet, 2'000'000).found, 98);
  EXPECT_GE(simulate(100, 0.05, bursts, 3'000'000).found, 92);
}

TEST(Simulation, FindsExactlyTheBenchmarkThatIsTenPercentSlower) {
  EXPECT_GE(simulate(100, 0.10, quiet, 4'000'000).found, 99);
  EXPECT_GE(simulate(100, 0.10, bursts, 5'000'000).found, 95);
}
