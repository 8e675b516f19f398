#include <chrono>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/history_samples.hpp"

namespace deft::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class History : public history_program {};

TEST_F(History, ShowsWhatWasAdded) {
  add_result(1, 100);
  const outcome o = deft({"history", "show"});
  EXPECT_EQ(o.code, 0) << o.err;
  EXPECT_THAT(o.out, AllOf(HasSubstr("box\n"), HasSubstr("sort"), HasSubstr("100 ns"), HasSubstr("1 run")));
  EXPECT_TRUE(std::filesystem::exists(in_folder(".deft/history.sqlite")));
}

TEST_F(History, LiesAtTheTopOfTheRepository) {
  write(".git/HEAD", "ref: refs/heads/main\n");
  const std::string result = write_result(1, 100);
  std::filesystem::create_directories(in_folder("deep/er"));
  auto deeper = command({"history", "add", result, "-q"});
  deeper.working_folder = in_folder("deep/er").string();
  ASSERT_EQ(support::run(deeper, std::chrono::seconds(60))->code, 0);
  EXPECT_TRUE(std::filesystem::exists(in_folder(".deft/history.sqlite")));
}

TEST_F(History, MarksAChangeUntilItIsBlessed) {
  add_step();
  const outcome before = deft({"history", "show", "sort", "--gate"});
  EXPECT_EQ(before.code, 1) << before.err;
  EXPECT_THAT(before.out, AllOf(HasSubstr("2026-11-01T00:12:00Z"),
                                HasSubstr("10.0 % slower: 100 ns before, 110 ns since"),
                                HasSubstr("gate: slower, not blessed: sort on box")));

  const outcome bless = deft({"history", "bless", "sort"});
  EXPECT_EQ(bless.code, 0) << bless.err;
  EXPECT_THAT(bless.out, HasSubstr("blessed sort on box up to 2026-11-01T00:23:00Z"));
  const outcome after = deft({"history", "show", "sort", "--gate"});
  EXPECT_EQ(after.code, 0);
  EXPECT_THAT(after.out, HasSubstr("10.0 % slower (blessed)"));
}

TEST_F(History, BlessesUpToACommitOrAnId) {
  add_step();
  EXPECT_EQ(deft({"history", "bless", "sort", "--at", "commit-5"}).code, 0);
  EXPECT_EQ(deft({"history", "show", "--gate"}).code, 1);
  const outcome ambiguous = deft({"history", "bless", "sort", "--at", "commit-1"});
  EXPECT_EQ(ambiguous.code, 2);
  EXPECT_TRUE(is_one_line_with(ambiguous.err, {"commit-1", "may mean"}));
  EXPECT_EQ(deft({"history", "bless", "sort", "--at", "commit-12"}).code, 0);
  EXPECT_EQ(deft({"history", "show", "--gate"}).code, 0);
}

TEST_F(History, ShowsJson) {
  add_step();
  const outcome o = deft({"history", "show", "--json", "--last", "2"});
  EXPECT_EQ(o.code, 0);
  EXPECT_THAT(o.out, AllOf(testing::StartsWith("{\"schema\":\"deft-history-view\",\"version\":1,"),
                           HasSubstr("\"benchmark\":\"sort\""), HasSubstr("\"commit\":\"commit-23\""),
                           HasSubstr("\"changes\":[{\"time\":\"2026-11-01T00:12:00Z\""),
                           HasSubstr("\"blessed\":false")));
  EXPECT_THAT(o.out, Not(HasSubstr("\"commit\":\"commit-21\"")));
}

TEST_F(History, IsPlottedInReports) {
  add_step();
  const std::string result = write_result(24, 110);
  const auto report = [&](const std::string& folder, std::vector<std::string> more) {
    std::vector<std::string> words{"report", result, "-o", folder};
    words.insert(words.end(), more.begin(), more.end());
    return deft(words);
  };
  ASSERT_EQ(report("without", {}).code, 0);
  for (const std::string folder : {"one", "two"})
    ASSERT_EQ(report(folder, {"--history", ".deft/history.sqlite", "--runner", "box"}).code, 0);
  EXPECT_EQ(read("one/index.html"), read("two/index.html"));
  EXPECT_GT(read("one/index.html").size(), read("without/index.html").size());
  EXPECT_EQ(read("one/report.md"), read("without/report.md"));
}

TEST_F(History, IsNotPlottedOfARunnerThatItDoesNotHave) {
  add_result(1, 100);
  const std::string result = write_result(2, 100);
  const outcome o =
      deft({"report", result, "--history", ".deft/history.sqlite", "--runner", "another", "-o", "report"});
  EXPECT_EQ(o.code, 2);
  EXPECT_TRUE(is_one_line_with(o.err, {".deft/history.sqlite", "has no runs of a runner another"}));
  EXPECT_FALSE(std::filesystem::exists(in_folder("report")));
  EXPECT_EQ(deft({"report", result, "--history", "nowhere.sqlite", "-o", "report"}).code, 5);
  EXPECT_EQ(deft({"report", result, "--runner", "box", "-o", "report"}).code, 2);
}

TEST_F(History, KnowsAResultThatIsAddedAgain) {
  add_result(1, 100);
  const outcome o = deft({"history", "add", write_result(1, 100), "--runner", "box", "--commit", "commit-1"});
  EXPECT_EQ(o.code, 0);
  EXPECT_THAT(o.out, HasSubstr("known "));
  EXPECT_THAT(deft({"history", "check"}).out, HasSubstr("1 entry, all whole"));
}

