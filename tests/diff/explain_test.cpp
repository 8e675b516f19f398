#include <algorithm>
#include <cmath>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "diff/explanation.hpp"
#include "tests/diff/profiles.hpp"
#include "tests/diff/simulated_profiles.hpp"

using namespace deft;
using testing::ElementsAre;
using testing::IsEmpty;
using tests::explained;
using tests::function;
using tests::names;
using tests::noted;
using tests::profiles;

TEST(Explain, NamesTheSlowerFunctionAndItsCallers) {
  profiles p;
  p.both("main;run;f", 3000, 3600).both("main;run;g", 4000, 4000).both("main;run", 3000, 3000);
  const auto e = explained(p);
  EXPECT_EQ(e.unavailable, "");
  EXPECT_EQ(e.rounds, 12U);
  EXPECT_TRUE(e.whole.significant);
  EXPECT_NEAR(e.whole.delta_ns(), 600, 1e-9);
  EXPECT_NEAR(e.floor_ns, 100, 1e-9);
  EXPECT_THAT(names(e, e.slower), ElementsAre("f"));
  EXPECT_THAT(e.faster, IsEmpty());
  EXPECT_THAT(names(e, e.callers), ElementsAre("run", "main")) << "innermost first";
  EXPECT_THAT(tests::coloured(e), ElementsAre("f", "main", "run"));
  EXPECT_NEAR(function(e, "f").self.delta_ns(), 600, 1e-9);
  EXPECT_FALSE(function(e, "run").self.significant);
  EXPECT_NEAR(function(e, "g").self.delta_ns(), 0, 1e-9) << "not less because f is more";
}

TEST(Explain, NamesTheFasterFunctionAndItsCallers) {
  profiles p;
  p.both("main;run;f", 3000, 2400).both("main;run;g", 7000, 7000);
  const auto e = explained(p);
  EXPECT_THAT(names(e, e.faster), ElementsAre("f"));
  EXPECT_THAT(e.slower, IsEmpty());
  EXPECT_THAT(names(e, e.callers), ElementsAre("run", "main"));
}

TEST(Explain, ListsTheLargestChangeFirst) {
  profiles p;
  p.both("main;f", 3000, 3600).both("main;g", 3000, 4000).both("main", 4000, 4000);
  EXPECT_THAT(names(explained(p), explained(p).slower), ElementsAre("g", "f"));
}

TEST(Explain, ToleratesChangesWithinTheFloor) {
  profiles p;
  p.both("main;f", 30000, 30900).both("main;g", 70000, 70000);
  const auto e = explained(p);
  EXPECT_THAT(tests::coloured(e), IsEmpty()) << "0.9 % of the iteration, however certain";
  EXPECT_FALSE(e.whole.significant);
}

TEST(Explain, TakesTheFloorItIsGiven) {
  profiles p;
  p.both("main;f", 30000, 30900).both("main;g", 70000, 70000);
  const auto e = diff::explain(p.with_ns_a_sample(1), {.band = 0.001});
  EXPECT_THAT(names(e, e.slower), ElementsAre("f"));
}

TEST(Explain, CallsNothingWithFewSamples) {
  profiles p;
  p.both("main;f", 6, 7).both("main;g", 14, 13);
  EXPECT_THAT(tests::coloured(explained(p)), IsEmpty())
      << "the same in all rounds, but 20 samples are no evidence";
}

TEST(Explain, TellsAShiftBetweenFunctionsOfAnUnchangedWhole) {
  profiles p;
  p.both("main;f", 30000, 40000).both("main;g", 40000, 30000).both("main", 30000, 30000);
  const auto e = explained(p);
  EXPECT_FALSE(e.whole.significant);
  EXPECT_THAT(names(e, e.slower), ElementsAre("f"));
  EXPECT_THAT(names(e, e.faster), ElementsAre("g"));
  EXPECT_THAT(e.callers, IsEmpty());
}

