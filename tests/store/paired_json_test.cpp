#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/paired_profiles.hpp"
#include "store/result_file.hpp"
#include "tests/store/sample_profile.hpp"
#include "tests/store/sample_result.hpp"

using namespace deft;

namespace {

diff::profile_rounds sample_rounds() {
  diff::profile_rounds rounds;
  rounds.collector = "perf";
  rounds.note = "a note";
  rounds.frequency_hz = 999;
  rounds.frames = {
      {"main", "", "main.cpp", 3, false}, {"f", "", "f.cpp", 9, true}, {"g", "lib.so", "", 0, false}};
  rounds.base = {{{4, 10.5}, {3, 1.0 / 3}}, 7, 1, 2, tests::sample_profile().hot_functions};
  rounds.head = {{{2, 12}, {5, 11}}, 8, 2, 3, {}};
  rounds.stacks = {{{0, 1}, {4, 3}, {0, 0}}, {{0, 2}, {0, 0}, {2, 5}}};
  return rounds;
}

store::result_file sample_with_rounds() {
  store::result_file file = tests::sample_result();
  store::set_paired(file.benchmarks[1], sample_rounds());
  return file;
}

std::string message_for(std::string_view found, std::string_view replacement) {
  std::string text = to_json(sample_with_rounds());
  const std::size_t at = text.find(found, text.find("\"paired\""));
  EXPECT_NE(at, std::string::npos) << found;
  const auto read = store::from_json(text.replace(at, found.size(), replacement), "r.json");
  return read ? "accepted" : read.error().message;
}

}  // namespace

TEST(PairedProfiles, SurviveWritingAndReading) {
  const auto read = store::from_json(to_json(sample_with_rounds()), "r.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->benchmarks[0].paired);
  ASSERT_TRUE(read->benchmarks[1].paired);
  const diff::profile_rounds& after = *read->benchmarks[1].paired;
  EXPECT_EQ(after.collector, "perf");
  EXPECT_EQ(after.note, "a note");
  EXPECT_EQ(after.unavailable, "");
  EXPECT_EQ(after.frequency_hz, 999U);
  EXPECT_EQ(after.frames, sample_rounds().frames);
  ASSERT_EQ(after.base.processes.size(), 2U);
  EXPECT_EQ(after.base.processes[1].iteration_ns, 1.0 / 3);
  EXPECT_EQ(after.base.processes[0].samples, 4U) << "counted from the stacks";
  EXPECT_EQ(after.head.processes[1].samples, 5U);
  EXPECT_EQ(after.base.discarded, 7U);
  EXPECT_EQ(after.head.lost, 2U);
  EXPECT_EQ(after.head.unrooted, 3U);
  ASSERT_EQ(after.base.code.size(), 1U);
  EXPECT_EQ(after.base.code[0].instructions[1].text, "ret");
  ASSERT_EQ(after.stacks.size(), 2U);
  EXPECT_EQ(after.stacks[1].frames, (std::vector<std::uint32_t>{0, 2}));
  EXPECT_EQ(after.stacks[1].head, (std::vector<std::uint32_t>{2, 5}));
  EXPECT_EQ(to_json(*read), to_json(sample_with_rounds()));
}

TEST(PairedProfiles, AreSummedIntoTheProfilesOfBothSidesAndThoseNotWritten) {
  const store::result_file file = sample_with_rounds();
  const std::string text = to_json(file);
  EXPECT_EQ(text.find("\"base_profile\"", text.find("\"paired\"")), std::string::npos);
  const auto read = store::from_json(text, "r.json");
  ASSERT_TRUE(read);
  for (const store::benchmark* b : {&file.benchmarks[1], &read->benchmarks[1]}) {
    ASSERT_TRUE(b->profile && b->base_profile);
    EXPECT_EQ(b->base_profile->samples, 7U);
    EXPECT_EQ(b->base_profile->unrooted, 2U);
    ASSERT_EQ(b->base_profile->frames.size(), 2U) << "what base has only";
    EXPECT_EQ(b->profile->samples, 7U);
    ASSERT_EQ(b->profile->stacks.size(), 1U);
    EXPECT_EQ(b->profile->frames[b->profile->stacks[0].frames[1]].function, "g");
  }
}

TEST(PairedProfiles, ThatCouldNotBeTakenLeaveTheOtherProfilesAlone) {
  store::result_file file = tests::sample_result();
  diff::profile_rounds none;
  none.unavailable = "why";
  store::set_paired(file.benchmarks[0], none);
  const auto read = store::from_json(to_json(file), "r.json");
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->benchmarks[0].paired->unavailable, "why");
  EXPECT_EQ(read->benchmarks[0].profile->samples, tests::sample_result().benchmarks[0].profile->samples);
}

TEST(PairedProfiles, AreRefusedWhereTheyDoNotFitTogether) {
  EXPECT_EQ(message_for("[[0,1],[4,3],[0,0]]", "[[0,3],[4,3],[0,0]]"),
            "r.json: $.benchmarks[1].paired.stacks[0][0][1]: expected the index of a frame, found 3");
  EXPECT_EQ(message_for("[[0,1],[4,3],[0,0]]", "[[0,1],[4],[0,0]]"),
            "r.json: $.benchmarks[1].paired.stacks[0][1]: expected a number for each round, found an array");
  EXPECT_EQ(message_for("[[0,1],[4,3],[0,0]]", "[[0,1],[4,3]]"),
            "r.json: $.benchmarks[1].paired.stacks[0]: expected [frames, counts of base, counts of head], "
            "found an array");
  EXPECT_EQ(message_for("[4,3]", "[4,4294967296]"),
            "r.json: $.benchmarks[1].paired.stacks[0][1][1]: expected a whole number below 2^32, found "
            "4294967296");
  EXPECT_EQ(
      message_for("[4,3]", "[4,-1]"),
      "r.json: $.benchmarks[1].paired.stacks[0][1][1]: expected a whole number of at least 0, found -1");
  EXPECT_EQ(message_for("[12.0,11.0]", "[12.0]"),
            "r.json: $.benchmarks[1].paired.head.iteration_ns: expected as many rounds as base has, found an "
            "array");
  EXPECT_EQ(message_for("[12.0,11.0]", "[12.0,-1]"),
            "r.json: $.benchmarks[1].paired.head.iteration_ns[1]: expected a number of at least 0, found -1");
  EXPECT_EQ(message_for("[12.0,11.0]", "[null,1]"),
            "r.json: $.benchmarks[1].paired.head.iteration_ns[0]: expected a number of at least 0, found "
            "null");
}

TEST(PairedProfiles, OfManyRoundsStaySmall) {
  diff::profile_rounds rounds;
  constexpr std::uint32_t count = 500;
  constexpr std::size_t processes = 16;
  for (std::uint32_t i = 0; i < count; ++i) {
    rounds.frames.push_back(
        {"some::name::of_a_function" + std::to_string(i) + "(int, char const*)", "", "file.cpp", i, false});
    diff::paired_stack& stack = rounds.stacks.emplace_back();
    for (std::uint32_t depth = 0; depth < 12; ++depth) stack.frames.push_back((i * 7 + depth) % count);
    stack.base.assign(processes, i % 10);
    stack.head.assign(processes, i % 7);
  }
  rounds.base.processes.assign(processes, {1, 12345.678});
  rounds.head.processes.assign(processes, {1, 12345.678});
  store::result_file file = tests::sample_result();
  const std::size_t before = to_json(file).size();
  store::set_paired(file.benchmarks[1], rounds);
  EXPECT_LT(to_json(file).size() - before, 150'000U);
}
