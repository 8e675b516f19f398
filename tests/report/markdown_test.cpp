#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "report/publish.hpp"
#include "report/report.hpp"
#include "tests/report/paired_sample.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

constexpr std::size_t limit_bytes = 60'000;

std::string last_line(const std::string& text) {
  const std::size_t end = text.find_last_not_of('\n');
  return text.substr(text.rfind('\n', end) + 1, end - text.rfind('\n', end));
}

TEST(ReportMarkdown, StartsWithTheVerdictOfTheRun) {
  const std::string text = to_markdown(test::sample_comparison({.stacks = 1}));
  EXPECT_EQ(text.substr(0, text.find('\n')),
            "**2 of 12 benchmarks regressed, most of all std_set/find_hit/u64/1e3 by 11.7 %; 1 "
            "failed and 1 is "
            "missing from head.**");
}

TEST(ReportMarkdown, EveryTableRowHasTheSameNumberOfCells) {
  std::istringstream lines(to_markdown(test::sample_comparison({.stacks = 1})));
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() != '|') continue;
    EXPECT_EQ(std::count(line.begin(), line.end(), '|'), 10) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 12U + 2 * 2);
}

TEST(ReportMarkdown, NamesCannotBecomeMarkup) {
  const std::string text = to_markdown(test::sample_comparison({.stacks = 1}));
  EXPECT_EQ(text.find("<script>"), std::string::npos);
  EXPECT_NE(text.find("<code>&#60;script&#62;alert"), std::string::npos);
}

TEST(ReportMarkdown, StaysUnderTheLimitAndCountsWhatIsLeftOut) {
  const std::string text =
      to_markdown(test::sample_comparison({.benchmarks = 2000, .rounds = 2, .stacks = 0}));
  EXPECT_LE(text.size(), limit_bytes);
  EXPECT_GT(text.size(), limit_bytes * 9 / 10) << "the room is used";
  const std::string end = last_line(text);
  ASSERT_NE(end.find("of 2000 benchmarks"), std::string::npos) << end;
  const std::size_t left_out = std::stoul(end.substr(end.find(": ") + 2));
  std::istringstream lines(text);
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);)
    rows += line.starts_with("| ") && !line.starts_with("| Verdict");
  EXPECT_EQ(rows + left_out, 2000U);
}

