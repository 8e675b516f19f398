// Recordings in parts: nothing is lost between them, and parts give the profile that the whole gives.

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "profile/profile_builder.hpp"
#include "profile/recording_parts.hpp"

namespace deft::profile {
namespace {

symbols::stack_sample sample_at(std::uint64_t time_ns, std::uint32_t tid,
                                std::vector<std::uint64_t> addresses) {
  symbols::stack_sample sample;
  sample.time_ns = time_ns;
  sample.pid = 10;
  sample.tid = tid;
  sample.addresses = std::move(addresses);
  sample.addresses_rooted = true;
  return sample;
}

symbols::recording mapped_process() {
  symbols::recording part;
  symbols::mapping_event mapping;
  mapping.time_ns = 1;
  mapping.pid = 10;
  mapping.start = 0x10000;
  mapping.size_bytes = 0x10000;
  mapping.path = "/no/such/program";
  part.mappings.push_back(mapping);
  part.thread_names.push_back({1, 10, 10, "first"});
  part.thread_names.push_back({1, 10, 11, "second"});
  return part;
}

std::vector<symbols::stack_sample> random_samples(std::size_t count) {
  std::minstd_rand random(5);
  std::vector<symbols::stack_sample> samples;
  samples.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<std::uint64_t> addresses(1 + random() % 4);
    for (std::uint64_t& address : addresses) address = 0x10000 + 16 * (random() % 8);
    samples.push_back(sample_at(10 + i, 10 + static_cast<std::uint32_t>(random() % 2), std::move(addresses)));
  }
  return samples;
}

std::string text_of(const symbols::stack_profile& profile) {
  std::string text = formats::to_collapsed(profile);
  for (const symbols::profiled_thread& thread : profile.threads) text += thread.name + " ";
  return text + std::to_string(profile.samples) + " samples, " + std::to_string(profile.lost) + " lost";
}

TEST(TakeUntil, TakesWhatHappenedUntilThenInOrderOfTime) {
  symbols::recording all;
  for (const std::uint64_t time : {5U, 3U, 9U, 7U}) all.samples.push_back(sample_at(time, 10, {}));
  all.mappings.resize(1);
  all.mappings[0].time_ns = 8;
  all.lost = 4;
  const symbols::recording part = take_until(all, 7);
  ASSERT_EQ(part.samples.size(), 3U);
  EXPECT_TRUE(std::is_sorted(part.samples.begin(), part.samples.end(),
                             [](const auto& a, const auto& b) { return a.time_ns < b.time_ns; }));
  EXPECT_TRUE(part.mappings.empty());
  EXPECT_EQ(part.lost, 4U);
  ASSERT_EQ(all.samples.size(), 1U);
  EXPECT_EQ(all.samples[0].time_ns, 9U);
  EXPECT_EQ(all.mappings.size(), 1U);
  EXPECT_EQ(all.lost, 0U);
}

TEST(ProfileBuilder, GivesTheSameProfileFromPartsAsFromTheWhole) {
  const std::vector<symbols::stack_sample> samples = random_samples(5000);
  const auto build = [&](std::size_t part_samples, std::size_t begin_bytes) {
    profile_builder::settings settings;
    settings.begin_bytes = begin_bytes;
    profile_builder builder(settings);
    builder.add(mapped_process());
    for (std::size_t i = 0; i < samples.size(); i += part_samples) {
      symbols::recording part;
      const std::size_t end = std::min(samples.size(), i + part_samples);
      part.samples.assign(samples.begin() + static_cast<std::ptrdiff_t>(i),
                          samples.begin() + static_cast<std::ptrdiff_t>(end));
      builder.add(std::move(part));
    }
    return text_of(builder.finish().profile);
  };
  const std::string whole = build(samples.size(), std::size_t{1} << 30);
  EXPECT_NE(whole.find("first second 5000 samples, 0 lost"), std::string::npos) << whole;
  EXPECT_EQ(build(7, 1000), whole);
  EXPECT_EQ(build(100, std::size_t{1} << 30), whole);
}

TEST(ProfileBuilder, CountsWhatItHasNoRoomForAndKeepsMappings) {
  profile_builder::settings settings;
  settings.most_bytes = 1;
  profile_builder builder(settings);
  symbols::recording part = mapped_process();
  part.samples = random_samples(30);
  part.lost = 2;
  builder.add(std::move(part));
  const symbols::stack_profile profile = builder.finish().profile;
  EXPECT_EQ(profile.samples, 0U);
  EXPECT_EQ(profile.lost, 32U);
}

}  // namespace
}  // namespace deft::profile
