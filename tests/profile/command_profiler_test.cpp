// A command under the profiler behaves as without it, and a profile says what it cannot show.

#include "profile/command_profiler.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "formats/formats.hpp"
#include "profile/agent_session.hpp"
#include "profile/ptrace_sampler.hpp"
#include "support/interrupt.hpp"
#include "tests/profile/perf_permitted.hpp"
#include "tests/profile/restricted.hpp"

namespace deft::profile {
namespace {

using symbols::profile_kind;
using ::testing::HasSubstr;

const std::string waiting = DEFT_TEST_PROGRAMS "/waiting";

command_profile_request request_for(std::vector<std::string> argv, collector how = collector::automatic,
                                    profile_kind kind = profile_kind::cpu) {
  command_profile_request request;
  request.argv = std::move(argv);
  request.how = how;
  request.kind = kind;
  request.time_limit = std::chrono::seconds(60);
  return request;
}

/// Those that this machine permits.
std::vector<collector> collectors() {
  std::vector<collector> usable;
  if (testing::perf_permitted()) usable.push_back(collector::perf);
  if (agent_session::start({})) usable.push_back(collector::agent);
  if (!ptrace_refusal()) usable.push_back(collector::ptrace);
  return usable;
}

bool ptrace_permitted() {
  const std::optional<refusal> refused = ptrace_refusal();
  if (refused) std::cout << "[   NOTE   ] nothing is traced here: " << refused->reason << '\n';
  return !refused;
}

support::exit_status status_of(const command_profile_request& request) {
  const auto taken = profile_command(request);
  EXPECT_TRUE(taken) << taken.error().message;
  return taken ? taken->status : support::exit_status{};
}

TEST(CommandProfiler, PassesExitCodesAndSignalsOn) {
  for (const collector how : collectors()) {
    EXPECT_EQ(status_of(request_for({waiting, "seven"}, how)).code, 7);
    EXPECT_EQ(status_of(request_for({waiting, "crash"}, how)).signal, SIGSEGV);
    EXPECT_EQ(status_of(request_for({"/bin/sh", "-c", "kill -TERM $$"}, how)).signal, SIGTERM);
  }
}

TEST(CommandProfiler, LeavesStandardStreamsToTheCommand) {
  for (const collector how : collectors()) {
    int input[2];
    ASSERT_EQ(::pipe(input), 0);
    ASSERT_EQ(::write(input[1], "hello\n", 6), 6);
    ::close(input[1]);
    const std::string said = testing::said_by_child([&]() -> std::string {
      int output[2];
      if (::pipe(output) != 0) return "no pipe";
      ::dup2(input[0], STDIN_FILENO);
      ::dup2(output[1], STDOUT_FILENO);
      ::close(output[1]);
      const auto taken = profile_command(request_for({"/bin/sh", "-c", "cat; exit 3"}, how));
      ::close(STDOUT_FILENO);
      char text[64];
      const auto got = ::read(output[0], text, sizeof text);
      return std::string(text, static_cast<std::size_t>(std::max<ssize_t>(got, 0))) +
             (taken ? taken->status.describe() : taken.error().message);
    });
    ::close(input[0]);
    EXPECT_EQ(said, "hello\nexit code 3");
  }
}

TEST(CommandProfiler, SetsTheEnvironment) {
  for (const collector how : collectors()) {
    command_profile_request request = request_for({"/bin/sh", "-c", "exit $CODE"}, how);
    request.environment = {{"CODE", "9"}};
    EXPECT_EQ(status_of(request).code, 9);
  }
}

TEST(CommandProfiler, NamesACommandThatCannotBeStarted) {
  for (const collector how : collectors()) {
    const auto absent = profile_command(request_for({"no-such-command-of-deft"}, how));
    ASSERT_FALSE(absent);
    EXPECT_EQ(absent.error().message, "cannot start no-such-command-of-deft: not found in PATH");
    const auto folder = profile_command(request_for({"/"}, how));
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().message, "cannot start /: is a folder, not a program");
    const auto data = profile_command(request_for({"/etc/passwd"}, how));
    ASSERT_FALSE(data);
    EXPECT_EQ(data.error().message, "cannot start /etc/passwd: Permission denied");
  }
}

TEST(CommandProfiler, EndsACommandAtItsTimeLimitAndKeepsTheProfile) {
  for (const collector how : collectors()) {
    command_profile_request request = request_for({"/bin/sh", "-c", "while :; do :; done"}, how);
    request.time_limit = std::chrono::milliseconds(400);
    const auto taken = profile_command(request);
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE(taken->status.timed_out);
    EXPECT_GT(taken->profile.samples, 0U) << taken->profile.collector << ": " << taken->profile.note;
  }
}

TEST(CommandProfiler, EndsACommandWhenTheUserInterruptsAndKeepsTheProfile) {
  for (const collector how : collectors()) {
    std::thread user([] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      support::set_interrupted(true);
    });
    const auto taken = profile_command(request_for({"/bin/sh", "-c", "while :; do :; done"}, how));
    user.join();
    support::set_interrupted(false);
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE(taken->status.interrupted);
    EXPECT_GT(taken->profile.samples, 0U) << taken->profile.collector << ": " << taken->profile.note;
  }
}

