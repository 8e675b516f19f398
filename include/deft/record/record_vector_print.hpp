/// @file
/// Rows of tables as text.
#pragma once

#include <ostream>

#include "deft/core/contracts.hpp"
#include "deft/record/print.hpp"
#include "deft/record/record_vector_row.hpp"

namespace deft {

inline namespace DEFT_TAG {

/// Writes a row as to_string writes a T: `{ts=1, venue=3}`.
/// @returns     `to`. @throws std::bad_alloc; what the stream throws. @complexity O(length).
/// @concurrency Concurrent reads.
template <typename T, typename Layout, bool Const>
std::ostream& operator<<(std::ostream& to, const basic_row<T, Layout, Const>& row) {
  return to << deft::to_string(static_cast<T>(row));
}

}  // namespace DEFT_TAG

}  // namespace deft
