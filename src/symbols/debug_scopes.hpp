#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "symbols/stack_profile.hpp"

namespace deft::symbols {

class module_file;

/// Where in the source an instruction comes from.
struct source_line {
  std::string file;  ///< Where it was when it was compiled.
  std::uint32_t line = 0;
};

/// What the debug information of one module says about an address: the function and everything inlined there.
/// Reads the list of compilation units once, and the functions of a unit when the first address falls into
/// it.
class debug_scopes {
 public:
  /// The file outlives this object.
  explicit debug_scopes(const module_file& file);
  ~debug_scopes();
  debug_scopes(const debug_scopes&) = delete;
  debug_scopes& operator=(const debug_scopes&) = delete;

  /// The function at `address` (link-time), then what is inlined into it, outermost first. Empty without
  /// debug information. `module` of the frames is left empty, and `function` where the debug information has
  /// no name.
  std::vector<frame> frames_at(std::uint64_t address);

  /// By the line table; empty where it has nothing for `address` (link-time).
  std::optional<source_line> line_at(std::uint64_t address);

 private:
  struct unit;
  struct unit_range;
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace deft::symbols
