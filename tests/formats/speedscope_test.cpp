#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "formats/formats.hpp"
#include "tests/formats/sample_profiles.hpp"

namespace deft::formats {
namespace {

using nlohmann::json;

TEST(Speedscope, HasAProfileForEachThread) {
  const store::profile_file file = tests::cpu_profile();
  const json document = json::parse(to_speedscope(file));
  EXPECT_EQ(document["$schema"], "https://www.speedscope.app/file-format-schema.json");
  ASSERT_EQ(document["profiles"].size(), 3U);
  EXPECT_EQ(document["profiles"][0]["name"], "program (100)");
  EXPECT_EQ(document["profiles"][1]["name"], "program / worker/1 (101)");
  EXPECT_EQ(document["profiles"][2]["name"], "child (102)");
  EXPECT_EQ(document["profiles"][1]["samples"].size(), 4U);
  EXPECT_EQ(document["shared"]["frames"].size(), file.profile.frames.size());
}

TEST(Speedscope, WeighsInTheUnitOfTheProfile) {
  const auto profile = [](const store::profile_file& file) {
    return json::parse(to_speedscope(file))["profiles"][0];
  };
  EXPECT_EQ(profile(tests::allocation_profile())["unit"], "bytes");
  EXPECT_EQ(profile(tests::allocation_profile())["weights"], json({1'000'001, 123, 4096}));
  EXPECT_EQ(profile(tests::allocation_profile())["endValue"], 1'004'220);
  EXPECT_EQ(profile(tests::off_cpu_profile())["unit"], "nanoseconds");
  EXPECT_EQ(profile(tests::cpu_profile())["weights"][0], 25'125'628);
  EXPECT_EQ(profile(tests::counts_only())["unit"], "none");
  EXPECT_EQ(profile(tests::counts_only())["weights"], json({1, 2, 3}));
}

TEST(Speedscope, KeepsTheOrderOfFramesFromTheRootOn) {
  const json document = json::parse(to_speedscope(tests::counts_only()));
  EXPECT_EQ(document["profiles"][0]["samples"], json::parse("[[0],[0,1],[1,0,1]]"));
}

TEST(Speedscope, OfNothingIsAnEmptyProfile) {
  const json document = json::parse(to_speedscope(tests::empty_profile()));
  ASSERT_EQ(document["profiles"].size(), 1U);
  EXPECT_TRUE(document["profiles"][0]["samples"].empty());
}

TEST(Speedscope, WritesNamesThatAreNoUtf8) {
  store::profile_file file = tests::counts_only();
  file.profile.frames[0].function = "\xff\"\n";
  EXPECT_EQ(json::parse(to_speedscope(file))["shared"]["frames"][0]["name"], "\xEF\xBF\xBD\"\n");
}

}  // namespace
}  // namespace deft::formats
