#include "profile/preloading.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace deft::profile {
namespace {

TEST(CheckPreload, LooksAtTheProgramOrAtTheScriptsInterpreter) {
  EXPECT_TRUE(check_preload(DEFT_TEST_PROGRAMS "/stacks").possible);
  EXPECT_TRUE(check_preload("sh").possible);
  const preload_check fixed = check_preload(DEFT_TEST_PROGRAMS "/stacks_static");
  EXPECT_FALSE(fixed.possible);
  EXPECT_EQ(fixed.obstacle, "it is statically linked");

  auto folder = support::temporary_folder::make("preloading");
  ASSERT_TRUE(folder);
  const std::string script = (folder->path() / "script").string();
  std::ofstream(script) << "#! " DEFT_TEST_PROGRAMS "/stacks_static -x\n";
  EXPECT_FALSE(check_preload(script).possible);
  std::ofstream(script) << "#!/bin/sh\nexit 0\n";
  EXPECT_TRUE(check_preload(script).possible);
}

TEST(CheckPreload, LeavesWhatCannotBeReadToTheStart) {
  EXPECT_TRUE(check_preload("/no/such/program").possible);
  EXPECT_TRUE(check_preload("/").possible);
  auto folder = support::temporary_folder::make("preloading");
  ASSERT_TRUE(folder);
  const std::string file = (folder->path() / "file").string();
  for (const char* content : {"", "#", "#!", "#!\n", "\177ELF"}) {
    std::ofstream(file) << content;
    EXPECT_TRUE(check_preload(file).possible) << content;
  }
}

TEST(CheckPreload, RefusesOtherMachinesAndOtherCLibraries) {
  auto folder = support::temporary_folder::make("preloading");
  ASSERT_TRUE(folder);
  const std::string file = (folder->path() / "program").string();
  const auto original = support::read_file(DEFT_TEST_PROGRAMS "/stacks");
  ASSERT_TRUE(original);
  std::string changed = *original;
  changed[18] = 2;  // e_machine: SPARC
  changed[19] = 0;
  std::ofstream(file, std::ios::binary) << changed;
  EXPECT_EQ(check_preload(file).obstacle, "it was built for another machine than deft");
  changed = *original;
  const std::size_t loader = changed.find("ld-linux");
  ASSERT_NE(loader, std::string::npos);
  changed.replace(loader, 8, "ld-musl-");
  std::ofstream(file, std::ios::binary) << changed;
  EXPECT_EQ(check_preload(file).obstacle, "its C library is not glibc");
}

TEST(AddAgent, KeepsWhatTheProgramPreloadsBesides) {
  std::vector<std::pair<std::string, std::string>> environment = {{"LD_PRELOAD", "theirs.so"}, {"A", "1"}};
  add_agent(environment, {{"LD_PRELOAD", "agent.so"}, {"B", "2"}});
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"LD_PRELOAD", "agent.so:theirs.so"}, {"A", "1"}, {"B", "2"}};
  EXPECT_EQ(environment, expected);
}

}  // namespace
}  // namespace deft::profile
