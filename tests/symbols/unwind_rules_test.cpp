#include "symbols/unwind_rules.hpp"

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "symbols/loaded_module.hpp"
#include "tests/symbols/command_output.hpp"
#include "tests/symbols/own_stack.hpp"
#include "tests/symbols/resolved.hpp"
#include "tests/symbols/small_program.hpp"

namespace deft::symbols {
namespace {

using testing::plugin;
using testing::resolve;

constexpr std::uint64_t stack_start = 0x7000;

// A frame at `address` whose registers and stack words are numbered.
struct frame_at {
  explicit frame_at(std::uint64_t address) {
    const register_numbers machine = machine_registers();
    for (unsigned i = 0; i < machine.count; ++i) {
      registers.value[i] = 0x100 + i;
      registers.known[i] = true;
    }
    registers.value[machine.stack_pointer] = stack_start;
    registers.value[machine.program_counter] = address;
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = 0x1000 + i;
    bytes.resize(sizeof words);
    std::memcpy(bytes.data(), words.data(), bytes.size());
  }

  step_result step(loaded_module& module) {
    const std::uint64_t address = registers.value[machine_registers().program_counter];
    return unwind_rules::step(module.rules().at(address), registers, {stack_start, bytes});
  }

  frame_registers registers;
  std::array<std::uint64_t, 64> words{};
  std::vector<std::uint8_t> bytes;
};

#if defined(__x86_64__)
// A step from the first function of a small program, the call frame instructions of which start with
// `program`.
step_result step_with(const std::vector<std::uint8_t>& program, std::uint32_t section_type = SHT_PROGBITS) {
  const testing::small_program file(program, section_type);
  loaded_module module(module_file::from_bytes("small", file.content()));
  frame_at frame(testing::small_program::function);
  return frame.step(module);
}

// elfutils takes rbx for a register that a call may change, and the lazy binder's frames are counted from it.
TEST(UnwindRules, KeepTheRegistersThatACallPreservesWhereNoRuleSpeaksOfThem) {
  loaded_module module(module_file::open(plugin("plugin_1.so")));
  const std::vector<std::string> line =
      testing::output_of("readelf -SW '" + plugin("plugin_1.so") +
                         "' | sed -n 's/.* \\.plt  *PROGBITS  *\\([0-9a-f]*\\).*/\\1/p'");
  ASSERT_EQ(line.size(), 1U);
  frame_at frame(std::stoull(line[0], nullptr, 16));
  ASSERT_EQ(frame.step(module), step_result::stepped);
  for (const unsigned preserved : {3U, 6U, 12U, 13U, 14U, 15U}) {
    EXPECT_TRUE(frame.registers.known[preserved]) << preserved;
    EXPECT_EQ(frame.registers.value[preserved], 0x100U + preserved);
  }
}
#endif

TEST(UnwindRules, StepFromTheFirstInstructionOfAFunctionToItsCaller) {
  loaded_module module(module_file::open(plugin("plugin_1.so")));
  const auto start = module.symbols().address_of("call_library");
  ASSERT_TRUE(start);
  frame_at frame(*start);
  ASSERT_EQ(frame.step(module), step_result::stepped);
#if defined(__x86_64__)
  EXPECT_EQ(frame.registers.value[machine_registers().program_counter], 0x1000U);
  EXPECT_EQ(frame.registers.value[machine_registers().stack_pointer], stack_start + 8);
#endif
}

TEST(UnwindRules, AreBrokenWhereThereIsNoCode) {
  loaded_module module(module_file::open(plugin("plugin_1.so")));
  frame_at frame(0x7fffffff);
  EXPECT_EQ(frame.step(module), step_result::broken);
}

#if defined(__x86_64__)
// elfutils would take a word of memory for each of them.
TEST(UnwindRules, AreBrokenWhereRegistersAreNamedThatNoMachineHas) {
  EXPECT_EQ(step_with({0x07, 0xe8, 0x07}), step_result::stepped) << "undefined: register 1000";
  EXPECT_EQ(step_with({0x07, 0x80, 0x80, 0x80, 0x08}), step_result::broken) << "undefined: register 2^24";
  EXPECT_EQ(step_with({0x07, 0x80, 0x80, 0x80, 0x08}, SHT_X86_64_UNWIND), step_result::broken);
  EXPECT_EQ(step_with({0x07, 0x80, 0x80, 0x80, 0x08}, 0x81), step_result::broken);
  EXPECT_EQ(step_with({0x05, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x01}), step_result::broken)
      << "register 2^32 - 1";
  EXPECT_EQ(step_with({0x06, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}),
            step_result::broken)
      << "restore: register 2^64 - 1";
}

TEST(UnwindRules, AreNotLookedForInASectionThatHasNoBytes) {
  EXPECT_EQ(step_with({}, SHT_NOBITS), step_result::broken);
}

// elfutils would copy all registers for each of them.
TEST(UnwindRules, AreBrokenWhereMoreStatesAreRememberedThanBySaneCode) {
  EXPECT_EQ(step_with(std::vector<std::uint8_t>(10, 0x0a)), step_result::stepped);
  EXPECT_EQ(step_with(std::vector<std::uint8_t>(70, 0x0a)), step_result::broken);
}
#endif

TEST(StackResolver, TakesTheDynamicLinkersFirstFunctionForARoot) {
  const recording mappings = testing::own_mappings();
  for (const mapping_event& event : mappings.mappings) {
    if (base_name(event.path).find("ld-") != 0) continue;
    const auto file = module_file::open(event.path);
    ASSERT_NE(file, nullptr);
    const auto entry = file->offset_of(file->entry());
    ASSERT_TRUE(entry);
    stack_sample sample = testing::sample_own_stack(1024);
    const register_numbers machine = machine_registers();
    sample.registers[machine.program_counter] = event.start + *entry - event.file_offset;
    EXPECT_TRUE(resolve(sample).sample.rooted);
    return;
  }
  GTEST_SKIP() << "linked statically";
}

TEST(StackResolver, ShowsTheKernelAloneWhileAProcessIsReplaced) {
  recording all = testing::own_mappings();
  stack_sample sample = testing::sample_own_stack(4096);
  sample.in_kernel = true;
  mapping_event exec;
  exec.what = mapping_event::kind::exec;
  exec.pid = sample.pid;
  all.mappings.push_back(exec);
  stack_resolver resolver;
  const testing::resolved replaced = resolve(resolver, all, sample);
  EXPECT_TRUE(replaced.sample.rooted);
  EXPECT_EQ(replaced.names(), std::vector<std::string>{"[kernel]"});
  sample.in_kernel = false;
  EXPECT_FALSE(resolve(resolver, all, sample).sample.rooted);
}

}  // namespace
}  // namespace deft::symbols
