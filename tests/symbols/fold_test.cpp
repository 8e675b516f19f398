#include "symbols/fold.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "formats/formats.hpp"
#include "symbols/thread_names.hpp"

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
  EXPECT_EQ(formats::to_collapsed(profile), "main;f 2\nmain;g 1\n");
}

TEST(Fold, DoesNotDependOnTheOrderOfSamplesOrTheNumbersOfFrames) {
  const std::vector<frame> frames = {named("main"), named("f"), named("g"), named("unused")};
  const std::vector<frame> renumbered = {named("unused"), named("g"), named("f"), named("main")};
  const stack_profile a = fold(std::vector{sample({0, 1}), sample({0, 2}), sample({0, 1, 2})}, frames);
  const stack_profile b = fold(std::vector{sample({3, 2, 1}), sample({3, 1}), sample({3, 2})}, renumbered);
  EXPECT_EQ(a.frames, b.frames);
  EXPECT_EQ(a.frames.size(), 3U);
  EXPECT_EQ(formats::to_collapsed(a), formats::to_collapsed(b));
}

TEST(Fold, MergesFramesThatAreEqual) {
  const std::vector<frame> frames = {named("main"), named("f"), named("f")};
  const stack_profile profile = fold(std::vector{sample({0, 1}), sample({0, 2})}, frames);
  EXPECT_EQ(profile.frames.size(), 2U);
  EXPECT_EQ(formats::to_collapsed(profile), "main;f 2\n");
}

TEST(Fold, OfNothingIsAnEmptyProfile) {
  const stack_profile profile = fold({}, {});
  EXPECT_EQ(profile.samples, 0U);
  EXPECT_TRUE(profile.stacks.empty());
}

resolved_sample of_thread(std::uint32_t pid, std::uint32_t tid, std::vector<std::uint32_t> frames) {
  resolved_sample result = sample(std::move(frames));
  result.pid = pid;
  result.tid = tid;
  return result;
}

resolved_sample caused(sample_cause cause, std::uint64_t weight, std::uint64_t bytes = 0,
                       std::uint64_t objects = 0) {
  resolved_sample result = sample({0});
  result.cause = cause;
  result.weight = weight;
  result.bytes = bytes;
  result.objects = objects;
  return result;
}

stack_profile fold_kind(profile_kind kind, const std::vector<resolved_sample>& samples) {
  stack_folder folder({.kind = kind, .period_ns = 10, .by_thread = false});
  folder.add(samples);
  return folder.finish(std::vector{named("main")});
}

TEST(StackFolder, KeepsTheCausesOfItsKindAndMeasuresThemInItsUnit) {
  const std::vector<resolved_sample> samples = {caused(sample_cause::cpu, 1),
                                                caused(sample_cause::cpu, 3),
                                                caused(sample_cause::running, 5),
                                                caused(sample_cause::waiting, 7),
                                                caused(sample_cause::allocation, 1, 4096, 64),
                                                caused(sample_cause::allocation, 1, 100, 1)};
  const std::vector<std::tuple<profile_kind, std::uint64_t, std::uint64_t>> expected = {
      {profile_kind::cpu, 2, 40},
      {profile_kind::wall, 2, 120},
      {profile_kind::off_cpu, 1, 70},
      {profile_kind::allocation, 65, 4196}};
  for (const auto& [kind, count, value] : expected) {
    const stack_profile profile = fold_kind(kind, samples);
    EXPECT_EQ(profile.kind, kind);
    EXPECT_EQ(profile.samples, count);
    ASSERT_EQ(profile.stacks.size(), 1U);
    EXPECT_EQ(profile.stacks[0].count, count);
    EXPECT_EQ(profile.stacks[0].value, value);
  }
}

TEST(StackFolder, StopsAtTheLargestNumberInsteadOfWrappingAround) {
  constexpr std::uint64_t most = ~std::uint64_t{0};
  const stack_profile times =
      fold_kind(profile_kind::cpu, {caused(sample_cause::cpu, most), caused(sample_cause::cpu, 1)});
  EXPECT_EQ(times.stacks[0].value, most);
  EXPECT_EQ(times.stacks[0].count, 2U);
  const stack_profile allocations =
      fold_kind(profile_kind::allocation,
                {caused(sample_cause::allocation, 1, most, most), caused(sample_cause::allocation, 1, 1, 1)});
  EXPECT_EQ(allocations.stacks[0].value, most);
  EXPECT_EQ(allocations.samples, most);
}

