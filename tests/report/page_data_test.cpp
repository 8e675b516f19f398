#include "report/page_data.hpp"

#include <limits>
#include <string>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/call_tree.hpp"
#include "report/report.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

using nlohmann::json;

symbols::stack_profile profile_of(const std::vector<std::string>& functions,
                                  std::vector<symbols::folded_stack> stacks) {
  symbols::stack_profile out;
  for (const auto& function : functions) out.frames.push_back({function, "program", "", 0, false});
  out.stacks = std::move(stacks);
  return out;
}

TEST(ReportCallTree, MergesBothSidesHeaviestChildFirst) {
  frame_table table;
  const auto head = profile_of({"main", "light", "heavy"}, {{{0, 1}, 2}, {{0, 2}, 5}});
  const auto base = profile_of({"main", "heavy"}, {{{0, 1}, 4}, {{0}, 1}});
  const call_tree tree = merged_tree(&head, &base, table);
  ASSERT_EQ(table.frames().size(), 3U) << "frames are shared";
  EXPECT_EQ(tree.frame, (std::vector<std::uint32_t>{0, 2, 1}));
  EXPECT_EQ(tree.depth, (std::vector<std::uint32_t>{0, 1, 1}));
  EXPECT_EQ(tree.head, (std::vector<std::uint64_t>{0, 5, 2}));
  EXPECT_EQ(tree.base, (std::vector<std::uint64_t>{1, 4, 0}));
}

TEST(ReportCallTree, KeepsSamplesWithoutAStack) {
  frame_table table;
  const auto head = profile_of({"main"}, {{{}, 3}, {{7}, 2}, {{0, 9}, 1}});
  const call_tree tree = merged_tree(&head, nullptr, table);
  ASSERT_EQ(tree.head.size(), 2U);
  EXPECT_EQ(tree.head, (std::vector<std::uint64_t>{5, 1}));
  EXPECT_EQ(table.frames()[tree.frame[0]].function, "[no stack]");
}

