#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "profile/perf_sampler.hpp"
#include "support/process.hpp"
#include "symbols/fold.hpp"
#include "symbols/stack_resolver.hpp"
#include "tests/profile/perf_permitted.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;

constexpr unsigned frequency_hz = 499;

/// A program run from start to end under the sampler; `unavailable` tells why there is nothing.
symbols::stack_profile profile_program(const std::string& program) {
  support::spawn_options options;
  options.argv = {program};
  options.hold = true;
  auto child = support::spawn(options);
  EXPECT_TRUE(child);
  perf_settings settings;
  settings.clock.frequency_hz = frequency_hz;
  auto attached = perf_sampler::attach(child->pid(), std::move(settings));
  if (!attached) {
    symbols::stack_profile nothing;
    nothing.unavailable = attached.error().message;
    return nothing;
  }
  child->release();
  EXPECT_TRUE(support::wait_all({&*child, 1}, std::chrono::seconds(60)).front().ok());
  const perf_sampler::outcome collected = attached->finish();
  symbols::stack_resolver resolver;
  const std::vector<symbols::resolved_sample> samples = resolver.resolve(collected.recording);
  symbols::stack_profile profile = symbols::fold(samples, resolver.frames());
  profile.lost = collected.recording.lost;
  return profile;
}

/// How many samples had this chain of functions, callers first, others between them allowed.
std::uint64_t count_chain(const symbols::stack_profile& profile, const std::vector<std::string>& chain) {
  std::uint64_t count = 0;
  for (const symbols::folded_stack& stack : profile.stacks) {
    std::size_t found = 0;
    for (const std::uint32_t number : stack.frames) {
      if (found < chain.size() && profile.frames[number].function.find(chain[found]) != std::string::npos)
        ++found;
    }
    if (found == chain.size()) count += stack.count;
  }
  return count;
}

void expect_refusal(const symbols::stack_profile& profile) {
  EXPECT_THAT(profile.unavailable, HasSubstr("perf_event_open was refused"));
  EXPECT_TRUE(profile.stacks.empty());
}

TEST(Stacks, OfOptimisedCodeWithoutFramePointersReachTheRoot) {
  const symbols::stack_profile profile = profile_program(DEFT_TEST_PROGRAMS "/stacks");
  if (!testing::perf_permitted()) return expect_refusal(profile);
  ASSERT_GT(profile.samples, 50U) << "lost " << profile.lost;
  // The dynamic linker's own first instructions have no unwind information.
  EXPECT_LE(profile.unrooted, 1 + profile.samples / 100) << formats::to_collapsed(profile);
  EXPECT_GT(count_chain(profile, {"main", "sort_with_callback", "qsort", "compare_callback"}), 0U)
      << formats::to_collapsed(profile);
  EXPECT_GT(count_chain(profile, {"main", "fill_map", "std::map<"}), 0U) << formats::to_collapsed(profile);
}

TEST(Stacks, ShowInlinedFunctionsInOtherThreads) {
  const symbols::stack_profile profile = profile_program(DEFT_TEST_PROGRAMS "/stacks");
  if (!testing::perf_permitted()) return expect_refusal(profile);
  EXPECT_GT(
      count_chain(profile, {"(anonymous namespace)::hash_inlined", "(anonymous namespace)::outer_inlined",
                            "(anonymous namespace)::innermost_inlined"}),
      10U)
      << formats::to_collapsed(profile);
  const auto inlined =
      std::find_if(profile.frames.begin(), profile.frames.end(), [](const symbols::frame& f) {
        return f.function.starts_with("(anonymous namespace)::innermost_inlined");
      });
  ASSERT_NE(inlined, profile.frames.end());
  EXPECT_TRUE(inlined->inlined);
  EXPECT_EQ(inlined->file, "workload.hpp");
  EXPECT_GT(inlined->line, 0U);
}

TEST(Stacks, OfAStrippedProgramReachTheRootAndShowModulesAndOffsets) {
  const symbols::stack_profile profile = profile_program(DEFT_TEST_PROGRAMS "/stacks_stripped");
  if (!testing::perf_permitted()) return expect_refusal(profile);
  EXPECT_LE(profile.unrooted, 1 + profile.samples / 100) << formats::to_collapsed(profile);
  EXPECT_GT(count_chain(profile, {"[stacks_stripped+0x", "qsort", "[stacks_stripped+0x"}), 0U)
      << formats::to_collapsed(profile);
  // By function and not by instruction: main, five functions and the tree's, not hundreds of addresses.
  EXPECT_LT(std::count_if(profile.frames.begin(), profile.frames.end(),
                          [](const symbols::frame& f) { return f.module == "stacks_stripped"; }),
            40);
}

TEST(Stacks, TakeNamesFromADebugFileApart) {
  const symbols::stack_profile profile = profile_program(DEFT_TEST_PROGRAMS "/apart/stacks_apart");
  if (!testing::perf_permitted()) return expect_refusal(profile);
  EXPECT_GT(count_chain(profile, {"main", "sort_with_callback", "compare_callback"}), 0U)
      << formats::to_collapsed(profile);
}

TEST(Stacks, ShowInlinedFunctionsOfProgramsWithSplitDebugInformation) {
  const symbols::stack_profile profile = profile_program(DEFT_TEST_PROGRAMS "/stacks_split");
  if (!testing::perf_permitted()) return expect_refusal(profile);
  EXPECT_GT(count_chain(profile, {"hash_inlined", "(anonymous namespace)::outer_inlined",
                                  "(anonymous namespace)::innermost_inlined"}),
            0U)
      << formats::to_collapsed(profile);
}

}  // namespace
}  // namespace deft::profile
