#include "symbols/module_file.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include <elf.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "symbols/loaded_module.hpp"
#include "tests/symbols/command_output.hpp"

namespace deft::symbols {
namespace {

using testing::output_of;
using testing::plugin;

std::vector<char> content_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

// All that is ever asked of a module. Nothing is expected but that it ends.
void ask_everything(std::vector<char> content) {
  std::unique_ptr<module_file> file = module_file::from_bytes("damaged.so", std::move(content));
  if (file == nullptr) return;
  loaded_module module(std::move(file));
  for (std::uint64_t offset = 0; offset < 0x3000; offset += 0x61) {
    const auto address = module.file().address_of(offset);
    if (!address) continue;
    EXPECT_FALSE(module.frames_at(*address).empty());
    module.scopes().line_at(*address);
    module.symbols().function_range(*address);
    frame_registers registers;
    registers.known.fill(true);
    unwind_rules::step(module.rules().at(*address), registers, {});
  }
  module.symbols().address_of("hot_loop_1");
}

TEST(ModuleFile, OfBytesIsThatOfTheFile) {
  const auto from_file = module_file::open(plugin("plugin_1.so"));
  const auto from_bytes = module_file::from_bytes("plugin_1.so", content_of(plugin("plugin_1.so")));
  ASSERT_NE(from_file, nullptr);
  ASSERT_NE(from_bytes, nullptr);
  EXPECT_EQ(from_bytes->build_id(), from_file->build_id());
  for (std::uint64_t offset = 0; offset < 0x4000; offset += 16)
    EXPECT_EQ(from_bytes->address_of(offset), from_file->address_of(offset));
}

TEST(ModuleFile, NamesThatWouldMoveATerminalsCursorAreShownWithoutThem) {
  std::vector<char> content = content_of(plugin("plugin_1.so"));
  const std::string name = "hot_loop_1";
  std::size_t changed = 0;
  for (auto at = content.begin();
       (at = std::search(at, content.end(), name.begin(), name.end())) != content.end(); ++changed) {
    *at = '\x1b';
  }
  ASSERT_GT(changed, 0U);
  loaded_module module(module_file::from_bytes("hostile.so", std::move(content)));
  std::size_t shown = 0;
  for (std::uint64_t offset = 0; offset < 0x3000; ++offset) {
    const auto address = module.file().address_of(offset);
    if (!address) continue;
    for (const frame& each : module.frames_at(*address)) {
      EXPECT_EQ(each.function.find('\x1b'), std::string::npos);
      shown += each.function.find("?ot_loop_1") != std::string::npos ? 1U : 0U;
    }
  }
  EXPECT_GT(shown, 0U);
}

TEST(ModuleFile, HasTheBuildIdThatReadelfShows) {
  const std::vector<std::string> shown =
      output_of("readelf -n '" + plugin("plugin_1.so") + "' | sed -n 's/.*Build ID: //p'");
  ASSERT_EQ(shown.size(), 1U);
  EXPECT_EQ(module_file::open(plugin("plugin_1.so"))->build_id(), shown[0]);
  EXPECT_EQ(module_file::open(plugin("plugin_1_stripped.so"))->build_id(), shown[0]);
}

TEST(ModuleFile, ReadsConstantsAndNothingThatTheProgramMayWrite) {
  const auto file = module_file::open(plugin("plugin_1.so"));
  std::vector<char> magic(4);
  EXPECT_EQ(file->read_constant(0, magic), 4U);
  EXPECT_EQ(std::string(magic.begin(), magic.end()),
            "\x7f"
            "ELF");
  EXPECT_EQ(file->read_constant(~std::uint64_t{0}, magic), 0U);
  for (const std::string& line : output_of("readelf -SW '" + plugin("plugin_1.so") + "' | grep ' .data '")) {
    const std::size_t at = line.find("PROGBITS");
    ASSERT_NE(at, std::string::npos);
    EXPECT_EQ(file->read_constant(std::stoull(line.substr(at + 8), nullptr, 16), magic), 0U);
  }
}

TEST(ModuleFile, OpensTheVdso) {
  const auto vdso = module_file::open("[vdso]");
  ASSERT_NE(vdso, nullptr);
  EXPECT_EQ(vdso->name(), "[vdso]");
}

TEST(ModuleFile, RefusesFoldersDevicesAndFifos) {
  const auto folder = support::temporary_folder::make("module-file");
  EXPECT_EQ(module_file::open(folder->path().string()), nullptr);
  EXPECT_EQ(module_file::open("/dev/zero"), nullptr);
  EXPECT_EQ(module_file::open("/nowhere/lib.so"), nullptr);
}

TEST(ModuleFile, KnowsWhetherItsFileWasReplaced) {
  const auto folder = support::temporary_folder::make("module-file");
  const std::string path = (folder->path() / "plugin.so").string();
  std::filesystem::copy_file(plugin("plugin_1.so"), path);
  const auto file = module_file::open(path);
  EXPECT_TRUE(file->is_still_there());
  std::filesystem::copy_file(plugin("plugin_2.so"), path + ".new");
  std::filesystem::rename(path + ".new", path);
  EXPECT_FALSE(file->is_still_there());
  std::filesystem::remove(path);
  EXPECT_FALSE(file->is_still_there());
}

TEST(ModuleFile, KeepsWorkingWhenItsFileIsCutShort) {
  const auto folder = support::temporary_folder::make("module-file");
  const std::string path = (folder->path() / "plugin.so").string();
  std::filesystem::copy_file(plugin("plugin_1.so"), path);
  loaded_module module(module_file::open(path));
  std::filesystem::resize_file(path, 0);
  const auto loop = module.symbols().address_of("hot_loop_1");
  ASSERT_TRUE(loop);
  EXPECT_EQ(module.frames_at(*loop).front().function, "hot_loop_1");
}

TEST(HostileFile, OfAnyLengthIsSurvived) {
  const std::vector<char> whole = content_of(plugin("plugin_1.so"));
  for (std::size_t size = 0; size < whole.size(); size = size < 512 ? size + 1 : size + 331)
    ask_everything({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)});
}

TEST(HostileFile, WithDamagedBytesIsSurvived) {
  const std::vector<char> whole = content_of(plugin("plugin_1.so"));
  std::mt19937 random(1);
  for (int round = 0; round < 400; ++round) {
    std::vector<char> damaged = whole;
    const std::size_t changes = 1 + random() % 8;
    for (std::size_t i = 0; i < changes; ++i) {
      // Every other change hits a header, a section table or the like.
      const std::size_t reach = round % 2 == 0 ? damaged.size() : 1024;
      damaged[random() % reach] = static_cast<char>(random());
    }
    ask_everything(std::move(damaged));
  }
}

TEST(HostileFile, WhoseDebugInformationLeadsInCirclesIsSurvived) {
  loaded_module module(module_file::open(plugin("circles.so")));
  const auto address = module.symbols().address_of("in_circles");
  ASSERT_TRUE(address);
  EXPECT_EQ(module.frames_at(*address).front().function, "in_circles");
}

// Each field of the headers in turn has each of the values that lengths go wrong with.
TEST(HostileFile, WithAbsurdHeadersIsSurvived) {
  const std::vector<char> whole = content_of(plugin("plugin_1.so"));
  Elf64_Ehdr header;
  std::memcpy(&header, whole.data(), sizeof header);
  std::vector<std::size_t> fields;
  for (std::size_t at = 16; at < sizeof header; at += 2) fields.push_back(at);
  for (std::size_t i = 0; i < header.e_phnum * sizeof(Elf64_Phdr); i += 8)
    fields.push_back(header.e_phoff + i);
  for (std::size_t i = 0; i < header.e_shnum * sizeof(Elf64_Shdr); i += 8)
    fields.push_back(header.e_shoff + i);
  for (const std::size_t field : fields) {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x7fffffff},
                                      ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
      std::vector<char> damaged = whole;
      const std::size_t size = field < sizeof header ? 2 : 8;
      std::memcpy(damaged.data() + field, &value, size);
      ask_everything(std::move(damaged));
    }
  }
}

}  // namespace
}  // namespace deft::symbols
