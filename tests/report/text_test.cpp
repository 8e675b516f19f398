#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/escape.hpp"
#include "report/report.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

TEST(ReportText, HasALineForEachBenchmarkAndASummary) {
  const auto lines = lines_of(to_text(test::sample_comparison({.stacks = 1})));
  ASSERT_EQ(lines.size(), 1 + 12 + 1 + 3U);
  EXPECT_EQ(lines[1].find("▲ regressed"), 0U);
  EXPECT_EQ(lines[14].find("2 of 12 benchmarks regressed"), 0U);
  EXPECT_EQ(lines[15], "2 regressed, 1 failed, 1 missing, 1 improved, 1 new, 2 inconclusive, 4 equivalent");
}

TEST(ReportText, ColumnsLineUpInEveryScript) {
  const auto lines = lines_of(to_text(test::sample_comparison({.stacks = 1})));
  const std::size_t interval_column = display_width(lines[0].substr(0, lines[0].find("interval")));
  for (std::size_t i = 1; i <= 12; ++i) {
    const std::size_t bracket = lines[i].find(" [");
    if (bracket == std::string::npos) continue;
    EXPECT_EQ(display_width(lines[i].substr(0, bracket + 1)), interval_column) << lines[i];
  }
}

TEST(ReportText, ShowsNoRatioWhereThereIsNone) {
  for (const auto& line : lines_of(to_text(test::sample_comparison({.stacks = 1})))) {
    EXPECT_EQ(line.find("nan"), std::string::npos) << line;
    EXPECT_EQ(line.find("inf "), std::string::npos) << line;
  }
}

TEST(ReportText, LetsNoTerminalEscapeThrough) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  file.benchmarks[0].name = "a\x1b[2Jb";
  file.note = "\x1b]0;title\x07";
  EXPECT_EQ(to_text(file).find('\x1b'), std::string::npos);
  EXPECT_EQ(to_text(file).find('\x07'), std::string::npos);
}

TEST(ReportText, OfAnEmptyRunIsItsSentence) {
  EXPECT_EQ(to_text({}), "No benchmark was compared.\n");
}

TEST(ReportText, OfASingleRunHasNoVerdicts) {
  const std::string text = to_text(test::sample_single({.stacks = 1}));
  EXPECT_EQ(text.find("equivalent"), std::string::npos);
  EXPECT_NE(text.find("per iteration"), std::string::npos);
}

}  // namespace
}  // namespace deft::report
