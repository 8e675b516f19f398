/// @file
/// deft::export_arrow, deft::export_arrow_stream: tables handed out through Arrow's C interfaces.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/arrow_handles.hpp"
#include "deft/interop/detail/arrow_columns.hpp"
#include "deft/interop/detail/arrow_filler.hpp"
#include "deft/interop/detail/arrow_types.hpp"
#include "deft/record/record_vector_shared.hpp"

namespace deft {

/// Which rows of a table are exported: `count` of them from row `first` on, fewer where the table ends.
struct arrow_rows {
  std::size_t first = 0;
  std::size_t count = static_cast<std::size_t>(-1);
};

/// How a stream cuts tables up.
struct arrow_stream_options {
  /// The most rows of an array; 0: as many as the table has.
  std::size_t batch_rows = 0;
};

namespace detail {

template <typename T>
inline constexpr arrow_type arrow_type_of_table = arrow_field<T>::named("");

template <typename T, typename Layout>
class table_source {
 public:
  DEFT_TAGGED table_source(std::vector<shared_table<T, Layout>>&& tables, std::size_t rows) noexcept
      : tables_(std::move(tables)), rows_(rows) {}

  DEFT_TAGGED bool next(ArrowArray* out);

 private:
  std::vector<shared_table<T, Layout>> tables_;
  std::size_t rows_;
  std::size_t table_ = 0;
  std::size_t row_ = 0;
};

}  // namespace detail

inline namespace DEFT_TAG {

/// The type of a table of T as a struct of Arrow, one child per field: names, whether values may be absent,
/// the names of enumerators as dictionaries.
/// @returns     The schema; or writes it to `*out`, which is overwritten and then to be released.
/// @throws      std::bad_alloc; then `*out` is not written.
/// @complexity  O(fields). @concurrency Safe.
/// @{
template <typename T>
void export_arrow_schema(ArrowSchema* out) {
  detail::make_arrow_schema(detail::arrow_type_of_table<T>, out);
}

template <typename T>
[[nodiscard]] arrow_schema export_arrow_schema() {
  arrow_schema schema;
  detail::make_arrow_schema(detail::arrow_type_of_table<T>, schema.put());
  return schema;
}

/// @}

/// A table, or some of its rows, as an array of Arrow (what Arrow calls a record batch) and its type. The
/// columns stay where they are and live until the last part of the array is released, on whichever thread;
/// what is done to the table that was shared does not change them. Only these columns are copied: bit-packed
/// ones, nested structs, arrays of bools, optionals or structs, and dates that do not have 32 bits.
/// @returns     Array and type; or writes them to `*array` and `*schema`, which are overwritten and then to
///              be released.
/// @throws      std::bad_alloc; std::out_of_range for a date that Arrow cannot hold.
/// @guarantee   Strong: nothing is written then.
/// @complexity  O(fields); O(rows) for each column that is copied, O(rows / 64) for optional enums, whose
/// absent
///              values are counted. @concurrency Reads the table.
/// @{
template <typename T, typename Layout>
void export_arrow(const shared_table<T, Layout>& table, ArrowArray* array, arrow_rows rows = {}) {
  using row_type = detail::arrow_field<T>;
  std::array<detail::arrow_memory, row_type::nodes> memory{};
  const std::size_t first = rows.first < table.size() ? rows.first : table.size();
  const std::size_t left = table.size() - first;
  const std::size_t count = rows.count < left ? rows.count : left;
  detail::arrow_filler filler(memory.data(), first, count);
  filler.structure(count);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (filler.template column<I>(table), ...);
  }(std::make_index_sequence<detail::field_count<T>>());
  detail::make_arrow_array(detail::arrow_type_of_table<T>, memory, table.owner(), filler.take_copies(),
                           array);
}

template <typename T, typename Layout>
void export_arrow(const shared_table<T, Layout>& table, ArrowArray* array, ArrowSchema* schema,
                  arrow_rows rows = {}) {
  arrow_schema made = export_arrow_schema<T>();
  deft::export_arrow(table, array, rows);
  made.move_to(schema);
}

template <typename T, typename Layout>
[[nodiscard]] arrow_pair export_arrow(const shared_table<T, Layout>& table, arrow_rows rows = {}) {
  arrow_pair pair;
  pair.schema = export_arrow_schema<T>();
  deft::export_arrow(table, pair.array.put(), rows);
  return pair;
}

/// @}

/// Tables of one type as a stream of Arrow: one array for each table that has rows, or several of at most
/// `batch_rows` rows.
/// @returns     The stream; or writes it to `*out`, which is overwritten and then to be released. A failure
///              while an array is made is an error code and a text there, as the interface has it.
/// @throws      std::bad_alloc; then `*out` is not written.
/// @complexity  O(tables); each array as export_arrow. @concurrency Safe; the stream itself has one user at
///              a time.
/// @{
template <typename T, typename Layout>
void export_arrow_stream(std::vector<shared_table<T, Layout>> tables, ArrowArrayStream* out,
                         arrow_stream_options options = {}) {
  using source = detail::table_source<T, Layout>;
  auto state = std::make_unique<source>(std::move(tables), options.batch_rows);
  detail::make_arrow_stream(
      {state.release(),
       [](ArrowSchema* schema) { detail::make_arrow_schema(detail::arrow_type_of_table<T>, schema); },
       [](void* self, ArrowArray* array) { return static_cast<source*>(self)->next(array); },
       [](void* self) { delete static_cast<source*>(self); }},
      out);
}

template <typename T, typename Layout>
void export_arrow_stream(const shared_table<T, Layout>& table, ArrowArrayStream* out,
                         arrow_stream_options options = {}) {
  deft::export_arrow_stream(std::vector<shared_table<T, Layout>>{table}, out, options);
}

template <typename T, typename Layout>
[[nodiscard]] arrow_stream export_arrow_stream(const shared_table<T, Layout>& table,
                                               arrow_stream_options options = {}) {
  arrow_stream stream;
  deft::export_arrow_stream(table, stream.put(), options);
  return stream;
}

/// @}

}  // namespace DEFT_TAG

template <typename T, typename Layout>
DEFT_TAGGED bool detail::table_source<T, Layout>::next(ArrowArray* out) {
  while (table_ < tables_.size() && row_ == tables_[table_].size()) {
    tables_[table_++] = {};  // Its arrays keep what they need.
    row_ = 0;
  }
  if (table_ == tables_.size()) return false;
  const auto& table = tables_[table_];
  const std::size_t left = table.size() - row_;
  const std::size_t count = rows_ != 0 && rows_ < left ? rows_ : left;
  deft::export_arrow(table, out, {row_, count});
  row_ += count;
  return true;
}

}  // namespace deft
