// The promise of `deft profile -- any command`, for each way to take samples: stacks that reach the root,
// inlined functions, threads, forked and exec'ed children, libraries that are opened at run time.

#include <cerrno>
#include <chrono>
#include <fstream>
#include <functional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "formats/formats.hpp"
#include "profile/agent_session.hpp"
#include "profile/command_profiler.hpp"
#include "profile/ptrace_sampler.hpp"
#include "support/files.hpp"
#include "tests/profile/perf_permitted.hpp"
#include "tests/profile/restricted.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

command_profile_request request_for(std::vector<std::string> argv, collector how = collector::automatic) {
  command_profile_request request;
  request.argv = std::move(argv);
  request.how = how;
  request.frequency_hz = 250;
  request.time_limit = std::chrono::seconds(60);
  return request;
}

bool agent_is_built() {
  static const bool built = static_cast<bool>(agent_session::start({}));
  if (!built) std::cout << "[   NOTE   ] no agent for this machine\n";
  return built;
}

bool ptrace_permitted() {
  static const std::optional<refusal> refused = ptrace_refusal();
  if (refused) std::cout << "[   NOTE   ] nothing is traced here: " << refused->reason << '\n';
  return !refused;
}

/// Whether some sample had this chain of functions, callers first, others between them allowed.
bool has_chain(const symbols::stack_profile& profile, const std::vector<std::string>& chain) {
  for (const symbols::folded_stack& stack : profile.stacks) {
    std::size_t found = 0;
    for (const std::uint32_t number : stack.frames) {
      if (found < chain.size() && profile.frames[number].function.find(chain[found]) != std::string::npos)
        ++found;
    }
    if (found == chain.size()) return true;
  }
  return false;
}

/// What is wrong with any profile of the program `family`; empty where nothing is.
std::string faults_of(const command_profile& taken, const std::string& collector_begin) {
  const symbols::stack_profile& profile = taken.profile;
  std::string faults;
  const auto expect = [&](bool good, const std::string& what) {
    if (!good) faults += what + "; ";
  };
  expect(taken.status.ok(), taken.status.describe());
  expect(profile.collector.starts_with(collector_begin),
         "by " + profile.collector + " (" + profile.note + ")");
  expect(profile.unrooted <= 1 + profile.samples / 100,
         std::to_string(profile.unrooted) + " of " + std::to_string(profile.samples) + " without root");
  std::uint64_t value_ns = 0;
  for (const symbols::folded_stack& stack : profile.stacks) value_ns += stack.value;
  expect(value_ns > 600'000'000, std::to_string(value_ns) + " ns of 900 ms");
  for (const symbols::frame& frame : profile.frames) {
    if (frame.function.starts_with("(anonymous namespace)::innermost_inlined"))
      expect(frame.inlined && frame.file == "workload.hpp" && frame.line > 0,
             "innermost_inlined is not inlined");
  }
  return faults.empty() ? faults : faults + "\n" + formats::to_collapsed(profile);
}

/// Takes what the profile shows out of `missing`.
void tick_off(const symbols::stack_profile& profile, std::set<std::string>& missing) {
  const std::pair<const char*, std::vector<std::string>> chains[] = {
      {"qsort", {"main", "sort_with_callback", "qsort", "compare_callback"}},
      {"map", {"main", "fill_map", "std::map<"}},
      {"thread", {"start_thread", "work_of_thread", "outer_inlined", "innermost_inlined"}},
      {"opened library", {"main", "plugin_entry", "work_of_fork"}},
      {"executed program", {"main", "work_of_exec"}}};
  for (const auto& [name, chain] : chains) {
    if (has_chain(profile, chain)) missing.erase(name);
  }
  std::set<std::uint32_t> processes;
  for (const symbols::profiled_thread& thread : profile.threads) {
    processes.insert(thread.pid);
    if (thread.name == "hashing") missing.erase("thread's name");
  }
  if (processes.size() == 3) missing.erase("three processes");
}

/// Samples meet a function by chance. Where other programs leave it little of the processors, the agent's
/// timers expire late, and one sample stands for many: then one profile may not show everything.
constexpr int most_profiles = 5;

std::string faults_of_family(collector how, const std::string& collector_begin) {
  std::set<std::string> missing = {
      "qsort", "map", "thread", "opened library", "executed program", "three processes", "thread's name"};
  for (int taken_so_far = 0; taken_so_far < most_profiles && !missing.empty(); ++taken_so_far) {
    const auto taken = profile_command(request_for({DEFT_TEST_PROGRAMS "/family"}, how));
    if (!taken) return "error: " + taken.error().message;
    const std::string faults = faults_of(*taken, collector_begin);
    if (!faults.empty()) return faults;
    tick_off(taken->profile, missing);
  }
  std::string text;
  for (const std::string& what : missing) text += "no " + what + "; ";
  return text;
}

TEST(AnyProgram, IsProfiledToTheRootsWithPerfEvent) {
  if (!testing::perf_permitted()) {
    const auto refused = profile_command(request_for({DEFT_TEST_PROGRAMS "/family"}, collector::perf));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, support::error_kind::unavailable);
    EXPECT_THAT(refused.error().message, HasSubstr("perf_event_open was refused"));
    return;
  }
  EXPECT_EQ(faults_of_family(collector::automatic, "perf_event"), "");
}

