#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "report/call_tree.hpp"
#include "report/numbers.hpp"
#include "report/page_data.hpp"
#include "report/profile_summary.hpp"
#include "report/report.hpp"
#include "tests/report/profile_sample.hpp"

namespace deft::report {
namespace {

using nlohmann::json;
using symbols::profile_kind;

store::profile_file file_of(std::vector<symbols::folded_stack> stacks) {
  store::profile_file out;
  out.command = "program";
  for (const char* function : {"main", "light", "heavy"}) {
    out.profile.frames.push_back({function, "program", "", 0, false});
  }
  out.profile.frequency_hz = 1000;
  out.profile.stacks = std::move(stacks);
  for (const auto& stack : out.profile.stacks) out.profile.samples += stack.count;
  return out;
}

TEST(ProfilePage, TheSameContentGivesTheSameBytes) {
  EXPECT_EQ(to_html(test::sample_profile()), to_html(test::sample_profile()));
}

TEST(ProfilePage, ReferencesNothingOutsideItself) {
  std::string page = to_html(test::sample_profile({.stacks = 10, .functions = 20, .instructions = 0}));
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

TEST(ProfilePage, NamesCannotBecomeMarkup) {
  auto file = file_of({{{0, 2}, 5}});
  const std::string hostile = "</title></script><script>alert(1)</script>\xE2\x80\xA8<!--";
  file.command = hostile;
  file.ended = hostile;
  file.profile.frames[2].function = hostile;
  const std::string page = to_html(file);
  EXPECT_EQ(page.find("<script>alert"), std::string::npos);
  EXPECT_EQ(page.find("\xE2\x80\xA8"), std::string::npos) << "a line separator is no part of a line";
  EXPECT_NE(page.find("&#60;/title&#62;"), std::string::npos) << "the headline names the function";
}

TEST(ProfilePage, MarksInTextsAreNotFilledIn) {
  auto file = file_of({{{0}, 1}});
  file.command = "{{data}}{{script}}";
  EXPECT_NE(to_html(file).find("{{data}}{{script}}"), std::string::npos);
}

TEST(ProfilePage, AnEmptyProfileSaysSo) {
  EXPECT_NE(to_html(store::profile_file{}).find("No sample was taken."), std::string::npos);
  store::profile_file refused;
  refused.profile.unavailable = "perf_event_open was refused";
  EXPECT_EQ(headline(refused), "There is no profile: perf_event_open was refused");
  EXPECT_TRUE(json::parse(page_data(refused))["tree"].is_null());
}

TEST(ProfilePage, TheHeadlineNamesTheHottestFunction) {
  EXPECT_EQ(headline(file_of({{{0, 1}, 250}, {{0, 2}, 700}, {{0}, 50}})),
            "1.00 s of processor time, 70.0 % of it in heavy");
  auto waiting = file_of({{{0, 1}, 2, 30'000'000}, {{0, 2}, 9, 10'000'000}});
  waiting.profile.kind = profile_kind::off_cpu;
  EXPECT_EQ(headline(waiting), "40.0 ms of waiting, 75.0 % of it in light");
  auto allocations = file_of({{{0, 1}, 2, 3 << 20U}, {{0, 2}, 9, 1 << 20U}});
  allocations.profile.kind = profile_kind::allocation;
  EXPECT_EQ(headline(allocations), "4.00 MiB allocated, 75.0 % of it in light");
  auto imported = file_of({{{0, 1}, 1'234}, {{0, 2}, 4'000}});
  imported.profile.frequency_hz = 0;
  EXPECT_EQ(headline(imported), "5,234 samples, 76.4 % of them in heavy");
}

TEST(ProfilePage, SaysWhatWasProfiled) {
  auto file = file_of({});
  EXPECT_EQ(subject(file), "program");
  file.ended = "killed by SIGSEGV";
  file.duration_seconds = 0.2124;
  EXPECT_EQ(elapsed(file), "212 ms");
  file.duration_seconds = 192;
  EXPECT_EQ(elapsed(file), "3 min 12 s");
  file.duration_seconds = 12;
  EXPECT_EQ(subject(file), "program · killed by SIGSEGV · 12.0 s");
}

TEST(ProfileData, OneFrameIsATreeOfOneNode) {
  const json data = json::parse(page_data(file_of({{{0}, 3}})));
  EXPECT_EQ(data["tree"], json::parse(R"({"frame": [0], "depth": [0]})"));
  EXPECT_EQ(data["shares"], json::parse(R"({"node": [0], "thread": null, "count": [3], "value": null})"));
  EXPECT_EQ(data["unit"], "ns");
  EXPECT_EQ(data["period"], 1e6);
}

TEST(ProfileData, TellsWhatEachThreadHoldsInANode) {
  auto file = file_of({{{0, 1}, 4, 0, 1}, {{0, 1}, 2, 0, 0}, {{0, 1}, 1, 0, 1}, {{0}, 1, 0, 9}});
  file.profile.threads = {{7, 7, "a", "p"}, {7, 8, "b", "p"}};
  const json data = json::parse(page_data(file));
  EXPECT_EQ(data["shares"],
            json::parse(R"({"node": [0, 1, 0], "thread": [2, 0, 1], "count": [1, 2, 5], "value": null})"))
      << "nodes as steps; a thread that is none counts as one more";
  ASSERT_EQ(data["threads"].size(), 3U);
  EXPECT_EQ(data["threads"][2]["name"], "unknown thread");
}

TEST(ProfileData, ValuesThatAreNotKnownCountTheSamplingPeriod) {
  const json data = json::parse(page_data(file_of({{{0, 1}, 2, 0}, {{0, 2}, 1, 500}})));
  EXPECT_EQ(data["shares"]["value"], json::parse("[2000000, 500]"));
}

TEST(ProfileData, HeavyChildrenComeFirstByValueNotByCount) {
  auto file = file_of({{{0, 1}, 9, 10}, {{0, 2}, 1, 1000}});
  file.profile.kind = profile_kind::allocation;
  EXPECT_EQ(json::parse(page_data(file))["tree"]["frame"], json::parse("[0, 2, 1]"));
}

TEST(ProfileData, ValuesBeyondAnyMeasureDoNotWrapAround) {
  constexpr auto most = std::numeric_limits<std::uint64_t>::max();
  const json data = json::parse(page_data(file_of({{{0}, most, most}, {{0}, most, most}})));
  EXPECT_EQ(data["shares"]["count"][0], most);
  EXPECT_GT(data["shares"]["value"][0].get<double>(), 1e19);
}

TEST(ProfileData, IndicesThatAreNoneAndEmptyStacksStayCounted) {
  const json data = json::parse(page_data(file_of({{{}, 3}, {{9}, 2}, {{0, 9}, 1}})));
  const auto counts = data["shares"]["count"].get<std::vector<std::uint64_t>>();
  EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}), 6U);
}

