#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include "symbols/stack_profile.hpp"

namespace deft::formats {

/// Nothing overflows: other tools take at most this.
inline constexpr std::uint64_t largest_number = std::numeric_limits<std::int64_t>::max();

/// a + b, or the largest number.
std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept;

/// ns or bytes, also where the profile leaves that to its frequency; at most the largest number.
std::uint64_t value_of(const symbols::stack_profile& profile, const symbols::folded_stack& stack) noexcept;

/// Whether ns or bytes are known, or samples only.
bool has_values(const symbols::stack_profile& profile) noexcept;

/// What is weighed, in the words that pprof and speedscope share.
struct weight_words {
  std::string_view count;       ///< "samples", "alloc_objects"
  std::string_view value;       ///< "cpu", "wall", "off_cpu", "alloc_space"
  std::string_view value_unit;  ///< "nanoseconds", "bytes"
};

weight_words words_for(symbols::profile_kind kind) noexcept;

}  // namespace deft::formats
