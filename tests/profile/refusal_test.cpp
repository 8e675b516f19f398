// What users see where the kernel says no: each case in a process of its own that has given something up.

#include <cerrno>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "formats/formats.hpp"
#include "profile/agent_session.hpp"
#include "profile/perf_events.hpp"
#include "profile/profiler.hpp"
#include "tests/profile/perf_permitted.hpp"
#include "tests/profile/restricted.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

benchmark_profile_request short_request() {
  benchmark_profile_request request;
  request.program = DEFT_TEST_PROGRAMS "/timed_parts";
  request.benchmark = "set_up_and_tear_down";
  // Longer than its tear-down: an estimate of the timed part by its duration must reach into the loop.
  request.min_time_s = 0.4;
  return request;
}

std::string outcome_of_a_profile() {
  benchmark_profiler profiler;
  const auto taken = profiler.profile(short_request());
  if (!taken) return "error: " + taken.error().message;
  if (!taken->unavailable.empty()) return "unavailable: " + taken->unavailable;
  const std::string stacks = formats::to_collapsed(*taken);
  if (stacks.find("timed_work") == std::string::npos || taken->unrooted > 1 + taken->samples / 100)
    return "wrong profile (" + taken->note + "):\n" + stacks;
  return "profiled by " + taken->collector + ": " + taken->note;
}

/// The agent where there is one for this machine, else nothing: in both cases with the reason.
void expect_agent_or_nothing(const std::string& said, const std::string& reason) {
  if (said == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  const std::string begin =
      agent_session::start({}) ? "profiled by preloaded agent" : "unavailable: perf_event_open";
  EXPECT_THAT(said, StartsWith(begin));
  EXPECT_THAT(said, HasSubstr("perf_event_open was refused (" + reason + "): "));
}

TEST(Refusal, ByASeccompFilterIsSaidBesideWhatTheAgentSaw) {
  const std::string said = testing::said_by_child([]() -> std::string {
    if (!testing::forbid_perf_event_open(EPERM)) return "cannot filter";
    return outcome_of_a_profile();
  });
  expect_agent_or_nothing(said, "Operation not permitted");
  EXPECT_THAT(said,
              ::testing::AnyOf(HasSubstr("seccomp"), HasSubstr("perf_event_paranoid"), "cannot filter"));
}

TEST(Refusal, ByAKernelWithoutPerfEventsIsSaidLikewise) {
  const std::string said = testing::said_by_child([]() -> std::string {
    if (!testing::forbid_perf_event_open(ENOSYS)) return "cannot filter";
    return outcome_of_a_profile();
  });
  expect_agent_or_nothing(said, "Function not implemented");
}

TEST(Refusal, DoesNotMeetAnUnprivilegedUserWhereTheKernelAllowsHisOwnPrograms) {
  const std::string said = testing::said_by_child([]() -> std::string {
    if (!testing::become_unprivileged()) return "cannot become nobody";
    if (::access(DEFT_TEST_PROGRAMS "/timed_parts", X_OK) != 0) return "cannot reach the program";
    return outcome_of_a_profile();
  });
  if (said.starts_with("cannot")) GTEST_SKIP() << said;
  EXPECT_THAT(said, ::testing::AnyOf(StartsWith("profiled by"),
                                     StartsWith("unavailable: perf_event_open was refused")));
  if (testing::perf_permitted()) {
    std::cout << "[   NOTE   ] as an unprivileged user: " << said.substr(0, 200) << '\n';
  }
}

TEST(ExplainRefusal, NamesACauseAndARemedyForEachReason) {
  for (const int reason : {EACCES, EPERM, ENOSYS, ENODEV, EMFILE, EINVAL}) {
    EXPECT_THAT(explain_refusal(reason), StartsWith("perf_event_open was refused ("));
    EXPECT_GT(explain_refusal(reason).size(), 60U);
  }
}

}  // namespace
}  // namespace deft::profile