TEST(AnyProgram, IsProfiledToTheRootsForAnUnprivilegedUser) {
  if (!testing::perf_permitted() && !agent_is_built()) return;
  const std::string faults = testing::said_by_child([]() -> std::string {
    if (!testing::become_unprivileged()) return "cannot become nobody";
    if (::access(DEFT_TEST_PROGRAMS "/family", X_OK) != 0) return "cannot reach the program";
    return faults_of_family(collector::automatic,
                            perf_event_state() == "available" ? "perf_event" : "preloaded");
  });
  if (faults.starts_with("cannot")) GTEST_SKIP() << faults;
  EXPECT_EQ(faults, "");
}

TEST(AnyProgram, IsProfiledToTheRootsByTheAgentWhereASeccompFilterForbidsPerfEvent) {
  if (!agent_is_built()) return;
  const std::string faults = testing::said_by_child([]() -> std::string {
    if (!testing::forbid_perf_event_open()) return "cannot filter";
    return faults_of_family(collector::automatic, "preloaded agent");
  });
  if (faults == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  EXPECT_EQ(faults, "");
}

TEST(AnyProgram, IsProfiledToTheRootsByPtrace) {
  if (!ptrace_permitted()) return;
  EXPECT_EQ(faults_of_family(collector::ptrace, "ptrace"), "");
}

TEST(AnyProgram, ThatPreloadsNothingIsTracedWherePerfEventIsRefused) {
  if (!ptrace_permitted()) return;
  const std::string said = testing::said_by_child([]() -> std::string {
    if (!testing::forbid_perf_event_open()) return "cannot filter";
    const auto taken = profile_command(request_for({DEFT_TEST_PROGRAMS "/stacks_static"}));
    if (!taken) return "error: " + taken.error().message;
    const symbols::stack_profile& profile = taken->profile;
    if (!has_chain(profile, {"main", "sort_with_callback", "compare_callback"}))
      return formats::to_collapsed(profile);
    return profile.collector + ": " + profile.note;
  });
  if (said == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  EXPECT_THAT(said, StartsWith("ptrace"));
  EXPECT_THAT(said, HasSubstr("perf_event_open was refused"));
  EXPECT_THAT(said, HasSubstr("statically linked"));
}

TEST(AnyProgram, ThatIsStrippedHasRootsAndOffsetsForNames) {
  std::vector<collector> hows;
  if (testing::perf_permitted()) hows.push_back(collector::perf);
  if (agent_is_built()) hows.push_back(collector::agent);
  for (const collector how : hows) {
    bool met = false;
    for (int taken_so_far = 0; taken_so_far < most_profiles && !met; ++taken_so_far) {
      const auto taken = profile_command(request_for({DEFT_TEST_PROGRAMS "/stacks_stripped"}, how));
      ASSERT_TRUE(taken) << taken.error().message;
      const symbols::stack_profile& profile = taken->profile;
      EXPECT_LE(profile.unrooted, 1 + profile.samples / 100) << formats::to_collapsed(profile);
      met = has_chain(profile, {"[stacks_stripped+0x", "qsort", "[stacks_stripped+0x"});
    }
    EXPECT_TRUE(met);
  }
}

/// Text that is neither all the same nor noise.
void write_text(const std::string& path, std::size_t size_bytes) {
  std::minstd_rand random(7);
  std::ofstream file(path, std::ios::binary);
  for (std::size_t written = 0; written < size_bytes;) {
    const std::string word = "word" + std::to_string(random() % 5000) + (random() % 9 == 0 ? "\n" : " ");
    file << word;
    written += word.size();
  }
}

/// Every frame says where it is from, by name or by offset.
void expect_whole_stacks(const support::result<command_profile>& taken, const std::string& module) {
  ASSERT_TRUE(taken) << taken.error().message;
  const symbols::stack_profile& profile = taken->profile;
  EXPECT_TRUE(taken->status.ok()) << taken->status.describe();
  EXPECT_GE(profile.samples, 5U) << profile.collector << ": " << profile.note;
  EXPECT_LE(profile.unrooted, 1 + profile.samples / 100) << formats::to_collapsed(profile);
  std::uint64_t in_module = 0;
  for (const symbols::folded_stack& stack : profile.stacks) {
    for (const std::uint32_t number : stack.frames) {
      const symbols::frame& frame = profile.frames[number];
      EXPECT_FALSE(frame.function.empty());
      if (frame.module != module) continue;
      in_module += stack.count;
      break;
    }
  }
  EXPECT_GE(in_module, profile.samples / 2) << formats::to_collapsed(profile);
}

TEST(ProgramsOfDebian, AreProfiledUnmodified) {
  auto folder = support::temporary_folder::make("debian");
  ASSERT_TRUE(folder);
  const std::string text = (folder->path() / "text").string();
  write_text(text, 512 << 10);
  std::vector<collector> hows;
  if (testing::perf_permitted()) hows.push_back(collector::perf);
  if (agent_is_built()) hows.push_back(collector::agent);
  if (ptrace_permitted()) hows.push_back(collector::ptrace);
  for (const collector how : hows) {
    if (::access("/usr/bin/gzip", X_OK) == 0) {
      expect_whole_stacks(profile_command(request_for({"/usr/bin/gzip", "-9", "-k", "-f", text}, how)),
                          "gzip");
    } else {
      std::cout << "[   NOTE   ] no /usr/bin/gzip\n";
    }
    if (::access("/usr/bin/perl", X_OK) == 0) {
      const std::string script =
          "my %h; for my $i (1..1500000) { $h{$i % 977} .= chr(65 + $i % 26); } "
          "my $n = 0; for (values %h) { $n++ while /A.*?B/g; }";
      expect_whole_stacks(profile_command(request_for({"/usr/bin/perl", "-e", script}, how)), "perl");
    } else {
      std::cout << "[   NOTE   ] no /usr/bin/perl\n";
    }
  }
}

}  // namespace
}  // namespace deft::profile