TEST_F(History, GoesThroughShardsAndBack) {
  add_step();
  ASSERT_EQ(deft({"history", "bless", "sort", "-q"}).code, 0);
  EXPECT_EQ(deft({"history", "export", "shards", "--shard-size", "4000"}).code, 0);
  EXPECT_EQ(deft({"history", "import", "shards", "--history", "copy.sqlite"}).code, 0);
  EXPECT_EQ(deft({"history", "export", "again", "--shard-size", "4000", "--history", "copy.sqlite"}).code, 0);
  EXPECT_GT(read("shards/box-0002.jsonl").size(), 0U);
  EXPECT_EQ(read("again/box-0001.jsonl"), read("shards/box-0001.jsonl"));
  EXPECT_EQ(read("again/box-0002.jsonl"), read("shards/box-0002.jsonl"));
  EXPECT_EQ(deft({"history", "show"}).out, deft({"history", "show", "--history", "copy.sqlite"}).out);
}

TEST_F(History, ExportDropsNothingUnasked) {
  add_result(1, 100);
  ASSERT_EQ(deft({"history", "export", "shards"}).code, 0);
  ASSERT_EQ(deft({"history", "add", write_result(2, 100), "--history", "other.sqlite"}).code, 0);
  const std::string before = read("shards/box-0001.jsonl");
  const outcome o = deft({"history", "export", "shards", "--history", "other.sqlite"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"shards has 1 entries", "other.sqlite", "import", "--replace"}));
  EXPECT_EQ(read("shards/box-0001.jsonl"), before);
  EXPECT_EQ(deft({"history", "export", "shards", "--history", "other.sqlite", "--replace"}).code, 0);
  EXPECT_FALSE(std::filesystem::exists(in_folder("shards/box-0001.jsonl")));
}

TEST_F(History, ForgetsOldRuns) {
  add_step();
  EXPECT_THAT(deft({"history", "prune", "--keep", "4"}).out, HasSubstr("20 runs removed, 4 kept"));
  EXPECT_THAT(deft({"history", "prune", "--days", "0.5"}).out, HasSubstr("4 runs removed, 0 kept"));
}

TEST_F(History, AddsAllResultsOrSaysWhichIsNone) {
  const outcome o = deft({"history", "add", write_result(1, 100), "absent.json"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {"absent.json", "No such file"}));
  EXPECT_FALSE(std::filesystem::exists(in_folder(".deft")));
}

TEST_F(History, NamesTheFileThatIsNoHistory) {
  write(".deft/history.sqlite", "Dear reader,\n" + std::string(1000, 'x'));
  const std::string result = write_result(1, 100);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"show"},
                                                    {"check"},
                                                    {"add", result},
                                                    {"bless", "sort"},
                                                    {"export", "shards"},
                                                    {"import", "."},
                                                    {"prune", "--keep", "1"}}) {
    std::vector<std::string> all{"history"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const outcome o = deft(all);
    EXPECT_EQ(o.code, 5) << arguments[0];
    EXPECT_TRUE(is_one_line_with(o.err, {"history.sqlite", "no SQLite database"})) << arguments[0];
  }
  EXPECT_EQ(read(".deft/history.sqlite").substr(0, 5), "Dear ");
}

TEST_F(History, SaysWhereThereIsNone) {
  const outcome o = deft({"history", "show"});
  EXPECT_EQ(o.code, 5);
  EXPECT_TRUE(is_one_line_with(o.err, {".deft/history.sqlite", "No such file"}));
}

TEST_F(History, RefusesWhatMakesNoSense) {
  add_result(1, 100);
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"history"},
                                                    {"history", "forget"},
                                                    {"history", "prune"},
                                                    {"history", "prune", "--keep", "0"},
                                                    {"history", "add"},
                                                    {"history", "add", result_path(), "--runner", "../x"},
                                                    {"history", "show", "no such name"},
                                                    {"history", "show", "--runner", "other"},
                                                    {"history", "bless", "no such name"},
                                                    {"history", "bless", "sort", "--at", "nowhere"}}) {
    const outcome o = deft(arguments);
    EXPECT_EQ(o.code, 2) << arguments.back();
    EXPECT_TRUE(is_one_line_with(o.err, {})) << arguments.back();
  }
}

TEST_F(History, IsAddedToByWhoMeasuresAndByTheGate) {
  const std::string file = in_folder("h.sqlite").string();
  const outcome o = measure({"ab", DEFT_TEST_PRINTING, DEFT_TEST_PRINTING, "--filter", "work", "-q",
                             "--history", file, "--report", in_folder("report").string()});
  EXPECT_EQ(o.code, 0) << o.err;
  // The report has the history, this result included.
  EXPECT_EQ(deft({"report", result_path(), "--history", file, "-o", in_folder("again").string()}).code, 0);
  EXPECT_EQ(read("report/index.html"), read("again/index.html"));
  EXPECT_THAT(deft({"history", "check", "--history", file}).out, HasSubstr("1 entry"));
  // The same result: it is there already.
  deft({"gate", result_path(), "--history", file});
  EXPECT_THAT(deft({"history", "check", "--history", file}).out, HasSubstr("1 entry"));

  write("broken.sqlite", std::string(2000, 'x'));
  const outcome broken =
      measure({"run", DEFT_TEST_PRINTING, "--history", in_folder("broken.sqlite").string()});
  EXPECT_EQ(broken.code, 5);
  EXPECT_TRUE(is_one_line_with(broken.err, {"broken.sqlite", "no SQLite database"}));
  EXPECT_EQ(broken.out, "");
}

TEST_F(History, TakesWhatDeftRunMeasured) {
  ASSERT_EQ(measure({"run", DEFT_TEST_PRINTING, "-q"}).code, 0);
  EXPECT_EQ(deft({"history", "add", result_path()}).code, 0);
  EXPECT_THAT(deft({"history", "show"}).out, HasSubstr("work"));
}

}  // namespace
}  // namespace deft::cli
