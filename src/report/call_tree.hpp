#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "symbols/stack_profile.hpp"

namespace deft::report {

/// The frames of all profiles of a report, each once, with numbers in the order in which they were first
/// seen.
class frame_table {
 public:
  std::uint32_t number_of(const symbols::frame& frame);

  const std::vector<symbols::frame>& frames() const { return frames_; }

 private:
  std::map<std::string, std::uint32_t> numbers_;
  std::vector<symbols::frame> frames_;
};

/// Base's and head's stacks in one tree, column by column, in preorder; the heaviest child first. One tree
/// for both keeps a frame where it is when the reader switches sides, and takes half the room of two.
struct call_tree {
  std::vector<std::uint32_t> frame;  ///< Number in the frame table.
  std::vector<std::uint32_t> depth;  ///< 0 for outermost callers.
  std::vector<std::uint64_t> head;   ///< Samples whose innermost frame this is.
  std::vector<std::uint64_t> base;
};

/// Either side may be null. Indices outside a profile's frame list are left out with the rest of their stack.
call_tree merged_tree(const symbols::stack_profile* head, const symbols::stack_profile* base,
                      frame_table& table);

}  // namespace deft::report
