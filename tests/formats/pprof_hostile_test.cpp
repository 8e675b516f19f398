// Files that were damaged, or made to do harm: always an error that says where, never more memory or time
// than the file's size warrants.

#include <random>
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

using testing::HasSubstr;
using testing::StartsWith;
using tests::message;

/// "samples/count", the strings "samples", "count", "f", and one function, location and mapping with the
/// id 1.
message whole() {
  message m;
  m.bytes(1, message().number(1, 1).number(2, 2).text());
  for (const char* text : {"", "samples", "count", "f"}) m.bytes(6, text);
  m.bytes(5, message().number(1, 1).number(2, 3).text());
  m.bytes(3, message().number(1, 1).text());
  m.bytes(4, message().number(1, 1).number(2, 1).bytes(4, message().number(1, 1).text()).text());
  return m;
}

std::string sample(const std::vector<std::uint64_t>& locations,
                   const std::vector<std::uint64_t>& values = {1}) {
  return message().packed(1, locations).packed(2, values).text();
}

std::string message_for(std::string_view bytes) {
  const auto file = from_pprof(bytes, "p");
  if (file) return "accepted";
  EXPECT_EQ(file.error().kind, support::error_kind::unreadable_input);
  EXPECT_THAT(file.error().message, StartsWith("p: "));
  return file.error().message.substr(3);
}

TEST(HostilePprof, IsWholeBeforeItIsDamaged) {
  EXPECT_EQ(message_for(whole().bytes(2, sample({1})).text()), "accepted");
}

TEST(HostilePprof, CutOffAnywhereIsAnErrorOrAnIncompleteProfileThatIsRefused) {
  const std::string bytes = *support::gunzipped(to_pprof(tests::cpu_profile()), 1 << 20, "x");
  std::size_t accepted = 0;
  for (std::size_t size = 0; size < bytes.size(); ++size)
    accepted += message_for(std::string_view(bytes).substr(0, size)) == "accepted" ? 1U : 0U;
  // Between two strings or fields at the end a cut shows only where something refers to what is gone.
  EXPECT_LT(accepted, 12U);
  const std::string packed = to_pprof(tests::cpu_profile());
  for (std::size_t size = 2; size < packed.size(); ++size)
    EXPECT_THAT(message_for(std::string_view(packed).substr(0, size)), HasSubstr("cut off"));
}

TEST(HostilePprof, BytesThatAreNoProtocolBuffer) {
  EXPECT_THAT(message_for(std::string(20, '\xff')), StartsWith("byte "));
  EXPECT_THAT(message_for("\x0a\x7fshort"), HasSubstr("cut off"));
  EXPECT_THAT(message_for(message().number(1, 5).text()),
              HasSubstr("expected a length and bytes in field 1"));
  EXPECT_THAT(message_for(message().bytes(9, "x").text()), HasSubstr("expected a number in field 9"));
}

TEST(HostilePprof, MissingTables) {
  EXPECT_THAT(message_for(""), HasSubstr("no sample types"));
  EXPECT_THAT(message_for(message().bytes(1, "").text()), HasSubstr("no string table"));
  EXPECT_THAT(message_for(message().bytes(1, "").bytes(6, "x").text()),
              HasSubstr("does not begin with \"\""));
}

