#include "report/difference_data.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/explanations.hpp"
#include "report/page_data.hpp"
#include "report/summary.hpp"
#include "tests/report/paired_sample.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

diff::change change_of(double base, double head, bool significant = false) {
  return {base, head, head - base - 0.5, head - base + 0.5, significant ? 1e-6 : 0.7, significant};
}

diff::compared_function function_of(const std::string& name, const diff::change& self,
                                    const diff::change& total) {
  diff::compared_function out;
  out.frame.function = name;
  out.self = self;
  out.total = total;
  return out;
}

// main > hot, main > cold > dust
diff::explanation made_up() {
  diff::explanation out;
  out.rounds = 12;
  out.floor_ns = 1;
  out.whole = change_of(100, 112, true);
  out.functions = {function_of("main", change_of(10, 10), change_of(100, 112, true)),
                   function_of("hot<int>(int)", change_of(60, 72, true), change_of(60, 72, true)),
                   function_of("cold", change_of(29.99, 29.99), change_of(30, 30)),
                   function_of("dust", change_of(0.01, 0.01), change_of(0.01, 0.01))};
  out.nodes = {{0, 0, 10, 10, change_of(100, 112, true)},
               {1, 1, 60, 72, change_of(60, 72, true)},
               {2, 1, 29.99, 29.99, change_of(30, 30)},
               {3, 2, 0.01, 0.01, change_of(0.01, 0.01)}};
  out.slower = {1};
  out.callers = {0};
  return out;
}

json data_of(const diff::explanation& why, const diff::profile_rounds* rounds = nullptr) {
  frame_table table;
  return difference_data({why, rounds}, table);
}

