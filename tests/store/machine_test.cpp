#include "store/machine.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"

using namespace deft;
using testing::StartsWith;

TEST(Machine, IsReadFromTheFilesOfTheSystem) {
  auto root = support::temporary_folder::make("machine-test");
  ASSERT_TRUE(root);
  ASSERT_TRUE(
      support::write_file(root->path() / "proc/cpuinfo",
                          "processor\t: 0\nmodel name\t: A Processor @ 2.0GHz\n\nmodel name\t: Another\n"));
  ASSERT_TRUE(
      support::write_file(root->path() / "proc/meminfo", "MemTotal:        2048 kB\nMemFree: 1 kB\n"));
  ASSERT_TRUE(
      support::write_file(root->path() / "etc/os-release", "NAME=\"X\"\nPRETTY_NAME=\"X Linux 12\"\n"));
  const store::machine m = store::read_machine(root->path());
  EXPECT_EQ(m.cpu_model, "A Processor @ 2.0GHz");
  EXPECT_EQ(m.memory_bytes, 2048U * 1024);
  EXPECT_EQ(m.operating_system, "X Linux 12");
  EXPECT_THAT(m.kernel, StartsWith("Linux "));
  EXPECT_GE(m.logical_cpus, 1U);
}

TEST(Machine, LeavesOutWhatTheSystemDoesNotSay) {
  auto root = support::temporary_folder::make("machine-test");
  ASSERT_TRUE(root);
  const store::machine m = store::read_machine(root->path());
  EXPECT_FALSE(m.cpu_model.empty()) << "at least the architecture";
  EXPECT_EQ(m.memory_bytes, 0U);
  EXPECT_EQ(m.operating_system, "");
}
