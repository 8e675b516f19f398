// The whole rule on simulated profiles, with fixed seeds: what docs/explanation/differences.md promises.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "diff/explanation.hpp"
#include "tests/diff/profiles.hpp"
#include "tests/diff/simulated_profiles.hpp"

using namespace deft;
using tests::simulated_circumstances;
using tests::simulated_program;

namespace {

struct tally {
  int comparisons = 0;
  int coloured = 0;       ///< With anything significant.
  int found = 0;          ///< With the slowed function among the slower ones.
  int callers_found = 0;  ///< With its outermost caller, too.
  int wrong = 0;          ///< With anything significant but it and its callers.
  int covered = 0;        ///< With the slowed function's true change in its interval.
};

/// Half of the comparisons have 12 rounds, half 16; programs have 60 to 200 functions.
tally simulate(int comparisons, double share, double by, std::uint64_t seed, simulated_circumstances c = {}) {
  tally result;
  for (int i = 0; i < comparisons; ++i) {
    const std::uint64_t own_seed = seed + static_cast<std::uint64_t>(i);
    simulated_program program(own_seed, 60 + own_seed * 37 % 141);
    if (by > 0) program.slow_down(share, by);
    c.rounds = i % 2 == 0 ? 12 : 16;
    const auto e = diff::explain(program.measure(c), {});
    const std::vector<std::string> coloured = tests::coloured(e);
    ++result.comparisons;
    if (!coloured.empty()) ++result.coloured;
    if (by == 0) continue;
    const std::vector<std::string> slower = tests::names(e, e.slower);
    if (std::find(slower.begin(), slower.end(), program.slowed()) != slower.end()) ++result.found;
    std::vector<std::string> right = program.callers();
    right.push_back(program.slowed());
    std::sort(right.begin(), right.end());
    if (!std::includes(right.begin(), right.end(), coloured.begin(), coloured.end())) ++result.wrong;
    if (std::find(coloured.begin(), coloured.end(), "function_0") != coloured.end()) ++result.callers_found;
    const diff::change& self = tests::function(e, program.slowed()).self;
    const double truth = program.true_change() * e.whole.base_ns;
    if (self.low_ns <= truth && truth <= self.high_ns) ++result.covered;
  }
  if (std::getenv("DEFT_SHOW_TALLY") != nullptr) {
    std::cout << "share " << share << " by " << by << ": of " << result.comparisons << " coloured "
              << result.coloured << ", found " << result.found << ", with outermost caller "
              << result.callers_found << ", wrong " << result.wrong << ", covered " << result.covered << '\n';
  }
  return result;
}

constexpr simulated_circumstances restless{.function = 0.05, .drift = 0.3};

}  // namespace

TEST(Simulation, ColoursNothingWhereNothingChanged) {
  EXPECT_LE(simulate(600, 0, 0, 1).coloured, 6);
}

TEST(Simulation, ColoursNothingWhereFunctionsDifferBetweenProcessesAndTheMachineSlowsDown) {
  EXPECT_LE(simulate(400, 0, 0, 100'000, restless).coloured, 4);
}

TEST(Simulation, FindsAFunctionThatIsAFifthSlowerAndNamesNothingElse) {
  const tally t = simulate(400, 0.3, 0.2, 200'000);
  EXPECT_GE(t.found, 380);
  EXPECT_GE(t.callers_found, 390);
  EXPECT_LE(t.wrong, 12);
  EXPECT_GE(t.covered, 376) << "intervals of 95 %, less two standard deviations of chance";
}

TEST(Simulation, NamesNothingElseWhereFunctionsDifferBetweenProcesses) {
  const tally t = simulate(400, 0.3, 0.2, 300'000, restless);
  EXPECT_LE(t.wrong, 12);
}

TEST(Simulation, FindsSmallerSlowdownsWithMoreSamples) {
  simulated_circumstances more;
  more.fewest_samples = 1500;
  more.most_samples = 3000;
  const tally t = simulate(100, 0.3, 0.1, 400'000, more);
  EXPECT_GE(t.found, 80);
  EXPECT_LE(t.wrong, 3);
}