TEST(StackFolder, TellsThreadsApartWhereWanted) {
  const std::vector<frame> frames = {named("main")};
  const std::vector<resolved_sample> samples = {of_thread(7, 9, {0}), of_thread(7, 7, {0}),
                                                of_thread(5, 5, {0}), of_thread(7, 9, {0})};
  recording names;
  names.thread_names = {{.time_ns = 1, .pid = 7, .tid = 7, .name = "server"},
                        {.time_ns = 2, .pid = 7, .tid = 9, .name = "old name"},
                        {.time_ns = 3, .pid = 7, .tid = 9, .name = "worker"}};
  stack_folder folder({.by_thread = true});
  folder.name_threads(names);
  folder.add(samples);
  const stack_profile profile = folder.finish(frames);
  const std::vector<profiled_thread> threads = {{.pid = 5, .tid = 5, .name = "", .process = ""},
                                                {.pid = 7, .tid = 7, .name = "server", .process = "server"},
                                                {.pid = 7, .tid = 9, .name = "worker", .process = "server"}};
  EXPECT_EQ(profile.threads, threads);
  ASSERT_EQ(profile.stacks.size(), 3U);
  EXPECT_EQ(profile.stacks[2].thread, 2U);
  EXPECT_EQ(profile.stacks[2].count, 2U);

  stack_folder together;
  together.add(samples);
  EXPECT_TRUE(together.finish(frames).threads.empty());
  EXPECT_EQ(together.finish(frames).stacks.size(), 1U);
}

TEST(StackFolder, AgreesWithANaiveCountHoweverTheSamplesAreCutIntoParts) {
  std::mt19937 random(1);
  std::vector<frame> frames;
  for (const char* name : {"a", "b", "c", "d", "e"}) frames.push_back(named(name));
  std::vector<resolved_sample> samples;
  std::map<std::string, std::uint64_t> expected;
  for (int i = 0; i < 2000; ++i) {
    std::vector<std::uint32_t> stack(1 + random() % 4);
    std::string line;
    for (std::uint32_t& number : stack) {
      number = static_cast<std::uint32_t>(random() % 5);
      line += (line.empty() ? "" : ";") + frames[number].function;
    }
    samples.push_back(sample(stack));
    ++expected[line];
  }
  std::string text;
  for (const auto& [line, count] : expected) text += line + ' ' + std::to_string(count) + '\n';
  EXPECT_EQ(formats::to_collapsed(fold(samples, frames)), text);

  stack_folder parts;
  std::span<const resolved_sample> rest = samples;
  while (!rest.empty()) {
    const std::size_t count = std::min<std::size_t>(rest.size(), random() % 100);
    parts.add(rest.first(count));
    rest = rest.subspan(count);
  }
  EXPECT_EQ(formats::to_collapsed(parts.finish(frames)), text);
}

TEST(ThreadNames, OfAForkedProcessAreItsParentsUntilItHasItsOwn) {
  recording first;
  first.thread_names = {{.time_ns = 1, .pid = 1, .tid = 1, .name = "shell"}};
  mapping_event fork;
  fork.what = mapping_event::kind::fork;
  fork.parent_pid = 1;
  fork.time_ns = 5;
  for (const std::uint32_t pid : {2U, 3U}) {
    fork.pid = pid;
    first.mappings.push_back(fork);
  }
  recording second;
  second.thread_names = {{.time_ns = 6, .pid = 3, .tid = 3, .name = "compiler"},
                         {.time_ns = 7, .pid = 1, .tid = 1, .name = "renamed later"}};
  thread_names names;
  names.apply(first);
  names.apply(second);
  EXPECT_EQ(names.describe(2, 2).name, "shell");
  EXPECT_EQ(names.describe(3, 3).name, "compiler");
  EXPECT_EQ(names.describe(1, 1).name, "renamed later");
}

TEST(ThreadNames, OfAThreadWithoutOneAreItsProcess) {
  recording events;
  events.thread_names = {{.time_ns = 1, .pid = 1, .tid = 1, .name = "server"}};
  thread_names names;
  names.apply(events);
  EXPECT_EQ(names.describe(1, 2),
            (profiled_thread{.pid = 1, .tid = 2, .name = "server", .process = "server"}));
  EXPECT_EQ(names.describe(4, 4), (profiled_thread{.pid = 4, .tid = 4, .name = "", .process = ""}));
}

}  // namespace
}  // namespace deft::symbols