TEST(Explain, DoubtsAChangeOfAnUnchangedWholeThatNothingBalances) {
  profiles p;
  // f + 4 %, and 10 functions that lost 0.4 % each.
  p.both("main;f", 20000, 24000);
  for (int i = 0; i < 10; ++i) p.both("main;g" + std::to_string(i), 8000, 7600);
  const auto e = explained(p);
  EXPECT_THAT(tests::coloured(e), IsEmpty());
  EXPECT_TRUE(noted(e, "nothing balances"));
}

TEST(Explain, DoesNotNameCallersOfChangesThatCancelOut) {
  profiles p;
  p.both("main;run;f", 3000, 4000).both("main;run;g", 3000, 2000).both("main;h", 4000, 5000);
  const auto e = explained(p);
  EXPECT_THAT(names(e, e.slower), testing::UnorderedElementsAre("f", "h"));
  EXPECT_THAT(names(e, e.callers), ElementsAre("main")) << "run takes what it took";
}

TEST(Explain, CountsRecursionOnce) {
  profiles p;
  p.both("main;f;g;f;g", 1000, 1000).both("main;f", 500, 500).both("main", 500, 500);
  const auto e = explained(p);
  EXPECT_NEAR(function(e, "f").total.base_ns, 1500, 1e-9);
  EXPECT_NEAR(function(e, "g").total.base_ns, 1000, 1e-9);
  EXPECT_NEAR(function(e, "g").self.base_ns, 1000, 1e-9);
  ASSERT_EQ(e.nodes.size(), 5U) << "and keeps it in the tree";
  EXPECT_EQ(e.nodes[4].depth, 4U);
}

TEST(Explain, DrawsOneTreeOfBothSidesHeaviestFirst) {
  profiles p;
  p.both("main;a", 100, 100).both("main;b", 100, 500).base("main;c", 500).both("other", 50, 50);
  const auto e = explained(p);
  std::vector<std::string> drawn;
  for (const auto& node : e.nodes) {
    drawn.push_back(std::string(node.depth, ' ') + e.functions.at(node.function).frame.function);
  }
  EXPECT_THAT(drawn, ElementsAre("main", " b", " c", " a", "other"));
  EXPECT_NEAR(e.nodes[1].total.base_ns, 100, 1e-9);
  EXPECT_NEAR(e.nodes[1].total.head_ns, 500, 1e-9);
  EXPECT_NEAR(e.nodes[0].base_self_ns, 0, 1e-9);
  EXPECT_NEAR(e.nodes[1].head_self_ns, 500, 1e-9);
}

TEST(Explain, SaysThatAFunctionWasInlinedInsteadOfCallingItsCallerSlower) {
  profiles p;
  p.base("main;run;helper", 2000).both("main;run", 3000, 5000).both("main;other", 5000, 5000);
  const auto e = explained(p);
  EXPECT_EQ(function(e, "helper").match, diff::function_match::only_base);
  EXPECT_THAT(tests::coloured(e), IsEmpty());
  EXPECT_TRUE(noted(e, "helper was inlined into run in head"));
}

TEST(Explain, SaysThatAFunctionWasSplitOff) {
  profiles p;
  p.head("main;run;helper", 2000).both("main;run", 5000, 3000).both("main;other", 5000, 5000);
  const auto e = explained(p);
  EXPECT_THAT(tests::coloured(e), IsEmpty());
  EXPECT_TRUE(noted(e, "helper is inlined in base into run"));
}

TEST(Explain, DoesNotTakeATotalForLostWhenOnlyAWrapperWent) {
  profiles p;
  p.base("main;wrapper;f", 5000).head("main;f", 5000).both("main", 5000, 5000);
  EXPECT_THAT(tests::coloured(explained(p)), IsEmpty());
}

TEST(Explain, NamesANewFunctionThatCostsTime) {
  profiles p;
  p.head("main;run;checks;verify", 1000).both("main;run", 5000, 5000).both("main;other", 5000, 5000);
  const auto e = explained(p);
  EXPECT_THAT(names(e, e.slower), ElementsAre("verify"));
  EXPECT_THAT(names(e, e.callers), ElementsAre("checks", "run", "main"));
}

