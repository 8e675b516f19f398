#include "support/files.hpp"

#include <csignal>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

using deft::support::append_file;
using deft::support::error_kind;
using deft::support::read_file;
using deft::support::temporary_folder;
using deft::support::write_file;
using testing::HasSubstr;

std::size_t entries(const std::filesystem::path& folder) {
  return static_cast<std::size_t>(
      std::distance(std::filesystem::directory_iterator(folder), std::filesystem::directory_iterator()));
}

TEST(Files, WhatIsWrittenIsRead) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "new" / "folder" / "data";
  const std::string bytes = std::string("zero \0 inside", 13) + std::string(200'000, 'x');
  ASSERT_TRUE(write_file(path, bytes));
  EXPECT_EQ(*read_file(path), bytes);
  EXPECT_EQ(entries(path.parent_path()), 1U) << "no temporary file stays behind";
}

TEST(Files, AMissingFileIsNamedWithItsReason) {
  const auto text = read_file("/nonexistent/result.json");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().kind, error_kind::unreadable_input);
  EXPECT_EQ(text.error().message, "cannot read /nonexistent/result.json: No such file or directory");
}

TEST(Files, AFolderIsNotReadAsAFile) {
  const auto text = read_file("/");
  ASSERT_FALSE(text);
  EXPECT_THAT(text.error().message, HasSubstr("Is a directory"));
}

TEST(Files, AFullDiskIsAnError) {
  const auto written = write_file("/dev/full", "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, error_kind::unwritable_output);
  EXPECT_EQ(written.error().message, "cannot write /dev/full: No space left on device");
}

TEST(Files, WhatIsAppendedFollowsWhatWasThere) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "summary";
  ASSERT_TRUE(append_file(path, "one\n"));
  ASSERT_TRUE(append_file(path, "two\n"));
  EXPECT_EQ(*read_file(path), "one\ntwo\n");
}

TEST(Files, NothingIsAppendedToAFullDisk) {
  const auto written = append_file("/dev/full", "x");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, error_kind::unwritable_output);
  EXPECT_EQ(written.error().message, "cannot write /dev/full: No space left on device");
}

TEST(Files, AFailedAppendCutsTheFileBack) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "summary";
  ASSERT_TRUE(write_file(path, "old"));
  // A file that may not grow beyond 4 KiB: half of what is appended still fits.
  struct rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  struct rlimit small = before;
  small.rlim_cur = 4096;
  const auto earlier = std::signal(SIGXFSZ, SIG_IGN);
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  const auto written = append_file(path, std::string(8192, 'x'));
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, earlier);
  EXPECT_FALSE(written);
  EXPECT_EQ(*read_file(path), "old");
}

TEST(Files, AFailedWriteLeavesTheOldFile) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  const auto path = folder->path() / "result";
  ASSERT_TRUE(write_file(path, "old"));
  // The name of the temporary file is taken by a folder, so that opening it fails, for root too.
  std::filesystem::create_directory(path.string() + ".partial-" + std::to_string(::getpid()));
  EXPECT_FALSE(write_file(path, "new"));
  EXPECT_EQ(*read_file(path), "old");
}

TEST(Files, ALinkIsKeptAndItsFileReplaced) {
  const auto folder = *temporary_folder::make("test");
  const auto file = folder.path() / "file";
  const auto link = folder.path() / "link";
  ASSERT_TRUE(write_file(file, "old"));
  std::filesystem::create_symlink(file, link);
  ASSERT_TRUE(write_file(link, "new"));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_EQ(*read_file(file), "new");
}

TEST(Files, AParentThatIsAFileIsNamed) {
  auto folder = temporary_folder::make("test");
  ASSERT_TRUE(folder);
  ASSERT_TRUE(write_file(folder->path() / "file", ""));
  const auto written = write_file(folder->path() / "file" / "below", "x");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error().message, HasSubstr((folder->path() / "file").string()));
}

TEST(TemporaryFolder, IsRemovedWithItsContentAndOnce) {
  std::filesystem::path path;
  {
    auto folder = temporary_folder::make("test");
    ASSERT_TRUE(folder);
    path = folder->path();
    ASSERT_TRUE(write_file(path / "below" / "file", "x"));
    const temporary_folder moved = std::move(*folder);
    EXPECT_TRUE(std::filesystem::exists(path));
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

}  // namespace
