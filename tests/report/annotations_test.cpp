#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "report/publish.hpp"
#include "tests/report/sample.hpp"

namespace deft::report {
namespace {

using stats::verdict;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> lines_with(const std::string& text, const std::string& begin) {
  std::vector<std::string> found;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(begin)) found.push_back(line);
  }
  return found;
}

store::result_file file_with(const std::vector<verdict>& verdicts) {
  store::result_file file;
  for (const verdict v : verdicts) {
    store::benchmark b;
    b.name = "b" + std::to_string(file.benchmarks.size());
    b.decision.emplace().verdict = v;
    b.decision->reason = "because";
    file.benchmarks.push_back(std::move(b));
  }
  return file;
}

TEST(WorkflowCommand, EscapesWhatWouldEndIt) {
  EXPECT_EQ(workflow_command("error", "50%, a:b\r\nc", "100 %: x, y\r\n::warning::z"),
            "::error title=50%25%2C a%3Ab%0D%0Ac::100 %25: x, y%0D%0A::warning::z");
}

TEST(ReportAnnotations, SayWhatGateWouldFail) {
  const auto file = file_with({verdict::equivalent, verdict::regressed, verdict::failed, verdict::missing,
                               verdict::improved, verdict::added, verdict::inconclusive});
  const std::string text = to_annotations(file);
  const auto errors = lines_with(text, "::error ");
  ASSERT_THAT(errors, SizeIs(3));
  EXPECT_EQ(errors[0], "::error title=regressed%3A b1::because");
  EXPECT_THAT(errors[1], HasSubstr("failed%3A b2"));
  EXPECT_THAT(errors[2], HasSubstr("missing%3A b3"));
  EXPECT_THAT(lines_with(text, "::warning "), testing::ElementsAre(HasSubstr("inconclusive%3A b6")));
  EXPECT_THAT(lines_with(text, "::notice "), SizeIs(3)) << "the run, improved, new";
  EXPECT_THAT(text, testing::Not(HasSubstr("b0:"))) << "what did not change is no news";
}

TEST(ReportAnnotations, FollowTheRulesOfTheGate) {
  const auto file = file_with({verdict::missing, verdict::inconclusive});
  const std::string text = to_annotations(file, {.inconclusive_fails = true, .missing_fails = false});
  EXPECT_THAT(lines_with(text, "::error "), testing::ElementsAre(HasSubstr("inconclusive%3A b1")));
  EXPECT_THAT(lines_with(text, "::warning "), testing::ElementsAre(HasSubstr("missing%3A b0")));
}

TEST(ReportAnnotations, AlwaysTellTheControlAndTheSmallestEffect) {
  const auto notices =
      lines_with(to_annotations(test::sample_comparison({.rounds = 2, .stacks = 0})), "::notice ");
  ASSERT_FALSE(notices.empty());
  EXPECT_THAT(notices[0], HasSubstr("2 of 12 benchmarks regressed"));
  EXPECT_THAT(notices[0], HasSubstr("%0AA/A control: base against itself"));
  EXPECT_THAT(notices[0], HasSubstr("Smallest change this run would have found: ±"));
}

TEST(ReportAnnotations, TellHowManyMoreThanGitHubShows) {
  const auto ten =
      lines_with(to_annotations(file_with(std::vector<verdict>(10, verdict::regressed))), "::error ");
  ASSERT_THAT(ten, SizeIs(10));
  EXPECT_THAT(ten, Each(HasSubstr("regressed")));
  const auto many =
      lines_with(to_annotations(file_with(std::vector<verdict>(100, verdict::regressed))), "::error ");
  ASSERT_THAT(many, SizeIs(10));
  EXPECT_THAT(many.back(), StartsWith("::error title=91 more::"));
}

TEST(ReportAnnotations, HostileNamesStayInsideTheirLine) {
  auto file = file_with({verdict::regressed});
  file.benchmarks[0].name = "a::b,c=d%0A\n::error title=x::y\r\x1b[31m";
  file.benchmarks[0].decision->reason = "why\n::add-mask::e\n##[group]x";
  const std::string text = to_annotations(file);
  std::istringstream lines(text);
  std::size_t commands = 0;
  for (std::string line; std::getline(lines, line); ++commands) {
    EXPECT_THAT(line, testing::AnyOf(StartsWith("::error title=regressed%3A a"),
                                     StartsWith("::notice title=deft::")));
    EXPECT_EQ(line.find_first_of("\r\x1b"), std::string::npos);
  }
  EXPECT_EQ(commands, 2U);
  EXPECT_THAT(text, HasSubstr("title=regressed%3A a%3A%3Ab%2Cc=d%250A %3A%3Aerror title=x%3A%3Ay"));
}

TEST(ReportAnnotations, AnInterruptedRunIsAnError) {
  auto file = file_with({});
  file.interrupted = true;
  EXPECT_THAT(lines_with(to_annotations(file), "::error "), testing::ElementsAre(HasSubstr("interrupted")));
  file.interrupted = false;
  EXPECT_THAT(lines_with(to_annotations(file), "::error "), IsEmpty());
}

}  // namespace
}  // namespace deft::report
