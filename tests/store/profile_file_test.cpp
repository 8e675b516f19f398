#include "store/profile_file.hpp"

#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/sample_profile.hpp"
#include "tests/store/sample_result.hpp"

using namespace deft;
using store::profile_file;
using store::profile_from_json;
using store::to_json;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::sample_profile;

namespace {

/// The message about `text`, without the file's name in front.
std::string message_for(std::string_view text) {
  const auto read = profile_from_json(text, "p.json");
  if (read) return "accepted";
  EXPECT_EQ(read.error().kind, support::error_kind::unreadable_input);
  EXPECT_THAT(read.error().message, StartsWith("p.json: "));
  return read.error().message.substr(8);
}

std::string sample_with(std::string_view found, std::string_view replacement) {
  std::string text = to_json(sample_profile());
  const std::size_t at = text.find(found);
  EXPECT_NE(at, std::string::npos) << found;
  return text.replace(at, found.size(), replacement);
}

}  // namespace

TEST(ProfileFile, SurvivesWritingAndReading) {
  const profile_file before = sample_profile();
  const auto read = profile_from_json(to_json(before), "p.json");
  ASSERT_TRUE(read) << read.error().message;
  const profile_file& after = *read;
  EXPECT_EQ(after.command, before.command);
  EXPECT_EQ(after.ended, before.ended);
  EXPECT_EQ(after.duration_seconds, before.duration_seconds);
  EXPECT_EQ(after.machine.cpu_model, before.machine.cpu_model);
  EXPECT_EQ(after.profile.kind, symbols::profile_kind::off_cpu);
  EXPECT_EQ(after.profile.threads, before.profile.threads);
  EXPECT_EQ(after.profile.frames, before.profile.frames);
  ASSERT_EQ(after.profile.stacks.size(), 2U);
  EXPECT_EQ(after.profile.stacks[0].value, 18'446'744'073'709'551'000U);
  EXPECT_EQ(after.profile.stacks[1].thread, 1U);
  ASSERT_EQ(after.hot_functions.size(), 1U);
  EXPECT_EQ(after.hot_functions[0].instructions[1].function, "g(int)");
  EXPECT_EQ(after.hot_functions[0].sources[0].text, "  return x + 1;");
  EXPECT_EQ(to_json(after), to_json(before)) << "nothing is lost on the way";
}

TEST(ProfileFile, BeginsWithItsSchemaAndEndsInANewline) {
  const std::string text = to_json(profile_file{});
  EXPECT_TRUE(text.starts_with(R"({"schema":"deft-profile","version":1,)")) << text;
  EXPECT_TRUE(text.ends_with("}\n"));
}

TEST(ProfileFile, LeavesOutWhatMostProfilesHaveNot) {
  profile_file file = sample_profile();
  file.profile.kind = symbols::profile_kind::cpu;
  file.profile.threads.clear();
  for (symbols::folded_stack& stack : file.profile.stacks) stack.value = stack.thread = 0;
  const std::string text = to_json(file);
  for (const char* key : {"\"kind\"", "\"threads\"", "\"values\"", "\"stack_threads\""})
    EXPECT_THAT(text, Not(HasSubstr(key)));
  const auto read = profile_from_json(text, "p.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), text);
}

TEST(ProfileFile, KeepsTheNewFieldsInResultFilesToo) {
  store::result_file result = tests::sample_result();
  result.benchmarks[0].profile = sample_profile().profile;
  const std::string text = to_json(result);
  const auto read = store::from_json(text, "r.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->benchmarks[0].profile->stacks[1].value, 500U);
  EXPECT_EQ(to_json(*read), text);
}

TEST(ProfileFile, CutOffAnywhereIsAnErrorAndSaysWhere) {
  const std::string text = to_json(sample_profile());
  for (std::size_t size = 1; size + 1 < text.size(); size += 7) {
    ASSERT_EQ(message_for(std::string_view(text).substr(0, size)),
              "the file is cut off: it ends after " + std::to_string(size) +
                  " bytes in the middle of a deft profile");
  }
  EXPECT_EQ(message_for(""), "the file is empty");
}

TEST(ProfileFile, IsNoResultFile) {
  EXPECT_EQ(message_for(to_json(tests::sample_result())),
            "not a deft profile file: its schema is \"deft-result\"");
  EXPECT_EQ(message_for("{}"), "not a deft profile file: it has no \"schema\"");
  EXPECT_EQ(message_for("[1"), "not valid JSON at byte 2 of 2");
  EXPECT_EQ(message_for(R"({"schema":"deft-profile","version":2})"),
            "written by a newer deft (schema version 2, this program reads up to 1)");
  EXPECT_THAT(message_for("{\"schema\":\"a\\nb\\u001b[0m\"}"), Not(HasSubstr("\n")));
}

TEST(ProfileFile, NamesTheWayToWhatIsWrong) {
  EXPECT_EQ(message_for(sample_with("\"off_cpu\"", "\"gpu\"")),
            "$.profile.kind: expected one of \"cpu\" \"wall\" \"off_cpu\" \"allocation\", found a string");
  EXPECT_EQ(message_for(sample_with("[4,0,1,1]", "[4,0,2,1]")),
            "$.profile.stacks[1][2]: expected the index of a frame, found 2");
  EXPECT_EQ(message_for(sample_with("[4,0,1,1]", "[4,0,-1,1]")),
            "$.profile.stacks[1][2]: expected a whole number of at least 0, found -1");
  EXPECT_EQ(message_for(sample_with("\"stack_threads\":[0,1]", "\"stack_threads\":[0,2]")),
            "$.profile.stack_threads[1]: expected the index of a thread, found 2");
  EXPECT_EQ(message_for(sample_with("\"stack_threads\":[0,1]", "\"stack_threads\":[0]")),
            "$.profile.stack_threads: expected a number for each stack, found an array");
  EXPECT_EQ(message_for(sample_with("[1,2,\"main\",\"program\"]", "[1,2,\"main\"]")),
            "$.profile.threads[0]: expected [pid, tid, name, process], found an array");
  EXPECT_EQ(
      message_for(sample_with("\"ret\",\"g(int)\",2", "\"ret\",\"g(int)\",3")),
      "$.hot_functions[0].instructions[1][4]: expected the number of a source line, from 1, or 0, found 3");
  EXPECT_EQ(message_for(sample_with("\"ended\"", "\"finished\"")), "$: \"ended\" is missing");
}

TEST(ProfileFile, RefusesNumbersThatNothingHolds) {
  EXPECT_EQ(message_for(sample_with("[4,0,1,1]", "[18446744073709551615,0,1,1]")),
            "$.profile.stacks[1]: expected counts that add up to less than 2^64, found an array");
  EXPECT_EQ(message_for(sample_with("\"values\":[18446744073709551000,500]",
                                    "\"values\":[18446744073709551000,616]")),
            "$.profile.values[1]: expected values that add up to less than 2^64, found 616");
  EXPECT_THAT(message_for(sample_with("[4,0,1,1]", "[18446744073709551616,0,1,1]")),
              HasSubstr("$.profile.stacks[1][0]"));
}

TEST(ResultFile, IsToldByItsFirstKey) {
  EXPECT_TRUE(store::is_result_file(to_json(tests::sample_result())));
  EXPECT_TRUE(store::is_result_file(" {\n  \"schema\": \"deft-result\",\n"));
  EXPECT_FALSE(store::is_result_file(to_json(sample_profile())));
  for (const char* text : {"", "{", "{\"schema\"", "{\"schema\":\"deft-resul", "[\"deft-result\"]"})
    EXPECT_FALSE(store::is_result_file(text)) << text;
}
