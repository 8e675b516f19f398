#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/result_file.hpp"
#include "support/files.hpp"
#include "tests/store/sample_result.hpp"

using namespace deft;
using support::error_kind;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

/// The message about `text`, without the file's name in front.
std::string message_for(std::string_view text) {
  const auto read = store::from_json(text, "r.json");
  if (read) return "accepted";
  EXPECT_EQ(read.error().kind, error_kind::unreadable_input);
  EXPECT_THAT(read.error().message, StartsWith("r.json: "));
  return read.error().message.substr(8);
}

std::string sample_with(std::string_view found, std::string_view replacement) {
  std::string text = store::to_json(tests::sample_result());
  const std::size_t at = text.find(found);
  EXPECT_NE(at, std::string::npos) << found;
  return text.replace(at, found.size(), replacement);
}

}  // namespace

TEST(ResultFileErrors, AFileCutOffAnywhereIsAnErrorAndSaysWhere) {
  const std::string text = store::to_json(tests::sample_result());
  for (std::size_t size = 1; size + 1 < text.size(); ++size) {
    ASSERT_EQ(message_for(std::string_view(text).substr(0, size)),
              "the file is cut off: it ends after " + std::to_string(size) +
                  " bytes in the middle of a deft result");
  }
}

TEST(ResultFileErrors, AnEmptyFileIsNamedSo) {
  EXPECT_EQ(message_for(""), "the file is empty");
}

TEST(ResultFileErrors, WhatIsNotJsonSaysAtWhichByte) {
  EXPECT_EQ(message_for("Welcome"), "not valid JSON at byte 0 of 7");
  EXPECT_EQ(message_for("{\"a\": 1,, }"), "not valid JSON at byte 8 of 11");
  EXPECT_THAT(message_for(sample_with("\"kind\"", "kind")), StartsWith("not valid JSON at byte 36 of "));
  EXPECT_THAT(message_for(std::string("\0\xFF", 2)), StartsWith("not valid JSON at byte 0"));
  EXPECT_THAT(message_for("[1e999]"), StartsWith("not valid JSON"));
}

TEST(ResultFileErrors, SurvivesAbsurdNesting) {
  EXPECT_THAT(message_for(std::string(200'000, '[')), HasSubstr("not valid JSON"));
  EXPECT_THAT(message_for(std::string(200'000, '[') + std::string(200'000, ']')),
              HasSubstr("expected an object"));
}

TEST(ResultFileErrors, OtherJsonIsNoResultFile) {
  EXPECT_EQ(message_for("[]"), "$: expected an object, found an array");
  EXPECT_EQ(message_for("{}"), "not a deft result file: it has no \"schema\"");
  EXPECT_EQ(message_for(sample_with("deft-result", "other")),
            "not a deft result file: its schema is \"other\"");
}

TEST(ResultFileErrors, ANewerVersionSaysSoBeforeAnythingElse) {
  EXPECT_EQ(message_for(R"({"schema":"deft-result","version":2})"),
            "written by a newer deft (schema version 2, this program reads up to 1)");
  EXPECT_EQ(message_for(R"({"schema":"deft-result","version":0})"),
            "$.version: expected a schema version of at least 1, found 0");
}

TEST(ResultFileErrors, AWrongTypeNamesTheWayToIt) {
  EXPECT_EQ(message_for(sample_with("\"seed\":18446744073709551615", "\"seed\":-1")),
            "$.seed: expected a whole number of at least 0, found -1");
  EXPECT_EQ(message_for(sample_with("\"name\":\"crash\"", "\"name\":null")),
            "$.benchmarks[1].name: expected a string, found null");
  EXPECT_EQ(message_for(sample_with("[[1.1,2.2,3]", "[[1.1,2.2]")),
            "$.benchmarks[0].rounds[0].base[0]: expected [cpu_ns, real_ns, iterations], found an array");
  EXPECT_EQ(message_for(sample_with("\"interrupted\":true", "\"interrupted\":1")),
            "$.interrupted: expected true or false, found 1");
  EXPECT_EQ(message_for(sample_with("\"created\"", "\"made\"")), "$: \"created\" is missing");
  EXPECT_THAT(message_for(sample_with("\"regressed\"", "\"worse\"")),
              StartsWith("$.benchmarks[0].decision.verdict: expected one of \"regressed\" \"improved\""));
  EXPECT_THAT(message_for(sample_with("\"logical_cpus\":2", "\"logical_cpus\":4294967296")),
              StartsWith("$.machine.logical_cpus: expected a whole number below 2^32"));
}

TEST(ResultFileErrors, AStackNamesOnlyFramesThatExist) {
  EXPECT_EQ(message_for(sample_with("[4,0,1,1]", "[4,0,2,1]")),
            "$.benchmarks[0].profile.stacks[1][2]: expected the index of a frame, found 2");
  EXPECT_EQ(message_for(sample_with("[3,0]", "[]")),
            "$.benchmarks[0].profile.stacks[0]: expected [count, frame, ...], found an array");
}

TEST(ResultFileErrors, AFileThatIsNotThereIsNamed) {
  const auto read = store::load("/nonexistent/result.json");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().kind, error_kind::unreadable_input);
  EXPECT_THAT(read.error().message, HasSubstr("/nonexistent/result.json"));
}

TEST(ResultFileErrors, APathThatCannotBeWrittenIsNamed) {
  const auto saved = store::save({}, "/proc/deft/result.json");
  ASSERT_FALSE(saved);
  EXPECT_EQ(saved.error().kind, error_kind::unwritable_output);
  EXPECT_THAT(saved.error().message, HasSubstr("/proc/deft"));
}

TEST(ResultFileErrors, AnotherSchemasNameNeitherBreaksTheLineNorMovesTheCursor) {
  EXPECT_EQ(message_for(R"({"schema":"a\nb\u001b[2J"})"),
            "not a deft result file: its schema is \"a?b?[2J\"");
}
