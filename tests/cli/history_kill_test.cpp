// What a writer that is killed at any moment may and may not leave behind.

#include <chrono>
#include <cstdlib>
#include <set>
#include <sstream>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "history/history_file.hpp"
#include "measure/random_source.hpp"
#include "tests/cli/history_samples.hpp"

namespace deft::cli {
namespace {

class HistoryKill : public history_program {
 protected:
  /// How often a writer is killed: more than by default where DEFT_TEST_KILLS says so.
  static int kills() {
    const char* wish = std::getenv("DEFT_TEST_KILLS");
    return wish == nullptr ? 20 : std::atoi(wish);
  }

  support::child start_writer(const std::vector<std::string>& results, const std::string& runner) const {
    std::vector<std::string> arguments{"history", "add", "--runner", runner};
    arguments.insert(arguments.end(), results.begin(), results.end());
    auto options = command(arguments);
    options.stdout_path = in_folder("said-" + runner).string();
    auto started = support::spawn(options);
    if (!started) throw std::runtime_error(started.error().message);
    return *std::move(started);
  }

  /// The ids in whole lines "added ID ..." or "known ID ...".
  std::set<std::string> reported(const std::string& runner) const {
    std::set<std::string> ids;
    std::istringstream said(read("said-" + runner));
    std::string word;
    std::string id;
    std::string rest;
    while (said >> word >> id && std::getline(said, rest) && !said.eof()) ids.insert(id);
    return ids;
  }
};

TEST_F(HistoryKill, LosesNothingThatWasReportedAsAdded) {
  std::vector<std::string> results;
  for (int i = 0; i < 50; ++i) results.push_back(write_result(i, 100));
  measure::random_source random(1);
  std::set<std::string> promised;
  int cut_short = 0;
  for (int kill = 0; kill < kills(); ++kill) {
    // Two at once, each as a runner of its own, so that there is always something new to add.
    const std::string a = "a" + std::to_string(kill);
    const std::string b = "b" + std::to_string(kill);
    std::vector<support::child> writers;
    writers.push_back(start_writer(results, a));
    writers.push_back(start_writer(results, b));
    // Anywhere between its start and some way into the sixth entry.
    const std::size_t enough = random.below(6);
    for (int i = 0; i < 10'000 && reported(a).size() < enough; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    std::this_thread::sleep_for(std::chrono::microseconds(random.below(30'000)));
    for (support::child& writer : writers) writer.kill();
    for (const auto& status : support::wait_all(writers, std::chrono::seconds(30))) {
      EXPECT_FALSE(status.timed_out);
      cut_short += status.signal == SIGKILL;
    }
    promised.merge(reported(a));
    promised.merge(reported(b));
  }
  EXPECT_GT(cut_short, 0);

  const outcome check = deft({"history", "check"});
  EXPECT_EQ(check.code, 0) << check.err;
  const auto history = history::history_file::open(in_folder(".deft/history.sqlite"));
  ASSERT_TRUE(history);
  const auto all = history->all();
  ASSERT_TRUE(all) << all.error().message;
  std::set<std::string> there;
  for (const history::entry& e : *all) there.insert(e.id);
  EXPECT_FALSE(promised.empty());
  for (const std::string& id : promised) EXPECT_TRUE(there.contains(id)) << id;
  // And whoever comes next can add.
  EXPECT_EQ(deft({"history", "add", results[0], "--runner", "last"}).code, 0);
}

}  // namespace
}  // namespace deft::cli
