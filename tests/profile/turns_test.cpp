#include "profile/turns.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/interrupt.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;

turns_request short_request(std::uint32_t rounds) {
  turns_request request;
  for (benchmark_profile_request* side : {&request.base, &request.head}) {
    side->program = DEFT_TEST_PROGRAMS "/timed_parts";
    side->benchmark = "set_up_and_tear_down";
    side->min_time_s = 0.05;
  }
  request.rounds = rounds;
  return request;
}

turns_outcome run(const turns_request& request) {
  static benchmark_profiler profiler;
  measure::random_source random(1);
  return profile_in_turns(profiler, request, random);
}

TEST(ProfileTurns, HaveAProcessOfEachSideInEachRound) {
  turns_request request = short_request(2);
  std::vector<std::uint32_t> begun;
  request.before_round = [&](std::uint32_t round) { begun.push_back(round); };
  const turns_outcome taken = run(request);
  EXPECT_FALSE(taken.interrupted);
  EXPECT_EQ(begun, (std::vector<std::uint32_t>{0, 1}));
  if (taken.failure) {  // on a machine without any collector, and for no other reason
    ASSERT_EQ(taken.failure->kind, support::error_kind::unavailable) << taken.failure->message;
    EXPECT_NE(taken.rounds.unavailable, "");
    return;
  }
  const diff::profile_rounds& rounds = taken.rounds;
  EXPECT_EQ(rounds.unavailable, "");
  ASSERT_EQ(rounds.base.processes.size(), 2U) << rounds.note;
  ASSERT_EQ(rounds.head.processes.size(), 2U);
  for (const diff::profiled_side* side : {&rounds.base, &rounds.head}) {
    for (const diff::profiled_process& process : side->processes) {
      EXPECT_GT(process.iteration_ns, 0);
      EXPECT_GT(process.samples, 0U);
    }
  }
  for (const symbols::frame& frame : rounds.frames) EXPECT_NE(frame.module, "timed_parts");
}

TEST(ProfileTurns, LeaveOutRoundsThatFailAndSayWhy) {
  turns_request request = short_request(9);
  request.head.benchmark = "no_such_benchmark";
  std::uint32_t begun = 0;
  request.before_round = [&](std::uint32_t) { ++begun; };
  const turns_outcome taken = run(request);
  ASSERT_TRUE(taken.failure);
  EXPECT_LE(begun, 3U) << "it gives up";
  EXPECT_EQ(taken.rounds.unavailable, taken.failure->message);
  EXPECT_TRUE(taken.rounds.stacks.empty());
}

TEST(ProfileTurns, BeginNoRoundBehindTheDeadline) {
  turns_request request = short_request(3);
  request.deadline = std::chrono::steady_clock::now() - std::chrono::seconds(1);
  const turns_outcome taken = run(request);
  EXPECT_FALSE(taken.failure);
  EXPECT_THAT(taken.rounds.unavailable, HasSubstr("no time was left"));
}

TEST(ProfileTurns, StopWhenTheUserInterrupts) {
  turns_request request = short_request(3);
  request.before_round = [](std::uint32_t) { support::set_interrupted(true); };
  const turns_outcome taken = run(request);
  support::set_interrupted(false);
  EXPECT_TRUE(taken.interrupted);
  EXPECT_THAT(taken.rounds.unavailable, HasSubstr("interrupted"));
}

}  // namespace
}  // namespace deft::profile