TEST(HostilePprof, NumbersThatLeadNowhere) {
  EXPECT_EQ(message_for(whole().bytes(2, sample({2})).text()), "there is no location with the id 2");
  EXPECT_EQ(message_for(whole().bytes(2, sample({~std::uint64_t{0}})).text()),
            "there is no location with the id 18446744073709551615");
  message m = whole();
  m.bytes(4, message().number(1, 2).bytes(4, message().number(1, 77).text()).text()).bytes(2, sample({2}));
  EXPECT_EQ(message_for(m.text()), "there is no function with the id 77");
  m = whole();
  m.bytes(4, message().number(1, 2).number(2, 78).text()).bytes(2, sample({2}));
  EXPECT_EQ(message_for(m.text()), "there is no mapping with the id 78");
  m = whole();
  m.bytes(5, message().number(1, 2).number(2, 4).text());
  m.bytes(4, message().number(1, 2).bytes(4, message().number(1, 2).text()).text()).bytes(2, sample({2}));
  EXPECT_EQ(message_for(m.text()), "there is no string 4, the table has 4");
  EXPECT_THAT(message_for(whole().number(13, 1'000).text()), HasSubstr("no string 1000"));
  EXPECT_THAT(message_for(whole().number(14, 1'000).text()), HasSubstr("no string 1000"));
  EXPECT_THAT(message_for(whole().bytes(1, message().number(1, ~0ULL).text()).text()),
              HasSubstr("no string"));
}

TEST(HostilePprof, IdsThatAreNone) {
  EXPECT_EQ(message_for(whole().bytes(4, message().number(1, 1).text()).text()),
            "two locations have the id 1");
  EXPECT_EQ(message_for(whole().bytes(5, "").text()), "a function has the id 0");
  EXPECT_EQ(message_for(whole().bytes(3, message().number(1, 1).text()).text()),
            "two mappings have the id 1");
}

TEST(HostilePprof, ValuesThatFitNoSampleType) {
  EXPECT_THAT(message_for(whole().bytes(2, sample({1}, {})).text()),
              HasSubstr("it has 0 values, where there are 1"));
  EXPECT_THAT(message_for(whole().bytes(2, sample({1}, {1, 2})).text()), HasSubstr("it has 2 values"));
  EXPECT_THAT(message_for(whole().bytes(2, sample({1}, {~std::uint64_t{0}})).text()), HasSubstr("below 0"));
}

TEST(HostilePprof, NumbersThatOverflow) {
  constexpr std::uint64_t most = 0x7fff'ffff'ffff'ffff;
  EXPECT_EQ(message_for(whole().bytes(2, sample({1}, {most})).text()), "accepted");
  EXPECT_THAT(message_for(whole().bytes(2, sample({1}, {most})).bytes(2, sample({}, {1})).text()),
              HasSubstr("add up to 2^63"));
  message m;
  m.bytes(1, message().number(1, 1).number(2, 2).text());
  for (const char* text : {"", "cpu", "seconds"}) m.bytes(6, text);
  EXPECT_THAT(message_for(m.bytes(2, sample({}, {most / 1000})).text()), HasSubstr("2^63"));
}

TEST(HostilePprof, StacksThatAreMadeToGrow) {
  // A location of 20,000 lines, 20,000 times in one stack: 400 million frames out of 60 KB.
  message lines;
  lines.number(1, 2);
  for (int i = 0; i < 20'000; ++i) lines.bytes(4, message().number(1, 1).text());
  message m = whole();
  m.bytes(4, lines.text()).bytes(2, sample(std::vector<std::uint64_t>(20'000, 2)));
  EXPECT_THAT(message_for(m.text()), HasSubstr("more than 2^27 frames"));
}

TEST(HostilePprof, NamesThatAreMadeToGrow) {
  // A name of 1 MB that 2,000 functions share.
  message m;
  m.bytes(1, message().number(1, 1).number(2, 2).text());
  for (const char* text : {"", "samples", "count"}) m.bytes(6, text);
  m.bytes(6, std::string(1 << 20, 'n'));
  std::vector<std::uint64_t> all;
  for (std::uint64_t id = 1; id <= 2'000; ++id) {
    m.bytes(5, message().number(1, id).number(2, 3).number(5, id).text());
    m.bytes(4, message().number(1, id).bytes(4, message().number(1, id).text()).text());
    all.push_back(id);
  }
  EXPECT_THAT(message_for(m.bytes(2, sample(all)).text()), HasSubstr("names of more than 256 MiB"));
}

TEST(HostilePprof, CommentsThatAreMadeToGrow) {
  message m = whole();
  m.bytes(6, "note: " + std::string(1 << 20, 'c'));
  EXPECT_THAT(message_for(m.packed(13, std::vector<std::uint64_t>(100, 4)).text()),
              HasSubstr("comments of more than"));
}

TEST(HostilePprof, AStackOfAMillionFramesIsFine) {
  const auto file =
      from_pprof(whole().bytes(2, sample(std::vector<std::uint64_t>(1'000'000, 1))).text(), "p");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->profile.stacks[0].frames.size(), 1'000'000U);
  EXPECT_THAT(to_callgrind(*file), HasSubstr("\n0 1\n"));
  EXPECT_TRUE(from_pprof(to_pprof(*file), "p"));
  EXPECT_GT(to_speedscope(*file).size(), 2'000'000U);
}

TEST(HostilePprof, ZipBombIsStoppedAtTheLimit) {
  const std::string layer = support::gzipped(std::string(std::size_t{64} << 20U, '\0'));
  std::string bomb;
  for (int i = 0; i < 5; ++i) bomb += layer;
  EXPECT_THAT(message_for(bomb), HasSubstr("more than 256 MiB when decompressed"));
}

TEST(HostilePprof, SurvivesRandomDamage) {
  const std::string bytes = *support::gunzipped(to_pprof(tests::cpu_profile()), 1 << 20, "x");
  std::mt19937 random(1);
  for (int round = 0; round < 3'000; ++round) {
    std::string damaged = bytes;
    for (unsigned n = random() % 4 + 1; n > 0; --n)
      damaged[random() % damaged.size()] = static_cast<char>(random());
    const auto file = from_pprof(damaged, "p");
    if (!file) continue;
    // What is accepted can be written again.
    const auto again = from_pprof(to_pprof(*file), "p");
    ASSERT_TRUE(again) << again.error().message;
    EXPECT_EQ(again->profile.samples, file->profile.samples);
    EXPECT_EQ(to_collapsed(again->profile), to_collapsed(file->profile));
  }
}

}  // namespace
}  // namespace deft::formats
