// deft profile runs a command as if it were not there: its streams, its exit code, its signals; and it leaves
// files.

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "store/profile_file.hpp"
#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

/// Half a second of work, for a sampler to see something of.
constexpr const char* busy = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done";

class Profile : public deft_program {
 protected:
  store::profile_file profile(const std::string& name = "deft-profile.json") const {
    auto file = store::profile_from_json(read(name), name);
    EXPECT_TRUE(file) << file.error().message;
    return file ? *std::move(file) : store::profile_file{};
  }

  outcome profile_shell(const std::string& script, std::vector<std::string> options = {}) const {
    std::vector<std::string> arguments{"profile"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    arguments.insert(arguments.end(), {"--", "/bin/sh", "-c", script});
    return deft(std::move(arguments));
  }

  void expect_refusal(std::vector<std::string> arguments, int code,
                      const std::vector<std::string>& words) const {
    const outcome o = deft(std::move(arguments));
    EXPECT_EQ(o.code, code);
    EXPECT_TRUE(is_one_line_with(o.err, words));
  }
};

TEST_F(Profile, LeavesAPageAndAFileAndSaysWhatItSaw) {
  const outcome o = profile_shell(busy);
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_EQ(o.out, "");
  EXPECT_THAT(o.err, HasSubstr("samples of processor time in "));
  EXPECT_THAT(o.err, HasSubstr("written to deft-profile.html, deft-profile.json"));
  EXPECT_THAT(read("deft-profile.html"), HasSubstr("<html"));
  const store::profile_file file = profile();
  EXPECT_GT(file.profile.samples, 0U) << o.err;
  EXPECT_THAT(file.command, HasSubstr("/bin/sh -c 'i=0; while"));
  EXPECT_EQ(file.ended, "exit code 0");
  EXPECT_GT(file.duration_seconds, 0);
  EXPECT_FALSE(file.machine.kernel.empty());
}

TEST_F(Profile, LetsTheStreamsPass) {
  write("input", "what was read\n");
  auto options = command({"profile", "-q", "-o", "p.json", "--", "/bin/sh", "-c", "cat; echo complaint >&2"});
  const std::string script =
      write_script("with_input.sh", "#!/bin/sh\nexec '" DEFT_TEST_PROGRAM "' \"$@\" <input\n");
  options.argv[0] = script;
  const auto status = support::run(options, 60s);
  ASSERT_TRUE(status);
  EXPECT_EQ(status->code, 0);
  EXPECT_EQ(read("stdout"), "what was read\n");
  EXPECT_EQ(read("stderr"), "complaint\n");
}

TEST_F(Profile, EndsAsTheCommandDid) {
  EXPECT_EQ(profile_shell("exit 3").code, 3);
  EXPECT_EQ(profile().ended, "exit code 3");
  EXPECT_EQ(profile_shell("kill -SEGV $$").code, 128 + SIGSEGV);
  EXPECT_THAT(profile().ended, HasSubstr("SIGSEGV"));
}

TEST_F(Profile, KillsTheCommandAtItsTimeLimit) {
  const outcome o = profile_shell("sleep 1000", {"--time-limit", "0.3"});
  EXPECT_EQ(o.code, 124);
  EXPECT_TRUE(leaves_no_process());
  EXPECT_FALSE(profile().ended.empty());
}

TEST_F(Profile, KeepsWhatWasSeenUntilAnInterrupt) {
  // What there is to be seen has been done by then, however busy the machine is.
  const std::string script = std::string(busy) + "; touch begun; while :; do :; done";
  auto started = support::spawn(command({"profile", "--", "/bin/sh", "-c", script}));
  ASSERT_TRUE(started);
  for (int i = 0; i < 6000 && !std::filesystem::exists(in_folder("begun")); ++i)
    std::this_thread::sleep_for(10ms);
  ::kill(started->pid(), SIGINT);
  const auto status = support::wait_all(std::span(&*started, 1), 60s).front();
  EXPECT_EQ(status.code, 130);
  EXPECT_TRUE(leaves_no_process());
  EXPECT_THAT(read("stderr"), HasSubstr("interrupted; what was seen until then is kept"));
  EXPECT_GT(profile().profile.samples, 0U);
}

TEST_F(Profile, WritesOtherFormatsInstead) {
  EXPECT_EQ(profile_shell(busy, {"-q", "-o", "x.collapsed", "-o", "x.pb.gz"}).code, 0);
  EXPECT_THAT(read("x.collapsed"), testing::MatchesRegex("(.+ [0-9]+\n)+"));
  EXPECT_THAT(read("x.pb.gz"), testing::StartsWith("\x1f\x8b"));
  EXPECT_FALSE(std::filesystem::exists(in_folder("deft-profile.json")));
}

TEST_F(Profile, LeavesTheCommandsOwnOptionsToIt) {
  const outcome o = deft({"profile", "-q", "--", "echo", "--help", "-o", "x", "--", "profile"});
  EXPECT_EQ(o.code, 0);
  EXPECT_EQ(o.out, "--help -o x -- profile\n");
}

TEST_F(Profile, NamesACommandThatCannotBeStarted) {
  expect_refusal({"profile", "--", "/no/such/program"}, 4, {"/no/such/program", "No such file"});
  write("data", "data");
  expect_refusal({"profile", "--", in_folder("data").string()}, 4, {"data", "ermission denied"});
  EXPECT_FALSE(std::filesystem::exists(in_folder("deft-profile.json")));
}

TEST_F(Profile, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::vector<std::string>> wrong{{},
                                                    {"--"},
                                                    {"true"},
                                                    {"--mode", "fast", "--", "true"},
                                                    {"--frequency", "0", "--", "true"},
                                                    {"--frequency", "1000000", "--", "true"},
                                                    {"--collector", "magic", "--", "true"},
                                                    {"--time-limit", "0", "--", "true"},
                                                    {"--format", "pprof", "--", "true"},
                                                    {"--format", "svg", "-o", "x", "--", "true"},
                                                    {"-o", "x.svg", "--", "true"},
                                                    {"-o", "", "--", "true"}};
  for (std::vector<std::string> arguments : wrong) {
    arguments.insert(arguments.begin(), "profile");
    expect_refusal(arguments, 2, {"deft profile", "--help"});
  }
}

TEST_F(Profile, FindsOutBeforehandThatAFileCannotBeWritten) {
  write("file", "");
  expect_refusal(
      {"profile", "-o", "good.json", "-o", in_folder("file/x.json").string(), "--", "touch", "begun"}, 5,
      {"cannot write", "file/x.json"});
  EXPECT_FALSE(std::filesystem::exists(in_folder("begun")));
}

TEST_F(Profile, TellsAFullDiskAndWritesTheRest) {
  const outcome o =
      deft({"profile", "-q", "--format", "deft", "-o", "/dev/full", "-o", "good.json", "--", "true"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"/dev/full", "No space left"}));
  EXPECT_EQ(profile("good.json").ended, "exit code 0");
}

class Doctor : public deft_program {};

TEST_F(Doctor, SaysForEachThingWhetherItIsThere) {
  const outcome o = deft({"doctor"});
  EXPECT_EQ(o.code, 0);
  EXPECT_EQ(o.err, "");
  EXPECT_THAT(o.out, testing::ContainsRegex("CPU profiles with perf_event +(yes|no) "));
}

TEST_F(Doctor, SaysTheSameAsJson) {
  const outcome o = deft({"doctor", "--json"});
  EXPECT_EQ(o.code, 0);
  EXPECT_THAT(o.out, testing::StartsWith("{\"schema\":\"deft-doctor\",\"version\":1,"));
  EXPECT_THAT(o.out, HasSubstr("{\"what\":\"CPU profiles with perf_event\",\"available\":"));
  EXPECT_EQ(deft({"doctor", "--all"}).code, 2);
}

}  // namespace
}  // namespace deft::cli
