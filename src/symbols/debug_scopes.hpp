#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "symbols/stack_profile.hpp"

struct Dwfl_Module;  // elfutils

namespace deft::symbols {

/// What the debug information of one module says about an address: the function and everything inlined there.
/// Reads the list of compilation units once, and the functions of a unit when the first address falls into
/// it.
class debug_scopes {
 public:
  explicit debug_scopes(Dwfl_Module* module);
  ~debug_scopes();
  debug_scopes(const debug_scopes&) = delete;
  debug_scopes& operator=(const debug_scopes&) = delete;

  /// The function at `address` (link-time), then what is inlined into it, outermost first. Empty without
  /// debug information. `module` of the frames is left empty, and `function` where the debug information has
  /// no name.
  std::vector<frame> frames_at(std::uint64_t address);

 private:
  struct unit;
  struct unit_range;
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace deft::symbols
