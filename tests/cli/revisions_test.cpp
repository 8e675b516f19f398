#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using namespace std::chrono_literals;
using stats::verdict;
using testing::HasSubstr;
using testing::StartsWith;

/// A repository with two commits, `first` and `second` (tags); the second's `hash` takes four times the time.
class Revisions : public deft_program {
 protected:
  void SetUp() override {
    shell(
        "git init -q . && git config user.name T && git config user.email t@example.org && "
        "printf 'hash=1' > slowdown && git add slowdown && git commit -qm first && git tag first && "
        "printf 'hash=4' > slowdown && git commit -qam second && git tag second");
  }

  void shell(const std::string& line) const {
    support::spawn_options options;
    options.argv = {"/bin/sh", "-ec", line};
    options.working_folder = in_folder("").string();
    options.stderr_path = in_folder("shell.err").string();
    const auto status = support::run(options, 30s);
    ASSERT_TRUE(status && status->ok()) << line << ": " << read("shell.err");
  }

  support::spawn_options ab(const std::vector<std::string>& more) const {
    std::vector<std::string> arguments{"ab", "--filter",   "^hash$", "--no-profile", "--repetitions",
                                       "2",  "--min-time", "0.005",  "-o",           result_path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return command(std::move(arguments));
  }

  outcome compare(const std::vector<std::string>& more) const {
    const auto status = support::run(ab(more), 60s);
    EXPECT_TRUE(status);
    return {status ? status->code : -1, read("stdout"), read("stderr")};
  }

  void expect_nothing_left() const {
    EXPECT_TRUE(std::filesystem::is_empty(in_folder("tmp")));
    shell("test $(git worktree list | wc -l) -eq 1");
    EXPECT_TRUE(leaves_no_process());
  }

  static constexpr const char* build =
      "mkdir -p bin && printf '#!/bin/sh\\nDEFT_SLOWDOWN=%s exec " DEFT_TEST_SEEDED_SLOWDOWN
      " \"$@\"\\n' $(cat slowdown) > bin/bench && chmod +x bin/bench";
};

TEST_F(Revisions, ComparesTwoCommitsAndCleansUp) {
  const outcome o = compare({"--rev", "first..second", "--build", build, "--bench", "bin/bench"});
  EXPECT_EQ(o.code, 0) << o.err;
  const auto file = result();
  EXPECT_EQ(benchmark("hash").decision->verdict, verdict::regressed);
  EXPECT_EQ(file.base.revision.size(), 40U);
  EXPECT_THAT(file.base.revision, StartsWith(file.base.label.substr(0, 7)));
  EXPECT_NE(file.base.revision, file.head.revision);
  EXPECT_EQ(file.base.program, "bin/bench");
  EXPECT_FALSE(std::filesystem::exists(in_folder("bin")));
  expect_nothing_left();
}

TEST_F(Revisions, ComparesACommitWithTheWorkTreeAsItIs) {
  shell("printf 'hash=1' > slowdown");
  const outcome o = compare({"--rev", "second", "--build", build, "--bench", "bin/bench"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(benchmark("hash").decision->verdict, verdict::improved);
  EXPECT_THAT(result().head.label, HasSubstr("work tree"));
  EXPECT_TRUE(std::filesystem::exists(in_folder("bin/bench")));
  expect_nothing_left();
}

TEST_F(Revisions, SaysWhenThereIsNoSuchCommit) {
  const outcome o = compare({"--rev", "first..third", "--build", build, "--bench", "bin/bench"});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {"third"}));
  expect_nothing_left();
}

TEST_F(Revisions, ShowsTheEndOfABuildThatFails) {
  const outcome o = compare({"--rev", "first..second", "--build",
                             "echo compiling; echo 'a.cpp:1: error' >&2; exit 7", "--bench", "b"});
  EXPECT_EQ(o.code, 5);
  EXPECT_THAT(o.err, HasSubstr("exit code 7"));
  EXPECT_THAT(o.err, HasSubstr("a.cpp:1: error"));
  expect_nothing_left();
}

TEST_F(Revisions, SaysWhenTheBuildMakesNoSuchProgram) {
  const outcome o = compare({"--rev", "first..second", "--build", "true", "--bench", "bin/bench"});
  EXPECT_EQ(o.code, 2);
  EXPECT_THAT(o.err, HasSubstr("bin/bench"));
  expect_nothing_left();
}

TEST_F(Revisions, NeedsARepository) {
  shell("rm -rf .git");
  auto options = ab({"--rev", "first..second", "--build", build, "--bench", "bin/bench"});
  options.environment.emplace_back("GIT_CEILING_DIRECTORIES",
                                   in_folder("").parent_path().parent_path().string());
  const auto status = support::run(options, 30s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 2);
  EXPECT_TRUE(is_one_line_with(read("stderr"), {"git repository"}));
}

TEST_F(Revisions, CleansUpAfterAnInterrupt) {
  auto started =
      support::spawn(ab({"--rev", "first..second", "--build",
                         "touch " + in_folder("building").string() + "; sleep 1000", "--bench", "b"}));
  ASSERT_TRUE(started);
  for (int i = 0; i < 3000 && !std::filesystem::exists(in_folder("building")); ++i)
    std::this_thread::sleep_for(10ms);
  ::kill(started->pid(), SIGINT);
  EXPECT_EQ(support::wait_all(std::span(&*started, 1), 30s).front().code, 130);
  expect_nothing_left();
}

}  // namespace
}  // namespace deft::cli
