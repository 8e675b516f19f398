// What a preloaded agent sees of programs, and that they do not see it.

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/agent_session.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "symbols/fold.hpp"
#include "symbols/stack_resolver.hpp"
#include "tests/profile/agent/stack_text.hpp"

namespace deft::profile {
namespace {

using testing::all_stacks;
using testing::count_chain;
using testing::stack_text;

struct sampled_run {
  support::exit_status status;
  std::string output;
  agent_session::outcome collected;
  symbols::stack_profile profile;
};

support::exit_status run_program(support::spawn_options options, std::string& output) {
  auto folder = support::temporary_folder::make("agent_test");
  EXPECT_TRUE(folder);
  options.stdout_path = folder->path() / "out";
  const auto status = support::run(options, std::chrono::seconds(60));
  EXPECT_TRUE(status);
  output = *support::read_file(options.stdout_path);
  return *status;
}

agent_settings at_250_hz() {
  agent_settings settings;
  settings.frequency_hz = 250;
  return settings;
}

sampled_run sample(const std::vector<std::string>& command, const agent_settings& settings = at_250_hz()) {
  sampled_run run;
  auto session = agent_session::start(settings);
  EXPECT_TRUE(session) << session.error().message;
  if (!session) return run;
  support::spawn_options options;
  options.argv = command;
  options.environment = session->environment();
  run.status = run_program(options, run.output);
  run.collected = session->finish();
  symbols::stack_resolver resolver;
  symbols::stack_folder folder({.kind = settings.kind, .period_ns = 4'000'000, .by_thread = true});
  folder.name_threads(run.collected.recording);
  folder.add(resolver.resolve(run.collected.recording));
  run.profile = folder.finish(resolver.frames());
  return run;
}

sampled_run sample_behaviour(const std::string& mode, const std::vector<std::string>& more = {}) {
  std::vector<std::string> command = {DEFT_TEST_PROGRAMS "/behaviours", mode};
  command.insert(command.end(), more.begin(), more.end());
  sampled_run run = sample(command);
  EXPECT_EQ(run.status.signal, 0) << mode;
  EXPECT_TRUE(run.collected.agent_answered);
  return run;
}

/// Also that the program ended and printed as it does alone.
sampled_run sample_unnoticed(const std::string& mode) {
  sampled_run run = sample_behaviour(mode);
  support::spawn_options alone;
  alone.argv = {DEFT_TEST_PROGRAMS "/behaviours", mode};
  std::string output;
  const support::exit_status status = run_program(alone, output);
  EXPECT_EQ(run.status.code, status.code) << mode;
  EXPECT_EQ(run.output, output) << mode;
  return run;
}

// A library's _init has no call frame information: a stack interrupted there is that frame alone.
std::uint64_t samples_in_init(const sampled_run& run) {
  std::uint64_t found = 0;
  for (const auto& stack : run.profile.stacks) {
    if (stack_text(run.profile, stack) == "_init") found += stack.count;
  }
  return found;
}

void expect_rooted(const sampled_run& run) {
  EXPECT_LE(run.profile.unrooted, run.profile.samples / 100 + samples_in_init(run))
      << all_stacks(run.profile);
  EXPECT_EQ(run.collected.recording.lost, 0U);
}

TEST(Agent, SeesStacksOfOptimisedCodeWithoutFramePointersToTheRoot) {
  const sampled_run run = sample({DEFT_STACKS_PROGRAM});
  EXPECT_TRUE(run.status.ok());
  ASSERT_GT(run.profile.samples, 15U);
  expect_rooted(run);
  EXPECT_GT(count_chain(run.profile, {"main", "sort_with_callback", "qsort", "compare_callback"}), 0U)
      << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"main", "fill_map", "std::map<"}), 0U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"hash_inlined", "outer_inlined", "innermost_inlined"}), 3U);
  EXPECT_EQ(all_stacks(run.profile).find("deft::"), std::string::npos) << "our own frames are not theirs";
}

TEST(Agent, FollowsForks) {
  const sampled_run run = sample_unnoticed("fork");
  expect_rooted(run);
  EXPECT_EQ(run.status.code, 3);
  EXPECT_GT(count_chain(run.profile, {"main", "work_in_parent", "spin"}), 2U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"main", "work_in_child", "spin"}), 2U) << all_stacks(run.profile);
  std::set<std::uint32_t> processes;
  for (const auto& each : run.collected.recording.samples) processes.insert(each.pid);
  EXPECT_EQ(processes.size(), 2U);
}

TEST(Agent, FollowsExecAndSpawn) {
  for (const char* mode : {"exec", "spawn"}) {
    const sampled_run run = sample_behaviour(mode);
    expect_rooted(run);
    EXPECT_GT(count_chain(run.profile, {"main", "work_in_parent", "spin"}), 2U) << all_stacks(run.profile);
    EXPECT_GT(count_chain(run.profile, {"main", "work_in_child", "spin"}), 2U) << all_stacks(run.profile);
  }
}

