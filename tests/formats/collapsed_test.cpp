#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "tests/formats/sample_profiles.hpp"

namespace deft::formats {
namespace {

using testing::HasSubstr;

symbols::stack_profile stack_of(const std::vector<std::string>& names, std::uint64_t count = 1) {
  symbols::stack_profile profile;
  symbols::folded_stack stack;
  for (const std::string& name : names) {
    stack.frames.push_back(static_cast<std::uint32_t>(profile.frames.size()));
    symbols::frame frame;
    frame.function = name;
    profile.frames.push_back(std::move(frame));
  }
  stack.count = count;
  profile.stacks.push_back(std::move(stack));
  profile.samples = count;
  return profile;
}

store::profile_file read(std::string_view text) {
  auto file = from_collapsed(text, "stacks");
  EXPECT_TRUE(file) << file.error().message;
  return file ? *std::move(file) : store::profile_file{};
}

std::vector<std::string> names_of(const store::profile_file& file) {
  std::vector<std::string> names;
  for (const std::uint32_t number : file.profile.stacks.at(0).frames)
    names.push_back(file.profile.frames.at(number).function);
  return names;
}

std::string message_for(std::string_view text) {
  const auto file = from_collapsed(text, "stacks");
  EXPECT_FALSE(file);
  if (file) return "accepted";
  EXPECT_EQ(file.error().kind, support::error_kind::unreadable_input);
  return file.error().message;
}

TEST(Collapsed, HasALineForEachStackAsFlameGraphToolsReadIt) {
  EXPECT_EQ(to_collapsed(tests::counts_only().profile), "a 1\na;b 2\nb;a;b 3\n");
}

TEST(Collapsed, BringsEveryNameBackAsItWas) {
  const std::vector<std::vector<std::string>> stacks{
      {"main", "f(int)"},
      {"a;b", ";", ";;"},
      {"a\nb", "\n", "\r", "\t", std::string("a\0b", 3)},
      {"ends in a number 12", "12", " 12 ", "  "},
      {"\xff\xfe broken \xc3", "\xc3\xa9t\xc3\xa9"},
      {"100%", "%3B", "%3b", "%25", "%%3B", "%", "%2", "5%0A", "a %253B"},
      {"operator%(a, b)", "operator%=", "x%20y", "caf%C3%A9"},
      {"a", "", "b"},
      {"", "", ""},
      {"x\x7f\x1b[0m"}};
  for (const auto& names : stacks) {
    const std::string text = to_collapsed(stack_of(names, 7));
    const store::profile_file file = read(text);
    EXPECT_EQ(names_of(file), names) << text;
    EXPECT_EQ(file.profile.samples, 7U);
    EXPECT_EQ(to_collapsed(file.profile), text);
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  }
}

TEST(Collapsed, ReadsBackWhatItWroteByteForByte) {
  for (const auto& file :
       {tests::cpu_profile(), tests::allocation_profile(), tests::off_cpu_profile(), tests::counts_only()}) {
    const std::string text = to_collapsed(file.profile);
    EXPECT_EQ(to_collapsed(read(text).profile), text);
  }
}

TEST(Collapsed, LeavesOtherToolsNamesAlone) {
  const store::profile_file file =
      read("java/lang/Object.wait_[j];C:\\dir\\%41;{lambda(auto)#1} 5\r\n\nlast 1");
  EXPECT_EQ(names_of(file),
            (std::vector<std::string>{"java/lang/Object.wait_[j]", "C:\\dir\\%41", "{lambda(auto)#1}"}));
  EXPECT_EQ(file.profile.samples, 6U);
}

TEST(Collapsed, CountsSamplesOfProcessorTimeNsOfElapsedTimeAndBytesOfAllocations) {
  EXPECT_THAT(to_collapsed(tests::cpu_profile().profile), HasSubstr("_start;main 5\n"));
  EXPECT_THAT(to_collapsed(tests::allocation_profile().profile),
              HasSubstr("main;operator new(unsigned long) 1000001\n"));
  EXPECT_THAT(to_collapsed(tests::off_cpu_profile().profile), HasSubstr("main;read 5000000017\n"));
}

TEST(Collapsed, PutsStacksTogetherThatItCannotTellApart) {
  // Frame 12 is frame 3, not inlined; stack 15 is stack 1 of another process.
  const std::string text = to_collapsed(tests::cpu_profile().profile);
  EXPECT_THAT(text, HasSubstr("sort<int, std::less<int> >(int*, int*);swap<int>(int&, int&) 42\n"));
  EXPECT_THAT(text, HasSubstr("_start;main;sort<int, std::less<int> >(int*, int*) 150\n"));
}

TEST(Collapsed, AddsUpLinesOfTheSameStack) {
  const store::profile_file file = read("a;b 1\nc 2\na;b 3\n");
  ASSERT_EQ(file.profile.stacks.size(), 2U);
  EXPECT_EQ(file.profile.stacks[0].count, 4U);
}

TEST(Collapsed, SaysWhichLineIsNone) {
  EXPECT_EQ(message_for("a 1\nmain;f\n"),
            "stacks: line 2: expected \"caller;function NUMBER\", a whole number below 2^63 at its end");
  for (const std::string line :
       {"a", "a x", "a 1.5", "a -1", "a +1", "a 1 ", "a 0x1", "12", "a 18446744073709551616"})
    EXPECT_THAT(message_for(line), HasSubstr("line 1: expected")) << line;
  EXPECT_EQ(message_for(""), "stacks: the file is empty");
}

TEST(Collapsed, RefusesNumbersThatNothingHolds) {
  EXPECT_THAT(message_for("a 9223372036854775807\nb 1\n"),
              HasSubstr("line 2: the numbers so far add up to 2^63"));
  EXPECT_THAT(message_for("a 9223372036854775808\n"), HasSubstr("line 1"));
  EXPECT_EQ(read("a 9223372036854775807\n").profile.samples, 9223372036854775807U);
}

TEST(Collapsed, SurvivesAMillionFramesAndAMillionLines) {
  std::string deep;
  for (int i = 0; i < 1'000'000; ++i) deep += "f;";
  deep += "g 1\n";
  EXPECT_EQ(to_collapsed(read(deep).profile), deep);
  std::string many;
  for (int i = 0; i < 50'000; ++i) many += "f;g" + std::to_string(i) + " 1\n";
  EXPECT_EQ(read(many).profile.stacks.size(), 50'000U);
}

}  // namespace
}  // namespace deft::formats