TEST(ReportDifference, HasFunctionsAndPathsWithTheirChanges) {
  const json data = data_of(made_up());
  EXPECT_EQ(data["whole"], (json{100.0, 112.0, 11.5, 12.5, 1}));
  EXPECT_EQ(data["functions"]["self"]["head"], (json{10.0, 72.0, 29.99, 0.01}));
  EXPECT_EQ(data["functions"]["self"]["significant"], (json{0, 1, 0, 0}));
  EXPECT_EQ(data["slower"], (json{1}));
  EXPECT_EQ(data["callers"], (json{0}));
  EXPECT_DOUBLE_EQ(data["tree"]["unit"].get<double>(), 112.0 / 100'000);
  EXPECT_EQ(data["tree"]["base"][1], std::llround(60 / (112.0 / 100'000)));
  EXPECT_EQ(data["tree"]["significant"], (json{1, 1, 0}));
}

// Base takes 98 ns where nothing is profiled.
store::benchmark measured_as(double ratio, double low, double high) {
  store::benchmark out;
  out.base_ns = 98;
  out.decision.emplace();
  out.decision->head = {ratio, low, high};
  return out;
}

TEST(ReportDifference, SaysWhetherTheComparisonMeasuredTheSame) {
  const diff::explanation why = made_up();  // +11.5 to +12.5 ns, and a floor of 1 ns
  EXPECT_TRUE(measured_beside(measured_as(1.11, 1.10, 1.12), why)->agrees);
  EXPECT_TRUE(measured_beside(measured_as(1.10, 1.09, 1.11), why)->agrees)
      << "0.7 ns apart: sampling takes time";
  EXPECT_FALSE(measured_beside(measured_as(1.05, 1.04, 1.06), why)->agrees);
  EXPECT_FALSE(measured_beside(measured_as(1.30, 1.20, 1.40), why)->agrees);
  EXPECT_FALSE(measured_beside(store::benchmark(), why)) << "nothing was measured";
  store::benchmark wall = measured_as(1.11, 1.10, 1.12);
  wall.name = "work/manual_time";
  EXPECT_FALSE(measured_beside(wall, why)) << "profiles are of processor time";
  diff::explanation untested = why;
  untested.rounds = 3;
  EXPECT_FALSE(measured_beside(measured_as(1.11, 1.10, 1.12), untested));
  EXPECT_FALSE(data_of(untested)["tested"].get<bool>());

  frame_table table;
  explained e{why};
  e.measured = measured_beside(measured_as(1.5, 1.25, 1.75), why);
  EXPECT_EQ(difference_data(e, table)["measured"], (json{49.0, 24.5, 73.5, 0}));
  EXPECT_FALSE(data_of(why).contains("measured"));
}

TEST(ReportDifference, NamesTheCulpritOfWhatWasOnlyProfiled) {
  store::result_file file;
  file.kind = store::run_kind::comparison;
  store::benchmark& b = file.benchmarks.emplace_back();
  b.name = "digest";
  b.base_ns = 98;
  b.head_ns = 110;
  b.decision.emplace();  // inconclusive
  b.paired = test::sample_rounds(1);
  explanations why = explain_all(file);
  ASSERT_FALSE(why.at("digest").why.slower.empty());
  EXPECT_EQ(culprit_of(why, "digest", stats::verdict::inconclusive).how, "slower");
  EXPECT_EQ(headline(file),
            "1 benchmark profiled in base and head by turns, not measured: there is no verdict.");

  b.decision->head = {1.0, 0.9, 1.1};
  why = explain_all(file);
  EXPECT_EQ(culprit_of(why, "digest", stats::verdict::inconclusive).how, "") << "measured, and not told";
}

TEST(ReportDifference, ShowsTheCodeThatInlinedFunctionsArePartOf) {
  diff::explanation why = made_up();
  why.slower = {1, 3};  // hot, and dust below cold
  diff::profile_rounds rounds;
  symbols::annotated_function code;
  code.function = "main";
  rounds.base.code = rounds.head.code = {code};
  code.function = "cold";
  rounds.head.code.push_back(code);
  json lines = data_of(why, &rounds)["code"];
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["changed"], (json{1}));
  EXPECT_EQ(lines[0]["body"], 0) << "main, hot's caller";
  EXPECT_EQ(lines[1]["changed"], (json{3}));
  EXPECT_EQ(lines[1]["body"], 2) << "cold, the nearer one";
  EXPECT_TRUE(lines[1]["base"].is_null());

  rounds.head.code.pop_back();
  lines = data_of(why, &rounds)["code"];
  ASSERT_EQ(lines.size(), 1U) << "the same code once";
  EXPECT_EQ(lines[0]["changed"], (json{1, 3}));
}

TEST(ReportDifference, CountsTinyPathsToTheirCallers) {
  const json tree = data_of(made_up())["tree"];
  EXPECT_EQ(tree["function"], (json{0, 1, 2})) << "dust is none of them";
  EXPECT_EQ(tree["base"][2], std::llround(30 / (112.0 / 100'000))) << "its time is its caller's";
}

TEST(ReportDifference, KeepsTinyPathsWhoseChangeIsTold) {
  diff::explanation why = made_up();
  why.nodes[3].total.significant = true;
  EXPECT_EQ(data_of(why)["tree"]["function"], (json{0, 1, 2, 3}));
}

TEST(ReportDifference, NoTimeIsLostInTheTree) {
  const auto rounds = test::sample_rounds(3, {.paths = 400});
  const diff::explanation why = diff::explain(rounds, {});
  const json tree = data_of(why, &rounds)["tree"];
  ASSERT_LT(tree["base"].size(), why.nodes.size()) << "some are too small";
  for (const char* side : {"base", "head"}) {
    const auto parts = tree[side].get<std::vector<double>>();
    const double sum = std::accumulate(parts.begin(), parts.end(), 0.0) * tree["unit"].get<double>();
    const double whole = side == std::string("base") ? why.whole.base_ns : why.whole.head_ns;
    EXPECT_NEAR(sum, whole, 0.005 * whole) << side;
  }
}

TEST(ReportDifference, SaysWhyThereIsNone) {
  diff::explanation why = made_up();
  why.unavailable = "no\nprofiles";
  EXPECT_EQ(data_of(why), (json{{"unavailable", "no profiles"}}));
}

TEST(ReportDifference, NumbersThatAreNoneAreNull) {
  diff::explanation why = made_up();
  why.functions[1].self.low_ns = -std::numeric_limits<double>::infinity();
  why.nodes[1].total.high_ns = std::numeric_limits<double>::quiet_NaN();
  const json data = data_of(why);
  EXPECT_TRUE(data["functions"]["self"]["low"][1].is_null());
  EXPECT_TRUE(data["tree"]["high"][1].is_null());
}

TEST(ReportDifference, HasTheCodeOfWhatChangedOnBothSides) {
  const auto rounds = test::sample_rounds(1);
  const diff::explanation why = diff::explain(rounds, {});
  const json data = data_of(why, &rounds);
  ASSERT_FALSE(data["code"].empty());
  const json& first = data["code"][0];
  EXPECT_EQ(first["changed"][0], why.slower[0]);
  EXPECT_EQ(first["base"]["short"], "hash_part");
  EXPECT_EQ(first["head"]["short"], "hash_part");
  for (const json& one : data["code"]) {
    EXPECT_NE(one["head"]["short"], "mix") << "its own code took as long as before";
  }
  std::uint64_t samples = 0;
  double ns = 0;
  for (const auto& process : rounds.base.processes) {
    samples += process.samples;
    ns += process.iteration_ns;
  }
  const double all = data["facts"]["base"]["nsPerSample"].get<double>() * static_cast<double>(samples);
  const double iteration = ns / static_cast<double>(rounds.base.processes.size());
  EXPECT_NEAR(all, iteration, 0.001 * iteration) << "all samples together are one iteration";
}

TEST(ReportDifference, TellsHowFunctionsWereMatched) {
  diff::explanation why = made_up();
  why.functions[1].match = diff::function_match::renamed;
  why.functions[1].base_name = "warm<int>(int)";
  EXPECT_EQ(data_of(why)["functions"]["matched"],
            json::parse(R"x([[1, "renamed", "warm<int>(int)", "warm"]])x"));
}

TEST(ReportDifference, IsPartOfTheBenchmarksThatHaveOne) {
  auto file = test::sample_comparison({.benchmarks = 12, .stacks = 5});
  test::add_paired(file);
  const json data = json::parse(page_data(file));
  for (const json& benchmark : data["benchmarks"]) {
    const bool is_changed = benchmark["verdict"] == "regressed" || benchmark["verdict"] == "improved";
    if (is_changed) {
      EXPECT_GT(benchmark["difference"]["tree"]["depth"].size(), 10U);
    } else if (benchmark["verdict"] == "missing") {
      EXPECT_FALSE(benchmark.contains("difference"));
    }
  }
}

TEST(ReportCulprit, IsTheFunctionWhoseOwnTimeGrewMost) {
  diff::explanation why = made_up();
  EXPECT_EQ(culprit_of(why, stats::verdict::regressed).text(), "made slower by hot (+12.0 ns of 100 ns)");
  why.slower = {1, 2, 3};
  why.functions[2].self = change_of(29.99, 31.99, true);
  EXPECT_EQ(culprit_of(why, stats::verdict::regressed).text(),
            "made slower by hot (+12.0 ns of 100 ns) and 2 others (+2.00 ns)");
}

TEST(ReportCulprit, OfAnImprovementIsTheFunctionWhoseTimeShrank) {
  diff::explanation why = made_up();
  EXPECT_EQ(culprit_of(why, stats::verdict::improved).text(), "");
  why.faster = {2};
  why.functions[2].self = change_of(29.99, 20, true);
  EXPECT_EQ(culprit_of(why, stats::verdict::improved).text(), "made faster by cold (−9.99 ns of 100 ns)");
}

TEST(ReportCulprit, IsNoneWhereNothingIsTold) {
  diff::explanation why = made_up();
  EXPECT_EQ(culprit_of(why, stats::verdict::equivalent).text(), "");
  why.slower.clear();
  EXPECT_EQ(culprit_of(why, stats::verdict::regressed).text(), "");
  EXPECT_EQ(culprit_of(why, stats::verdict::regressed).after("It is slower."), "It is slower.");
}

TEST(ReportCulprit, StandsBehindTheReason) {
  const culprit found = culprit_of(made_up(), stats::verdict::regressed);
  EXPECT_EQ(found.after("It is slower."), "It is slower; made slower by hot (+12.0 ns of 100 ns)");
  EXPECT_EQ(found.after(""), "made slower by hot (+12.0 ns of 100 ns)");
}

}  // namespace
}  // namespace deft::report
