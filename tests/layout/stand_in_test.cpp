#include "layout/stand_in.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"

namespace deft::layout {
namespace {

namespace fs = std::filesystem;

class RealLinker : public testing::Test {
 protected:
  std::string folder(const std::string& name) const { return (folder_->path() / name).string(); }

  /// A file that may be executed, in that folder.
  std::string linker(const std::string& name, const std::string& called = "ld") const {
    const fs::path file = fs::path(folder(name)) / called;
    EXPECT_TRUE(support::write_file(file, "#!/bin/sh\n"));
    fs::permissions(file, fs::perms::owner_all);
    return file.string();
  }

  support::result<support::temporary_folder> folder_ = support::temporary_folder::make("test");
};

TEST_F(RealLinker, IsTheCompilersOwnBeforeTheOneInPath) {
  linker("stand-ins");
  linker("path");
  const std::string beside = linker("compiler");
  EXPECT_EQ(real_linker("ld", folder("stand-ins"), folder("stand-ins"), folder("compiler/clang"),
                        folder("stand-ins") + ":" + folder("path")),
            beside);
  const std::string first = linker("first");
  EXPECT_EQ(real_linker("ld", folder("stand-ins"), folder("stand-ins") + "/:" + folder("first"),
                        folder("compiler/clang"), folder("path")),
            first);
}

TEST_F(RealLinker, IsNeverTheStandInWhateverItsFolderIsCalled) {
  linker("stand-ins");
  const std::string found = linker("path");
  EXPECT_EQ(real_linker("ld", folder("stand-ins"), folder("path/../stand-ins/"), folder("stand-ins/clang"),
                        folder("stand-ins/.") + "::" + folder("path")),
            found);
}

TEST_F(RealLinker, IsNoneWhereThereIsNone) {
  linker("stand-ins");
  linker("path", "ld.gold");
  EXPECT_TRUE(support::write_file(fs::path(folder("path")) / "ld", "not executable"));
  EXPECT_EQ(real_linker("ld", folder("stand-ins"), "", "", folder("path")), "");
}

TEST_F(RealLinker, HasAStandInForEachNameThatCompilersKnow) {
  fs::create_directories(folder("it's"));
  ASSERT_TRUE(write_stand_ins(folder("it's"), "/usr/bin/deft", 42));
  for (const char* name : {"ld", "ld.bfd", "ld.gold", "ld.lld", "ld.mold"}) {
    const auto text = support::read_file(fs::path(folder("it's")) / name);
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, testing::HasSubstr(std::string("'/usr/bin/deft' --as-linker ") + name + " 42 '"));
    EXPECT_THAT(*text, testing::HasSubstr("/it'\\''s' \"$@\""));
  }
}

}  // namespace
}  // namespace deft::layout
