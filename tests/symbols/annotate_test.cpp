#include "symbols/annotate.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <numeric>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/files.hpp"
#include "symbols/disassembler.hpp"
#include "symbols/loaded_module.hpp"
#include "symbols/source_text.hpp"
#include "tests/symbols/command_output.hpp"
#include "tests/symbols/mapped_file.hpp"

namespace deft::symbols {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::output_of;
using testing::plugin;

// As objdump sees it: the addresses of a function's instructions, without what pads it.
std::vector<std::uint64_t> instructions_of(const std::string& path, const std::string& function) {
  std::vector<std::uint64_t> addresses;
  std::size_t behind_last = 0;
  bool inside = false;
  for (const std::string& line : output_of("objdump -d --no-show-raw-insn '" + path + "'")) {
    if (line.ends_with(">:")) inside = line.ends_with("<" + function + ">:");
    if (!inside || !line.starts_with(" ")) continue;
    addresses.push_back(std::stoull(line, nullptr, 16));
    const bool pads =
        line.find("nop") != std::string::npos || line.find("xchg   %ax,%ax") != std::string::npos;
    if (!pads) behind_last = addresses.size();
  }
  addresses.resize(behind_last);
  return addresses;
}

class Annotate : public ::testing::Test {
 protected:
  // A sample for each of these link-time addresses.
  void sample(const std::string& path, const std::vector<std::uint64_t>& addresses, std::uint64_t times = 1) {
    const std::unique_ptr<module_file> file = module_file::open(path);
    ASSERT_NE(file, nullptr) << path;
    recording all;
    all.mappings = {testing::map_file(path)};
    for (const std::uint64_t address : addresses)
      all.samples.insert(all.samples.end(), times, testing::sample_at(file->offset_of(address).value_or(0)));
    counts_.add(resolver_.resolve(all));
  }

  stack_resolver resolver_;
  leaf_counts counts_;
};

std::vector<std::uint64_t> addresses_of(const annotated_function& function) {
  std::vector<std::uint64_t> addresses;
  for (const annotated_instruction& each : function.instructions) addresses.push_back(each.address);
  return addresses;
}

TEST_F(Annotate, ShowsEachInstructionOfAFunctionAsObjdumpDoesWithItsSamples) {
  const std::string path = plugin("plugin_1.so");
  const std::vector<std::uint64_t> expected = instructions_of(path, "hot_loop_1");
  ASSERT_GT(expected.size(), 8U);
  sample(path, {expected[2]}, 7);
  sample(path, {expected[5]}, 2);
  const std::vector<annotated_function> functions = annotate(counts_, resolver_);
  ASSERT_EQ(functions.size(), 1U);
  EXPECT_EQ(functions[0].function, "hot_loop_1");
  EXPECT_EQ(functions[0].module, "plugin_1.so");
  EXPECT_EQ(functions[0].count, 9U);
  EXPECT_EQ(addresses_of(functions[0]), expected);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(functions[0].instructions[i].count, i == 2 ? 7U : i == 5 ? 2U : 0U);
    EXPECT_FALSE(functions[0].instructions[i].text.empty());
  }
}

TEST_F(Annotate, GivesTheLineOfEachInstructionAsAddr2lineDoesAndItsSource) {
  const std::string path = plugin("plugin_1.so");
  const std::vector<std::uint64_t> addresses = instructions_of(path, "hot_loop_1");
  sample(path, addresses);
  const annotated_function function = annotate(counts_, resolver_).at(0);
  std::string command = "addr2line -e '" + path + "'";
  char hexadecimal[32];
  for (const std::uint64_t address : addresses) {
    std::snprintf(hexadecimal, sizeof hexadecimal, " 0x%llx", static_cast<unsigned long long>(address));
    command += hexadecimal;
  }
  const std::vector<std::string> expected = output_of(command);
  ASSERT_EQ(expected.size(), addresses.size());
  bool inlined_seen = false;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const annotated_instruction& each = function.instructions[i];
    if (each.source == 0) {
      EXPECT_THAT(expected[i], HasSubstr("?")) << each.text;
      continue;
    }
    const annotated_source& source = function.sources.at(each.source - 1);
    EXPECT_EQ(base_name(source.file) + ":" + std::to_string(source.line),
              base_name(expected[i].substr(0, expected[i].find(" ("))))
        << each.text;
    inlined_seen = inlined_seen || each.function.starts_with("(anonymous namespace)::mix");
  }
  EXPECT_TRUE(inlined_seen);
  const auto loop =
      std::find_if(function.sources.begin(), function.sources.end(),
                   [](const annotated_source& s) { return s.text == "  state *= 2654435761U;"; });
  EXPECT_NE(loop, function.sources.end());
  EXPECT_EQ(
      std::accumulate(function.sources.begin(), function.sources.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const annotated_source& s) { return sum + s.count; }),
      static_cast<std::uint64_t>(std::count_if(function.instructions.begin(), function.instructions.end(),
                                               [](const auto& i) { return i.source != 0; })));
}

