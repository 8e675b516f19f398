#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "support/gzip.hpp"
#include "tests/formats/pprof_message.hpp"
#include "tests/formats/sample_profiles.hpp"

namespace deft::formats {
namespace {

using testing::ElementsAre;
using tests::message;

store::profile_file read(std::string_view bytes) {
  auto file = from_pprof(bytes, "p.pb.gz");
  EXPECT_TRUE(file) << file.error().message;
  return file ? *std::move(file) : store::profile_file{};
}

/// "type/unit" sample types, the strings after them, and whatever else.
std::string profile_with(const std::vector<std::pair<std::string, std::string>>& types,
                         const std::vector<std::string>& strings, const message& rest) {
  std::vector<std::string> table{""};
  table.insert(table.end(), strings.begin(), strings.end());
  message all;
  for (const auto& [type, unit] : types) {
    all.bytes(1, message().number(1, table.size()).number(2, table.size() + 1).text());
    table.insert(table.end(), {type, unit});
  }
  for (const std::string& text : table) all.bytes(6, text);
  return all.text() + rest.text();
}

/// One location with one function whose name is string 1.
message one_function() {
  message m;
  m.bytes(5, message().number(1, 1).number(2, 1).text());
  m.bytes(4, message().number(1, 1).bytes(4, message().number(1, 1).text()).text());
  return m;
}

TEST(Pprof, BringsBackWhatTheFormatHolds) {
  for (const auto& before : {tests::cpu_profile(), tests::allocation_profile(), tests::off_cpu_profile()}) {
    const store::profile_file after = read(to_pprof(before));
    EXPECT_EQ(after.created, before.created);
    EXPECT_EQ(after.command, before.command);
    EXPECT_EQ(after.duration_seconds, before.duration_seconds);
    EXPECT_EQ(after.profile.kind, before.profile.kind);
    EXPECT_EQ(after.profile.collector, before.profile.collector);
    EXPECT_EQ(after.profile.note, before.profile.note);
    EXPECT_EQ(after.profile.frequency_hz, before.profile.frequency_hz);
    EXPECT_EQ(after.profile.samples, before.profile.samples);
    EXPECT_EQ(after.profile.lost, before.profile.lost);
    EXPECT_EQ(after.profile.unrooted, before.profile.unrooted);
    EXPECT_EQ(after.profile.threads, before.profile.threads);
    ASSERT_EQ(after.profile.stacks.size(), before.profile.stacks.size());
    for (std::size_t i = 0; i < before.profile.stacks.size(); ++i) {
      const auto& a = after.profile.stacks[i];
      const auto& b = before.profile.stacks[i];
      EXPECT_EQ(a.count, b.count);
      EXPECT_EQ(a.thread, b.thread);
      if (b.value != 0) {
        EXPECT_EQ(a.value, b.value);
      }
      ASSERT_EQ(a.frames.size(), b.frames.size());
      for (std::size_t k = 0; k < b.frames.size(); ++k)
        EXPECT_EQ(after.profile.frames[a.frames[k]], before.profile.frames[b.frames[k]]);
    }
  }
}

TEST(Pprof, WritesTheSameBytesAgainAfterReading) {
  for (const auto& file : {tests::cpu_profile(), tests::allocation_profile(), tests::off_cpu_profile(),
                           tests::counts_only(), tests::empty_profile()}) {
    const std::string bytes = to_pprof(file);
    EXPECT_EQ(bytes, to_pprof(file));
    EXPECT_EQ(to_pprof(read(bytes)), bytes);
  }
}

TEST(Pprof, DoesNotDependOnTheNumbersOfTheFrames) {
  store::profile_file file = tests::counts_only();
  const std::string bytes = to_pprof(file);
  std::swap(file.profile.frames[0], file.profile.frames[1]);
  for (auto& stack : file.profile.stacks) {
    for (auto& frame : stack.frames) frame = 1 - frame;
  }
  EXPECT_EQ(to_pprof(file), bytes);
}

TEST(Pprof, HasNoTimeWhereNoneIsKnown) {
  const store::profile_file file = read(to_pprof(tests::counts_only()));
  EXPECT_EQ(file.profile.samples, 6U);
  EXPECT_EQ(file.profile.stacks[0].value, 0U);
}

TEST(Pprof, ReadsNumbersOneByOneAndPackedAlike) {
  message packed = one_function();
  packed.bytes(2, message().packed(1, {1, 1}).packed(2, {5}).text());
  message single = one_function();
  single.bytes(2, message().number(1, 1).number(1, 1).number(2, 5).text());
  const auto types = std::vector<std::pair<std::string, std::string>>{{"samples", "count"}};
  EXPECT_EQ(to_collapsed(read(profile_with(types, {"f"}, packed)).profile), "f;f 5\n");
  EXPECT_EQ(to_collapsed(read(profile_with(types, {"f"}, single)).profile), "f;f 5\n");
}

TEST(Pprof, ReadsWhatTheDefaultSampleTypeNamesElseTheLast) {
  const std::vector<std::pair<std::string, std::string>> heap{{"alloc_objects", "count"},
                                                              {"alloc_space", "bytes"},
                                                              {"inuse_objects", "count"},
                                                              {"inuse_space", "bytes"}};
  message m = one_function();
  m.bytes(2, message().packed(1, {1}).packed(2, {10, 1000, 2, 300}).text());
  const auto last = read(profile_with(heap, {"f"}, m)).profile;
  EXPECT_EQ(last.kind, symbols::profile_kind::allocation);
  EXPECT_EQ(last.stacks[0].count, 2U);
  EXPECT_EQ(last.stacks[0].value, 300U);
  m.number(14, 4);  // alloc_space: after "", f, alloc_objects, count.
  const auto chosen = read(profile_with(heap, {"f"}, m)).profile;
  EXPECT_EQ(chosen.stacks[0].count, 10U);
  EXPECT_EQ(chosen.stacks[0].value, 1000U);
  EXPECT_THAT(chosen.note, testing::HasSubstr("alloc_space was read"));
}

TEST(Pprof, FindsTheCountOfAnAllocationWithALongName) {
  const std::string kind = "memory_of_a_kind_whose_name_is_longer_than_a_short_string";
  const std::vector<std::pair<std::string, std::string>> types{
      {kind + "_objects", "count"}, {"others", "things"}, {kind + "_space", "bytes"}};
  message m = one_function();
  m.bytes(2, message().packed(1, {1}).packed(2, {10, 5, 1000}).text());
  const auto profile = read(profile_with(types, {"f"}, m)).profile;
  EXPECT_EQ(profile.stacks[0].count, 10U);
  EXPECT_EQ(profile.stacks[0].value, 1000U);
}

TEST(Pprof, TakesTimeInAnyUnit) {
  for (const auto& [unit, ns] :
       {std::pair("nanoseconds", 1U), std::pair("microseconds", 1'000U),
        std::pair("milliseconds", 1'000'000U), std::pair("seconds", 1'000'000'000U)}) {
    message m = one_function();
    m.bytes(2, message().packed(1, {1}).packed(2, {3, 7}).text());
    const auto profile = read(profile_with({{"samples", "count"}, {"wall", unit}}, {"f"}, m)).profile;
    EXPECT_EQ(profile.kind, symbols::profile_kind::wall);
    EXPECT_EQ(profile.stacks[0].count, 3U);
    EXPECT_EQ(profile.stacks[0].value, std::uint64_t{7} * ns);
  }
}

TEST(Pprof, ShowsWhereCodeIsThatHasNoName) {
  message m;
  m.bytes(3, message().number(1, 9).number(2, 0x1000).number(4, 0x200).number(5, 1).text());
  m.bytes(4, message().number(1, 1).number(2, 9).number(3, 0x1a40).text());
  m.bytes(4, message().number(1, 2).number(3, 0xbeef).text());
  m.bytes(2, message().packed(1, {1, 2}).packed(2, {1}).text());
  EXPECT_EQ(to_collapsed(read(profile_with({{"samples", "count"}}, {"/usr/lib/libz.so.1"}, m)).profile),
            "[0xbeef];[libz.so.1+0xc40] 1\n");
}

TEST(Pprof, ReadsLinesOfALocationAsInlinedFunctions) {
  message m;
  for (const std::uint64_t id : {1, 2}) m.bytes(5, message().number(1, id).number(2, id).text());
  m.bytes(4, message()
                 .number(1, 1)
                 .bytes(4, message().number(1, 2).text())
                 .bytes(4, message().number(1, 1).text())
                 .text());
  m.bytes(2, message().packed(1, {1}).packed(2, {1}).text());
  const auto profile = read(profile_with({{"samples", "count"}}, {"outer", "inner"}, m)).profile;
  ASSERT_THAT(profile.stacks.at(0).frames, ElementsAre(0, 1));
  EXPECT_EQ(profile.frames[0].function, "outer");
  EXPECT_FALSE(profile.frames[0].inlined);
  EXPECT_EQ(profile.frames[1].function, "inner");
  EXPECT_TRUE(profile.frames[1].inlined);
}

}  // namespace
}  // namespace deft::formats
