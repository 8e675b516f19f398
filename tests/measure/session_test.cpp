#include "measure/session.hpp"

#include <filesystem>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "measure/noise.hpp"
#include "support/interrupt.hpp"

namespace deft::measure {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* awkward_name = "work<int, (x)>/^a|b$/[0]+{1}*?.\\";

session_settings quick() {
  session_settings settings;
  settings.process = {2, 0.001, 20s};
  settings.seed = 7;
  return settings;
}

/// Compares one benchmark of `path` with itself for `rounds` rounds.
subject compare_with_itself(const std::string& path, const std::string& name, std::uint32_t rounds = 1,
                            session_settings settings = quick()) {
  auto s = session::make({{{path, {}, {}}, program{path, {}, {}}}}, settings);
  EXPECT_TRUE(s);
  s->add(name, natural_method(name));
  EXPECT_TRUE(s->measure({{0, rounds, false}}, {}));
  return s->subjects().front();
}

TEST(Session, MeasuresThreeProcessesARound) {
  const subject s = compare_with_itself(DEFT_TEST_SEEDED_SLOWDOWN, "hash", 2);
  EXPECT_THAT(s.failure, IsEmpty());
  ASSERT_THAT(s.rounds, SizeIs(2));
  for (const round& r : s.rounds) {
    for (const process_run& run : {r.base, r.head, r.control}) {
      ASSERT_THAT(run, SizeIs(2));
      EXPECT_GT(run[0].cpu_ns, 0);
      EXPECT_GT(run[0].real_ns, 0);
      EXPECT_GT(run[0].iterations, 0U);
    }
    EXPECT_FALSE(r.confirmation);
  }
}

TEST(Session, MeasuresEveryKindOfBenchmark) {
  for (const char* name :
       {"good", "garbage", "not_finite", awkward_name, "work<int", "threads/threads:2", "wall/real_time",
        "process/process_time", "manual/manual_time", "aggregates/repeats:3", "milliseconds"}) {
    const subject s = compare_with_itself(DEFT_TEST_MISBEHAVING, name);
    EXPECT_THAT(s.failure, IsEmpty()) << name;
    ASSERT_THAT(s.rounds, SizeIs(1)) << name;
    EXPECT_GT(s.rounds[0].head.at(0).real_ns, 0) << name;
  }
}

TEST(Session, GivesManualTimeAsWallTime) {
  const subject s = compare_with_itself(DEFT_TEST_MISBEHAVING, "manual/manual_time");
  EXPECT_EQ(s.method, method::alternating);
  ASSERT_THAT(s.rounds, SizeIs(1));
  EXPECT_NEAR(s.rounds[0].head.at(0).real_ns, 10'000, 1);
}

TEST(Session, SaysHowABenchmarkFailed) {
  const std::vector<std::pair<const char*, const char*>> cases{
      {"segfault", "SIGSEGV"},    {"abort", "the table is corrupt"},
      {"exit_3", "exit code 3"},  {"exit_0", "cut off"},
      {"error", "no input file"}, {"no such benchmark", "no benchmark of this name"}};
  for (const auto& [name, cause] : cases) {
    const subject s = compare_with_itself(DEFT_TEST_MISBEHAVING, name);
    EXPECT_THAT(s.failure, AllOf(HasSubstr("base: "), HasSubstr("head: "), HasSubstr(cause))) << name;
    EXPECT_THAT(s.rounds, IsEmpty()) << name;
    EXPECT_FALSE(s.skipped);
  }
}

TEST(Session, EndsAProcessThatHangs) {
  session_settings settings = quick();
  settings.process.time_limit = 100ms;
  for (const char* name : {"hang", "hang_with_child"}) {
    const subject s = compare_with_itself(DEFT_TEST_MISBEHAVING, name, 3, settings);
    EXPECT_THAT(s.failure, HasSubstr("hang: no end within the time limit of 0.1 s"));
  }
}

TEST(Session, NamesTheArmThatFailed) {
  auto s = session::make(
      {{{DEFT_TEST_MISBEHAVING, {}, {}}, program{DEFT_TEST_MISBEHAVING, {}, {{"DEFT_TEST_HIDE", "good"}}}}},
      quick());
  ASSERT_TRUE(s);
  s->add("good", method::same_core);
  ASSERT_TRUE(s->measure({{0, 1, false}}, {}));
  EXPECT_THAT(s->subjects()[0].failure, AllOf(HasSubstr("head: "), testing::Not(HasSubstr("base"))));
}

TEST(Session, KeepsTheOthersWhenOneFails) {
  const program p{DEFT_TEST_MISBEHAVING, {}, {}};
  auto s = session::make({{p, p}}, quick());
  ASSERT_TRUE(s);
  for (const char* name : {"good", "segfault", "milliseconds"}) s->add(name, method::same_core);
  ASSERT_TRUE(s->measure({{0, 2, false}, {1, 2, false}, {2, 2, true}}, {}));
  EXPECT_THAT(s->subjects()[0].rounds, SizeIs(2));
  EXPECT_THAT(s->subjects()[1].rounds, IsEmpty());
  EXPECT_FALSE(s->subjects()[1].active());
  EXPECT_THAT(s->subjects()[2].rounds, SizeIs(2));
  EXPECT_TRUE(s->subjects()[2].rounds[0].confirmation);
}

TEST(Session, SpreadsTheRoundsOfABenchmarkOverTheRun) {
  const program p{DEFT_TEST_SEEDED_SLOWDOWN, {}, {}};
  auto s = session::make({{p, std::nullopt}}, quick());
  ASSERT_TRUE(s);
  for (const char* name : {"hash", "sum"}) s->add(name, method::same_core);
  std::vector<std::string> order;
  ASSERT_TRUE(s->measure({{0, 3, false}, {1, 3, false}},
                         [&](const subject& now, std::size_t, std::size_t) { order.push_back(now.name); }));
  ASSERT_THAT(order, SizeIs(6));
  for (std::size_t i = 0; i < order.size(); i += 2) EXPECT_NE(order[i], order[i + 1]);
}

TEST(Session, OfOneProgramFillsTheBaseArm) {
  auto s = session::make({{{DEFT_TEST_SEEDED_SLOWDOWN, {}, {}}, std::nullopt}}, quick());
  ASSERT_TRUE(s);
  s->add("sum", method::alternating);
  ASSERT_TRUE(s->measure({{0, 1, false}}, {}));
  ASSERT_THAT(s->subjects()[0].rounds, SizeIs(1));
  EXPECT_THAT(s->subjects()[0].rounds[0].base, SizeIs(2));
  EXPECT_THAT(s->subjects()[0].rounds[0].head, IsEmpty());
}

TEST(Session, StopsSpendingTimeOnABenchmarkBeyondItsBudget) {
  session_settings settings = quick();
  settings.budget = 1ms;
  const subject s = compare_with_itself(DEFT_TEST_SEEDED_SLOWDOWN, "sum", 5, settings);
  EXPECT_THAT(s.rounds, SizeIs(1));
  EXPECT_TRUE(s.out_of_time);
  EXPECT_FALSE(s.active());
  EXPECT_THAT(s.failure, IsEmpty());
}

TEST(Session, SharesABudgetForAllBenchmarks) {
  const program p{DEFT_TEST_SEEDED_SLOWDOWN, {}, {}};
  session_settings settings = quick();
  settings.whole_budget = 1s;
  const auto begin = std::chrono::steady_clock::now();
  auto s = session::make({{p, std::nullopt}}, settings);
  ASSERT_TRUE(s);
  for (const char* name : {"hash", "sum", "sort"}) s->add(name, method::same_core);
  ASSERT_TRUE(s->measure({{0, 100'000, false}, {1, 100'000, false}, {2, 100'000, false}}, {}));
  ASSERT_TRUE(s->measure({{0, 100'000, false}, {1, 100'000, false}, {2, 100'000, false}}, {}));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 500ms);
  for (const subject& one : s->subjects()) {
    EXPECT_THAT(one.failure, IsEmpty());
    EXPECT_GE(one.rounds.size(), 1U);
    EXPECT_LT(one.rounds.size(), 100'000U);
  }
}

TEST(Session, StopsABenchmarkThatOutlivesTheBudgetForAll) {
  const program p{DEFT_TEST_MISBEHAVING, {}, {}};
  for (const program& hanging : {p, program{DEFT_TEST_MISBEHAVING_WORKER, {}, {}}}) {
    session_settings settings = quick();
    settings.whole_budget = 2s;
    auto s = session::make({{hanging, std::nullopt}}, settings);
    ASSERT_TRUE(s);
    s->add("hang", hanging.path == p.path ? method::same_core : method::workers);
    ASSERT_TRUE(s->measure({{0, 5, false}}, {}));
    EXPECT_THAT(s->subjects()[0].failure, IsEmpty());
    EXPECT_TRUE(s->subjects()[0].out_of_time);
    EXPECT_TRUE(s->subjects()[0].cut_short);
  }
}

TEST(Session, MeasuresByWorkersAndInDuet) {
  const program p{DEFT_TEST_SEEDED_WORKER, {}, {}};
  auto s = session::make({{p, p}}, quick());
  ASSERT_TRUE(s);
  s->add("hash", method::workers);
  s->add("sum", method::duet);
  ASSERT_TRUE(s->measure({{0, 2, false}, {1, 2, false}}, {}));
  for (const subject& one : s->subjects()) {
    EXPECT_THAT(one.failure, IsEmpty());
    ASSERT_THAT(one.rounds, SizeIs(2));
    for (const round& r : one.rounds) {
      EXPECT_THAT(r.base, SizeIs(2));
      EXPECT_THAT(r.head, SizeIs(2));
      EXPECT_THAT(r.control, SizeIs(2));
    }
  }
}

TEST(Session, KeepsWhatItHasWhenTheUserInterrupts) {
  const program p{DEFT_TEST_SEEDED_SLOWDOWN, {}, {}};
  auto s = session::make({{p, p}}, quick());
  ASSERT_TRUE(s);
  s->add("sum", method::same_core);
  const auto outcome = s->measure({{0, 5, false}}, [](const subject&, std::size_t done, std::size_t) {
    support::set_interrupted(done == 2);
  });
  support::set_interrupted(false);
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.error().kind, support::error_kind::interrupted);
  EXPECT_THAT(s->subjects()[0].rounds, SizeIs(2));
  EXPECT_TRUE(s->subjects()[0].active());
}

TEST(RandomSource, GivesTheSameOrderForTheSameSeed) {
  std::vector<int> first{1, 2, 3, 4, 5, 6, 7, 8};
  std::vector<int> second = first;
  random_source a(42);
  random_source b(42);
  a.shuffle(std::span(first));
  b.shuffle(std::span(second));
  EXPECT_EQ(first, second);
  EXPECT_THAT(first, testing::UnorderedElementsAre(1, 2, 3, 4, 5, 6, 7, 8));
}

TEST(NoiseMonitor, GivesFractions) {
  const noise n = noise_monitor().so_far();
  for (const double fraction : {n.steal_fraction, n.other_busy_fraction}) {
    EXPECT_GE(fraction, 0);
    EXPECT_LE(fraction, 1);
  }
  EXPECT_GE(n.load_average_after, 0);
}

}  // namespace
}  // namespace deft::measure
