#include "history/history_file.hpp"

#include <string>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "tests/history/sample_history.hpp"

namespace deft::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class HistoryFile : public testing::Test {
 protected:
  HistoryFile() : folder_(*support::temporary_folder::make("test")) {}

  std::filesystem::path path() const { return folder_.path() / "deep" / "history.sqlite"; }

  history_file create() const {
    auto made = history_file::open_or_create(path());
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  /// Expects that neither way to open it, nor adding to it, does more than to say what is wrong.
  void expect_refusal(const std::string& words) const {
    const std::string before = *support::read_file(path());
    const auto refusal = [&](support::result<history_file> opened) {
      if (!opened) return opened.error().message;
      const auto added = opened->add(std::vector<entry>{tests::run_number(1, 100)});
      return added ? "no error" : added.error().message;
    };
    EXPECT_THAT(refusal(history_file::open(path())),
                testing::AllOf(HasSubstr(path().string()), HasSubstr(words)));
    EXPECT_THAT(refusal(history_file::open_or_create(path())),
                testing::AllOf(HasSubstr(path().string()), HasSubstr(words)));
    EXPECT_EQ(*support::read_file(path()), before);
  }

 private:
  support::temporary_folder folder_;
};

TEST_F(HistoryFile, KeepsWhatWasAdded) {
  const std::vector<entry> entries{tests::sample_comparison(), tests::run_number(1, 100),
                                   tests::run_number(2, 101)};
  ASSERT_EQ(*create().add(entries), 3U);
  const auto again = history_file::open(path());
  ASSERT_TRUE(again);
  EXPECT_THAT(*again->runners(), ElementsAre("a-box.2_x", "box"));
  const auto newest = again->newest_runs("box", 1);
  ASSERT_EQ(newest->size(), 1U);
  EXPECT_EQ((*newest)[0].id, entries[2].id);
  EXPECT_EQ(again->all()->size(), 3U);
  EXPECT_EQ(*again->check(), 3U);
}

TEST_F(HistoryFile, AddsTheSameEntryOnce) {
  auto history = create();
  const std::vector<entry> entries{tests::run_number(1, 100), tests::run_number(1, 100)};
  EXPECT_EQ(*history.add(entries), 1U);
  EXPECT_EQ(*history.add(entries), 0U);
}

TEST_F(HistoryFile, TakesNothingThatItCouldNotReadAgain) {
  auto history = create();
  run r = std::get<run>(tests::run_number(1, 100).what);
  r.time = "yesterday";
  const auto added = history.add(std::vector<entry>{tests::run_number(2, 100), with_id(r)});
  ASSERT_FALSE(added);
  EXPECT_THAT(added.error().message, HasSubstr("not added: $.time: expected a time"));
  EXPECT_EQ(*history.check(), 0U);
}

TEST_F(HistoryFile, PrunesTheOldestOfEachRunner) {
  auto history = create();
  std::vector<entry> entries;
  for (int i = 0; i < 5; ++i) {
    entries.push_back(tests::run_number(i, 100));
    entries.push_back(tests::run_number(i, 100, "another"));
  }
  entries.push_back(tests::blessing_until(entries[0]));
  entries.push_back(tests::blessing_until(entries[8]));
  ASSERT_TRUE(history.add(entries));
  const auto outcome = history.prune({3, ""});
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome->removed, 4U);
  EXPECT_EQ(outcome->kept, 6U);
  EXPECT_EQ((*history.newest_runs("box", 9))[0].id, entries[4].id);
  EXPECT_EQ(history.blessings("box")->size(), 1U);
  EXPECT_EQ(history.prune({std::nullopt, tests::time_number(4)})->kept, 2U);
}

TEST_F(HistoryFile, PruningGivesTheSpaceBack) {
  auto history = create();
  std::vector<entry> entries;
  for (int i = 0; i < 500; ++i) entries.push_back(tests::run_number(i, 100));
  ASSERT_TRUE(history.add(entries));
  const auto before = std::filesystem::file_size(path());
  ASSERT_TRUE(history.prune({5, ""}));
  EXPECT_LT(std::filesystem::file_size(path()), before / 4);
}

