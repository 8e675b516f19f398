/// @file
/// deft::import_arrow, deft::arrow_reader: arrays and streams of Arrow, checked, as batches or tables.
#pragma once

#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/arrow_column.hpp"
#include "deft/interop/arrow_handles.hpp"
#include "deft/interop/detail/arrow_reading.hpp"
#include "deft/record/record_vector.hpp"

namespace deft {

/// Takes an array whose type is a struct. `*array` and `*schema` are released from then on, whatever comes of
/// it; what they held is released once: the type before this returns, the array when the batch goes, or
/// before an exception leaves.
///
/// Checked is whatever can be: that the two structs fit each other; formats; counts, lengths and offsets;
/// null pointers and alignment; numbers of absent values; that offsets of texts and lists do not decrease and
/// stay inside, and indices inside their dictionary; 64 levels of nesting and 65,536 columns at most,
/// and 16,777,216 rows where no column has memory, as of the null type. What cannot be checked is that
/// buffers are as long as they must be, and that texts are UTF-8.
///
/// @returns     The batch, which looks at the array's memory.
/// @throws      std::invalid_argument that names the column and what is wrong with it; std::bad_alloc.
/// @complexity  O(columns); O(rows) for bitmaps, texts, lists and dictionaries. @concurrency Exclusive access
///              to both.
[[nodiscard]] arrow_batch import_arrow(ArrowArray* array, ArrowSchema* schema);

/// @overload
[[nodiscard]] DEFT_TAGGED inline arrow_batch import_arrow(arrow_pair pair) {
  return import_arrow(pair.array.get(), pair.schema.get());
}

/// Reads a stream of Arrow batch by batch. The stream is released when the reader goes; batches outlive it.
///
/// Memory: stream and type. Threads: one user at a time.
class arrow_reader {
 public:
  /// Takes a stream; `*stream` is released from then on, whatever comes of it.
  /// @throws      std::invalid_argument if it has no type or an error, whose text is given; std::bad_alloc.
  /// @complexity  O(columns). @concurrency Exclusive access to `*stream`.
  explicit arrow_reader(ArrowArrayStream* stream);

  /// The next batch, checked as import_arrow does.
  /// @returns     Nothing at the end of the stream.
  /// @pre         *this was not moved from, else traps.
  /// @throws      std::invalid_argument as import_arrow, and for an error of the stream; std::bad_alloc.
  /// @complexity  As import_arrow. @concurrency Exclusive access to *this.
  [[nodiscard]] std::optional<arrow_batch> next();

 private:
  [[noreturn]] void fail(int error);

  arrow_stream stream_;
  arrow_schema schema_;
};

inline namespace DEFT_TAG {

/// The rows of a batch as a table, copied. A field takes the column of its name, of these kinds:
///
/// | field | column |
/// |---|---|
/// | integers, bounded | integers, whose values are checked to fit |
/// | float, double | floats that are not wider, integers that are narrower |
/// | bool | bool |
/// | bounded_enum | its enumerators' names, as text or as a dictionary; integers |
/// | enums | integers |
/// | std::string, fixed_string | text, bytes, bytes of a fixed size, or a dictionary of such |
/// | time points | timestamps of the same or a coarser unit; dates for time points of days |
/// | durations | durations of the same or a coarser unit |
/// | std::array | lists of that length |
/// | nested structs | structs |
/// | std::optional of these | the same, where values may be absent |
///
/// Dictionaries of anything but text and bytes are of none of these kinds. What stands under a row of a list
/// or a struct that is absent is not looked at. Columns that are no field are left out.
///
/// @returns     The table.
/// @throws      std::invalid_argument if a field has no column, one of another kind, or one with absent
///              values though it is not optional; std::out_of_range for a value that a field cannot hold;
///              std::bad_alloc, std::length_error. Texts name column and row.
/// @complexity  O(rows * fields). @concurrency Reads the batch.
template <typename T>
[[nodiscard]] record_vector<T> to_records(const arrow_batch& batch) {
  record_vector<T> table;
  detail::append_batch(table, batch);
  return table;
}

/// import_arrow and to_records in one call. Array and type are released before this returns.
/// @returns     The table.
/// @throws      As these. @complexity As these. @concurrency As import_arrow.
template <typename T>
[[nodiscard]] record_vector<T> import_arrow(ArrowArray* array, ArrowSchema* schema) {
  return deft::to_records<T>(deft::import_arrow(array, schema));
}

/// All batches of a stream as one table. The stream is released before this returns.
/// @returns     The table.
/// @throws      As arrow_reader and to_records. @complexity As these. @concurrency As arrow_reader.
template <typename T>
[[nodiscard]] record_vector<T> import_arrow_stream(ArrowArrayStream* stream) {
  arrow_reader reader(stream);
  record_vector<T> table;
  while (const std::optional<arrow_batch> batch = reader.next()) detail::append_batch(table, *batch);
  return table;
}

}  // namespace DEFT_TAG

}  // namespace deft
