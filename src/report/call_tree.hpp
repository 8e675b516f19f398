#pragma once

#include <cstddef>
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

/// Of a stack with more frames, its innermost ones and as many of the outermost as there is room for are
/// kept; what is between them becomes one frame "[frames left out]". An endless recursion would draw a page
/// as tall as a house.
inline constexpr std::size_t deepest_stack = 5'000;
inline constexpr std::size_t innermost_frames_kept = 1'000;

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

/// What one thread holds in one node of a tree.
struct thread_share {
  std::uint32_t node = 0;
  std::uint32_t thread = 0;  ///< Number of threads in the profile where it is none of them.
  std::uint64_t count = 0;
  std::uint64_t value = 0;  ///< Never more than fits.
};

/// One profile in the same form, the threads told apart.
struct threaded_tree {
  std::vector<std::uint32_t> frame;
  std::vector<std::uint32_t> depth;
  std::vector<thread_share> shares;  ///< By node, then by thread.
};

threaded_tree tree_by_thread(const symbols::stack_profile& profile, frame_table& table);

}  // namespace deft::report
