#pragma once

#include <cstdint>
#include <span>

#include "symbols/recording.hpp"

namespace deft::profile {

/// Turns the records of samplers inside of processes into a recording. Believes nothing of them.
class sample_records {
 public:
  /// One whole record: whether it was one. A sample too many for memory is one, and counted as lost.
  bool take(std::span<const std::uint64_t> record);

  /// Of samples, since the last `finish()`.
  std::uint64_t kept_bytes() const noexcept { return kept_bytes_; }

  /// Everything so far, in order of time; nothing is left.
  symbols::recording finish();

 private:
  bool take_sample(std::span<const std::uint64_t> body);
  bool take_mapping(std::span<const std::uint64_t> body);

  symbols::recording recording_;
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace deft::profile