TEST_F(Annotate, NamesWhatIsCalled) {
  const std::string path = plugin("plugin_1.so");
  sample(path, {instructions_of(path, "call_library").at(0)});
  const annotated_function function = annotate(counts_, resolver_).at(0);
  std::vector<std::string> texts;
  for (const annotated_instruction& each : function.instructions) texts.push_back(each.text);
#if defined(__x86_64__)
  EXPECT_THAT(texts, Contains(HasSubstr("<qsort@plt>")));
#else
  EXPECT_THAT(texts, Contains(HasSubstr("bl ")));
#endif
}

TEST_F(Annotate, FindsTheBoundsOfStrippedFunctionsInTheUnwindTable) {
  const std::vector<std::uint64_t> expected = instructions_of(plugin("plugin_1.so"), "call_library");
  sample(plugin("plugin_1_stripped.so"), {expected.at(1)});
  const annotated_function function = annotate(counts_, resolver_).at(0);
  if (output_of("nm -D '" + plugin("plugin_1_stripped.so") + "' | grep call_library").empty()) {
    EXPECT_TRUE(function.function.starts_with("[plugin_1_stripped.so+0x")) << function.function;
  }
  std::vector<std::uint64_t> found = addresses_of(function);
  ASSERT_GE(found.size(), expected.size());
  found.resize(expected.size());  // what pads it up to the next one is not told apart
  EXPECT_EQ(found, expected);
}

TEST_F(Annotate, KeepsToWhatIsAroundTheHotInstructionsOfLongFunctions) {
  const std::string path = plugin("plugin_1.so");
  const std::vector<std::uint64_t> all = instructions_of(path, "long_function");
  ASSERT_GT(all.size(), 3000U);
  sample(path, {all[1500]}, 100);
  sample(path, {all[20]});
  const annotated_function function =
      annotate(counts_, resolver_, {.functions = 20, .instructions = 50}).at(0);
  const std::vector<std::uint64_t> shown = addresses_of(function);
  EXPECT_EQ(shown.size(), 50U);
  EXPECT_TRUE(std::is_sorted(shown.begin(), shown.end()));
  for (const std::size_t near : {1490U, 1500U, 1510U, 20U, 10U, 30U}) EXPECT_THAT(shown, Contains(all[near]));
  EXPECT_EQ(function.count, 101U);
}

TEST_F(Annotate, ShowsTheFunctionsWithMostSamplesFirstAndNoMoreThanWanted) {
  const std::string path = plugin("plugin_1.so");
  sample(path, {instructions_of(path, "hot_loop_1").at(0)}, 3);
  sample(path, {instructions_of(path, "call_library").at(0)}, 5);
  sample(path, {instructions_of(path, "long_function").at(0)}, 4);
  const std::vector<annotated_function> two =
      annotate(counts_, resolver_, {.functions = 2, .instructions = 5});
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[0].function, "call_library");
  EXPECT_EQ(two[1].function, "long_function");
  EXPECT_LE(two[1].instructions.size(), 5U);
}

TEST_F(Annotate, OfNoSamplesIsNothing) {
  EXPECT_TRUE(annotate(counts_, resolver_).empty());
}

TEST(LeafCounts, LeaveOutSamplesOfAnotherCauseAndThoseWithoutALeaf) {
  resolved_sample cpu;
  cpu.leaf_module = 1;
  cpu.leaf_address = 0x10;
  resolved_sample waiting = cpu;
  waiting.cause = sample_cause::waiting;
  resolved_sample nowhere;
  leaf_counts counts;
  counts.add(std::vector{cpu, waiting, nowhere, cpu});
  ASSERT_EQ(counts.modules().size(), 2U);
  ASSERT_EQ(counts.modules()[1].size(), 1U);
  EXPECT_EQ(counts.modules()[1][0].count, 2U);
}

