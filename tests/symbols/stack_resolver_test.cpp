#include "symbols/stack_resolver.hpp"

#include <algorithm>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/symbols/own_stack.hpp"
#include "tests/symbols/resolved.hpp"
#include "tests/symbols/subject.hpp"

namespace deft::symbols {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using testing::resolve;
using testing::resolved;

constexpr std::size_t plenty = std::size_t{256} * 1024;

void take_sample(void* sample) {
  *static_cast<stack_sample*>(sample) = testing::sample_own_stack(plenty);
}

TEST(StackResolver, FollowsCodeWithoutFramePointersToTheRootOfTheMainThread) {
  stack_sample sample;
  subject::from_inlined_and_callback(take_sample, &sample);
  const resolved result = resolve(sample);
  EXPECT_TRUE(result.sample.rooted) << ::testing::PrintToString(result.names());
  EXPECT_THAT(result.names(), Contains("main"));
}

TEST(StackResolver, FollowsOtherThreadsToTheirRoot) {
  stack_sample sample;
  std::thread([&] { subject::from_recursion(3, take_sample, &sample); }).join();
  const resolved result = resolve(sample);
  EXPECT_TRUE(result.sample.rooted) << ::testing::PrintToString(result.names());
}

TEST(StackResolver, ShowsInlinedFunctionsBetweenTheirCallerAndWhatTheyCall) {
  stack_sample sample;
  subject::from_inlined_and_callback(take_sample, &sample);
  const resolved result = resolve(sample);
  const std::vector<frame>& frames = result.frames;
  const std::size_t caller = result.position("subject::from_inlined_and_callback(");
  const std::size_t outer = result.position("subject::(anonymous namespace)::outer_inlined");
  const std::size_t inner = result.position("subject::(anonymous namespace)::inner_inlined");
  const std::size_t callback = result.position("subject::(anonymous namespace)::compare_and_visit");
  ASSERT_LT(callback, frames.size());
  EXPECT_EQ(outer, caller + 1);
  EXPECT_EQ(inner, caller + 2);
  EXPECT_GT(callback, inner);
  EXPECT_FALSE(frames[caller].inlined);
  EXPECT_TRUE(frames[outer].inlined);
  EXPECT_TRUE(frames[inner].inlined);
}

TEST(StackResolver, NamesFunctionsOfOneTranslationUnitAndWhereTheyAreDefined) {
  stack_sample sample;
  subject::from_static_function(take_sample, &sample);
  const std::vector<frame> frames = resolve(sample).frames;
  const auto found = std::find_if(frames.begin(), frames.end(), [](const frame& f) {
    return f.function.starts_with("subject::(anonymous namespace)::static_function");
  });
  ASSERT_NE(found, frames.end());
  EXPECT_EQ(found->file, "subject.cpp");
  EXPECT_GT(found->line, 0U);
  EXPECT_EQ(found->module, "test_symbols");
}

TEST(StackResolver, NamesInlinedConstructorsOfTemplates) {
  stack_sample sample;
  subject::from_inlined_constructor(take_sample, &sample);
  const resolved result = resolve(sample);
  const std::size_t at = result.position("visiting<int>::visiting");
  ASSERT_LT(at, result.frames.size()) << ::testing::PrintToString(result.names());
  EXPECT_TRUE(result.frames[at].inlined);
}

TEST(StackResolver, CountsEveryFrameOfARecursion) {
  stack_sample sample;
  subject::from_recursion(100, take_sample, &sample);
  const std::vector<frame> frames = resolve(sample).frames;
  EXPECT_EQ(std::count_if(frames.begin(), frames.end(),
                          [](const frame& f) { return f.function.starts_with("subject::from_recursion("); }),
            101);
}

TEST(StackResolver, CallsAStackUnrootedWhereTheCopyEnds) {
  stack_sample sample;
  subject::from_recursion(100, take_sample, &sample);
  std::size_t frames_before = 0;
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{512}, std::size_t{2048}}) {
    stack_sample truncated = sample;
    truncated.stack.resize(std::min(size, truncated.stack.size()));
    const resolved result = resolve(truncated);
    EXPECT_FALSE(result.sample.rooted);
    EXPECT_GE(result.frames.size(), frames_before);
    frames_before = result.frames.size();
  }
}

