#include "symbols/kernel_symbols.hpp"

#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/files.hpp"

namespace deft::symbols {
namespace {

class KernelSymbols : public ::testing::Test {
 protected:
  std::string list(const std::string& text) {
    const std::string path = (folder_->path() / "kallsyms").string();
    std::ofstream(path) << text;
    return path;
  }

  support::result<support::temporary_folder> folder_ = support::temporary_folder::make("kernel-symbols");
};

TEST_F(KernelSymbols, NameTheFunctionAroundAnAddress) {
  const kernel_symbols symbols(
      list("0000000000000000 A fixed_percpu_data\n"
           "ffffffff81000100 t second\n"
           "ffffffff81000000 T first\n"
           "ffffffff81000000 t alias_of_first\n"
           "ffffffff81000200 D some_data\n"
           "ffffffffc0000000 t in_a_module\t[ext4]\n"));
  EXPECT_EQ(symbols.size(), 3U);
  EXPECT_EQ(symbols.name_at(0xffffffff81000000), "first");
  EXPECT_EQ(symbols.name_at(0xffffffff810000ff), "first");
  EXPECT_EQ(symbols.name_at(0xffffffff81000150), "second");
  EXPECT_EQ(symbols.name_at(0xffffffffc0000010), "in_a_module");
  EXPECT_EQ(symbols.name_at(0xffffffff80ffffff), "");
  EXPECT_EQ(symbols.name_at(0xffffffffffffffff), "");
}

TEST_F(KernelSymbols, AreNoneWhereTheKernelHidesTheAddresses) {
  const kernel_symbols symbols(list("0000000000000000 T first\n0000000000000000 T second\n"));
  EXPECT_EQ(symbols.size(), 0U);
  EXPECT_EQ(symbols.name_at(0), "");
  EXPECT_EQ(kernel_symbols("/nowhere/kallsyms").size(), 0U);
}

TEST_F(KernelSymbols, PassOverLinesOfAnotherForm) {
  const kernel_symbols symbols(
      list("\n\nffffffff81000000\nzz T x\nffffffff81000000 T\nffffffff81000000 T good\n"));
  EXPECT_EQ(symbols.size(), 1U);
  EXPECT_EQ(symbols.name_at(0xffffffff81000001), "good");
}

}  // namespace
}  // namespace deft::symbols
