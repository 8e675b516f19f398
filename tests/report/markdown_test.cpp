#include <algorithm>
#include <cstddef>
#include <sstream>
#include <string>

#include <gtest/gtest.h>

#include "report/report.hpp"
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
    EXPECT_EQ(std::count(line.begin(), line.end(), '|'), 9) << line;
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

TEST(ReportMarkdown, KeepsEveryBenchmarkWhereThereIsRoom) {
  const std::string text = to_markdown(test::sample_single({.stacks = 1}));
  EXPECT_EQ(text.find("Left out"), std::string::npos);
  EXPECT_NE(text.find("| Benchmark | Time per iteration | Failure |"), std::string::npos);
}

TEST(ReportMarkdown, AnEmptyRunHasNoTable) {
  const std::string text = to_markdown({});
  EXPECT_EQ(text.find('|'), std::string::npos);
  EXPECT_EQ(text.substr(0, text.find('\n')), "**No benchmark was compared.**");
}

}  // namespace
}  // namespace deft::report
