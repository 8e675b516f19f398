#include "symbols/fold.hpp"

#include <algorithm>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace deft::symbols {
namespace {

frame named(const char* name) {
  return {.function = name, .module = "m", .file = "", .line = 0, .inlined = false};
}

resolved_sample sample(std::vector<std::uint32_t> frames, bool rooted = true) {
  return {.time_ns = 0, .pid = 1, .tid = 1, .rooted = rooted, .frames = std::move(frames)};
}

TEST(Fold, CountsEqualStacksOnce) {
  const std::vector<frame> frames = {named("main"), named("f"), named("g")};
  const std::vector<resolved_sample> samples = {sample({0, 1}), sample({0, 2}), sample({0, 1}, false)};
  const stack_profile profile = fold(samples, frames);
  EXPECT_EQ(profile.samples, 3U);
  EXPECT_EQ(profile.unrooted, 1U);
  EXPECT_EQ(to_collapsed(profile), "main;f 2\nmain;g 1\n");
}

TEST(Fold, DoesNotDependOnTheOrderOfSamplesOrTheNumbersOfFrames) {
  const std::vector<frame> frames = {named("main"), named("f"), named("g"), named("unused")};
  const std::vector<frame> renumbered = {named("unused"), named("g"), named("f"), named("main")};
  const stack_profile a = fold(std::vector{sample({0, 1}), sample({0, 2}), sample({0, 1, 2})}, frames);
  const stack_profile b = fold(std::vector{sample({3, 2, 1}), sample({3, 1}), sample({3, 2})}, renumbered);
  EXPECT_EQ(a.frames, b.frames);
  EXPECT_EQ(a.frames.size(), 3U);
  EXPECT_EQ(to_collapsed(a), to_collapsed(b));
}

TEST(Fold, OfNothingIsAnEmptyProfile) {
  const stack_profile profile = fold({}, {});
  EXPECT_EQ(profile.samples, 0U);
  EXPECT_TRUE(profile.stacks.empty());
}

TEST(ToCollapsed, KeepsTheSeparatorsOutOfNames) {
  const std::vector<frame> frames = {named("a;b\nc")};
  EXPECT_EQ(to_collapsed(fold(std::vector{sample({0})}, frames)), "a:b c 1\n");
}

}  // namespace
}  // namespace deft::symbols