TEST(ReportMarkdown, HugeTextsCannotBreakTheLimit) {
  auto file = test::sample_comparison({.stacks = 1});
  const std::string huge(200'000, '|');
  file.note = file.base.label = file.head.label = file.machine.cpu_model = file.machine.kernel = huge;
  file.created = file.deft_version = file.machine.operating_system = huge;
  for (auto& benchmark : file.benchmarks) {
    benchmark.name = huge;
    benchmark.decision->reason = huge;
  }
  EXPECT_LE(to_markdown(file).size(), limit_bytes);
}

TEST(ReportMarkdown, ShowsTheControlAndTheSmallestEffectHoweverMuchIsLeftOut) {
  for (const std::size_t benchmarks : {1U, 12U, 2000U}) {
    const std::string text =
        to_markdown(test::sample_comparison({.benchmarks = benchmarks, .rounds = 2, .stacks = 0}));
    const std::string top = text.substr(0, text.find("| Verdict"));
    EXPECT_NE(top.find("A/A control: base against itself came out at "), std::string::npos) << top;
    EXPECT_NE(top.find("Smallest change this run would have found: ±"), std::string::npos) << top;
  }
}

TEST(ReportMarkdown, SaysThatThereIsNoControlWhereThereIsNone) {
  store::result_file file;
  file.benchmarks.resize(1);
  file.benchmarks[0].decision.emplace().verdict = stats::verdict::missing;
  const std::string text = to_markdown(file);
  EXPECT_NE(text.find("A/A control: none"), std::string::npos);
  EXPECT_NE(text.find("would have found: not known."), std::string::npos);
  EXPECT_EQ(text.find("1.000"), std::string::npos) << "an unknown ratio is no ratio of 1";
}

TEST(ReportMarkdown, LeavesOutTheLeastUrgent) {
  const std::string text =
      to_markdown(test::sample_comparison({.benchmarks = 2000, .rounds = 2, .stacks = 0}));
  // 334 of the 2000 regressed: none of the milder kinds has room before all of them had.
  std::size_t regressed = 0;
  for (std::size_t at = 0; (at = text.find("| ▲ regressed |", at)) != std::string::npos; ++at) ++regressed;
  EXPECT_EQ(text.find("| = equivalent |"), std::string::npos);
  EXPECT_GT(regressed, 100U);
  EXPECT_LT(text.rfind("| ▲ regressed |"), text.find("Left out"));
}

TEST(ReportMarkdown, FillsTheLengthThatIsAskedFor) {
  const auto file = test::sample_comparison({.benchmarks = 5000, .rounds = 2, .stacks = 0});
  const std::string text = to_markdown(file, 200'000);
  EXPECT_LE(text.size(), 200'000U);
  EXPECT_GT(text.size(), 180'000U);
}

TEST(ReportMarkdown, NamesCannotMentionLinkOrCommand) {
  auto file = test::sample_comparison({.benchmarks = 2, .rounds = 2, .stacks = 0});
  file.benchmarks[0].name = "a|b\n| ✕ failed | @everyone `x` <img src=x> ![i](http://e.org) #1";
  file.benchmarks[0].decision->reason = "see @team, org/repo#7, http://e.org and </details>\n# Title";
  file.benchmarks[1].name = "##[add-mask]a";
  file.note = "::error::@you";
  file.base.label = "`\n\n@me";
  const std::string text = to_markdown(file);
  for (const char* active : {"@everyone", "@team", "@you", "@me", "<img", "](", " #1", "repo#7", "http://",
                             "# Title", "##[", "::error"}) {
    EXPECT_EQ(text.find(active), std::string::npos) << active;
  }
  EXPECT_EQ(text.find("</details>\n#"), std::string::npos);
}

TEST(ReportMarkdown, KeepsEveryBenchmarkWhereThereIsRoom) {
  const std::string text = to_markdown(test::sample_single({.stacks = 1}));
  EXPECT_EQ(text.find("Left out"), std::string::npos);
  EXPECT_NE(text.find("| Benchmark | Time per iteration | Failure |"), std::string::npos);
}

TEST(ReportMarkdown, NamesTheFunctionThatMadeABenchmarkSlower) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  test::add_paired(file);
  const std::string text = to_markdown(file);
  EXPECT_NE(text.find("; made slower by `hash_part` (+"), std::string::npos) << text;
  EXPECT_EQ(text.find("; made", text.find("= equivalent")), std::string::npos);
}

TEST(ReportMarkdown, AnEmptyRunHasNoTable) {
  const std::string text = to_markdown({});
  EXPECT_EQ(text.find('|'), std::string::npos);
  EXPECT_EQ(text.substr(0, text.find('\n')), "**No benchmark was compared.**");
}

TEST(ReportMarkdown, HasColumnsForCountsWhereSomethingWasCounted) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  EXPECT_EQ(to_markdown(file).find("Instructions"), std::string::npos);
  stats::work_counts& base = file.benchmarks[0].base_counts.emplace();
  base.instructions = 1000;
  base.allocations = 1;
  file.benchmarks[0].head_counts = base;
  file.benchmarks[0].head_counts->instructions = 1100;
  const std::string text = to_markdown(file);
  EXPECT_NE(text.find("| Could see | Instructions | Allocations | Reason |"), std::string::npos);
  EXPECT_NE(text.find("| 1,000 to 1,100 (+10.0 %) | 1 |"), std::string::npos) << text;
  // Every row has as many cells as the head.
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ")) continue;
    EXPECT_EQ(std::count(line.begin(), line.end(), '|'), 12) << line;
  }
}

}  // namespace
}  // namespace deft::report