TEST(Agent, SeesThreadsThatComeAndGo) {
  const sampled_run run = sample_behaviour("threads");
  expect_rooted(run);
  // Four times 150 ms. On busy processors timers expire late: their samples stand for more.
  double milliseconds = 0;
  EXPECT_GT(count_chain(run.profile, {"work_in_child"}, &milliseconds), 3U) << all_stacks(run.profile);
  EXPECT_NEAR(milliseconds, 600, 200) << all_stacks(run.profile);
  std::set<std::uint32_t> threads;
  for (const auto& each : run.collected.recording.samples) threads.insert(each.tid);
  EXPECT_GE(threads.size(), 5U);
}

TEST(Agent, FindsThreadsThatTheCLibraryKnowsNothingOf) {
  const sampled_run run = sample_behaviour("clone");
  EXPECT_GT(count_chain(run.profile, {"work_in_child", "spin"}), 0U) << all_stacks(run.profile);
}

TEST(Agent, LeavesItsProfilingSignalToAProgramThatUsesIt) {
  const sampled_run run = sample_unnoticed("sigprof");
  EXPECT_EQ(run.output, "own handler: 1, called: 1\n");
  EXPECT_GT(count_chain(run.profile, {"work_in_parent"}), 2U) << all_stacks(run.profile);
}

TEST(Agent, OutlivesAProgramThatResetsAllSignals) {
  const sampled_run run = sample_unnoticed("reset");
  EXPECT_GT(count_chain(run.profile, {"work_in_parent"}), 2U) << all_stacks(run.profile);
}

TEST(Agent, SeesThreadsThatBlockAllSignals) {
  const sampled_run run = sample_unnoticed("block");
  EXPECT_GT(count_chain(run.profile, {"work_in_parent"}), 2U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"work_in_child"}), 2U) << all_stacks(run.profile);
}

TEST(Agent, HandsOnTheSignalThatItSharesWithTheProgram) {
  const sampled_run run = sample_unnoticed("realtime");
  EXPECT_EQ(run.output, "");
  EXPECT_GT(count_chain(run.profile, {"work_in_parent"}), 2U) << all_stacks(run.profile);
}

TEST(Agent, WalksFromASignalStackThroughTheFrameOfTheSignal) {
  const sampled_run run = sample_behaviour("altstack");
  expect_rooted(run);
  EXPECT_GT(count_chain(run.profile, {"main", "raise", "work_in_handler", "spin"}), 2U)
      << all_stacks(run.profile);
}

TEST(Agent, WalksDeepStacksAndCountsThoseTooDeepAsUnrooted) {
  const sampled_run deep = sample_behaviour("recursion", {"900"});
  expect_rooted(deep);
  EXPECT_GT(deep.profile.samples, 2U);
  const sampled_run deeper = sample_behaviour("recursion", {"20000"});
  EXPECT_GT(deeper.profile.unrooted, 2U);
  EXPECT_GT(count_chain(deeper.profile, {"recurse", "recurse", "spin"}), 2U);
}

TEST(Agent, WalksCoroutinesOnStacksThatComeAndGo) {
  const sampled_run run = sample_behaviour("coroutines");
  EXPECT_GT(count_chain(run.profile, {"work_on_own_stack", "spin"}), 2U) << all_stacks(run.profile);
  expect_rooted(run);
}

TEST(Agent, TellsLibrariesApartThatTakeEachOthersPlace) {
  const sampled_run run = sample_behaviour(
      "dlopen", {DEFT_TEST_PROGRAMS "/libplugin_first.so", DEFT_TEST_PROGRAMS "/libplugin_second.so"});
  expect_rooted(run);
  EXPECT_GT(count_chain(run.profile, {"main", "work_in_first", "spin"}), 2U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"main", "work_in_second", "spin"}), 2U) << all_stacks(run.profile);
}

TEST(Agent, EstimatesAllocationsWithoutBias) {
  agent_settings settings;
  settings.kind = symbols::profile_kind::allocation;
  settings.allocation_interval_bytes = 16 << 10;
  const sampled_run run = sample({DEFT_TEST_PROGRAMS "/behaviours", "allocate"}, settings);
  EXPECT_EQ(run.status.code, 0);
  EXPECT_EQ(run.collected.recording.lost, 0U);
  double small_bytes = 0;
  double small_objects = 0;
  double large_bytes = 0;
  double large_objects = 0;
  for (const auto& stack : run.profile.stacks) {
    const std::string text = stack_text(run.profile, stack);
    if (text.find("allocate_small") != std::string::npos) {
      small_bytes += static_cast<double>(stack.value);
      small_objects += static_cast<double>(stack.count);
    } else if (text.find("allocate_large") != std::string::npos) {
      large_bytes += static_cast<double>(stack.value);
      large_objects += static_cast<double>(stack.count);
    }
  }
  // 3 million objects of 48 bytes make 8,800 samples: 1.07 % is one standard deviation. The large ones are
  // sampled always but for one in 10^8.
  EXPECT_NEAR(small_objects / 3e6, 1, 0.06) << all_stacks(run.profile);
  EXPECT_NEAR(small_bytes / (3e6 * 48), 1, 0.06);
  EXPECT_NEAR(large_objects / 2000, 1, 0.001);
  EXPECT_NEAR(large_bytes / (2000.0 * 300'000), 1, 0.001);
  EXPECT_LE(run.profile.unrooted, run.collected.recording.samples.size() / 100);
}

}  // namespace
}  // namespace deft::profile