std::vector<std::string> texts_of(instruction_set set, std::vector<unsigned char> code) {
  std::vector<std::string> texts;
  for (const decoded_instruction& each : disassembler(set).decode(code, 0x1000, 100))
    texts.push_back(each.text);
  return texts;
}

TEST(Disassembler, DecodesBothInstructionSets) {
  EXPECT_THAT(texts_of(instruction_set::x86_64, {0x48, 0x89, 0xd8, 0xe8, 0x08, 0, 0, 0, 0xc3}),
              ElementsAre("mov rax, rbx", "call 0x1010", "ret"));
  EXPECT_THAT(
      texts_of(instruction_set::aarch64, {0x20, 0x00, 0x02, 0x8b, 0x04, 0, 0, 0x94, 0xc0, 0x03, 0x5f, 0xd6}),
      ElementsAre("add x0, x1, x2", "bl #0x1014", "ret"));
  EXPECT_EQ(disassembler(instruction_set::x86_64)
                .decode(std::vector<unsigned char>{0xe8, 8, 0, 0, 0}, 0x1000, 1)[0]
                .target,
            0x100dU);
  EXPECT_EQ(disassembler(instruction_set::aarch64)
                .decode(std::vector<unsigned char>{0x04, 0, 0, 0x94}, 0x1000, 1)[0]
                .target,
            0x1010U);
}

TEST(Disassembler, ShowsBytesThatAreNoInstructionsAndGoesOnBehindThem) {
  EXPECT_THAT(texts_of(instruction_set::x86_64, {0x06, 0xc3}), ElementsAre(".byte 0x06", "ret"));
  EXPECT_THAT(texts_of(instruction_set::x86_64, {0xc3, 0xe8}), ElementsAre("ret", ".byte 0xe8"));
  EXPECT_TRUE(texts_of(instruction_set::x86_64, {}).empty());
}

TEST(SourceText, IsReadWhereTheFileIsNotNewerThanTheProgram) {
  const auto folder = support::temporary_folder::make("source");
  const std::string path = (folder->path() / "a.cpp").string();
  std::ofstream(path) << "first\n\tsecond\r\n\nlast \x01";
  source_text sources;
  constexpr std::int64_t later = std::int64_t{1} << 40;
  EXPECT_EQ(sources.line(path, 1, later), "first");
  EXPECT_EQ(sources.line(path, 2, later), " second");
  EXPECT_EQ(sources.line(path, 3, later), "");
  EXPECT_EQ(sources.line(path, 4, later), "last ?");
  for (const std::uint32_t outside : {0U, 5U, ~0U}) EXPECT_EQ(sources.line(path, outside, later), "");
  EXPECT_EQ(sources.line(path, 1, 1000), "");
  EXPECT_EQ(sources.line("/nowhere/a.cpp", 1, later), "");
  EXPECT_EQ(sources.line("/dev/zero", 1, later), "");
}

TEST(SourceText, OfARelativePathIsLookedForFromTheProgramUpwards) {
  const auto folder = support::temporary_folder::make("source");
  for (const char* const tree : {"base", "head"}) {
    std::filesystem::create_directories(folder->path() / tree / "include");
    std::filesystem::create_directories(folder->path() / tree / "build/bin");
    std::ofstream(folder->path() / tree / "include/a.hpp") << "of " << tree;
  }
  source_text sources;
  constexpr std::int64_t later = std::int64_t{1} << 40;
  for (const std::string tree : {"base", "head"}) {
    const std::string program = (folder->path() / tree / "build/bin/program").string();
    EXPECT_EQ(sources.line("include/a.hpp", 1, later, program), "of " + tree);
    EXPECT_EQ(sources.line("include/b.hpp", 1, later, program), "");
  }
  EXPECT_EQ(sources.line("include/a.hpp", 1, later), "");
  EXPECT_EQ(sources.line("include/a.hpp", 1, later, "program"), "");
}

}  // namespace
}  // namespace deft::symbols
