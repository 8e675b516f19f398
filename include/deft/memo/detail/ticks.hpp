/// @file
/// A clock that is cheap enough to be read on a hit.
#pragma once

#include <chrono>
#include <cstdint>

namespace deft::detail {

/// Nanoseconds of a steady clock, which go on every 10 ms or oftener.
[[nodiscard]] std::int64_t coarse_now() noexcept;

}  // namespace deft::detail
