#include "measure/program.hpp"

#include <filesystem>
#include <regex>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <regex.h>

#include "support/files.hpp"

namespace deft::measure {
namespace {

using namespace std::chrono_literals;
using support::error_kind;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(ListBenchmarks, GivesTheNamesInTheProgramsOrder) {
  const auto names = list_benchmarks({DEFT_TEST_SEEDED_SLOWDOWN, {}, {}}, 20s);
  ASSERT_TRUE(names) << names.error().message;
  EXPECT_THAT(*names, ElementsAre("search", "map", "hash", "sum", "sort"));
}

TEST(ListBenchmarks, DoesNotTakeABannerForABenchmark) {
  const auto names = list_benchmarks({DEFT_TEST_PRINTING, {}, {}}, 20s);
  ASSERT_TRUE(names) << names.error().message;
  EXPECT_THAT(*names, ElementsAre("work"));
}

TEST(ListBenchmarks, PassesArgumentsAndEnvironment) {
  EXPECT_TRUE(list_benchmarks({DEFT_TEST_PRINTING, {"--many-steps"}, {}}, 20s));
  EXPECT_FALSE(list_benchmarks({DEFT_TEST_PRINTING, {"--no-such-option"}, {}}, 20s));
  const auto names = list_benchmarks({DEFT_TEST_MISBEHAVING, {}, {{"DEFT_TEST_HIDE", "good"}}}, 20s);
  ASSERT_TRUE(names) << names.error().message;
  EXPECT_THAT(*names, testing::Not(Contains("good")));
}

TEST(ListBenchmarks, RefusesProgramsOfAnotherKind) {
  for (const char* path :
       {"/bin/true", "/bin/echo", "/bin/false", "/no/such/program", "/etc/passwd", "/tmp"}) {
    const auto names = list_benchmarks({path, {}, {}}, 20s);
    ASSERT_FALSE(names) << path;
    EXPECT_EQ(names.error().kind, error_kind::benchmark_failed) << path;
    EXPECT_THAT(names.error().message, HasSubstr(path));
  }
}

TEST(ListBenchmarks, DoesNotWaitForAProgramThatNeverAnswers) {
  const auto names = list_benchmarks({"/bin/sh", {"-c", "sleep 1000", "sh"}, {}}, 100ms);
  ASSERT_FALSE(names);
  EXPECT_THAT(names.error().message, HasSubstr("time limit"));
}

TEST(ExactFilter, MatchesItsNameOnly) {
  for (const std::string& name :
       std::vector<std::string>{"a", "a.b", "x<int, (y)>/^a|b$/[0]+{1}*?.\\", "]}{[", "..", "-a"}) {
    const std::regex pattern(exact_filter(name), std::regex::extended);
    regex_t posix;  // The library is built with either.
    ASSERT_EQ(::regcomp(&posix, exact_filter(name).c_str(), REG_EXTENDED | REG_NOSUB), 0);
    EXPECT_TRUE(std::regex_search(name, pattern)) << name;
    EXPECT_EQ(::regexec(&posix, name.c_str(), 0, nullptr, 0), 0) << name;
    for (const std::string& other : {name + "x", "x" + name, name + name}) {
      EXPECT_FALSE(std::regex_search(other, pattern)) << other;
      EXPECT_NE(::regexec(&posix, other.c_str(), 0, nullptr, 0), 0) << other;
    }
    ::regfree(&posix);
  }
  EXPECT_FALSE(std::regex_search("axb", std::regex(exact_filter("a.b"), std::regex::extended)));
}

TEST(Matching, ChoosesAsGoogleBenchmarkDoes) {
  const std::vector<std::string> names{"find/10", "find/100", "insert/10"};
  EXPECT_THAT(*matching(names, "10$"), ElementsAre("find/10", "insert/10"));
  EXPECT_THAT(*matching(names, "-find"), ElementsAre("insert/10"));
  EXPECT_EQ(*matching(names, "all"), names);
  EXPECT_EQ(*matching(names, ""), names);
  EXPECT_TRUE(matching(names, "nothing")->empty());
}

TEST(Matching, RefusesAnInvalidExpression) {
  const auto chosen = matching({"a"}, "a(");
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, error_kind::usage);
  EXPECT_THAT(chosen.error().message, HasSubstr("'a('"));
}

TEST(NaturalMethod, ComparesOnOneCoreOnlyWhatIsOneThreadsCpuTime) {
  for (const char* name : {"a", "a/100", "a/threads:1", "a/iterations:5/repeats:3", "realtime", "threads:x"})
    EXPECT_EQ(natural_method(name), method::same_core) << name;
  for (const char* name :
       {"a/real_time", "a/threads:2", "a/8/real_time/threads:16", "a/manual_time", "a/process_time"})
    EXPECT_EQ(natural_method(name), method::alternating) << name;
}

}  // namespace
}  // namespace deft::measure
