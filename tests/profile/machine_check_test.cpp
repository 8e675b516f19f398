#include "profile/machine_check.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "profile/profiler.hpp"
#include "tests/profile/perf_permitted.hpp"
#include "tests/profile/restricted.hpp"

namespace deft::profile {
namespace {

const machine_finding* find(const std::vector<machine_finding>& findings, const std::string& what) {
  const auto found = std::find_if(findings.begin(), findings.end(), [&](const machine_finding& f) {
    return f.what.find(what) != std::string::npos;
  });
  return found == findings.end() ? nullptr : &*found;
}

TEST(ExamineMachine, SaysOfEachThingWhetherItIsThereAndWhyNot) {
  const std::vector<machine_finding> findings = examine_machine();
  std::set<std::string> names;
  for (const machine_finding& finding : findings) {
    EXPECT_TRUE(names.insert(finding.what).second) << finding.what << " is there twice";
    EXPECT_TRUE(finding.available || !finding.reason.empty()) << finding.what;
    EXPECT_TRUE(!finding.available || finding.help.empty()) << finding.what;
    EXPECT_EQ((finding.reason + finding.help).find('\n'), std::string::npos) << finding.what;
  }
  for (const char* what : {"perf_event", "Kernel frames", "breakpoint", "rings", "agent", "ptrace", "Pinning",
                           "Hardware counters", "libraries", "valgrind", "Temporary", "Timer tick"}) {
    EXPECT_NE(find(findings, what), nullptr) << what;
  }
  EXPECT_EQ(find(findings, "CPU profiles with perf_event")->available, testing::perf_permitted());
}

TEST(ExamineMachine, FindsBreakpointRegistersWhereBenchmarksAreTimedByThem) {
  if (!testing::perf_permitted()) return;
  benchmark_profile_request request;
  request.program = DEFT_TEST_PROGRAMS "/timed_parts";
  request.benchmark = "set_up_and_tear_down";
  request.min_time_s = 0.05;
  const auto taken = benchmark_profiler().profile(request);
  ASSERT_TRUE(taken) << taken.error().message;
  const bool exact = taken->note.find("by marks") != std::string::npos;
  const std::vector<machine_finding> findings = examine_machine();
  EXPECT_EQ(find(findings, "breakpoint")->available, exact) << taken->note;
}

TEST(ExamineMachine, NamesTheRemedyWherePerfEventIsRefused) {
  const std::string said = testing::said_by_child([]() -> std::string {
    if (!testing::forbid_perf_event_open()) return "cannot filter";
    const std::vector<machine_finding> findings = examine_machine();
    const machine_finding* perf = find(findings, "CPU profiles with perf_event");
    return (perf->available ? "available " : "refused ") + perf->help;
  });
  if (said == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  EXPECT_TRUE(said.starts_with("refused ")) << said;
  EXPECT_GT(said.size(), 20U) << said;
}

}  // namespace
}  // namespace deft::profile
