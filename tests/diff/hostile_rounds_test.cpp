// What no profiler writes, but a file may contain.

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diff/explanation.hpp"
#include "tests/diff/profiles.hpp"

using namespace deft;
using testing::HasSubstr;
using tests::names;
using tests::profiles;

namespace {

diff::profile_rounds slower(std::size_t rounds = 12) {
  profiles p(rounds);
  p.both("main;f", 3000, 3600).both("main;g", 7000, 7000);
  return p.with_ns_a_sample(1);
}

void expect_finite(const diff::change& c) {
  EXPECT_TRUE(std::isfinite(c.base_ns) && std::isfinite(c.head_ns) && std::isfinite(c.low_ns) &&
              std::isfinite(c.high_ns));
  EXPECT_GE(c.p_value, 0);
  EXPECT_LE(c.p_value, 1);
}

void expect_sound(const diff::explanation& e) {
  expect_finite(e.whole);
  for (const auto& f : e.functions) {
    expect_finite(f.self);
    expect_finite(f.total);
  }
  for (const auto& n : e.nodes) {
    expect_finite(n.total);
    ASSERT_LT(n.function, e.functions.size());
  }
}

}  // namespace

TEST(HostileRounds, SaysWhyThereAreNoProfiles) {
  diff::profile_rounds rounds = slower();
  rounds.unavailable = "perf_event is refused";
  const auto e = diff::explain(rounds, {});
  EXPECT_EQ(e.unavailable, "perf_event is refused");
  EXPECT_TRUE(e.functions.empty());
}

TEST(HostileRounds, NeedsFourRounds) {
  EXPECT_THAT(diff::explain(slower(3), {}).unavailable, HasSubstr("3 rounds"));
  EXPECT_EQ(diff::explain(slower(4), {}).unavailable, "");
  EXPECT_THAT(diff::explain({}, {}).unavailable, HasSubstr("0 rounds"));
}

TEST(HostileRounds, LeavesOutRoundsWithoutATime) {
  for (const double nonsense : {0.0, -1.0, std::numeric_limits<double>::quiet_NaN(),
                                std::numeric_limits<double>::infinity(), 1e300, 1e-300}) {
    diff::profile_rounds rounds = slower();
    rounds.base.processes[2].iteration_ns = nonsense;
    rounds.head.processes[5].iteration_ns = nonsense;
    const auto e = diff::explain(rounds, {});
    EXPECT_EQ(e.rounds, 10U);
    EXPECT_THAT(names(e, e.slower), testing::ElementsAre("f"));
    EXPECT_THAT(e.notes, testing::Contains(HasSubstr("2 of 12 rounds")));
  }
}

TEST(HostileRounds, LeavesOutRoundsWithoutSamples) {
  diff::profile_rounds rounds = slower(4);
  for (auto& stack : rounds.stacks) stack.head[1] = 0;
  const auto e = diff::explain(rounds, {});
  EXPECT_THAT(e.unavailable, HasSubstr("3 rounds"));
  EXPECT_THAT(e.unavailable, HasSubstr("1 of 4 a process has no samples"));
}

TEST(HostileRounds, LeavesOutStacksThatFitNothing) {
  diff::profile_rounds rounds = slower();
  const std::vector<std::uint32_t> counts(12, 1000);
  rounds.stacks.push_back({{0, 99}, counts, counts});
  rounds.stacks.push_back({{}, counts, counts});
  rounds.stacks.push_back({{0}, {1, 2, 3}, counts});
  rounds.stacks.push_back({{0}, counts, {}});
  const auto e = diff::explain(rounds, {});
  EXPECT_THAT(names(e, e.slower), testing::ElementsAre("f"));
  EXPECT_THAT(e.notes, testing::Contains(HasSubstr("4 of 6 stacks")));
}

TEST(HostileRounds, PairsAsManyProcessesAsBothSidesHave) {
  diff::profile_rounds rounds = slower();
  rounds.head.processes.resize(9);
  for (auto& stack : rounds.stacks) stack.head.resize(9);
  const auto e = diff::explain(rounds, {});
  EXPECT_EQ(e.rounds, 9U);
  EXPECT_THAT(e.notes, testing::Contains(HasSubstr("12 processes and head 9")));
}

