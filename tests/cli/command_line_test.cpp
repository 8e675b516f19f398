#include "cli/command_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/core/version.hpp"

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

command parsed(std::vector<const char*> arguments) {
  arguments.insert(arguments.begin(), "deft");
  return parse_command_line(static_cast<int>(arguments.size()), arguments.data());
}

TEST(CommandLine, ReadsAComparisonOfTwoPrograms) {
  const auto c =
      parsed({"ab",     "old",        "new",    "--gate",    "--strict",   "--filter", "x",
              "--seed", "7",          "--mode", "alternate", "--base-env", "A=1",      "--head-env",
              "A=2",    "--head-env", "B=x=y",  "--arg",     "--fast",     "--arg",    "3"});
  const auto& ab = std::get<ab_command>(c);
  EXPECT_EQ(ab.base, "old");
  EXPECT_EQ(ab.head, "new");
  EXPECT_TRUE(ab.gate);
  EXPECT_TRUE(ab.rules.strict);
  EXPECT_FALSE(ab.rules.allow_missing);
  EXPECT_EQ(ab.common.filter, "x");
  EXPECT_EQ(ab.common.seed, 7U);
  EXPECT_EQ(ab.common.mode, comparison_mode::alternate);
  EXPECT_THAT(ab.base_variables, ElementsAre(Pair("A", "1")));
  EXPECT_THAT(ab.head_variables, ElementsAre(Pair("A", "2"), Pair("B", "x=y")));
  EXPECT_THAT(ab.common.arguments, ElementsAre("--fast", "3"));
}

TEST(CommandLine, LeavesProgramsAfterARepeatableOptionAlone) {
  const auto c = parsed({"run", "--env", "A=1", "one", "--arg", "x", "two"});
  EXPECT_THAT(std::get<run_command>(c).programs, ElementsAre("one", "two"));
}

TEST(CommandLine, TakesANewSeedEachTime) {
  const auto one = std::get<run_command>(parsed({"run", "p"}));
  const auto two = std::get<run_command>(parsed({"run", "p"}));
  EXPECT_NE(one.common.seed, two.common.seed);
}

TEST(CommandLine, ReadsAProfileOfACommand) {
  const auto c =
      parsed({"profile", "--mode", "off-cpu", "--frequency", "99", "--collector", "ptrace", "-o", "a.pb.gz",
              "-o", "b.html", "--time-limit", "1.5", "-q", "--", "make", "-j2", "--", "ab"});
  const auto& profile = std::get<profile_command>(c);
  EXPECT_THAT(profile.argv, ElementsAre("make", "-j2", "--", "ab"));
  EXPECT_EQ(profile.kind, symbols::profile_kind::off_cpu);
  EXPECT_EQ(profile.how, profile::collector::ptrace);
  EXPECT_EQ(profile.frequency_hz, 99U);
  EXPECT_EQ(profile.time_limit_seconds, 1.5);
  EXPECT_TRUE(profile.quiet);
  ASSERT_EQ(profile.outputs.size(), 2U);
  EXPECT_EQ(profile.outputs[0].path, "a.pb.gz");
  EXPECT_EQ(profile.outputs[0].as, formats::format::pprof);
  EXPECT_EQ(profile.outputs[1].as, formats::format::html);
}

TEST(CommandLine, ReadsAComparisonOfTwoCommands) {
  const auto c = parsed({"cmd-ab", "--warmup", "3", "--ignore-exit", "--head-env", "A=1", "--strict",
                         "--gate", "--", "sort", "-u", "--gate", "--", "uniq", "-q"});
  const auto& wish = std::get<cmd_ab_command>(c);
  EXPECT_THAT(wish.base, ElementsAre("sort", "-u", "--gate"));
  EXPECT_THAT(wish.head, ElementsAre("uniq", "-q"));
  EXPECT_THAT(wish.head_variables, ElementsAre(Pair("A", "1")));
  EXPECT_EQ(wish.warm_ups, 3U);
  EXPECT_TRUE(wish.ignore_exit);
  EXPECT_TRUE(wish.gate);
  EXPECT_TRUE(wish.rules.strict);
  EXPECT_FALSE(wish.common.quiet);
  EXPECT_FALSE(wish.common.profile);
}

