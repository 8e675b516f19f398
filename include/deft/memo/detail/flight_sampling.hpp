/// @file
/// detail::should_verify: which hits memo_options::verify looks at.
#pragma once

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// True for a share of `rate` of its calls, chosen by a generator that each thread has for itself.
[[nodiscard]] bool sampled(double rate) noexcept;

[[nodiscard]] DEFT_TAGGED inline bool should_verify(double rate) noexcept {
  return rate > 0 && sampled(rate);
}

}  // namespace deft::detail
