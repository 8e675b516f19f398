#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "diff/explanation.hpp"
#include "diff/usable_rounds.hpp"

namespace deft::diff {

/// A frame that no sample of the rounds is in.
inline constexpr std::uint32_t unseen_frame = std::numeric_limits<std::uint32_t>::max();

struct matched_function {
  symbols::frame frame;   ///< Head's; base's where head has none. With samples in several, the one with most.
  std::string base_name;  ///< Where it differs.
  function_match match = function_match::same;

  bool one_sided() const noexcept {
    return match == function_match::only_base || match == function_match::only_head;
  }
};

/// The functions of both sides. Their order is that of their names.
struct matched_functions {
  std::vector<matched_function> functions;
  std::vector<std::uint32_t> of_frame;  ///< Into `functions`, or `unseen_frame`.
};

/// Tells which frames are one function: those of one name and module, wherever its lines are and whether or
/// not it was inlined; copies that the compiler made of it (".constprop.0") are it, and all code of a module
/// of which only addresses are known is one function. Then, of the functions that only one side has and only
/// where exactly one of each side fits: another module; without ABI tags, template arguments, parameter
/// types; and at last renamed_pairs.
matched_functions match_functions(const std::vector<symbols::frame>& frames, const usable_rounds& rounds);

}  // namespace deft::diff
