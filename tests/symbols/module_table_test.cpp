#include "symbols/module_table.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "symbols/module_file.hpp"
#include "symbols/stack_resolver.hpp"
#include "tests/symbols/command_output.hpp"
#include "tests/symbols/mapped_file.hpp"

namespace deft::symbols {
namespace {

using ::testing::ElementsAre;
using testing::map_file;
using ::testing::MatchesRegex;
using testing::plugin;
using testing::sample_at;

std::string build_id(const std::string& path) {
  return module_file::open(path)->build_id();
}

// The same code as plugin_1.so's hot_loop_1 is plugin_2.so's hot_loop_2, at the same place.
class ReplacedFiles : public ::testing::Test {
 protected:
  ReplacedFiles() {
    path_ = (folder_->path() / "plugin.so").string();
    loop_ = stack_resolver().function_file_offset(plugin("plugin_1.so"), "hot_loop_1");
    EXPECT_NE(loop_, 0U);
  }

  void put(const std::string& name) {
    std::filesystem::remove(path_);
    std::filesystem::copy_file(plugin(name), path_);
  }

  std::vector<std::string> leaves(const recording& of) {
    std::vector<std::string> names;
    for (const resolved_sample& sample : resolver_.resolve(of))
      names.push_back(resolver_.frames()[sample.frames.back()].function);
    return names;
  }

  support::result<support::temporary_folder> folder_ = support::temporary_folder::make("replaced");
  std::string path_;
  std::uint64_t loop_ = 0;
  stack_resolver resolver_;
};

TEST_F(ReplacedFiles, BetweenTwoRecordingsAreReadAgain) {
  recording all;
  all.mappings = {map_file(path_)};
  all.samples = {sample_at(loop_)};
  put("plugin_1.so");
  EXPECT_THAT(leaves(all), ElementsAre("hot_loop_1"));
  put("plugin_2.so");
  EXPECT_THAT(leaves(all), ElementsAre("hot_loop_2"));
}

TEST_F(ReplacedFiles, GiveNoNamesWhereTheBuildIdTellsThemApart) {
  put("plugin_2.so");
  recording all;
  all.mappings = {map_file(path_, 0, build_id(plugin("plugin_1.so")))};
  all.samples = {sample_at(loop_)};
  EXPECT_THAT(leaves(all), ElementsAre(MatchesRegex("\\[plugin\\.so \\(changed\\)\\+0x[0-9a-f]+\\]")));
  all.mappings = {map_file(path_, 0, build_id(plugin("plugin_2.so")))};
  EXPECT_THAT(leaves(all), ElementsAre("hot_loop_2"));
}

TEST_F(ReplacedFiles, ThatWereDeletedAreNamedByOffset) {
  put("plugin_2.so");  // which has the name of the deleted one by now
  recording all;
  all.mappings = {map_file(path_ + " (deleted)")};
  all.samples = {sample_at(loop_)};
  EXPECT_THAT(leaves(all), ElementsAre(MatchesRegex("\\[plugin\\.so \\(deleted\\)\\+0x[0-9a-f]+\\]")));
}

TEST_F(ReplacedFiles, ThatWereDeletedAreReadWhereTheSameBuildIsThereAgain) {
  recording all;
  all.mappings = {map_file(path_ + " (deleted)", 0, build_id(plugin("plugin_1.so")))};
  all.samples = {sample_at(loop_)};
  put("plugin_2.so");
  EXPECT_THAT(leaves(all), ElementsAre(MatchesRegex("\\[plugin\\.so \\(deleted\\)\\+0x[0-9a-f]+\\]")));
  resolver_ = stack_resolver();
  put("plugin_1.so");
  EXPECT_THAT(leaves(all), ElementsAre("hot_loop_1"));
}

TEST_F(ReplacedFiles, LoadedAtTheAddressOfAnotherAreToldApartByTime) {
  recording all;
  all.mappings = {map_file(plugin("plugin_1.so"), 10), map_file(plugin("plugin_2.so"), 20)};
  all.samples = {sample_at(loop_, 5), sample_at(loop_, 15), sample_at(loop_, 25)};
  EXPECT_THAT(leaves(all), ElementsAre("[unmapped]", "hot_loop_1", "hot_loop_2"));
}

TEST_F(ReplacedFiles, ThatAreNoProgramsAreNamedByOffset) {
  for (const char* path : {"/etc/passwd", "/dev/zero", "/", "/nowhere/lib.so"}) {
    recording all;
    all.mappings = {map_file(path)};
    all.samples = {sample_at(0x40)};
    const std::vector<std::string> names = leaves(all);
    EXPECT_TRUE(names[0].ends_with("+0x40]") || names[0] == "[anonymous memory]") << names[0];
  }
  recording all;
  all.mappings = {map_file("//anon")};
  all.samples = {sample_at(0x40)};
  EXPECT_THAT(leaves(all), ElementsAre("[anonymous memory]"));
}

// Where distributions put them: by build id below the debug folder.
class DebugFiles : public ::testing::Test {
 protected:
  DebugFiles() {
    const std::string id = build_id(stripped_);
    EXPECT_EQ(id.size(), 40U);
    place_ = folder_->path() / ".build-id" / id.substr(0, 2) / (id.substr(2) + ".debug");
    std::filesystem::create_directories(place_.parent_path());
  }

