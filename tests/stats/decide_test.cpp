#include "stats/decide.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/stats/simulated.hpp"

using namespace deft;
using stats::decide;
using stats::decision;
using stats::rule;
using stats::verdict;
using testing::HasSubstr;
using tests::steady_rounds;

namespace {

std::vector<measure::round> screened_and_confirmed(double head, double fresh_head, double control = 1,
                                                   double fresh_control = 1) {
  auto rounds = steady_rounds(rule{}.first_rounds, head, control);
  const auto fresh = steady_rounds(rule{}.confirmation_rounds, fresh_head, fresh_control, 0.002, true);
  rounds.insert(rounds.end(), fresh.begin(), fresh.end());
  return rounds;
}

decision decide_one(std::vector<measure::round> rounds) {
  const std::vector<measure::comparison> run{{"b", measure::method::same_core, std::move(rounds)}};
  return decide(run).at(0);
}

std::string everything(const decision& d) {
  return std::string(to_string(d.verdict)) + std::to_string(d.head.ratio) + std::to_string(d.head.low) +
         std::to_string(d.head.high) + std::to_string(d.control.ratio) + std::to_string(d.smallest_effect) +
         std::to_string(d.p_value) + d.reason;
}

}  // namespace

TEST(Decide, CallsASlowdownThatFreshRoundsConfirmRegressed) {
  const decision d = decide_one(screened_and_confirmed(1.05, 1.06));
  EXPECT_EQ(d.verdict, verdict::regressed);
  EXPECT_TRUE(d.confirmed);
  EXPECT_LT(d.p_value, 0.001);
  EXPECT_NEAR(d.head.ratio, 1.06, 0.001) << "the fresh rounds give the figure: they were not selected by it";
  EXPECT_GT(d.head.low, 1.01);
  EXPECT_LT(d.head.low, d.head.ratio);
  EXPECT_GT(d.head.high, d.head.ratio);
  EXPECT_THAT(d.reason, HasSubstr("confirmed by 16 fresh rounds"));
}

TEST(Decide, CallsASpeedUpThatFreshRoundsConfirmImproved) {
  const decision d = decide_one(screened_and_confirmed(0.95, 0.95));
  EXPECT_EQ(d.verdict, verdict::improved);
  EXPECT_LT(d.head.high, 0.99);
}

TEST(Decide, FlipsTheVerdictWhenBaseAndHeadAreSwapped) {
  auto rounds = screened_and_confirmed(1.05, 1.05);
  const decision there = decide_one(rounds);
  for (auto& round : rounds) {
    const auto base = round.base;
    round.base = round.head;
    round.head = base;
    round.control = round.base;
  }
  const decision back = decide_one(rounds);
  EXPECT_EQ(there.verdict, verdict::regressed);
  EXPECT_EQ(back.verdict, verdict::improved);
  EXPECT_NEAR(there.head.ratio * back.head.ratio, 1, 0.002);
}

TEST(Decide, CallsNothingThatIsNotConfirmed) {
  const decision d = decide_one(steady_rounds(rule{}.first_rounds, 1.05, 1));
  EXPECT_EQ(d.verdict, verdict::inconclusive);
  EXPECT_FALSE(d.confirmed);
  EXPECT_THAT(d.reason, HasSubstr("the run ended before"));
}

TEST(Decide, CallsNothingThatFreshRoundsContradict) {
  const decision unchanged = decide_one(screened_and_confirmed(1.05, 1));
  EXPECT_EQ(unchanged.verdict, verdict::equivalent);
  EXPECT_THAT(unchanged.reason, HasSubstr("not confirmed"));
  const decision opposite = decide_one(screened_and_confirmed(1.05, 0.95));
  EXPECT_EQ(opposite.verdict, verdict::inconclusive);
}

TEST(Decide, ToleratesChangesWithinTheBand) {
  const decision d = decide_one(steady_rounds(rule{}.first_rounds, 1.009, 1, 0.0005));
  EXPECT_EQ(d.verdict, verdict::equivalent);
  EXPECT_GT(d.p_value, 0.5);
  EXPECT_GT(d.head.low, 1.0) << "clearly slower, by less than what matters";
}

TEST(Decide, TrustsNothingWhenBaseDiffersFromItself) {
  const decision first = decide_one(steady_rounds(rule{}.most_rounds, 1.05, 1.05));
  EXPECT_EQ(first.verdict, verdict::inconclusive);
  EXPECT_THAT(first.reason, HasSubstr("base differs from itself by +5.0 %"));
  EXPECT_NEAR(first.control.ratio, 1.05, 0.001);
  const decision fresh = decide_one(screened_and_confirmed(1.10, 1.10, 1, 1.05));
  EXPECT_EQ(fresh.verdict, verdict::inconclusive);
}

TEST(Decide, SaysWhatANoisyRunCouldHaveSeen) {
  const decision d = decide_one(steady_rounds(rule{}.most_rounds, 1, 1, 0.1));
  EXPECT_EQ(d.verdict, verdict::inconclusive);
  EXPECT_GT(d.smallest_effect, 0.03);
  EXPECT_THAT(d.reason, HasSubstr("this run would have seen"));
}

