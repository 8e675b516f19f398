// Call frame information as our reader understands it, against elfutils', over everything that is loaded
// here; and on damaged bytes.

#include "profile/agent/eh_frame.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include <dlfcn.h>
#include <gtest/gtest.h>

#include "profile/agent/byte_reader.hpp"
#include "profile/agent/module_finder.hpp"
#include "symbols/module_file.hpp"
#include "symbols/unwind_rules.hpp"

namespace deft::profile::agent {
namespace {

constexpr std::array<unsigned, 8> compared = {3, base_pointer, stack_pointer, 12, 13, 14, 15, return_address};

/// A stack of words that are addresses of the stack, so that whatever is loaded can be followed.
struct imagined_stack {
  static constexpr std::uint64_t start = 0x7ffd00000000;
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(1 << 16);
  frame_registers registers;

  explicit imagined_stack(std::uint64_t seed) {
    std::mt19937_64 random(seed);
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      const std::uint64_t word = start + random() % bytes.size() / 8 * 8;
      std::memcpy(bytes.data() + i, &word, sizeof word);
    }
    set_registers(seed);
  }

  void set_registers(std::uint64_t seed) {
    for (unsigned number = 0; number < register_count; ++number) {
      seed = seed * 6364136223846793005U + 1442695040888963407U;
      registers.set(number, start + 1024 + (seed >> 40) % 512 * 8);
    }
    registers.set(stack_pointer, start + 512);
  }

