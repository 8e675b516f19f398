#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "support/gzip.hpp"
#include "tests/formats/sample_profiles.hpp"

namespace deft::formats {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(Format, IsToldByTheNameOfAFile) {
  EXPECT_EQ(format_of_name("deft-profile.json"), format::deft_json);
  EXPECT_EQ(format_of_name("a/b.speedscope.json"), format::speedscope);
  EXPECT_EQ(format_of_name("x.html"), format::html);
  for (const char* name : {"x.collapsed", "x.folded", "x.txt"})
    EXPECT_EQ(format_of_name(name), format::collapsed);
  for (const char* name : {"x.pb.gz", "x.pprof"}) EXPECT_EQ(format_of_name(name), format::pprof);
  for (const char* name : {"x.callgrind", "callgrind.out", "dir/callgrind.out.12"})
    EXPECT_EQ(format_of_name(name), format::callgrind);
  for (const char* name : {"", "x", "json", "callgrind.out/x", "x.gz", "x.JSON"})
    EXPECT_FALSE(format_of_name(name)) << name;
}

TEST(Format, HasAWordThatLeadsBackToIt) {
  for (const format f : {format::deft_json, format::html, format::collapsed, format::pprof,
                         format::speedscope, format::callgrind})
    EXPECT_EQ(format_of_word(to_string(f)), f);
  EXPECT_FALSE(format_of_word("svg"));
}

TEST(Import, TellsTheFormatsApartByContent) {
  const store::profile_file file = tests::cpu_profile();
  for (const std::string& bytes : {store::to_json(file), to_pprof(file), to_collapsed(file.profile),
                                   *support::gunzipped(to_pprof(file), 1 << 20, "x")}) {
    const auto read = import_profile(bytes, "a file");
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(read->profile.samples, file.profile.samples);
  }
}

TEST(Import, NamesTheFileAndWhatIsWrongWithIt) {
  const auto message = [](std::string_view bytes) {
    const auto read = import_profile(bytes, "a file");
    return read ? "accepted" : read.error().message;
  };
  EXPECT_EQ(message(""), "a file: the file is empty");
  EXPECT_THAT(message("Dear reader,\n"), StartsWith("a file: line 1: expected"));
  EXPECT_THAT(message("{\"schema\":\"deft-profile\",\"ver"), HasSubstr("cut off"));
  EXPECT_THAT(message("{\"schema\":\"deft-result\",\"version\":1}"), HasSubstr("not a deft profile file"));
  EXPECT_THAT(message("\x1f\x8b\x08 rest"), StartsWith("a file: "));
  EXPECT_THAT(message("\x7f"
                      "ELF\x02\x01\x01"),
              StartsWith("a file: byte "));
}

TEST(Merged, AddsUpTheStacksOfSeveralProfiles) {
  const auto all = merged({tests::cpu_profile(), tests::later_cpu_profile()});
  ASSERT_TRUE(all) << all.error().message;
  EXPECT_EQ(all->profile.samples,
            tests::cpu_profile().profile.samples + tests::later_cpu_profile().profile.samples);
  EXPECT_EQ(all->profile.stacks.size(), tests::cpu_profile().profile.stacks.size());
  EXPECT_EQ(all->profile.stacks[1].count, 260U);
  EXPECT_EQ(all->profile.lost, 6U);
  EXPECT_EQ(all->profile.frequency_hz, 199U);
  EXPECT_EQ(all->command, tests::cpu_profile().command);
}

TEST(Merged, KeepsTheTimeOfDifferentFrequencies) {
  store::profile_file other = tests::cpu_profile();
  other.profile.frequency_hz = 1000;
  const auto all = merged({tests::cpu_profile(), other});
  ASSERT_TRUE(all);
  EXPECT_EQ(all->profile.frequency_hz, 0U);
  EXPECT_EQ(all->profile.stacks[0].value, 5'000'000'000ULL / 199 + 5'000'000);
}

TEST(Merged, RefusesProfilesOfDifferentKinds) {
  const auto all = merged({tests::cpu_profile(), tests::allocation_profile()});
  ASSERT_FALSE(all);
  EXPECT_THAT(all.error().message, HasSubstr("another kind of profile"));
}

TEST(Gzip, StopsAtTheLimit) {
  const std::string bomb = support::gzipped(std::string(10 << 20, '\0'));
  EXPECT_LT(bomb.size(), 20'000U);
  const auto read = support::gunzipped(bomb, 1 << 20, "bomb.gz");
  ASSERT_FALSE(read);
  EXPECT_THAT(read.error().message, HasSubstr("bomb.gz: more than 1 MiB when decompressed"));
  EXPECT_TRUE(support::gunzipped(bomb, 10 << 20, "x"));
}

TEST(Gzip, ReadsSeveralStreamsAndNoPartOfOne) {
  const std::string two = support::gzipped("first ") + support::gzipped("second");
  EXPECT_EQ(*support::gunzipped(two, 100, "x"), "first second");
  for (std::size_t size = 2; size < two.size(); ++size) {
    const auto read = support::gunzipped(std::string_view(two).substr(0, size), 100, "x");
    if (read) {
      EXPECT_EQ(*read, "first ");
    } else {
      EXPECT_THAT(read.error().message, HasSubstr("cut off"));
    }
  }
  std::string damaged = two;
  damaged[damaged.size() - 6] ^= 1;
  EXPECT_THAT(support::gunzipped(damaged, 100, "x").error().message, HasSubstr("damaged compressed data"));
  EXPECT_FALSE(support::gunzipped(two + "rest", 100, "x"));
}

}  // namespace
}  // namespace deft::formats