TEST(CommandProfiler, RefusesWhatACollectorCannotSee) {
  const auto message = [](collector how, profile_kind kind) {
    const auto taken = profile_command(request_for({"/bin/true"}, how, kind));
    EXPECT_FALSE(taken);
    EXPECT_EQ(taken.error().kind, support::error_kind::usage);
    return taken.error().message;
  };
  EXPECT_EQ(message(collector::perf, profile_kind::wall), "the collector perf cannot see elapsed time");
  EXPECT_EQ(message(collector::agent, profile_kind::off_cpu), "the collector agent cannot see waiting");
  EXPECT_EQ(message(collector::ptrace, profile_kind::allocation),
            "the collector ptrace cannot see allocations");
  EXPECT_FALSE(profile_command(request_for({})));
}

TEST(CommandProfiler, SaysWhyNoCollectorCanBeHad) {
  const std::string said = testing::said_by_child([]() -> std::string {
    if (!testing::forbid_perf_event_open() || !testing::forbid_system_call(SYS_ptrace, EPERM))
      return "cannot filter";
    const auto taken = profile_command(request_for({DEFT_TEST_PROGRAMS "/stacks_static"}));
    return taken ? "profiled by " + taken->profile.collector : taken.error().message;
  });
  if (said == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  EXPECT_THAT(said, HasSubstr("perf_event_open was refused"));
  EXPECT_THAT(said, HasSubstr("statically linked"));
  EXPECT_THAT(said, HasSubstr("ptrace was refused"));
}

TEST(CommandProfiler, ShowsAllocations) {
  agent_settings settings;
  settings.kind = profile_kind::allocation;
  if (!agent_session::start(settings)) GTEST_SKIP() << "no agent for this machine";
  const auto taken = profile_command(
      request_for({DEFT_TEST_PROGRAMS "/stacks"}, collector::automatic, profile_kind::allocation));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->profile.kind, profile_kind::allocation);
  EXPECT_THAT(formats::to_collapsed(taken->profile), HasSubstr("fill_map"));
}

// Tracing: what it must not disturb, and what only it can see.

TEST(TracedCommand, HasNoCallFailForIt) {
  if (!ptrace_permitted()) return;
  for (const char* way : {"events", "signals", "stop", ""}) {
    command_profile_request request = request_for({waiting, way}, collector::ptrace, profile_kind::wall);
    request.frequency_hz = 999;
    EXPECT_EQ(status_of(request).code, 0) << way;
  }
}

std::uint64_t value_below(const symbols::stack_profile& profile, const std::string& function) {
  std::uint64_t value = 0;
  for (const symbols::folded_stack& stack : profile.stacks) {
    if (std::any_of(stack.frames.begin(), stack.frames.end(), [&](std::uint32_t number) {
          return profile.frames[number].function.find(function) != std::string::npos;
        })) {
      value += stack.value;
    }
  }
  return value;
}

TEST(TracedCommand, ShowsWhereEachThreadWaits) {
  if (!ptrace_permitted()) return;
  for (const profile_kind kind : {profile_kind::wall, profile_kind::off_cpu}) {
    const auto taken = profile_command(request_for({waiting}, collector::automatic, kind));
    ASSERT_TRUE(taken) << taken.error().message;
    const symbols::stack_profile& profile = taken->profile;
    EXPECT_EQ(profile.kind, kind);
    EXPECT_EQ(profile.threads.size(), 2U);
    // Two threads for 300 ms each, of which some periods at the beginning and the end may be missing.
    const std::uint64_t waited_ns = value_below(profile, "wait_here");
    EXPECT_GT(waited_ns, 500'000'000U) << formats::to_collapsed(profile);
    EXPECT_LT(static_cast<double>(waited_ns), 2e9 * taken->duration_seconds + 1e8)
        << formats::to_collapsed(profile);
  }
}

TEST(TracedCommand, HasNoProcessorTimeWhileItWaits) {
  if (!ptrace_permitted()) return;
  const auto taken = profile_command(request_for({waiting}, collector::ptrace));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(value_below(taken->profile, "wait_here"), 0U) << formats::to_collapsed(taken->profile);
}

TEST(TracedCommand, FollowsShortLivedProcesses) {
  if (!ptrace_permitted()) return;
  const auto taken = profile_command(
      request_for({"/bin/sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; (exit 3); done; exit 4"},
                  collector::ptrace, profile_kind::wall));
  ASSERT_TRUE(taken) << taken.error().message;
  EXPECT_EQ(taken->status.code, 4);
}

}  // namespace
}  // namespace deft::profile
