#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "report/escape.hpp"
#include "report/report.hpp"
#include "tests/report/paired_sample.hpp"
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

TEST(ReportText, NamesTheFunctionThatMadeABenchmarkSlower) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  test::add_paired(file);
  const auto lines = lines_of(to_text(file));
  EXPECT_NE(lines[1].find("confirmed by fresh data; made slower by hash_part (+"), std::string::npos)
      << lines[1];
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

stats::work_counts counted(double instructions, double allocations) {
  stats::work_counts counts;
  counts.instructions = instructions;
  counts.allocations = allocations;
  counts.allocated_bytes = allocations * 1024;
  counts.peak_bytes = 2048;
  return counts;
}

TEST(ReportText, HasNoColumnsForCountsWhereNothingWasCounted) {
  EXPECT_EQ(to_text(test::sample_comparison({.stacks = 1})).find("instructions"), std::string::npos);
  EXPECT_EQ(to_text(test::sample_single({.stacks = 1})).find("allocations"), std::string::npos);
}

TEST(ReportText, ShowsTheCountsOfBothSidesWhereTheyDiffer) {
  auto file = test::sample_comparison({.benchmarks = 3, .stacks = 1});
  file.benchmarks[0].base_counts = counted(40'009, 2);
  file.benchmarks[0].head_counts = counted(44'010, 3);
  file.benchmarks[1].base_counts = counted(40'009, 0.25);
  file.benchmarks[1].head_counts = counted(40'009, 0.25);
  file.benchmarks[2].base_counts = counted(1, 1);
  file.benchmarks[2].head_counts.emplace().why_not = "instructions: no\x1b[2J room";
  const std::string text = to_text(file);
  EXPECT_NE(text.find("40,009 to 44,010 (+10.0 %)"), std::string::npos) << text;
  EXPECT_NE(text.find("2 to 3"), std::string::npos) << text;
  EXPECT_NE(text.find(" 40,009 "), std::string::npos) << text;
  EXPECT_NE(text.find(" 0.25 "), std::string::npos) << text;
  EXPECT_NE(text.find("not counted: instructions: no"), std::string::npos) << text;
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
}

TEST(ReportText, OfCountsAloneShowsNoTimes) {
  store::result_file file;
  file.kind = store::run_kind::single;
  file.benchmarks.resize(1);
  file.benchmarks[0].name = "find";
  file.benchmarks[0].base_counts = counted(9021, 0);
  EXPECT_EQ(to_text(file),
            "benchmark  instructions  allocations  allocated  peak heap\n"
            "find              9,021            0        0 B   2.00 KiB\n\n1 benchmark counted.\n");
}

}  // namespace
}  // namespace deft::report
