#include "history/shards.hpp"

#include <algorithm>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history/history_file.hpp"
#include "history/line.hpp"
#include "support/files.hpp"
#include "tests/history/sample_history.hpp"

namespace deft::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::vector<std::string> names(const std::vector<shard>& shards) {
  std::vector<std::string> all;
  for (const shard& s : shards) all.push_back(s.name);
  return all;
}

class HistoryShards : public testing::Test {
 protected:
  HistoryShards() : folder_(*support::temporary_folder::make("test")) {}

  std::filesystem::path in_folder(const std::string& name) const { return folder_.path() / name; }

  std::map<std::string, std::string> files_in(const std::string& name) const {
    std::map<std::string, std::string> files;
    for (const auto& file : std::filesystem::directory_iterator(in_folder(name)))
      files[file.path().filename().string()] = *support::read_file(file.path());
    return files;
  }

 private:
  support::temporary_folder folder_;
};

TEST_F(HistoryShards, AreBoundedSortedAndNamedByRunner) {
  std::vector<entry> entries;
  for (int i = 9; i >= 0; --i) entries.push_back(tests::run_number(i, 100));
  entries.push_back(tests::run_number(3, 100, "another"));
  const std::size_t line = to_line(entries[0]).size() + 1;
  const auto shards = shards_of(entries, 4 * line);
  EXPECT_THAT(names(shards),
              ElementsAre("another-0001.jsonl", "box-0001.jsonl", "box-0002.jsonl", "box-0003.jsonl"));
  std::string all;
  for (const shard& s : shards) {
    EXPECT_LE(s.text.size(), 4 * line);
    if (s.name.starts_with("box")) all += s.text;
  }
  EXPECT_EQ(all.substr(0, line), to_line(entries[9]) + "\n");
  EXPECT_EQ(all.size(), 10 * line);
}

TEST_F(HistoryShards, ALineThatIsTooLongHasAShardToItself) {
  const std::vector<entry> entries{tests::run_number(1, 100), tests::run_number(2, 100)};
  EXPECT_THAT(names(shards_of(entries, 1)), ElementsAre("box-0001.jsonl", "box-0002.jsonl"));
}

TEST_F(HistoryShards, MergeInAnyOrderToTheSameBytes) {
  // Three machines that share some entries, each with its own folder.
  const std::vector<entry> shared{tests::run_number(1, 100), tests::run_number(2, 101, "another")};
  for (int machine = 0; machine < 3; ++machine) {
    std::vector<entry> entries = shared;
    for (int i = 0; i < 5; ++i)
      entries.push_back(tests::run_number(10 * i + machine, 100 + machine, i % 2 == 0 ? "box" : "another"));
    if (machine == 1) entries.push_back(tests::blessing_until(shared[0]));
    ASSERT_TRUE(write_shards(shards_of(entries, 1000), in_folder(std::to_string(machine))));
  }
  std::vector<int> order{0, 1, 2};
  std::map<std::string, std::string> first;
  int merge = 0;
  do {
    auto history = history_file::open_or_create(in_folder("merge" + std::to_string(++merge) + ".sqlite"));
    ASSERT_TRUE(history);
    for (const int machine : order) {
      const auto entries = read_shards(in_folder(std::to_string(machine)));
      ASSERT_TRUE(entries);
      ASSERT_TRUE(history->add(*entries));
    }
    const std::string out = "out" + std::to_string(merge);
    ASSERT_TRUE(write_shards(shards_of(*history->all(), 1000), in_folder(out)));
    if (first.empty()) first = files_in(out);
    EXPECT_GT(first.size(), 2U);
    EXPECT_EQ(files_in(out), first);
  } while (std::next_permutation(order.begin(), order.end()));
}

TEST_F(HistoryShards, ReadsLinesAsAUnionMergeLeavesThem) {
  const std::string a = to_line(tests::run_number(1, 100));
  const std::string b = to_line(tests::run_number(2, 100));
  ASSERT_TRUE(support::write_file(in_folder("d/box-0001.jsonl"), b + "\r\n\n" + a + "\n" + b));
  const auto entries = read_shards(in_folder("d"));
  ASSERT_TRUE(entries) << entries.error().message;
  const auto shards = shards_of(*entries, 10'000);
  ASSERT_EQ(shards.size(), 1U);
  EXPECT_EQ(shards[0].text, a + "\n" + b + "\n");
}

TEST_F(HistoryShards, NameTheFileAndTheLineThatIsWrong) {
  const std::string a = to_line(tests::run_number(1, 100)) + "\n";
  ASSERT_TRUE(support::write_file(in_folder("d/box-0001.jsonl"), a + "<<<<<<< HEAD\n" + a));
  EXPECT_THAT(read_shards(in_folder("d")).error().message,
              HasSubstr("box-0001.jsonl: line 2: a merge conflict"));
  ASSERT_TRUE(support::write_file(in_folder("d/box-0001.jsonl"), a + a.substr(0, a.size() / 2)));
  EXPECT_THAT(read_shards(in_folder("d")).error().message,
              HasSubstr("box-0001.jsonl: line 2: the file is cut off"));
}

TEST_F(HistoryShards, OnlyFilesThatDifferAreWritten) {
  std::vector<entry> entries{tests::run_number(1, 100), tests::run_number(2, 100, "another")};
  ASSERT_TRUE(write_shards(shards_of(entries, 1000), in_folder("d")));
  ASSERT_TRUE(support::write_file(in_folder("d/README.md"), "ours"));
  ASSERT_TRUE(support::write_file(in_folder("d/results.jsonl"), "ours"));
  ASSERT_TRUE(support::write_file(in_folder("d/box-0002.jsonl"), "old"));
  entries.push_back(tests::run_number(3, 100));
  const auto changes = write_shards(shards_of(entries, 1000), in_folder("d"));
  ASSERT_TRUE(changes);
  EXPECT_EQ(changes->written, 1U);
  EXPECT_EQ(changes->unchanged, 1U);
  EXPECT_EQ(changes->removed, 1U);
  EXPECT_EQ(files_in("d").size(), 4U);
}

TEST_F(HistoryShards, AFolderThatIsNotThereIsEmpty) {
  const auto entries = read_shards(in_folder("absent"));
  ASSERT_TRUE(entries);
  EXPECT_TRUE(entries->empty());
}

}  // namespace
}  // namespace deft::history