TEST(Decide, DemandsMoreOfASuspicionTheMoreBenchmarksThereAre) {
  const auto rounds = steady_rounds(rule{}.first_rounds, 1.05, 1, 0.01);
  const auto run_with = [&](std::size_t others) {
    std::vector<measure::comparison> run{{"b", measure::method::same_core, rounds}};
    for (std::size_t i = 0; i < others; ++i) {
      run.push_back({"other", measure::method::same_core, steady_rounds(rule{}.first_rounds, 1, 1)});
    }
    return run;
  };
  EXPECT_TRUE(stats::plan(run_with(0)).at(0).confirmation);
  EXPECT_FALSE(stats::plan(run_with(400)).at(0).confirmation);
  EXPECT_LT(decide(run_with(0)).at(0).smallest_effect, decide(run_with(400)).at(0).smallest_effect);
}

TEST(Decide, HasNoOpinionOnNoneOrOneRound) {
  for (std::size_t rounds : {0U, 1U}) {
    const decision d = decide_one(steady_rounds(rounds, 1.5, 1));
    EXPECT_EQ(d.verdict, verdict::inconclusive);
    EXPECT_EQ(d.p_value, 1);
    EXPECT_EQ(d.head.low, 0);
    EXPECT_TRUE(std::isinf(d.head.high));
    EXPECT_EQ(d.reason, "fewer than two complete rounds");
  }
}

TEST(Decide, CopesWithRoundsWithoutAnySpread) {
  auto rounds = steady_rounds(rule{}.first_rounds, 1.05, 1, 0);
  EXPECT_EQ(decide_one(steady_rounds(rule{}.first_rounds, 1, 1, 0)).verdict, verdict::equivalent);
  const auto fresh = steady_rounds(rule{}.confirmation_rounds, 1.05, 1, 0, true);
  rounds.insert(rounds.end(), fresh.begin(), fresh.end());
  const decision d = decide_one(rounds);
  EXPECT_EQ(d.verdict, verdict::regressed);
  EXPECT_EQ(d.p_value, 0);
}

TEST(Decide, IsAPureFunctionOfTheDataInAnyOrderOfTheBenchmarks) {
  std::vector<measure::comparison> run;
  run.push_back({"a", measure::method::same_core, screened_and_confirmed(1.05, 1.05)});
  run.push_back({"b", measure::method::same_core, steady_rounds(6, 1, 1)});
  run.push_back({"c", measure::method::alternating, steady_rounds(16, 1, 1, 0.2)});
  const auto decisions = decide(run);
  const std::vector<measure::comparison> reversed(run.rbegin(), run.rend());
  const auto again = decide(reversed);
  for (std::size_t i = 0; i < run.size(); ++i) EXPECT_EQ(everything(decisions[i]), everything(again[2 - i]));
}

TEST(Decide, DoesNotCareAboutTheOrderOfTheRounds) {
  auto rounds = steady_rounds(9, 1.02, 1, 0.03);
  const auto there = everything(decide_one(rounds));
  std::reverse(rounds.begin(), rounds.end());
  EXPECT_EQ(there, everything(decide_one(rounds)));
}

TEST(Decide, NamesWhatCouldNotBeCompared) {
  EXPECT_EQ(stats::decide_missing().verdict, verdict::missing);
  EXPECT_EQ(stats::decide_added().verdict, verdict::added);
  EXPECT_STREQ(to_string(stats::decide_added().verdict), "new");
  EXPECT_EQ(stats::decide_failed("head: exit code 3").reason, "head: exit code 3");
}

TEST(ControlSpread, IsTheMedianStandardErrorOfTheControls) {
  std::vector<measure::comparison> run;
  EXPECT_EQ(stats::control_spread(run), 0);
  for (const double spread : {0.001, 0.01, 0.1}) {
    run.push_back({"b", measure::method::same_core, steady_rounds(4, 1, 1, spread)});
  }
  // Four values +-0.01, of which two are kept: squares of 4e-4 over 2 * 1.
  EXPECT_NEAR(stats::control_spread(run), 0.01 * std::sqrt(2), 1e-5);
}

TEST(Summarise, GivesTheTypicalTimeOfOneProgram) {
  std::vector<measure::process_run> processes;
  for (const double ns : {99.0, 100.0, 101.0, 100.0, 100.0, 5000.0}) {
    processes.push_back({{ns, 2 * ns, 1}, {ns, 2 * ns, 1}, {0, 0, 1}});
  }
  const auto cpu = stats::summarise(processes, measure::method::same_core);
  EXPECT_NEAR(cpu.ns, 100.25, 0.01);
  EXPECT_LT(cpu.low_ns, cpu.ns);
  EXPECT_GT(cpu.high_ns, cpu.ns);
  EXPECT_NEAR(stats::summarise(processes, measure::method::alternating).ns, 2 * cpu.ns, 1e-9);
  EXPECT_EQ(stats::summarise({}, measure::method::same_core).ns, 0);
}
