#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "symbols/stack_profile.hpp"

namespace deft::diff {

/// A function of either side, or of both where they were matched.
struct sided_function {
  std::string name;  ///< That stands for it: without clone suffix.
  std::string module;
  const symbols::frame* base = nullptr;  ///< With most samples there; nullptr: it has none there.
  const symbols::frame* head = nullptr;
  std::uint64_t base_total = 0;  ///< Samples with it on the stack.
  std::uint64_t head_total = 0;
  std::uint64_t base_self = 0;
  std::uint64_t head_self = 0;
  std::vector<std::uint32_t> callers;  ///< Other functions, in ascending order.
  std::vector<std::uint32_t> callees;

  bool only_base() const noexcept { return base != nullptr && head == nullptr; }

  bool only_head() const noexcept { return base == nullptr && head != nullptr; }
};

/// Functions of base that head has under another name, judged by where they are. They share a caller or
/// callee that both sides know, and are either in the same file, no other candidate being nearer to either;
/// or, where files do not tell, they have most callers in common, and most callees or, where they call
/// nothing, times within half of one another. Only among functions with 0.5 % of their side's samples; the
/// heaviest 256 of each side.
/// @returns Pairs of numbers, base's first; no number twice.
std::vector<std::pair<std::uint32_t, std::uint32_t>> renamed_pairs(
    const std::vector<sided_function>& functions, std::uint64_t base_samples, std::uint64_t head_samples);

}  // namespace deft::diff
