#include <vector>

#include <gtest/gtest.h>

#include "stats/decide.hpp"
#include "tests/stats/simulated.hpp"

using namespace deft;
using stats::plan;
using stats::rule;
using stats::step;
using tests::steady_rounds;

namespace {

std::vector<measure::comparison> run_of(std::vector<measure::round> rounds) {
  return {{"b", measure::method::same_core, std::move(rounds)}};
}

void append(std::vector<measure::round>& to, const std::vector<measure::round>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

}  // namespace

TEST(Plan, OfNothingIsNothing) {
  EXPECT_TRUE(plan({}).empty());
}

TEST(Plan, StartsWithTheFirstRounds) {
  EXPECT_EQ(plan(run_of({})).at(0), (step{rule{}.first_rounds, false}));
  EXPECT_EQ(plan(run_of(steady_rounds(2, 1, 1))).at(0), (step{rule{}.first_rounds - 2, false}));
}

TEST(Plan, IsDoneWhenTheFirstRoundsShowEquivalence) {
  EXPECT_TRUE(plan(run_of(steady_rounds(rule{}.first_rounds, 1, 1))).at(0).done());
}

TEST(Plan, AsksForMoreWhileItCannotTellAndThenGivesUp) {
  auto rounds = steady_rounds(rule{}.first_rounds, 1, 1, 0.2);
  EXPECT_EQ(plan(run_of(rounds)).at(0), (step{rule{}.more_rounds, false}));
  append(rounds, steady_rounds(rule{}.most_rounds - rule{}.first_rounds, 1, 1, 0.2));
  EXPECT_TRUE(plan(run_of(rounds)).at(0).done());
}

TEST(Plan, AsksForFreshRoundsToConfirmASuspicion) {
  auto rounds = steady_rounds(rule{}.first_rounds, 1.10, 1);
  EXPECT_EQ(plan(run_of(rounds)).at(0), (step{rule{}.confirmation_rounds, true}));
  append(rounds, steady_rounds(3, 1.10, 1, 0.002, true));
  EXPECT_EQ(plan(run_of(rounds)).at(0), (step{rule{}.confirmation_rounds - 3, true}));
  append(rounds, steady_rounds(rule{}.confirmation_rounds - 3, 1.10, 1, 0.002, true));
  EXPECT_TRUE(plan(run_of(rounds)).at(0).done());
}

TEST(Plan, ConfirmsOnlyOnceWhateverTheConfirmationSays) {
  auto rounds = steady_rounds(rule{}.first_rounds, 1.10, 1);
  append(rounds, steady_rounds(rule{}.confirmation_rounds, 1, 1, 0.2, true));
  EXPECT_TRUE(plan(run_of(rounds)).at(0).done());
}

TEST(Plan, DoesNotSuspectWhileBaseDiffersFromItself) {
  const auto rounds = steady_rounds(rule{}.first_rounds, 1.10, 1.10);
  EXPECT_EQ(plan(run_of(rounds)).at(0), (step{rule{}.more_rounds, false}));
}

TEST(Plan, EndsForABenchmarkWithoutUsableRounds) {
  std::vector<measure::comparison> run = run_of({});
  std::uint32_t measured = 0;
  for (step next = plan(run).at(0); !next.done(); next = plan(run).at(0)) {
    run[0].rounds.resize(run[0].rounds.size() + next.rounds);
    measured += next.rounds;
    ASSERT_LE(measured, rule{}.most_rounds);
  }
  EXPECT_EQ(measured, rule{}.most_rounds);
}

TEST(Plan, IsTheSameInAnyOrderOfTheBenchmarks) {
  std::vector<measure::comparison> run;
  run.push_back({"a", measure::method::same_core, steady_rounds(6, 1, 1)});
  run.push_back({"b", measure::method::same_core, steady_rounds(6, 1.1, 1)});
  run.push_back({"c", measure::method::same_core, steady_rounds(6, 1, 1, 0.2)});
  const auto steps = plan(run);
  const std::vector<measure::comparison> reversed(run.rbegin(), run.rend());
  EXPECT_EQ(plan(reversed), std::vector<step>(steps.rbegin(), steps.rend()));
}

namespace {

rule to_see(double effect) {
  rule r;
  r.effect = effect;
  return r;
}

}  // namespace

TEST(PlanWithEffect, GoesOnUntilTheEffectCouldBeSeen) {
  // Equivalent at once, but a change of 1.5 % could not be seen.
  auto rounds = steady_rounds(rule{}.first_rounds, 1, 1, 0.01);
  const rule wanted = to_see(0.015);
  std::size_t asked = 0;
  while (!plan(run_of(rounds), wanted).at(0).done()) {
    const step next = plan(run_of(rounds), wanted).at(0);
    ASSERT_FALSE(next.confirmation);
    ASSERT_LE(next.rounds, wanted.more_rounds);
    append(rounds, steady_rounds(next.rounds, 1, 1, 0.01));
    ++asked;
  }
  EXPECT_GT(asked, 0U);
  EXPECT_LE(stats::decide(run_of(rounds), wanted).at(0).smallest_effect, 0.015);
}

TEST(PlanWithEffect, TakesNoRoundMoreThanThat) {
  const auto rounds = steady_rounds(rule{}.first_rounds, 1, 1, 0.0005);
  EXPECT_TRUE(plan(run_of(rounds), to_see(0.05)).at(0).done());
}

TEST(PlanWithEffect, DoesNotLookAtWhereTheRoundsLie) {
  // The same spread about other ratios asks for the same rounds, also where a change is plain to see.
  const rule wanted = to_see(0.012);
  for (const double head : {0.8, 1.0, 1.004, 1.02, 1.5}) {
    const auto rounds = steady_rounds(rule{}.first_rounds, head, 1, 0.01);
    EXPECT_EQ(plan(run_of(rounds), wanted).at(0), (step{wanted.more_rounds, false})) << head;
  }
}

TEST(PlanWithEffect, EndsAtTheLimitAndSaysSo) {
  const rule wanted = to_see(0.011);
  auto rounds = steady_rounds(wanted.most_effect_rounds - 2, 1, 1, 0.2);
  EXPECT_EQ(plan(run_of(rounds), wanted).at(0), (step{2, false}));
  append(rounds, steady_rounds(2, 1, 1, 0.2));
  EXPECT_TRUE(plan(run_of(rounds), wanted).at(0).done());
  const auto decided = stats::decide(run_of(rounds), wanted).at(0);
  EXPECT_EQ(decided.verdict, stats::verdict::inconclusive);
  EXPECT_NE(decided.reason.find("the 1.1 % asked for were not reached"), std::string::npos) << decided.reason;
}

TEST(PlanWithEffect, ConfirmsWithAsManyRoundsAsTheSuspicionTook) {
  const rule wanted = to_see(0.02);
  auto rounds = steady_rounds(40, 1.05, 1, 0.002);
  EXPECT_EQ(plan(run_of(rounds), wanted).at(0), (step{40, true}));
  append(rounds, steady_rounds(30, 1.05, 1, 0.002, true));
  EXPECT_EQ(plan(run_of(rounds), wanted).at(0), (step{10, true}));
  EXPECT_EQ(stats::decide(run_of(rounds), wanted).at(0).verdict, stats::verdict::inconclusive);
  append(rounds, steady_rounds(10, 1.05, 1, 0.002, true));
  EXPECT_TRUE(plan(run_of(rounds), wanted).at(0).done());
  EXPECT_EQ(stats::decide(run_of(rounds), wanted).at(0).verdict, stats::verdict::regressed);
}