TEST(HostileRounds, IgnoresSamplesThatAreClaimed) {
  diff::profile_rounds rounds = slower();
  rounds.base.processes[0].samples = std::numeric_limits<std::uint64_t>::max();
  EXPECT_NEAR(diff::explain(rounds, {}).whole.base_ns, 10000, 1e-6);
}

TEST(HostileRounds, BearsExtremeTimesAndCounts) {
  diff::profile_rounds rounds = slower();
  for (std::size_t i = 0; i < 12; ++i) {
    rounds.base.processes[i].iteration_ns = i % 2 == 0 ? 1e-6 : 1e18;
    rounds.head.processes[i].iteration_ns = i % 3 == 0 ? 1e-6 : 1e18;
    rounds.stacks[0].base[i] = std::numeric_limits<std::uint32_t>::max();
  }
  expect_sound(diff::explain(rounds, {}));
}

TEST(HostileRounds, TakesTheUsualSettingsForNonsense) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const double nonsense : {nan, -1.0, 1e300}) {
    const auto e =
        diff::explain(slower(), {.band = nonsense, .false_discoveries = nonsense, .confidence = nonsense});
    EXPECT_NEAR(e.floor_ns, 100, 1e-6);
    EXPECT_THAT(names(e, e.slower), testing::ElementsAre("f"));
  }
}

TEST(HostileRounds, BearsDeepRecursionAndWideTrees) {
  diff::profile_rounds rounds = slower();
  rounds.frames.push_back({.function = "r", .module = "", .file = "", .line = 0, .inlined = false});
  const std::vector<std::uint32_t> once(12, 1);
  rounds.stacks.push_back({std::vector<std::uint32_t>(20'000, 3), once, once});
  for (std::uint32_t i = 0; i < 5'000; ++i) {
    rounds.frames.push_back(
        {.function = "w" + std::to_string(i), .module = "", .file = "", .line = 0, .inlined = i % 2 == 0});
    rounds.stacks.push_back({{0, i + 4}, i % 3 == 0 ? once : std::vector<std::uint32_t>(12, 0), once});
  }
  expect_sound(diff::explain(rounds, {}));
}

TEST(HostileRounds, BearsAnything) {
  std::mt19937_64 random(5);
  const auto number = [&](std::uint64_t below) { return static_cast<std::uint32_t>(random() % below); };
  const std::vector<std::string> odd{
      "",  "f",  "f.cold", "f<int>", "f<long>",  "[x+0x1]", "operator<",
      "<", "a(", "[k]",    "f(int)", "f[abi:a]", ")",       "void f<int>(int)"};
  for (int repetition = 0; repetition < 2'000; ++repetition) {
    diff::profile_rounds rounds;
    const std::size_t bases = 3 + number(4);
    const std::size_t heads = 3 + number(4);
    for (std::size_t i = 0; i < bases; ++i)
      rounds.base.processes.push_back({number(9), number(20) == 0 ? 0.0 : 1.0 + number(9)});
    for (std::size_t i = 0; i < heads; ++i)
      rounds.head.processes.push_back({number(9), number(20) == 0 ? -1.0 : 1.0 + number(9)});
    for (std::uint32_t i = number(20); i > 0; --i) {
      rounds.frames.push_back({.function = odd[number(odd.size())],
                               .module = number(4) == 0 ? "m" : "",
                               .file = number(2) == 0 ? "x.cpp" : "",
                               .line = number(40),
                               .inlined = number(2) == 0});
    }
    for (std::uint32_t s = number(20); s > 0; --s) {
      diff::paired_stack stack;
      for (std::uint32_t d = number(8); d > 0; --d) stack.frames.push_back(number(rounds.frames.size() + 1));
      for (std::size_t i = 0; i < bases; ++i) stack.base.push_back(number(3) * number(1000));
      for (std::size_t i = 0; i < heads; ++i) stack.head.push_back(number(3) * number(1000));
      if (number(20) == 0) stack.head.push_back(1);
      rounds.stacks.push_back(std::move(stack));
    }
    expect_sound(diff::explain(rounds, {.band = number(2) == 0 ? 0.0 : 0.01}));
  }
}
