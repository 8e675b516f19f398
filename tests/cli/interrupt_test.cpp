#include <chrono>
#include <functional>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/cli/run_deft.hpp"

namespace deft::cli {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Interrupt : public deft_program {
 protected:
  support::child start(std::vector<std::string> arguments) const {
    auto started = support::spawn(command(std::move(arguments)));
    if (!started) throw std::runtime_error(started.error().message);
    return *std::move(started);
  }

  /// Until `condition`, or for a long time: the test fails then.
  static void wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 3000 && !condition(); ++i) std::this_thread::sleep_for(10ms);
    ASSERT_TRUE(condition());
  }

  /// Starts deft on a benchmark that hangs, and returns when it does.
  support::child start_hanging(const std::string& benchmark) const {
    const auto mark = in_folder("hanging");
    std::filesystem::remove(mark);
    auto deft = start({"run", DEFT_TEST_MISBEHAVING, "--filter", "^" + benchmark + "$", "--env",
                       "DEFT_TEST_HANGING=" + mark.string(), "-o", result_path()});
    wait_until([&] { return std::filesystem::exists(mark); });
    return deft;
  }

  static int end_of(support::child& child) {
    const auto status = support::wait_all(std::span(&child, 1), 30s).front();
    EXPECT_FALSE(status.timed_out);
    return status.code;
  }
};

TEST_F(Interrupt, KeepsWhatWasMeasuredAndLeavesNoProcess) {
  // `slow` measures once and then sleeps for ever, so the moment of the interrupt is known.
  const std::string slow = write_script(
      "slow", "#!/bin/sh\ncase \"$*\" in *list_tests*) exec " DEFT_TEST_SEEDED_SLOWDOWN
              " \"$@\";; esac\nif mkdir \"$PLACE/$$\" && [ $(ls \"$PLACE\" | wc -l) -le 6 ]; then "
              "exec " DEFT_TEST_SEEDED_SLOWDOWN " \"$@\"; fi\ntouch \"$PLACE/../hanging\"\nsleep 1000\n");
  std::filesystem::create_directories(in_folder("started"));
  auto deft = start({"ab", slow, slow, "--filter", "sum", "--no-profile", "--min-time", "0.001", "--env",
                     "PLACE=" + in_folder("started").string(), "-o", result_path()});
  wait_until([&] { return std::filesystem::exists(in_folder("hanging")); });
  EXPECT_GT(processes().size(), 1U);
  ::kill(deft.pid(), SIGINT);
  EXPECT_EQ(end_of(deft), 130);
  EXPECT_TRUE(leaves_no_process());
  const auto file = result();
  EXPECT_TRUE(file.interrupted);
  EXPECT_EQ(benchmark("sum").rounds.size(), 2U);
  EXPECT_THAT(read("stderr"), HasSubstr("interrupted"));
}

TEST_F(Interrupt, WorksWhileABenchmarkHangs) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    auto deft = start_hanging("hang_with_child");
    wait_until([this] { return processes().size() == 3; });  // deft, the benchmark, its child
    ::kill(deft.pid(), signal);
    EXPECT_EQ(end_of(deft), 130);
    EXPECT_TRUE(leaves_no_process());
    EXPECT_TRUE(result().interrupted);
  }
}

TEST_F(Interrupt, KilledOutrightTakesItsBenchmarksAlong) {
  auto deft = start_hanging("hang");
  wait_until([this] { return processes().size() == 2; });
  ::kill(deft.pid(), SIGKILL);
  end_of(deft);
  EXPECT_TRUE(leaves_no_process());
}

}  // namespace
}  // namespace deft::cli
