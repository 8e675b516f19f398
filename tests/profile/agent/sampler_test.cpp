// What deft::profile::sampler and deft::profile::scope leave in a file.

#include <chrono>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "profile/samples_file.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "tests/profile/agent/stack_text.hpp"

namespace deft::profile {
namespace {

using testing::all_stacks;
using testing::count_chain;
using ::testing::HasSubstr;
using ::testing::Not;

/// ThreadSanitizer holds signals back until a thread calls it: nobody can sample a program under it.
class Sampler : public ::testing::Test {
 protected:
  void SetUp() override {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "ThreadSanitizer delays signals";
#endif
  }
};

class Scope : public Sampler {};

struct region_run {
  int exit_code = -1;
  std::string output;
  symbols::stack_profile profile;
  std::string child_stacks;
};

region_run run_region(const std::string& mode) {
  region_run run;
  auto folder = support::temporary_folder::make("sampler_test");
  EXPECT_TRUE(folder);
  support::spawn_options options;
  options.argv = {DEFT_REGIONS_PROGRAM, mode, folder->path() / "region.samples"};
  options.stdout_path = folder->path() / "out";
  const auto status = support::run(options, std::chrono::seconds(60));
  EXPECT_TRUE(status);
  run.exit_code = status->code;
  run.output = *support::read_file(options.stdout_path);
  auto loaded = load_samples(options.argv[2]);
  EXPECT_TRUE(loaded) << (loaded ? "" : loaded.error().message);
  if (loaded) run.profile = loaded->profile;
  if (const auto child = load_samples(options.argv[2] + ".child"))
    run.child_stacks = all_stacks(child->profile);
  return run;
}

void expect_whole(const region_run& run) {
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_LE(run.profile.unrooted, run.profile.samples / 100) << all_stacks(run.profile);
  EXPECT_EQ(run.profile.lost, 0U);
}

TEST_F(Sampler, ContainsTheRegionAndNothingElse) {
  const region_run run = run_region("region");
  expect_whole(run);
  double milliseconds = 0;
  EXPECT_GT(count_chain(run.profile, {"main", "sample_region", "inside", "spin"}, &milliseconds), 0U)
      << all_stacks(run.profile);
  EXPECT_NEAR(milliseconds, 600, 225) << all_stacks(run.profile);
  for (const char* outside : {"before", "in_pause", "after"}) {
    EXPECT_EQ(count_chain(run.profile, {outside}), 0U) << all_stacks(run.profile);
  }
  EXPECT_EQ(run.profile.kind, symbols::profile_kind::cpu);
  EXPECT_GE(run.profile.frequency_hz, 99U);
}

TEST_F(Sampler, MayBeginWithAPause) {
  const region_run run = run_region("later");
  expect_whole(run);
  EXPECT_EQ(count_chain(run.profile, {"before"}), 0U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"inside"}), 0U) << all_stacks(run.profile);
}

TEST_F(Sampler, SeesThreadsFromBeforeAndFromLater) {
  const region_run run = run_region("threads");
  expect_whole(run);
  EXPECT_GT(count_chain(run.profile, {"inside", "spin"}), 0U) << all_stacks(run.profile);
  std::set<std::uint32_t> threads;
  for (const auto& stack : run.profile.stacks) {
    const std::string text = testing::stack_text(run.profile, stack);
    if (text.find("inside") != std::string::npos) threads.insert(run.profile.threads.at(stack.thread).tid);
  }
  EXPECT_GE(threads.size(), 2U) << all_stacks(run.profile);
}

TEST_F(Scope, IsAFrameBetweenItsFunctionAndWhatThatCalls) {
  const region_run run = run_region("scopes");
  expect_whole(run);
  for (const char* which : {"first", "second"}) {
    EXPECT_GT(count_chain(run.profile, {"main", "with_scopes", "outer", which, "inlined part", "callee"}), 0U)
        << all_stacks(run.profile);
  }
  EXPECT_GT(count_chain(run.profile, {"main", "leaf_with_scope", "leaf"}), 3U) << all_stacks(run.profile);
}

TEST_F(Scope, EndsWithItsBlockAndWithAnException) {
  const region_run run = run_region("scopes");
  expect_whole(run);
  EXPECT_EQ(count_chain(run.profile, {"gone", "callee"}), 0U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"outer", "callee"}), 0U) << all_stacks(run.profile);
  EXPECT_EQ(count_chain(run.profile, {"leaf", "after"}), 0U) << all_stacks(run.profile);
  EXPECT_GT(count_chain(run.profile, {"after"}), 0U) << all_stacks(run.profile);
  EXPECT_EQ(count_chain(run.profile, {"outer", "after"}), 0U) << all_stacks(run.profile);
}

TEST_F(Sampler, RefusesASecondOneAndStartsAgainAfterwards) {
  const region_run run = run_region("twice");
  expect_whole(run);
  EXPECT_THAT(run.output, HasSubstr("another deft::profile::sampler of this process is running"));
  EXPECT_GT(count_chain(run.profile, {"inside"}), 0U) << all_stacks(run.profile);
}

TEST_F(Sampler, IsNotInheritedByAChildThatMaySampleItself) {
  const region_run run = run_region("fork");
  expect_whole(run);
  EXPECT_GT(count_chain(run.profile, {"inside"}), 0U);
  EXPECT_EQ(count_chain(run.profile, {"in_pause"}), 0U) << all_stacks(run.profile);
  EXPECT_THAT(run.child_stacks, HasSubstr("inside"));
  EXPECT_THAT(run.child_stacks, Not(HasSubstr("in_pause")));
}

TEST_F(Sampler, GivesTheSignalBackAndTellsWhyItCannotStart) {
  const region_run run = run_region("trace");
  EXPECT_EQ(run.exit_code, 0) << run.output;
  EXPECT_THAT(run.output, HasSubstr("cannot write /nowhere/at/all: No such file or directory"));
}

}  // namespace
}  // namespace deft::profile