  std::vector<frame> frames() {
    stack_resolver resolver({.debug_path = folder_->path().string(), .kernel_symbols = "/proc/kallsyms"});
    recording all;
    all.mappings = {map_file(stripped_)};
    const std::uint64_t compare =
        stack_resolver().function_file_offset(plugin("plugin_1.so"), "_ZN12_GLOBAL__N_17compareEPKvS1_");
    all.samples = {sample_at(compare)};
    const resolved_sample sample = resolver.resolve(all).front();
    std::vector<frame> found;
    for (const std::uint32_t number : sample.frames) found.push_back(resolver.frames()[number]);
    return found;
  }

  const std::string stripped_ = plugin("plugin_1_stripped.so");
  support::result<support::temporary_folder> folder_ = support::temporary_folder::make("debug");
  std::filesystem::path place_;
};

TEST_F(DebugFiles, AreFoundByBuildIdBelowADebugFolder) {
  EXPECT_THAT(frames().back().function, MatchesRegex("\\[plugin_1_stripped\\.so\\+0x[0-9a-f]+\\]"));
  std::filesystem::copy_file(plugin("plugin_1.debug"), place_);
  // g++ records no parameters of it, clang does.
  EXPECT_THAT(frames().back().function, ::testing::StartsWith("(anonymous namespace)::compare"));
  EXPECT_EQ(frames().back().file, "plugin.cpp");
}

TEST_F(DebugFiles, OfAnotherBuildAreNotBelieved) {
  std::filesystem::copy_file(plugin("plugin_2.so"), place_);
  EXPECT_THAT(frames().back().function, MatchesRegex("\\[plugin_1_stripped\\.so\\+0x[0-9a-f]+\\]"));
}

// With a debug link and a build id, or with the link alone.
class DebugLinks : public DebugFiles {
 protected:
  std::string linked(bool with_build_id) {
    const std::string path = (folder_->path() / "linked.so").string();
    std::filesystem::copy_file(plugin("plugin_1.debug"), folder_->path() / "linked.debug");
    const std::string drop = with_build_id ? "" : " --remove-section=.note.gnu.build-id";
    EXPECT_TRUE(testing::output_of("cd '" + folder_->path().string() + "' && objcopy --strip-all" + drop +
                                   " --add-gnu-debuglink=linked.debug '" + plugin("plugin_1.so") +
                                   "' linked.so 2>&1")
                    .empty());
    return path;
  }

  static bool has_names(const std::string& path, const std::string& debug_path) {
    loaded_module module(module_file::open(path, debug_path));
    return module.symbols().address_of("_ZN12_GLOBAL__N_17compareEPKvS1_").has_value();
  }
};

TEST_F(DebugLinks, LeadToAFileBesideTheProgramOrInItsDebugFolder) {
  const std::string path = linked(true);
  EXPECT_TRUE(has_names(path, ""));
  EXPECT_FALSE(has_names(path, "/nowhere"));
  std::filesystem::create_directory(folder_->path() / ".debug");
  std::filesystem::rename(folder_->path() / "linked.debug", folder_->path() / ".debug/linked.debug");
  EXPECT_TRUE(has_names(path, ""));
  EXPECT_FALSE(has_names(path, "other"));
}

TEST_F(DebugLinks, AreBelievedByTheirChecksumWhereThereIsNoBuildId) {
  const std::string path = linked(false);
  EXPECT_TRUE(module_file::open(path)->build_id().empty());
  EXPECT_TRUE(has_names(path, ""));
  std::ofstream(folder_->path() / "linked.debug", std::ios::app) << "one byte more";
  EXPECT_FALSE(has_names(path, ""));
}

// It is never asked, whatever the variable says; and the variable stays for the command that is profiled.
TEST_F(DebugFiles, AreNotAskedForOverANetwork) {
  ::setenv("DEBUGINFOD_URLS", "http://127.0.0.1:1/", 1);
  EXPECT_THAT(frames().back().function, MatchesRegex("\\[plugin_1_stripped\\.so\\+0x[0-9a-f]+\\]"));
  EXPECT_STREQ(::getenv("DEBUGINFOD_URLS"), "http://127.0.0.1:1/");
  ::unsetenv("DEBUGINFOD_URLS");
}

}  // namespace
}  // namespace deft::symbols