TEST(Explain, NamesAFunctionThatIsNoLongerCalled) {
  profiles p;
  p.base("main;run;checks", 1000).both("main;run", 5000, 5000).both("main;other", 5000, 5000);
  const auto e = explained(p);
  EXPECT_THAT(names(e, e.faster), ElementsAre("checks"));
}

TEST(Explain, SaysThatTimeMovedInsideOfABodyOfCode) {
  profiles p;
  p.both("main;run;step@inline", 3000, 2500).both("main;run", 3000, 3500).both("main;other", 4000, 4000);
  const auto e = explained(p);
  EXPECT_THAT(tests::coloured(e), IsEmpty());
  EXPECT_TRUE(noted(e, "moved"));
}

TEST(Explain, NamesAnInlinedFunctionThatBecameSlower) {
  profiles p;
  p.both("main;run;step@inline", 3000, 3600).both("main;run", 3000, 3000).both("main;other", 4000, 4000);
  const auto e = explained(p);
  EXPECT_THAT(names(e, e.slower), ElementsAre("step"));
  EXPECT_THAT(names(e, e.callers), ElementsAre("run", "main"));
}

TEST(Explain, NamesOneFunctionWhereSamplesSmearOverInstructions) {
  profiles p;
  p.both("main;run;step@inline", 30000, 30000 + 12000).both("main;run", 30000, 30000 + 2500);
  p.both("main;other", 40000, 40000);
  const auto e = explained(p);
  EXPECT_THAT(names(e, e.slower), ElementsAre("step"));
  EXPECT_THAT(names(e, e.callers), ElementsAre("run", "main"));
  EXPECT_TRUE(noted(e, "were sampled in run"));
}

TEST(Explain, SaysThatAChangeIsSpread) {
  profiles p;
  for (int i = 0; i < 20; ++i) p.both("main;f" + std::to_string(i), 5000, 5400);
  const auto e = explained(p);
  EXPECT_TRUE(e.whole.significant);
  EXPECT_THAT(e.slower, IsEmpty());
  EXPECT_TRUE(noted(e, "spread"));
  for (const auto& f : e.functions) EXPECT_FALSE(f.total.significant) << f.frame.function;
  for (const auto& node : e.nodes) EXPECT_FALSE(node.total.significant);
}

TEST(Explain, IsOneFunctionOfTheRoundsWhateverTheirOrder) {
  tests::simulated_program program(7, 80);
  program.slow_down(0.3, 0.2);
  const diff::profile_rounds rounds = program.measure({.rounds = 12});
  const diff::explanation first = diff::explain(rounds, {});

  diff::profile_rounds shuffled = rounds;
  std::mt19937_64 random(3);
  std::vector<std::uint32_t> place(rounds.frames.size());
  for (std::uint32_t i = 0; i < place.size(); ++i) place[i] = i;
  std::shuffle(place.begin(), place.end(), random);
  for (std::size_t i = 0; i < place.size(); ++i) shuffled.frames[place[i]] = rounds.frames[i];
  for (auto& stack : shuffled.stacks) {
    for (std::uint32_t& f : stack.frames) f = place[f];
  }
  std::shuffle(shuffled.stacks.begin(), shuffled.stacks.end(), random);
  const diff::explanation second = diff::explain(shuffled, {});

  const auto same = [](const diff::change& a, const diff::change& b) {
    return a.base_ns == b.base_ns && a.head_ns == b.head_ns && a.low_ns == b.low_ns &&
           a.high_ns == b.high_ns && a.p_value == b.p_value && a.significant == b.significant;
  };
  ASSERT_EQ(first.functions.size(), second.functions.size());
  for (std::size_t i = 0; i < first.functions.size(); ++i) {
    EXPECT_EQ(first.functions[i].frame, second.functions[i].frame);
    EXPECT_TRUE(same(first.functions[i].self, second.functions[i].self)) << i;
    EXPECT_TRUE(same(first.functions[i].total, second.functions[i].total)) << i;
  }
  ASSERT_EQ(first.nodes.size(), second.nodes.size());
  for (std::size_t i = 0; i < first.nodes.size(); ++i) {
    EXPECT_EQ(first.nodes[i].function, second.nodes[i].function);
    EXPECT_EQ(first.nodes[i].depth, second.nodes[i].depth);
    EXPECT_TRUE(same(first.nodes[i].total, second.nodes[i].total)) << i;
  }
  EXPECT_EQ(first.slower, second.slower);
  EXPECT_EQ(first.callers, second.callers);
  EXPECT_EQ(first.notes, second.notes);
}

