#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace deft::stats {

/// Exact counts of one benchmark in one program, per iteration, set-up subtracted. Empty: not counted;
/// `why_not` says why.
struct work_counts {
  std::optional<double> instructions;
  std::optional<double> allocations;
  std::optional<double> allocated_bytes;
  std::optional<std::uint64_t> peak_bytes;
  std::string why_not;
};

/// How head's work compares with base's.
enum class work_change {
  unknown,
  same,  ///< Instructions within 0.5 % and no allocation more or less.
  more,
  less,
};

}  // namespace deft::stats
