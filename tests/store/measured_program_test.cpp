#include "store/measured_program.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "store/result_file.hpp"
#include "support/files.hpp"
#include "tests/store/sample_result.hpp"

using namespace deft;

namespace {

store::result_file sample_with_programs() {
  store::result_file file = tests::sample_result();
  file.base.programs = {
      {"/old/bench", {"--size", "two words"}, {{"A", "1"}, {"B", ""}}, 12, "0123456789abcdef"}};
  file.head.programs = {{"/new/bench", {}, {}, 13, ""}};
  file.benchmarks[0].program = 0;
  file.benchmarks[0].name_in_program = "inside";
  return file;
}

std::string message_for(std::string_view found, std::string_view replacement) {
  std::string text = to_json(sample_with_programs());
  const std::size_t at = text.find(found);
  EXPECT_NE(at, std::string::npos) << found;
  const auto read = store::from_json(text.replace(at, found.size(), replacement), "r.json");
  return read ? "accepted" : read.error().message;
}

}  // namespace

TEST(MeasuredPrograms, SurviveWritingAndReading) {
  const store::result_file before = sample_with_programs();
  const auto after = store::from_json(to_json(before), "r.json");
  ASSERT_TRUE(after) << after.error().message;
  ASSERT_EQ(after->base.programs.size(), 1U);
  EXPECT_EQ(after->base.programs[0].path, "/old/bench");
  EXPECT_EQ(after->base.programs[0].arguments, before.base.programs[0].arguments);
  EXPECT_EQ(after->base.programs[0].environment, before.base.programs[0].environment);
  EXPECT_EQ(after->base.programs[0].size_bytes, 12U);
  EXPECT_EQ(after->base.programs[0].content, "0123456789abcdef");
  EXPECT_EQ(after->head.programs[0].content, "");
  EXPECT_EQ(after->benchmarks[0].program, 0U);
  EXPECT_EQ(after->benchmarks[0].name_in_program, "inside");
  EXPECT_FALSE(after->benchmarks[1].program);
  EXPECT_EQ(to_json(*after), to_json(before));
}

TEST(MeasuredPrograms, AreRefusedWhereTheyDoNotFit) {
  EXPECT_NE(message_for("\"program\":0", "\"program\":1").find("the index of a program of both sides"),
            std::string::npos);
  EXPECT_NE(message_for("\"program\":0", "\"program\":-1").find("$.benchmarks[0].program"),
            std::string::npos);
  EXPECT_NE(message_for("\"/old/bench\"", "7").find("$.base.programs[0].path"), std::string::npos);
  EXPECT_NE(message_for("[\"A\",\"1\"]", "[\"A\"]").find("$.base.programs[0].environment"),
            std::string::npos);
}

TEST(MeasuredPrograms, AreToldFromWhatWasBuiltAgain) {
  const auto folder = support::temporary_folder::make("programs");
  store::measured_program program;
  program.path = (folder->path() / "bench").string();
  EXPECT_FALSE(check_unchanged(program)) << "is not there";
  std::ofstream(program.path) << "one";
  identify(program);
  EXPECT_EQ(program.size_bytes, 3U);
  EXPECT_TRUE(check_unchanged(program));
  std::ofstream(program.path) << "two";
  EXPECT_FALSE(check_unchanged(program));
}

TEST(MeasuredPrograms, AreNotReadWhereTheyAreNoFiles) {
  store::measured_program program;
  program.path = "/dev/zero";
  identify(program);
  EXPECT_EQ(program.content, "") << "it has no end";
  EXPECT_FALSE(check_unchanged(program));
}