  word_reader reader() {
    return {this, [](void* self, std::uint64_t address, std::uint64_t& word) noexcept {
              const auto& stack = *static_cast<imagined_stack*>(self);
              if (address < start || address - start > stack.bytes.size() - sizeof word) return false;
              std::memcpy(&word, stack.bytes.data() + (address - start), sizeof word);
              return true;
            }};
  }
};

/// Where the functions of an image start, by its table.
std::vector<std::uint64_t> function_starts(const loaded_image& image) {
  byte_reader reader(image.frames.bytes, image.header - image.frames.address + 8);
  const auto count = reader.read<std::uint32_t>();
  std::vector<std::uint64_t> starts;
  for (std::uint32_t i = 0; i < count; ++i) {
    starts.push_back(image.header + static_cast<std::uint64_t>(std::int64_t{reader.read<std::int32_t>()}));
    reader.skip(4);
  }
  return starts;
}

// Of longjmp: registers that are in other ones, which our reading through elfutils does not follow.
bool has_moved_registers(const frame_rule& rule) {
  return std::any_of(rule.registers.begin(), rule.registers.end(),
                     [](const register_rule& each) { return each.how == recovery::in_register; });
}

struct tally {
  std::size_t rules = 0;
  std::size_t steps = 0;
  std::size_t roots = 0;
};

// Each row of every n-th function's table, from the image in memory, against elfutils on the file.
tally compare_rules(const void* something_inside, std::size_t every) {
  tally counted;
  loaded_image image;
  EXPECT_TRUE(find_image(reinterpret_cast<std::uint64_t>(something_inside), image));
  Dl_info file;
  EXPECT_NE(::dladdr(something_inside, &file), 0);
  const auto module = symbols::module_file::open(file.dli_fname);
  EXPECT_NE(module, nullptr) << file.dli_fname;
  if (module == nullptr) return counted;
  symbols::unwind_rules elfutils(module->handle());

  rule_workspace workspace;
  frame_rule rule;
  imagined_stack stack(1);
  std::uint64_t seed = 0;
  const std::vector<std::uint64_t> starts = function_starts(image);
  for (std::size_t i = 0; i < starts.size(); i += every) {
    std::uint64_t at = starts[i];
    while (find_rule(image.frames, image.header, at, rule, workspace) == rule_search::found) {
      EXPECT_LE(rule.from, at);
      EXPECT_GT(rule.to, at);
      at = has_moved_registers(rule) ? rule.to : at;
      if (at == rule.to) continue;
      ++counted.rules;
      stack.set_registers(++seed);
      frame_registers ours = stack.registers;
      std::uint64_t frame_end = 0;
      const step done = follow(rule, image.frames, stack.reader(), ours, frame_end);

      symbols::frame_registers theirs;
      for (unsigned number = 0; number < register_count; ++number) {
        theirs.value[number] = stack.registers.value[number];
        theirs.known[number] = true;
      }
      const symbols::step_result expected = symbols::unwind_rules::step(elfutils.at(at - image.bias), theirs,
                                                                        {imagined_stack::start, stack.bytes});
      EXPECT_EQ(static_cast<int>(done), static_cast<int>(expected))
          << file.dli_fname << " at " << std::hex << at - image.bias;
      EXPECT_EQ(rule.signal_frame, symbols::unwind_rules::is_signal_frame(elfutils.at(at - image.bias)));
      if (done == step::root) ++counted.roots;
      if (done == step::stepped && expected == symbols::step_result::stepped) {
        ++counted.steps;
        for (const unsigned number : compared) {
          // elfutils knows nothing of a register without a rule; by the ABI it is as it was.
          if (rule.registers[number].how == recovery::same && !theirs.known[number]) continue;
          EXPECT_EQ(ours.knows(number), theirs.known[number])
              << file.dli_fname << " at " << std::hex << at - image.bias << " register " << number;
          if (ours.knows(number) && theirs.known[number]) {
            EXPECT_EQ(ours.value[number], theirs.value[number])
                << file.dli_fname << " at " << std::hex << at - image.bias << " register " << number;
          }
        }
      }
      if (::testing::Test::HasFailure()) return counted;
      at = rule.to;
    }
  }
  return counted;
}

TEST(EhFrame, IsReadAsElfutilsReadsItInTheCLibrary) {
  const tally counted = compare_rules(reinterpret_cast<const void*>(&std::strtoul), 1);
  EXPECT_GT(counted.rules, 10'000U);
  EXPECT_GT(counted.steps, counted.rules * 9 / 10);
  EXPECT_GT(counted.roots, 0U);
}

TEST(EhFrame, IsReadAsElfutilsReadsItInTheCxxLibrary) {
  const void* inside = ::dlsym(RTLD_DEFAULT, "_ZNSt8ios_base4InitC1Ev");
  if (inside == nullptr) GTEST_SKIP() << "another C++ library";
  const tally counted = compare_rules(inside, 4);
  EXPECT_GT(counted.rules, 5000U);
}

TEST(EhFrame, GivesTheSameRulesByItsTableAndByGoingThroughIt) {
  loaded_image image;
  ASSERT_TRUE(find_image(reinterpret_cast<std::uint64_t>(&std::strtoul), image));
  byte_reader reader(image.frames.bytes, image.header - image.frames.address + 4);
  const std::uint64_t section =
      image.header + 4 + static_cast<std::uint64_t>(std::int64_t{reader.read<std::int32_t>()});
  rule_workspace workspace;
  frame_rule by_table;
  frame_rule by_scan;
  const std::vector<std::uint64_t> starts = function_starts(image);
  for (std::size_t i = 0; i < starts.size(); i += 97) {
    const std::uint64_t at = starts[i] + i % 7;
    const auto found = find_rule(image.frames, image.header, at, by_table, workspace);
    EXPECT_EQ(scan_for_rule(image.frames, section, at, by_scan, workspace), found);
    if (found != rule_search::found) continue;
    EXPECT_EQ(by_table.from, by_scan.from);
    EXPECT_EQ(by_table.to, by_scan.to);
    EXPECT_EQ(by_table.cfa_value, by_scan.cfa_value);
    EXPECT_EQ(by_table.cfa_register, by_scan.cfa_register);
  }
}

TEST(EhFrame, SurvivesDamage) {
  // This program's own information, copied out and damaged: the copy is its own bound.
  loaded_image image;
  ASSERT_TRUE(find_image(reinterpret_cast<std::uint64_t>(&function_starts), image));
  byte_reader reader(image.frames.bytes, image.header - image.frames.address + 4);
  const std::uint64_t section =
      image.header + 4 + static_cast<std::uint64_t>(std::int64_t{reader.read<std::int32_t>()});
  const std::uint64_t from = image.header;
  ASSERT_GT(section, from);
  const std::size_t size = std::min<std::size_t>(image.end - from, section - from + 40'000);
  std::vector<std::uint8_t> bytes(size);
  std::memcpy(bytes.data(), reinterpret_cast<const void*>(from), size);  // NOLINT: mapped, as it was found
  const std::vector<std::uint64_t> starts = function_starts(image);

  std::mt19937_64 random(7);
  rule_workspace workspace;
  frame_rule rule;
  imagined_stack stack(2);
  std::size_t found = 0;
  for (int round = 0; round < 10'000; ++round) {
    // Half of the damage where all reading begins.
    const std::size_t at =
        round % 2 == 0 ? random() % size
                       : section - from + random() % std::min<std::size_t>(size - (section - from), 4000);
    const std::uint8_t kept = bytes[at];
    bytes[at] = static_cast<std::uint8_t>(random());
    const std::uint64_t address = starts[random() % std::min<std::size_t>(starts.size(), 60)] + random() % 40;
    stack.set_registers(static_cast<std::uint64_t>(round));
    if (find_rule({bytes, from}, from, address, rule, workspace) == rule_search::found) {
      ++found;
      std::uint64_t frame_end = 0;
      follow(rule, {bytes, from}, stack.reader(), stack.registers, frame_end);
    }
    if (round % 100 == 0) scan_for_rule({bytes, from}, section, address, rule, workspace);
    bytes[at] = kept;
  }
  EXPECT_GT(found, 100U);
}

TEST(Expressions, AreEvaluatedAsDwarfSays) {
  imagined_stack stack(1);
  stack.registers.set(7, imagined_stack::start + 64);
  stack.registers.set(16, 0x1007);
  std::uint64_t result = 0;
  // The rule of PLT entries: rsp + 8 + ((rip & 15) >= 11) * 8.
  const std::vector<std::uint8_t> entry = {0x77, 8, 0x80, 0, 0x3f, 0x1a, 0x3b, 0x2a, 0x33, 0x24, 0x22};
  ASSERT_TRUE(evaluate(entry, stack.registers, stack.reader(), nullptr, result));
  EXPECT_EQ(result, imagined_stack::start + 64 + 8);
  stack.registers.set(16, 0x100b);
  ASSERT_TRUE(evaluate(entry, stack.registers, stack.reader(), nullptr, result));
  EXPECT_EQ(result, imagined_stack::start + 64 + 16);
  // What cannot be: an empty stack, an unknown register, memory that is not there, an endless loop.
  const std::uint64_t first = 16;
  EXPECT_FALSE(evaluate(std::vector<std::uint8_t>{0x22}, stack.registers, stack.reader(), &first, result));
  EXPECT_FALSE(evaluate(std::vector<std::uint8_t>{0x06}, stack.registers, stack.reader(), &first, result));
  EXPECT_FALSE(
      evaluate(std::vector<std::uint8_t>{0x2f, 0xfd, 0xff}, stack.registers, stack.reader(), &first, result));
  EXPECT_FALSE(evaluate(std::vector<std::uint8_t>{0xff}, stack.registers, stack.reader(), &first, result));
  EXPECT_FALSE(
      evaluate(std::vector<std::uint8_t>{0x0c, 1, 2}, stack.registers, stack.reader(), &first, result));
  stack.registers.forget(6);
  EXPECT_FALSE(evaluate(std::vector<std::uint8_t>{0x76, 0}, stack.registers, stack.reader(), &first, result));
}

}  // namespace
}  // namespace deft::profile::agent
