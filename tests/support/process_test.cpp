#include "support/process.hpp"

#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "support/files.hpp"
#include "support/interrupt.hpp"

namespace {

using namespace std::chrono_literals;
using namespace deft::support;
using testing::HasSubstr;

spawn_options shell(const std::string& script) {
  spawn_options options;
  options.argv = {"sh", "-c", script};
  return options;
}

bool is_alive(pid_t pid) {
  return ::kill(pid, 0) == 0;
}

/// Whether a process that is not our child is gone, or a zombie left to init.
bool ends_soon(pid_t pid) {
  for (int i = 0; i < 100; ++i) {
    const auto status = read_file("/proc/" + std::to_string(pid) + "/status");
    if (!status || status->find("State:\tZ") != std::string::npos) return true;
    ::usleep(10'000);
  }
  return false;
}

TEST(Run, TellsExitCodesFromSignals) {
  const auto success = run(shell("exit 0"), 10s);
  ASSERT_TRUE(success);
  EXPECT_TRUE(success->ok());
  const auto failure = run(shell("exit 3"), 10s);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code, 3);
  EXPECT_EQ(failure->describe(), "exit code 3");
  const auto crash = run(shell("kill -SEGV $$"), 10s);
  ASSERT_TRUE(crash);
  EXPECT_EQ(crash->signal, SIGSEGV);
  EXPECT_EQ(crash->describe(), "killed by SIGSEGV (Segmentation fault)");
}

TEST(Run, AnAbsentProgramIsAnErrorThatNamesIt) {
  spawn_options options;
  options.argv = {"/nonexistent/bench"};
  const auto status = run(options, 10s);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().message, "cannot start /nonexistent/bench: No such file or directory");
  options.argv = {"no-such-program-anywhere"};
  EXPECT_EQ(run(options, 10s).error().message, "cannot start no-such-program-anywhere: not found in PATH");
  options.argv = {"/usr"};
  EXPECT_EQ(run(options, 10s).error().message, "cannot start /usr: is a folder, not a program");
  options.argv = {"/etc/passwd"};
  EXPECT_EQ(run(options, 10s).error().message, "cannot start /etc/passwd: Permission denied");
}

TEST(Run, PassesArgumentsEnvironmentFolderAndOutputs) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  auto options = shell("echo \"$GREETING $0 $1\"; pwd; echo err >&2; wc -c");
  options.argv.insert(options.argv.end(), {"zero", "a b"});
  options.environment = {{"GREETING", "hello"}};
  options.working_folder = folder->path();
  options.stdout_path = (folder->path() / "out").string();
  options.stderr_path = (folder->path() / "err").string();
  ASSERT_TRUE(run(options, 10s)->ok());
  EXPECT_EQ(*read_file(folder->path() / "out"), "hello zero a b\n" + folder->path().string() + "\n0\n");
  EXPECT_EQ(*read_file(folder->path() / "err"), "err\n");
}

TEST(Run, AnEnvironmentVariableIsReplacedNotAdded) {
  ::setenv("DEFT_TEST_VARIABLE", "outer", 1);
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  auto options = shell("env | grep -c ^DEFT_TEST_VARIABLE=; echo $DEFT_TEST_VARIABLE");
  options.environment = {{"DEFT_TEST_VARIABLE", "inner"}};
  options.stdout_path = (folder->path() / "out").string();
  ASSERT_TRUE(run(options, 10s)->ok());
  EXPECT_EQ(*read_file(folder->path() / "out"), "1\ninner\n");
}

TEST(Run, PinsToTheProcessorAsked) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  for (const int cpu : allowed_cpus()) {
    auto options = shell("grep Cpus_allowed_list /proc/self/status | cut -f2");
    options.cpu = cpu;
    options.stdout_path = (folder->path() / "out").string();
    ASSERT_TRUE(run(options, 10s)->ok());
    EXPECT_EQ(*read_file(folder->path() / "out"), std::to_string(cpu) + "\n");
  }
}

TEST(Run, AHangEndsAtTheTimeLimitWithItsWholeFamily) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  auto options = shell("sleep 1000 & echo $!; wait");
  options.stdout_path = (folder->path() / "out").string();
  const auto status = run(options, 200ms);
  ASSERT_TRUE(status);
  EXPECT_TRUE(status->timed_out);
  EXPECT_FALSE(status->ok());
  const auto grandchild = static_cast<pid_t>(std::stol(*read_file(folder->path() / "out")));
  EXPECT_TRUE(ends_soon(grandchild));
}

TEST(Run, TellsTheProcessorTimeOfAChildAndOfItsChildren) {
  const auto before = std::chrono::steady_clock::now();
  const auto status = run(shell("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done"), 60s);
  ASSERT_TRUE(status);
  EXPECT_GT(status->cpu_seconds, 0);
  EXPECT_GT(status->end, before);
  const auto nested = run(shell("sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; true"), 60s);
  ASSERT_TRUE(nested);
  EXPECT_GT(nested->cpu_seconds, 0);
}

TEST(WaitAll, WaitsForEachAndKeepsTheirOrder) {
  std::vector<child> children;
  for (const char* script : {"sleep 0.1; exit 1", "exit 2", "sleep 0.05; exit 3"}) {
    auto started = spawn(shell(script));
    ASSERT_TRUE(started);
    children.push_back(std::move(*started));
  }
  const auto statuses = wait_all(children, 10s);
  ASSERT_EQ(statuses.size(), 3U);
  EXPECT_EQ(statuses[0].code, 1);
  EXPECT_EQ(statuses[1].code, 2);
  EXPECT_EQ(statuses[2].code, 3);
}

TEST(WaitAll, AnInterruptEndsTheChildren) {
  auto started = spawn(shell("sleep 1000"));
  ASSERT_TRUE(started);
  const pid_t pid = started->pid();
  set_interrupted(true);
  const auto statuses = wait_all(std::span(&*started, 1), 100s);
  set_interrupted(false);
  EXPECT_TRUE(statuses[0].interrupted);
  EXPECT_EQ(statuses[0].describe(), "stopped by the user");
  EXPECT_FALSE(is_alive(pid));
}

TEST(Child, AHeldChildRunsOnlyAfterRelease) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  const auto witness = folder->path() / "ran";
  auto options = shell("touch " + witness.string());
  options.hold = true;
  auto held = spawn(options);
  ASSERT_TRUE(held);
  ::usleep(20'000);
  EXPECT_FALSE(std::filesystem::exists(witness));
  held->release();
  EXPECT_TRUE(wait_all(std::span(&*held, 1), 10s)[0].ok());
  EXPECT_TRUE(std::filesystem::exists(witness));
}

TEST(Child, AHeldChildThatCannotBecomeItsProgramEndsWith127) {
  spawn_options options;
  options.argv = {"/nonexistent/bench"};
  options.hold = true;
  auto held = spawn(options);
  ASSERT_TRUE(held);
  held->release();
  EXPECT_EQ(wait_all(std::span(&*held, 1), 10s)[0].code, 127);
}

TEST(Child, TheDestructorEndsWhatWasNotWaitedFor) {
  pid_t pid = -1;
  {
    auto started = spawn(shell("sleep 1000"));
    ASSERT_TRUE(started);
    pid = started->pid();
    EXPECT_TRUE(is_alive(pid));
  }
  EXPECT_FALSE(is_alive(pid));
}

}  // namespace
