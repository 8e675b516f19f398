#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "symbols/address_space.hpp"
#include "symbols/frame_table.hpp"
#include "symbols/module_table.hpp"
#include "symbols/number_index.hpp"
#include "symbols/unwind_rules.hpp"

namespace deft::symbols {

/// One instruction, and what is known of it.
struct code_place {
  module_entry* entry = nullptr;    ///< Null outside of every mapping.
  loaded_module* module = nullptr;  ///< Null where no file can be read.
  std::uint64_t address = 0;        ///< Link-time; only where there is a module.
  std::uint32_t first_name = 0;     ///< Into the owner's names.
  std::uint32_t name_count = 0;
  const unwind_rules::rule* rule = nullptr;  ///< Once it was asked for.
};

/// The code of all processes of a recording, with names. Nothing is looked up twice: an address of a process
/// leads to its place in one step, and processes of one program share places.
class process_code {
 public:
  process_code(frame_table& frames, std::string debug_path)
      : frames_(&frames), modules_(std::move(debug_path)) {}

  /// One process; valid until `clear()`.
  struct process {
    address_space space;
    number_index places;        // by address
    number_index scope_frames;  // by the address of the name
    bool executed = false;      // it was replaced by another program
  };

  void apply(const mapping_event& event);

  /// Forgets the processes, but not what was read from files.
  void clear() { processes_.clear(); }

  process& of(std::uint32_t pid) { return processes_[pid]; }

  /// Valid until the next one is asked for.
  code_place& at(process& owner, std::uint64_t address);

  /// Numbers of frames: the innermost inlined function first, the function itself last.
  std::span<const std::uint32_t> names(const code_place& place) const {
    return {names_.data() + place.first_name, place.name_count};
  }

  /// Of a place with a module.
  static const unwind_rules::rule& rule(code_place& place);

  /// The frame of the scope whose name is at `address` in the process' memory; empty where no constant data
  /// of a module gives it one.
  std::optional<std::uint32_t> scope_frame(process& owner, std::uint64_t address);

  module_table& modules() noexcept { return modules_; }

 private:
  std::uint32_t place_at(const process& owner, std::uint64_t address);
  std::uint32_t add_place(const code_place& place, std::span<const std::uint32_t> names);
  std::uint32_t add_nameless(module_entry* entry, std::uint64_t file_offset);
  std::uint32_t find_scope_frame(const process& owner, std::uint64_t address);

  frame_table* frames_;
  module_table modules_;
  std::unordered_map<std::uint32_t, process> processes_;
  std::vector<code_place> places_;
  std::vector<std::uint32_t> names_;
};

}  // namespace deft::symbols