TEST(StackResolver, SurvivesEveryTruncationOfAStack) {
  stack_sample sample;
  subject::from_inlined_and_callback(take_sample, &sample);
  const std::size_t whole = resolve(sample).frames.size();
  for (std::size_t size = 0; size < std::min<std::size_t>(sample.stack.size(), 4096); size += 7) {
    stack_sample truncated = sample;
    truncated.stack.resize(size);
    const resolved result = resolve(truncated);
    EXPECT_GE(result.frames.size(), 1U);
    EXPECT_LE(result.frames.size(), whole);
  }
}

TEST(StackResolver, SurvivesStacksAndRegistersOfNoise) {
  stack_sample sample;
  subject::from_inlined_and_callback(take_sample, &sample);
  std::mt19937_64 random(1);
  for (int round = 0; round < 300; ++round) {
    stack_sample damaged = sample;
    for (int i = 0; i < 64; ++i)
      damaged.stack[random() % damaged.stack.size()] = static_cast<std::uint8_t>(random());
    if (round % 3 == 0) damaged.registers[random() % max_registers] = random();
    if (round % 3 == 1) damaged.registers[6] = damaged.registers[7] + random() % 4096;
    EXPECT_GE(resolve(damaged).frames.size(), 1U);
  }
}

TEST(StackResolver, NamesCodeOutsideOfEveryMapping) {
  stack_sample sample = testing::sample_own_stack(plenty);
  sample.registers.fill(0x1000);
  const resolved result = resolve(sample);
  EXPECT_FALSE(result.sample.rooted);
  EXPECT_THAT(result.names(), ::testing::ElementsAre("[unmapped]"));
}

TEST(StackResolver, NamesCodeOfAFileThatIsGoneByItsOffset) {
  recording all;
  mapping_event event;
  event.pid = 1;
  event.start = 0x10000;
  event.size_bytes = 0x1000;
  event.file_offset = 0x2000;
  event.path = "/nowhere/libgone.so.1";
  all.mappings.push_back(event);
  stack_sample sample;
  sample.pid = 1;
  sample.time_ns = 1;
  sample.has_registers = true;
  sample.registers.fill(0x10010);
  all.samples.push_back(sample);
  stack_resolver resolver;
  const resolved_sample result = resolver.resolve(all).front();
  ASSERT_EQ(result.frames.size(), 1U);
  EXPECT_EQ(resolver.frames()[result.frames[0]].function, "[libgone.so.1+0x2010]");
}

TEST(StackResolver, PutsTheKernelAtTheTipOfTheStack) {
  stack_sample sample;
  subject::from_static_function(take_sample, &sample);
  sample.in_kernel = true;
  EXPECT_EQ(resolve(sample).names().back(), "[kernel]");
}

TEST(StackResolver, KeepsProcessesFromPartToPartOfARecording) {
  stack_sample sample;
  subject::from_static_function(take_sample, &sample);
  recording second;
  second.samples.push_back(sample);
  stack_resolver resolver;
  resolver.begin();
  EXPECT_TRUE(resolver.resolve_part(testing::own_mappings()).empty());
  EXPECT_TRUE(resolver.resolve_part(second).front().rooted);
  resolver.begin();
  EXPECT_FALSE(resolver.resolve_part(second).front().rooted);
}

TEST(StackResolver, ForgetsAProcessWithEachRecording) {
  stack_sample sample;
  subject::from_static_function(take_sample, &sample);
  stack_resolver resolver;
  recording all = testing::own_mappings();
  all.samples.push_back(sample);
  EXPECT_TRUE(resolver.resolve(all).front().rooted);
  all.mappings.clear();
  EXPECT_FALSE(resolver.resolve(all).front().rooted);
}

TEST(StackResolver, GivesAForkedProcessItsParentsMappings) {
  stack_sample sample;
  subject::from_static_function(take_sample, &sample);
  recording all = testing::own_mappings();
  mapping_event fork;
  fork.what = mapping_event::kind::fork;
  fork.parent_pid = sample.pid;
  fork.pid = sample.pid + 1;
  all.mappings.push_back(fork);
  sample.pid = fork.pid;
  all.samples.push_back(sample);
  stack_resolver resolver;
  EXPECT_TRUE(resolver.resolve(all).front().rooted);
}

}  // namespace
}  // namespace deft::symbols
