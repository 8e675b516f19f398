#include "store/layout_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::store {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

layout_file sample() {
  layout_file file;
  file.deft_version = "0.1.0";
  file.created = "2026-11-23T12:00:00Z";
  file.duration_seconds = 61.5;
  file.machine = {"A processor", 2, 4'000'000'000, "Linux 6.1", "Debian", "available"};
  file.program = "bin/my_bench";
  file.build = "make bench";
  file.seed = 18'446'744'073'709'551'615U;
  file.rounds = 6;
  file.learnt.whole_run = 0.04;
  file.learnt.benchmarks = {
      {"sum", measure::method::same_core, 0.02, {{0.01, 0.002}, {-0.005, 0.001}, {1.0 / 3, 1e-300}}},
      {"wait/real_time", measure::method::alternating, 0.04, {}}};
  return file;
}

std::string message_for(const std::string& text) {
  const auto read = layout_from_json(text, "l.json");
  if (read) return "accepted";
  EXPECT_EQ(read.error().kind, support::error_kind::unreadable_input);
  EXPECT_THAT(read.error().message, StartsWith("l.json: "));
  return read.error().message.substr(8);
}

std::string sample_with(const std::string& found, const std::string& replacement) {
  std::string text = to_json(sample());
  const std::size_t at = text.find(found);
  EXPECT_NE(at, std::string::npos) << found;
  return text.replace(at, found.size(), replacement);
}

TEST(LayoutFile, IsReadBackAsItWasWritten) {
  const std::string text = to_json(sample());
  EXPECT_THAT(text, StartsWith("{\"schema\":\"deft-layout-floor\",\"version\":1,"));
  const auto read = layout_from_json(text, "l.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(to_json(*read), text);
  EXPECT_EQ(read->learnt.benchmarks[0].variants[2].log_ratio, 1.0 / 3);
}

TEST(LayoutFile, CutOffAnywhereIsAnErrorThatSaysSo) {
  const std::string text = to_json(sample());
  for (std::size_t size = 1; size + 1 < text.size(); ++size) {
    ASSERT_EQ(message_for(text.substr(0, size)), "the file is cut off: it ends after " +
                                                     std::to_string(size) +
                                                     " bytes in the middle of a deft layout floor");
  }
}

TEST(LayoutFile, OtherFilesAndNewerOnesAreRefusedByName) {
  EXPECT_EQ(message_for(""), "the file is empty");
  EXPECT_EQ(message_for("{\"schema\":\"deft-result\",\"version\":1}"),
            "not a deft layout floor file: its schema is \"deft-result\"");
  EXPECT_THAT(message_for(sample_with("\"version\":1", "\"version\":2")),
              HasSubstr("written by a newer deft"));
}

TEST(LayoutFile, AFloorThatIsNoneIsRefused) {
  EXPECT_THAT(message_for(sample_with("\"floor\":0.04", "\"floor\":null")),
              StartsWith("$.floor: expected a number of at least 0"));
  EXPECT_THAT(message_for(sample_with("\"floor\":0.02", "\"floor\":-0.02")),
              StartsWith("$.benchmarks[0].floor: expected a number of at least 0"));
  EXPECT_THAT(message_for(sample_with("\"floor\":0.02", "\"floor\":\"2 %\"")),
              StartsWith("$.benchmarks[0].floor: expected a number or null"));
  EXPECT_THAT(message_for(sample_with("[0.01,0.002]", "[0.01]")),
              StartsWith("$.benchmarks[0].variants[0]: expected [log_ratio, standard_error]"));
}

}  // namespace
}  // namespace deft::store