TEST(ReportCallTree, AVeryDeepStackIsBoundedAndNeedsNoRecursion) {
  frame_table table;
  symbols::folded_stack deep{std::vector<std::uint32_t>(200'000, 0), 1};
  const auto head = profile_of({"again"}, {deep});
  const call_tree tree = merged_tree(&head, nullptr, table);
  EXPECT_EQ(tree.depth.back(), deepest_stack - 1);
  EXPECT_EQ(tree.head.back(), 1U);
  EXPECT_EQ(table.frames()[tree.frame[deepest_stack - innermost_frames_kept - 1]].function,
            "[frames left out]");
}

TEST(ReportCallTree, AStackOfTheGreatestDepthIsKeptWhole) {
  frame_table table;
  symbols::folded_stack deep{std::vector<std::uint32_t>(deepest_stack, 0), 1};
  const auto head = profile_of({"again"}, {deep});
  const call_tree tree = merged_tree(&head, nullptr, table);
  EXPECT_EQ(tree.depth.size(), deepest_stack);
  EXPECT_EQ(table.frames().size(), 1U);
}

TEST(ReportPageData, NumbersThatAreNoneAreNull) {
  auto file = test::sample_comparison({.benchmarks = 1, .stacks = 1});
  auto& benchmark = file.benchmarks[0];
  const double infinity = std::numeric_limits<double>::infinity();
  benchmark.decision->head = {infinity, -infinity, std::numeric_limits<double>::quiet_NaN()};
  benchmark.head_ns = infinity;
  file.noise.control_spread = infinity;
  const json data = json::parse(page_data(file));
  const json& shown = data["benchmarks"][0];
  EXPECT_EQ(shown["ratio"], json({nullptr, nullptr, nullptr}));
  EXPECT_TRUE(shown["head"].is_null());
  EXPECT_TRUE(data["noise"]["control"].is_null());
}

TEST(ReportPageData, HasOneMedianPerRoundAndProcess) {
  store::result_file file;
  store::benchmark benchmark;
  measure::round round;
  round.base = {{3, 30, 1}, {1, 10, 1}, {2, 20, 1}};
  round.head = {{4, 40, 1}, {6, 60, 1}};
  round.confirmation = true;
  benchmark.rounds = {round};
  file.benchmarks.push_back(benchmark);
  benchmark.method = measure::method::alternating;
  benchmark.name = "wall";
  file.benchmarks.push_back(benchmark);
  const json data = json::parse(page_data(file));
  EXPECT_EQ(data["benchmarks"][0]["rounds"], json::parse("[[2.0, 5.0, null, 1]]"));
  EXPECT_EQ(data["benchmarks"][1]["rounds"], json::parse("[[20.0, 50.0, null, 1]]")) << "wall time";
}

TEST(ReportPageData, StoresFramesOnceForAllBenchmarks) {
  const json data = json::parse(page_data(test::sample_comparison({.benchmarks = 30})));
  const auto& strings = data["frames"]["strings"];
  EXPECT_EQ(std::count(strings.begin(), strings.end(), "_start"), 1);
  EXPECT_EQ(data["frames"]["function"].size(), data["frames"]["line"].size());
}

TEST(ReportPageData, SurvivesNamesThatAreNoUtf8) {
  auto file = test::sample_comparison({.benchmarks = 1, .stacks = 1});
  file.benchmarks[0].name = "\xff\xfe";
  file.benchmarks[0].profile->frames[0].function = "\xc3";
  EXPECT_EQ(json::parse(page_data(file))["benchmarks"][0]["name"], "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(ReportPageData, SaysHowTheTimedPartWasFound) {
  auto file = test::sample_comparison({.benchmarks = 1, .stacks = 1});
  file.benchmarks[0].profile->note = "timed part found by\nmarks <b>\x1b";
  const json data = json::parse(page_data(file));
  EXPECT_EQ(data["benchmarks"][0]["profiles"]["head"]["note"], "timed part found by marks <b>\xEF\xBF\xBD");
}

TEST(ReportPageData, ShowsTheWholeSeed) {
  store::result_file file;
  file.seed = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(json::parse(page_data(file))["seed"], "18446744073709551615");
}

TEST(ReportPageData, HasHowABenchmarkDeveloped) {
  const auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  const auto past = test::sample_past(file, 10);
  const json data = json::parse(page_data(file, past));
  ASSERT_EQ(data["runs"].size(), 10U);
  EXPECT_EQ(data["runs"][0], (json{"2026-09-01T00:00:00Z", "c0ffee100000"}));
  for (const auto& benchmark : data["benchmarks"]) {
    if (benchmark["name"] != file.benchmarks[0].name) continue;
    const json& history = benchmark["history"];
    EXPECT_EQ(history["runner"], "box");
    EXPECT_EQ(history["runs"], (json{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}));
    EXPECT_TRUE(history["ns"][3].is_null()) << "it failed";
    ASSERT_EQ(history["changes"].size(), 1U);
    EXPECT_EQ(history["changes"][0][0], 5);
    EXPECT_EQ(history["changes"][0][3], 0) << "not blessed";
  }
}

TEST(ReportPageData, ShowsTheLastRunsOfALongHistory) {
  const auto file = test::sample_comparison({.benchmarks = 1, .stacks = 1});
  auto past = test::sample_past(file, 2 * most_runs_shown + 2);
  past[0].changes.insert(past[0].changes.begin(), history::change{5, 1, 2, 0.001, false});
  const json data = json::parse(page_data(file, past));
  ASSERT_EQ(data["runs"].size(), most_runs_shown);
  EXPECT_EQ(data["runs"].back(),
            (json{past[0].observations.back().time, past[0].observations.back().commit}));
  // 402 runs: the change at 201 lies before those that are shown, which begin with 202.
  EXPECT_EQ(data["benchmarks"][0]["history"]["changes"].size(), 0U);
}

TEST(ReportPageData, SaysThatThereIsNoHistory) {
  const json data = json::parse(page_data(test::sample_comparison({.benchmarks = 1, .stacks = 1})));
  EXPECT_TRUE(data["runs"].is_null());
  EXPECT_TRUE(data["benchmarks"][0]["history"].is_null());
}

}  // namespace
}  // namespace deft::report
