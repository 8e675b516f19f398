#include "cli/profile_summary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/formats/sample_profiles.hpp"

namespace deft::cli {
namespace {

using testing::HasSubstr;

TEST(ProfileSummary, CountsSamplesAndShowsWhereTheyFell) {
  const std::string text = summary_of(tests::cpu_profile());
  EXPECT_THAT(
      text, testing::StartsWith("309 samples of processor time in 12.8 s, 99.4 % of them from the thread's "
                                "root, 3 lost\nby perf_event cpu-clock + user stack copies, 199 Hz (a note)\n"
                                "  48.5 %  sort<int, std::less<int> >(int*, int*)\n"));
  EXPECT_THAT(text, HasSubstr("   1.9 %  operator;(odd) %3B 12\n"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
}

TEST(ProfileSummary, WeighsBytesOfAllocations) {
  const std::string text = summary_of(tests::allocation_profile());
  EXPECT_THAT(text, HasSubstr("74 allocations in "));
  EXPECT_THAT(text, HasSubstr("  99.6 %  operator new(unsigned long)\n"));
}

TEST(ProfileSummary, OfNothingSaysSo) {
  EXPECT_THAT(summary_of(tests::empty_profile()),
              HasSubstr("0 samples of processor time in 12.8 s, 0 lost\n"));
}

TEST(ShellWords, QuotesWhatAShellWouldChange) {
  EXPECT_EQ(shell_words({"ls", "-l", "/a/b.c", "A=1"}), "ls -l /a/b.c A=1");
  EXPECT_EQ(shell_words({"a b", "", "it's", "$x", "*"}), "'a b' '' 'it'\\''s' '$x' '*'");
}

}  // namespace
}  // namespace deft::cli