TEST(CommandLine, TakesAnotherWordBetweenTwoCommands) {
  const auto c = parsed({"cmd-ab", "--separator", "::", "--", "git", "--", "a", "::", "git", "--", "b"});
  const auto& wish = std::get<cmd_ab_command>(c);
  EXPECT_THAT(wish.base, ElementsAre("git", "--", "a"));
  EXPECT_THAT(wish.head, ElementsAre("git", "--", "b"));
}

TEST(CommandLine, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::vector<const char*>> wrong{
      {},
      {"nonsense"},
      {"run"},
      {"ab", "one"},
      {"ab", "one", "two", "three"},
      {"ab", "one", "two", "--rev", "x"},
      {"ab", "--rev", "x", "--build", "make"},
      {"ab", "--rev", "x", "--bench", "b"},
      {"ab", "--rev", "x", "--build", "make", "--bench", "/absolute"},
      {"ab", "one", "two", "--build", "make"},
      {"ab", "one", "two", "--mode", "fast"},
      {"ab", "one", "two", "--band", "-1"},
      {"ab", "one", "two", "--base-env", "novalue"},
      {"run", "p", "--time-limit", "0"},
      {"run", "p", "--min-time", "nan"},
      {"run", "p", "--rounds", "1"},
      {"run", "p", "--seed", "x"},
      {"run", "p", "--seed", "-1"},
      {"run", "p", "--seed", "18446744073709551616"},
      {"run", "p", "-o", ""},
      {"compare", "p", "q"},
      {"cmd-ab"},
      {"cmd-ab", "a", "b"},
      {"cmd-ab", "--", "a"},
      {"cmd-ab", "--", "a", "--"},
      {"cmd-ab", "--", "--", "b"},
      {"cmd-ab", "--", "a", "--", "b", "--", "c"},
      {"cmd-ab", "--separator", "::", "--", "a", "--", "b"},
      {"cmd-ab", "--warmup", "0", "--", "a", "--", "b"},
      {"cmd-ab", "--filter", "x", "--", "a", "--", "b"},
      {"gate"},
      {"gate", "a", "b"},
      {"report", "a", "--strict"}};
  for (const auto& arguments : wrong) {
    testing::internal::CaptureStderr();
    const auto c = parsed(arguments);
    const std::string err = testing::internal::GetCapturedStderr();
    ASSERT_TRUE(std::holds_alternative<done>(c)) << testing::PrintToString(arguments);
    EXPECT_EQ(std::get<done>(c).code, exit_code::usage);
    EXPECT_TRUE(is_one_line_with(err, {"deft", "--help"}));
  }
}

class Help : public deft_program {};

TEST_F(Help, HasExamplesAndExitCodesForEveryVerb) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--help"},
                                             {"run", "--help"},
                                             {"ab", "-h"},
                                             {"cmd-ab", "--help"},
                                             {"gate", "--help"},
                                             {"report", "--help"},
                                             {"publish", "--help"},
                                             {"profile", "--help"},
                                             {"export", "--help"},
                                             {"import", "--help"},
                                             {"completion", "--help"},
                                             {"help", "--help"},
                                             {"doctor", "--help"}}) {
    const outcome o = deft(arguments);
    EXPECT_EQ(o.code, 0);
    EXPECT_THAT(o.out, HasSubstr("Examples:\n  deft "));
    EXPECT_THAT(o.out, HasSubstr("Exit codes:"));
    EXPECT_EQ(o.err, "");
  }
}

TEST_F(Help, TellsTheVersion) {
  const outcome o = deft({"--version"});
  EXPECT_EQ(o.code, 0);
  EXPECT_EQ(o.out, "deft " DEFT_VERSION_STRING "\n");
}

}  // namespace
}  // namespace deft::cli
