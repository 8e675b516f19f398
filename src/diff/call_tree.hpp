#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "diff/match_functions.hpp"
#include "diff/usable_rounds.hpp"

namespace deft::diff {

/// Rows of samples by round.
class count_table {
 public:
  explicit count_table(std::size_t width, std::size_t rows = 0) : width_(width), cells_(width * rows) {}

  std::size_t rows() const noexcept { return cells_.size() / width_; }

  std::span<std::uint64_t> row(std::size_t i) noexcept { return {cells_.data() + i * width_, width_}; }

  std::span<const std::uint64_t> row(std::size_t i) const noexcept {
    return {cells_.data() + i * width_, width_};
  }

  void add_row() { cells_.resize(cells_.size() + width_); }

  void add(std::size_t i, std::span<const std::uint64_t> counts) noexcept {
    for (std::size_t c = 0; c < width_; ++c) cells_[i * width_ + c] += counts[c];
  }

 private:
  std::size_t width_;  // not 0
  round_counts cells_;
};

inline constexpr std::uint32_t no_node = std::numeric_limits<std::uint32_t>::max();

struct call_node {
  std::uint32_t function = 0;
  std::uint32_t parent = no_node;
  std::uint32_t depth = 0;
  bool inlined = false;  ///< On either side.
};

/// Call paths of both sides, parents before children.
struct call_tree {
  std::vector<call_node> nodes;
  count_table self;
  count_table total;
};

/// Complexity: O(frames of all stacks, and nodes times rounds).
call_tree merge_stacks(const usable_rounds& rounds, const std::vector<symbols::frame>& frames,
                       const matched_functions& functions);

/// Samples by function: in it itself, and with it on the stack, which counts once however often it is there.
struct function_counts {
  count_table self;
  count_table total;
};

function_counts count_functions(const usable_rounds& rounds, const matched_functions& functions);

/// The nodes in preorder, of siblings the one with most `weight` first, and of equally heavy ones that whose
/// function comes first.
std::vector<std::uint32_t> preorder(const std::vector<call_node>& nodes, const std::vector<double>& weight);

}  // namespace deft::diff