TEST_F(HistoryFile, TakesTwoWritersAtOnce) {
  const auto add_fifty = [this](const std::string& runner) {
    auto history = create();
    for (int i = 0; i < 50; ++i)
      ASSERT_TRUE(history.add(std::vector<entry>{tests::run_number(i, 100, runner)}));
  };
  std::thread other([&] { add_fifty("one"); });
  add_fifty("two");
  other.join();
  EXPECT_EQ(*create().check(), 100U);
}

TEST_F(HistoryFile, AnEmptyFileIsAnEmptyHistory) {
  ASSERT_TRUE(support::write_file(path(), ""));
  const auto history = history_file::open(path());
  ASSERT_TRUE(history);
  EXPECT_TRUE(history->all()->empty());
  EXPECT_EQ(*history->check(), 0U);
  EXPECT_EQ(*create().add(std::vector<entry>{tests::run_number(1, 100)}), 1U);
}

TEST_F(HistoryFile, IsNotMadeByWhoOnlyReads) {
  const auto history = history_file::open(path());
  ASSERT_FALSE(history);
  EXPECT_EQ(history.error().kind, support::error_kind::unreadable_input);
  EXPECT_THAT(history.error().message,
              testing::AllOf(HasSubstr("history.sqlite"), HasSubstr("No such file")));
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(HistoryFile, LeavesAFileAloneThatIsNoDatabase) {
  ASSERT_TRUE(support::write_file(path(), "Dear reader,\n" + std::string(2000, 'x')));
  expect_refusal("no SQLite database");
}

TEST_F(HistoryFile, LeavesAFileAloneThatWasDamaged) {
  std::vector<entry> entries;
  for (int i = 0; i < 200; ++i) entries.push_back(tests::run_number(i, 100));
  ASSERT_TRUE(create().add(entries));
  std::string bytes = *support::read_file(path());
  ASSERT_GT(bytes.size(), 16'384U);
  std::fill(bytes.begin() + 8192, bytes.begin() + 12'288, 'x');
  ASSERT_TRUE(support::write_file(path(), bytes));
  expect_refusal("damaged");
  EXPECT_FALSE(history_file::open(path())->check());
}

TEST_F(HistoryFile, LeavesAFileAloneThatWasCutOff) {
  std::vector<entry> entries;
  for (int i = 0; i < 200; ++i) entries.push_back(tests::run_number(i, 100));
  ASSERT_TRUE(create().add(entries));
  const std::string bytes = *support::read_file(path());
  ASSERT_TRUE(support::write_file(path(), bytes.substr(0, bytes.size() / 2)));
  expect_refusal("damaged");
}

TEST_F(HistoryFile, NoticesAChangedLine) {
  ASSERT_TRUE(create().add(std::vector<entry>{tests::run_number(1, 123)}));
  std::string bytes = *support::read_file(path());
  const std::size_t at = bytes.find("123.0");
  ASSERT_NE(at, std::string::npos);
  ASSERT_TRUE(support::write_file(path(), bytes.replace(at, 3, "999")));
  const auto count = history_file::open(path())->check();
  ASSERT_FALSE(count);
  EXPECT_THAT(count.error().message, HasSubstr("the line was changed"));
}

TEST_F(HistoryFile, LeavesANewerOneAlone) {
  create();
  std::string bytes = *support::read_file(path());
  bytes[63] = 9;  // user_version: bytes 60 to 63 of the header
  ASSERT_TRUE(support::write_file(path(), bytes));
  expect_refusal("newer deft");
}

TEST_F(HistoryFile, LeavesOtherProgramsDatabasesAlone) {
  create();
  std::string bytes = *support::read_file(path());
  bytes[71] = 0;  // application_id: bytes 68 to 71
  ASSERT_TRUE(support::write_file(path(), bytes));
  expect_refusal("another program");
}

}  // namespace
}  // namespace deft::history