TEST(ProfileData, ARecursionAMillionDeepIsBounded) {
  symbols::folded_stack deep{std::vector<std::uint32_t>(1'000'000, 1), 7};
  deep.frames.front() = 0;
  deep.frames.back() = 2;
  auto file = file_of({deep});
  const json data = json::parse(page_data(file));
  EXPECT_EQ(data["tree"]["frame"].size(), deepest_stack);
  EXPECT_EQ(data["tree"]["frame"].front(), 0) << "the outermost caller is kept";
  EXPECT_EQ(data["tree"]["frame"].back(), 2) << "and the innermost function, which the samples fell into";
  EXPECT_EQ(data["shares"]["count"], json::parse("[7]"));
  EXPECT_LT(to_html(file).size(), 500'000U);
}

TEST(ProfileData, SurvivesTextsThatAreNoUtf8) {
  const json data = json::parse(page_data(test::sample_profile()));
  EXPECT_EQ(data["frames"]["strings"].dump().find("\xff"), std::string::npos);
  EXPECT_EQ(data["threads"][3]["name"], "<b>&amp; worker") << "as it is: the page makes no markup of it";
}

TEST(ProfileData, SourceKeepsItsIndentationAndLosesControlCharacters) {
  store::profile_file file = file_of({{{0}, 1}});
  symbols::annotated_function hot;
  hot.sources = {{"a.cpp", 3, 1, "\tif (a)\treturn;\x1b\xE2\x80\xA8"},
                 {"a.cpp", 4, 0, std::string(5'000, 'x')}};
  hot.instructions = {{0xFFFFFFFFFFFFFFFFULL, 1, "mov\t%rax,%rbx", "", 1}};
  file.hot_functions = {hot};
  const json data = json::parse(page_data(file))["hot"][0];
  EXPECT_EQ(data["sources"]["text"][0], "        if (a)  return;\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_LT(data["sources"]["text"][1].get<std::string>().size(), 500U);
  EXPECT_EQ(data["instructions"]["text"][0], "mov     %rax,%rbx");
  EXPECT_EQ(data["instructions"]["address"][0], "ffffffffffffffff");
}

TEST(ProfileData, TheLargeSampleHasTheNodesThatTheViewerIsMeasuredWith) {
  const json data = json::parse(page_data(test::large_profile()));
  EXPECT_GE(data["tree"]["frame"].size(), 160'000U);
  EXPECT_LE(data["tree"]["frame"].size(), 260'000U);
}

TEST(ReportNumbers, BytesHaveAUnitThatFits) {
  EXPECT_EQ(bytes(0), "–");
  EXPECT_EQ(bytes(17), "17 B");
  EXPECT_EQ(bytes(1536), "1.50 KiB");
  EXPECT_EQ(bytes(3 * 0x1p30), "3.00 GiB");
  EXPECT_EQ(bytes(std::numeric_limits<double>::infinity()), "–");
}

TEST(ReportNumbers, CountsHaveGroupsOfThree) {
  EXPECT_EQ(count(0), "0");
  EXPECT_EQ(count(999), "999");
  EXPECT_EQ(count(1'000), "1,000");
  EXPECT_EQ(count(12'345'678), "12,345,678");
}

}  // namespace
}  // namespace deft::report
