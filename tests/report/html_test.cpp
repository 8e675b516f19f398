#include <string>

#include <gtest/gtest.h>

#include "report/packing.hpp"
#include "report/report.hpp"
#include "tests/report/paired_sample.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

TEST(ReportHtml, TheSameContentGivesTheSameBytes) {
  EXPECT_EQ(to_html(test::sample_comparison()), to_html(test::sample_comparison()));
}

TEST(ReportHtml, AHundredBenchmarksFitIntoAMegabyte) {
  EXPECT_LT(to_html(test::sample_comparison({.benchmarks = 100})).size(), 1'000'000U);
}

TEST(ReportHtml, TheSameHistoryGivesTheSameBytes) {
  const auto file = test::sample_comparison();
  const auto past = test::sample_past(file);
  const std::string page = to_html(file, past);
  EXPECT_EQ(to_html(file, past), page);
  EXPECT_NE(to_html(file), page);
}

TEST(ReportHtml, AHundredBenchmarksWithAllRunsOfAHistoryFitIntoAMegabyte) {
  const auto file = test::sample_comparison({.benchmarks = 100});
  EXPECT_LT(to_html(file, test::sample_past(file, 2 * most_runs_shown)).size(), 1'000'000U);
}

TEST(ReportHtml, AHundredBenchmarksThatAreExplainedFitIntoAMegabyte) {
  auto file = test::sample_comparison({.benchmarks = 100});
  test::add_paired(file, {.paths = 300});
  EXPECT_LT(to_html(file, test::sample_past(file)).size(), 1'000'000U);
}

TEST(ReportHtml, TheSameProfilesGiveTheSameBytes) {
  auto file = test::sample_comparison();
  test::add_paired(file);
  EXPECT_EQ(to_html(file), to_html(file));
}

TEST(ReportHtml, ReferencesNothingOutsideItself) {
  std::string page = to_html(test::sample_comparison({.benchmarks = 2}));
  const std::string name_of_svg = "http://www.w3.org/2000/svg";  // a name, not a place
  for (auto at = page.find(name_of_svg); at != std::string::npos; at = page.find(name_of_svg)) {
    page.erase(at, name_of_svg.size());
  }
  for (const char* reference : {"http:", "https:", "src=", "<link", "@import", "url(", "fetch(",
                                "XMLHttpRequest", "import ", "import(", "WebSocket", "\"//", "'//"}) {
    EXPECT_EQ(page.find(reference), std::string::npos) << reference;
  }
  EXPECT_NE(page.find("default-src 'none'"), std::string::npos) << "and the browser is told to refuse it";
}

TEST(ReportHtml, NamesCannotBecomeMarkup) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  file.benchmarks[1].name = "</title></script><script>alert(1)</script>";
  const std::string page = to_html(file);
  EXPECT_NE(page.find("&#60;/title&#62;"), std::string::npos) << "the headline names the regression";
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
}

TEST(ReportHtml, MarksInTextsAreNotFilledIn) {
  auto file = test::sample_comparison({.benchmarks = 2, .stacks = 1});
  file.benchmarks[1].name = "{{data}}{{script}}";
  const std::string page = to_html(file);
  EXPECT_EQ(page.find("{{title}}"), std::string::npos);
  EXPECT_NE(page.find("{{data}}{{script}}"), std::string::npos) << "stays what it was called";
}

TEST(ReportHtml, AnEmptyRunHasAPage) {
  EXPECT_NE(to_html(store::result_file{}).find("No benchmark was compared."), std::string::npos);
}

TEST(ReportPacking, GzipCarriesNoTimeAndNoName) {
  const std::string packed = gzipped("deft");
  ASSERT_GE(packed.size(), 10U);
  EXPECT_EQ(packed.substr(0, 8), std::string("\x1f\x8b\x08\0\0\0\0\0", 8));
}

TEST(ReportPacking, Base64PadsToGroupsOfFour) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("d"), "ZA==");
  EXPECT_EQ(base64("de"), "ZGU=");
  EXPECT_EQ(base64("deft"), "ZGVmdA==");
  EXPECT_EQ(base64("def"), "ZGVm");
  EXPECT_EQ(base64("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace deft::report
