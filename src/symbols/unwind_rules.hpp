#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>

#include "symbols/recording.hpp"

struct Dwfl_Module;  // elfutils
struct Dwarf_CFI_s;
struct Dwarf_Frame_s;

namespace deft::symbols {

/// The copied bytes of a thread's stack.
struct stack_bytes {
  std::uint64_t start = 0;
  std::span<const std::uint8_t> bytes;

  /// Reads a word; false where the copy does not reach.
  bool read(std::uint64_t address, std::uint64_t& value) const;
};

/// Registers of one frame. A register that is not known any more must not be used.
struct frame_registers {
  std::array<std::uint64_t, max_registers> value{};
  std::array<bool, max_registers> known{};
};

/// The registers' DWARF numbers on the machine this was compiled for.
struct register_numbers {
  unsigned count;
  unsigned stack_pointer;
  unsigned return_address;   ///< The CFI column that holds it.
  unsigned program_counter;  ///< Where samples and frames keep the instruction's address.
};

/// Null-like (`count` 0) on machines that deft cannot unwind on.
register_numbers machine_registers() noexcept;

enum class step_result : std::uint8_t {
  stepped,  ///< `registers` are the caller's.
  root,     ///< The outermost frame of a thread: the return address is declared undefined, or is 0.
  broken,   ///< No unwind information, or it leads outside the stack copy.
};

/// The call frame information of one module: how to get from a frame to its caller's. Rules are kept by
/// address, because a profile meets the same few thousand again and again (elfutils needs 1 us to find and
/// decode one).
class unwind_rules {
 public:
  struct rule;

  explicit unwind_rules(Dwfl_Module* module);
  ~unwind_rules();
  unwind_rules(const unwind_rules&) = delete;
  unwind_rules& operator=(const unwind_rules&) = delete;

  /// What holds at `address` (link-time). Lives as long as this object.
  const rule& at(std::uint64_t address);

  /// Goes from a frame whose code is where `here` holds to its caller. Leaves nothing useful in `registers`
  /// unless it stepped.
  static step_result step(const rule& here, frame_registers& registers, const stack_bytes& stack);

  /// Whether the function is a signal trampoline, so that its caller was interrupted and did not call.
  static bool is_signal_frame(const rule& here) noexcept;

  /// One of the module's two, with the addresses that it was linked for.
  struct frame_table {
    Dwarf_CFI_s* table = nullptr;
    std::uint64_t bias = 0;

    bool find(std::uint64_t address, Dwarf_Frame_s*& found) const;
  };

 private:
  Dwfl_Module* module_;
  std::optional<frame_table> exception_frames_;  // looked for when they are needed
  std::optional<frame_table> debug_frames_;
  std::unordered_map<std::uint64_t, std::unique_ptr<rule>> rules_;
};

}  // namespace deft::symbols
