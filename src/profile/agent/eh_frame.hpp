#pragma once

// How to get from a frame to its caller's: a reader of .eh_frame and an interpreter for what it finds. Runs
// in signal handlers of foreign programs, and on hostile bytes: it reads inside of the bytes given only,
// allocates nothing, keeps no state, takes a bounded number of steps. x86-64, and the C++ library is used
// where it is all in headers.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace deft::profile::agent {

/// Registers by DWARF number: rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8 to r15, and the return address.
inline constexpr unsigned register_count = 17;
inline constexpr unsigned base_pointer = 6;
inline constexpr unsigned stack_pointer = 7;
inline constexpr unsigned return_address = 16;

/// Part of a module, with the address that its first byte has in memory. In a running process both are the
/// same place; elsewhere the address is where it would be.
struct image_bytes {
  std::span<const std::uint8_t> bytes;
  std::uint64_t address = 0;
};

enum class recovery : std::uint8_t {
  same,           ///< The caller's value is still in the register.
  undefined,      ///< Lost; of the return address: there is no caller.
  at_cfa,         ///< In memory at CFA + value.
  cfa_plus,       ///< CFA + value.
  in_register,    ///< In register number `value`.
  at_expression,  ///< In memory where the expression says.
  expression,     ///< What the expression says.
};

/// Where one register of the caller is.
struct register_rule {
  recovery how = recovery::same;
  std::uint32_t size = 0;  ///< Of the expression, in bytes.
  std::int64_t value = 0;  ///< An offset, a register's number or the address of an expression.
};

/// How a frame is left, at one instruction.
struct frame_rule {
  std::uint64_t from = 0;  ///< It holds for instructions in [from, to).
  std::uint64_t to = 0;
  std::uint32_t cfa_expression_size = 0;  ///< 0: CFA = register + offset.
  std::uint32_t cfa_register = 0;
  std::int64_t cfa_value = 0;  ///< The offset, or the address of the expression.
  bool signal_frame = false;   ///< Its caller was interrupted and did not call.
  std::array<register_rule, register_count> registers{};
};

/// What `find_rule` needs besides the result; 2 KiB that a signal handler does not want on the stack.
struct rule_workspace {
  static constexpr std::size_t deepest_remembered = 4;
  frame_rule initial;
  std::array<frame_rule, deepest_remembered> remembered;
};

enum class rule_search : std::uint8_t {
  found,
  no_entry,     ///< The module has none for this instruction.
  malformed,    ///< What is there leads out of the image or contradicts itself.
  unsupported,  ///< Valid perhaps, but not what compilers make.
};

/// Finds the rule for the instruction at `address` by way of .eh_frame_hdr, which starts at `header`; by its
/// table where it is sorted as linkers do, else by going through all entries.
rule_search find_rule(const image_bytes& image, std::uint64_t header, std::uint64_t address, frame_rule& rule,
                      rule_workspace& workspace) noexcept;

/// The same by going through all entries of .eh_frame, which starts at `section`, to its end mark or the
/// image's. For modules without a header, and to check the other against.
rule_search scan_for_rule(const image_bytes& image, std::uint64_t section, std::uint64_t address,
                          frame_rule& rule, rule_workspace& workspace) noexcept;

/// The registers of a frame; those that are not known must not be used.
struct frame_registers {
  std::array<std::uint64_t, register_count> value{};
  std::uint32_t known = 0;  ///< One bit each.

  bool knows(unsigned number) const noexcept { return number < register_count && (known >> number & 1) != 0; }

  void set(unsigned number, std::uint64_t to) noexcept {
    value[number] = to;
    known |= 1U << number;
  }

  void forget(unsigned number) noexcept { known &= ~(1U << number); }
};

/// Reads a word of the sampled thread's memory; false where there is none.
struct word_reader {
  void* context = nullptr;
  bool (*read)(void* context, std::uint64_t address, std::uint64_t& word) noexcept = nullptr;

  bool operator()(std::uint64_t address, std::uint64_t& word) const noexcept {
    return read(context, address, word);
  }
};

enum class step : std::uint8_t {
  stepped,  ///< `registers` are the caller's, `return_address` being its next instruction.
  root,     ///< There is no caller: the return address is declared undefined, or is 0.
  broken,   ///< The rule cannot be followed here.
};

/// Goes to the caller. `frame_end` becomes the CFA of the frame that was left, or 0 where it is not known.
step follow(const frame_rule& rule, const image_bytes& image, const word_reader& memory,
            frame_registers& registers, std::uint64_t& frame_end) noexcept;

/// Evaluates a DWARF expression as call frame information uses them, with `first` on its stack where there is
/// one. False on operations that have no business there, on underflow, where memory or a register is not
/// known, and after 1,000 steps.
bool evaluate(std::span<const std::uint8_t> expression, const frame_registers& registers,
              const word_reader& memory, const std::uint64_t* first, std::uint64_t& result) noexcept;

}  // namespace deft::profile::agent
