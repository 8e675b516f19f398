#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/pprof_tables.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::formats::pprof {

/// Which of the values that a file gives each sample is read, and as what.
struct sample_measure {
  symbols::profile_kind kind = symbols::profile_kind::cpu;
  std::uint32_t frequency_hz = 0;
  std::optional<std::size_t> count;  ///< Into a sample's values: how many.
  std::optional<std::size_t> value;  ///< Likewise: how long, how large.
  std::uint64_t value_scale = 1;     ///< To ns or bytes.
  std::string note;                  ///< Where the file had more than was read.

  /// Fills in the stack's count and value. Throws `malformed` where no 63 bits hold them.
  void weigh(const std::vector<std::int64_t>& values, symbols::folded_stack& stack) const;
};

/// The default sample type, else the last, as pprof does; and its partner, of "alloc_space" "alloc_objects".
sample_measure choose_sample_type(const tables& t);

}  // namespace deft::formats::pprof