TEST(Explain, AddsUpToTheWhole) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    tests::simulated_program program(seed, 20 + 3 * seed);
    program.slow_down(0.3, 0.2);
    const auto e = diff::explain(program.measure({.rounds = 4 + seed % 13, .wild = 0.2}), {});
    double functions = 0;
    double nodes = 0;
    for (const auto& f : e.functions) functions += f.self.delta_ns();
    for (const auto& n : e.nodes) nodes += n.head_self_ns - n.base_self_ns;
    EXPECT_NEAR(functions, e.whole.delta_ns(), 1e-9 * e.whole.base_ns) << seed;
    EXPECT_NEAR(nodes, e.whole.delta_ns(), 1e-9 * e.whole.base_ns) << seed;
  }
}

// A second way to the same figures: times of equal processes, so that a sample of a side is worth the same
// everywhere.
TEST(Explain, AgreesWithCountingByName) {
  std::mt19937_64 random(11);
  for (int repetition = 0; repetition < 200; ++repetition) {
    profiles p(4);
    std::map<std::string, std::pair<double, double>> self;
    std::map<std::string, std::pair<double, double>> total;
    std::map<std::vector<std::string>, std::pair<double, double>> paths;
    for (int s = 0; s < 30; ++s) {
      std::vector<std::string> path{"main"};
      const std::size_t depth = random() % 6;
      for (std::size_t d = 0; d < depth; ++d) path.push_back("f" + std::to_string(random() % 8));
      const auto base = static_cast<std::uint32_t>(random() % 20);
      const auto head = static_cast<std::uint32_t>(random() % 20);
      if (base + head == 0) continue;
      std::string text;
      for (const std::string& part : path) text += (text.empty() ? "" : ";") + part;
      p.both(text, base, head);
      const auto add = [&](std::pair<double, double>& to) {
        to.first += base;
        to.second += head;
      };
      add(self[path.back()]);
      for (const std::string& name : std::set<std::string>(path.begin(), path.end())) add(total[name]);
      for (std::size_t d = 1; d <= path.size(); ++d) {
        add(paths[{path.begin(), path.begin() + static_cast<std::ptrdiff_t>(d)}]);
      }
    }
    const auto e = explained(p);
    ASSERT_EQ(e.unavailable, "");
    ASSERT_EQ(e.functions.size(), total.size());
    for (const auto& f : e.functions) {
      const std::string& name = f.frame.function;
      EXPECT_NEAR(f.self.base_ns, self[name].first, 1e-9);
      EXPECT_NEAR(f.self.head_ns, self[name].second, 1e-9);
      EXPECT_NEAR(f.total.base_ns, total[name].first, 1e-9);
      EXPECT_NEAR(f.total.head_ns, total[name].second, 1e-9);
    }
    ASSERT_EQ(e.nodes.size(), paths.size());
    std::vector<std::string> path;
    for (const auto& node : e.nodes) {
      path.resize(node.depth);
      path.push_back(e.functions[node.function].frame.function);
      ASSERT_TRUE(paths.contains(path));
      EXPECT_NEAR(node.total.base_ns, paths[path].first, 1e-9);
      EXPECT_NEAR(node.total.head_ns, paths[path].second, 1e-9);
    }
  }
}

TEST(Explain, IsNotMovedByAWildProcess) {
  profiles p;
  p.both("main;run;f", 3000, 3600).both("main;run;g", 7000, 7000);
  diff::profile_rounds rounds = p.with_ns_a_sample(1);
  rounds.head.processes[3].iteration_ns *= 3;
  rounds.base.processes[8].iteration_ns *= 0.5;
  const auto e = diff::explain(rounds, {});
  EXPECT_NEAR(e.whole.delta_ns(), 600, 1e-6);
  EXPECT_THAT(names(e, e.slower), ElementsAre("f"));
}
