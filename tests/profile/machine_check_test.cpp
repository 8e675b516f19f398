#include "profile/machine_check.hpp"

#include <algorithm>
#include <set>
#include <string>

#include <gtest/gtest.h>

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
