// Columns and batches of checked arrays, and readers of streams.
#include "deft/interop/arrow_import.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/core/contracts.hpp"
#include "deft/interop/arrow_column.hpp"
#include "deft/interop/detail/arrow_reading.hpp"
#include "deft/view/detail/errors.hpp"

#include "interop/arrow_node.hpp"

namespace deft {

namespace {

[[nodiscard]] bool is_text(const detail::arrow_node& node) noexcept {
  return node.kind == arrow_kind::text || node.kind == arrow_kind::bytes ||
         node.kind == arrow_kind::fixed_bytes;
}

[[nodiscard]] std::size_t find_column(const std::vector<detail::arrow_node>& columns, std::string_view name) {
  std::size_t found = columns.size();
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name != name) continue;
    if (found != columns.size()) {
      detail::throw_invalid_argument("deft: Arrow: more than one column '" + detail::shown_name(name) + "'");
    }
    found = i;
  }
  if (found == columns.size()) {
    detail::throw_invalid_argument("deft: Arrow: no column '" + detail::shown_name(name) + "'");
  }
  return found;
}

/// Where a unit stands among s, m, u, n: each is a thousand of the next.
[[nodiscard]] std::size_t unit_rank(char unit) noexcept {
  return std::string_view("smun").find(unit);
}

}  // namespace

std::string_view arrow_column::name() const noexcept {
  return node_->name;
}

std::string_view arrow_column::format() const noexcept {
  return node_->format;
}

arrow_kind arrow_column::kind() const noexcept {
  return node_->kind;
}

bool arrow_column::nullable() const noexcept {
  return node_->nullable;
}

bool arrow_column::is_null(std::size_t i) const noexcept {
  DEFT_PRECONDITION(i < size_, "arrow_column: is_null(i) outside [0, size())");
  return node_->is_null(first_ + i);
}

std::size_t arrow_column::null_count() const noexcept {
  if (node_->kind == arrow_kind::null) return size_;
  const bits_view valid = validity();
  return valid.empty() ? 0 : size_ - valid.count();
}

bits_view arrow_column::validity() const noexcept {
  if (node_->validity == nullptr || size_ == 0) return {};
  return {{node_->validity, (first_ + size_ + 7) / 8}, first_, size_};
}

const std::byte* arrow_column::numbers(arrow_kind kind, std::size_t width) const {
  arrow_kind stored = node_->kind;
  if (stored == arrow_kind::date_days) stored = arrow_kind::int32;
  if (stored == arrow_kind::date_milliseconds || stored == arrow_kind::timestamp ||
      stored == arrow_kind::duration) {
    stored = arrow_kind::int64;
  }
  if (stored == arrow_kind::time_of_day) stored = node_->width == 4 ? arrow_kind::int32 : arrow_kind::int64;
  if (stored != kind) detail::throw_arrow_kind(*this, "numbers of the type asked for");
  return node_->values == nullptr ? nullptr : node_->values + first_ * width;
}

bits_view arrow_column::bits() const {
  if (node_->kind != arrow_kind::boolean) detail::throw_arrow_kind(*this, "truth values");
  if (node_->values == nullptr || size_ == 0) return {};
  return {{node_->values, (first_ + size_ + 7) / 8}, first_, size_};
}

std::string_view arrow_column::text(std::size_t i) const {
  DEFT_PRECONDITION(i < size_, "arrow_column: text(i) outside [0, size())");
  const detail::arrow_node* const entries = node_->dictionary.get();
  if (entries != nullptr && is_text(*entries)) {
    if (node_->is_null(first_ + i)) return {};
    return entries->text(entries->offset + node_->index(first_ + i));
  }
  if (!is_text(*node_)) detail::throw_arrow_kind(*this, "text or bytes");
  return node_->text(first_ + i);
}

std::size_t arrow_column::child_count() const noexcept {
  return node_->kind == arrow_kind::structure ? node_->children.size() : 0;
}

arrow_column arrow_column::child(std::size_t i) const noexcept {
  DEFT_PRECONDITION(i < child_count(), "arrow_column: child(i) outside [0, child_count())");
  const detail::arrow_node& child = node_->children[i];
  return {&child, child.offset + first_, size_};
}

std::size_t arrow_column::fixed_size() const {
  if (node_->kind != arrow_kind::fixed_list && node_->kind != arrow_kind::fixed_bytes) {
    detail::throw_arrow_kind(*this, "lists or bytes of a fixed length");
  }
  return node_->width;
}

arrow_column arrow_column::items() const {
  if (node_->kind != arrow_kind::fixed_list) detail::throw_arrow_kind(*this, "lists of a fixed length");
  const detail::arrow_node& child = node_->children.front();
  return {&child, child.offset + first_ * node_->width, size_ * node_->width};
}

arrow_column arrow_column::list(std::size_t i) const {
  DEFT_PRECONDITION(i < size_, "arrow_column: list(i) outside [0, size())");
  if (node_->kind != arrow_kind::list && node_->kind != arrow_kind::fixed_list) {
    detail::throw_arrow_kind(*this, "lists");
  }
  const detail::arrow_node& child = node_->children.front();
  if (node_->is_null(first_ + i)) return {&child, child.offset, 0};
  if (node_->kind == arrow_kind::fixed_list) {
    return {&child, child.offset + (first_ + i) * node_->width, node_->width};
  }
  const auto first = static_cast<std::size_t>(node_->start(first_ + i));
  return {&child, child.offset + first, static_cast<std::size_t>(node_->start(first_ + i + 1)) - first};
}

std::optional<arrow_column> arrow_column::dictionary() const noexcept {
  const detail::arrow_node* const entries = node_->dictionary.get();
  if (entries == nullptr) return std::nullopt;
  return arrow_column(entries, entries->offset, entries->length);
}

std::size_t arrow_batch::size() const noexcept {
  return state_->root.length;
}

std::size_t arrow_batch::column_count() const noexcept {
  return state_->root.children.size();
}

arrow_column arrow_batch::column(std::size_t i) const noexcept {
  DEFT_PRECONDITION(i < column_count(), "arrow_batch: column(i) outside [0, column_count())");
  const detail::arrow_node& node = state_->root.children[i];
  return {&node, node.offset + state_->root.offset, state_->root.length};
}

arrow_column arrow_batch::column(std::string_view name) const {
  return column(find_column(state_->root.children, name));
}

arrow_batch import_arrow(ArrowArray* array, ArrowSchema* schema) {
  arrow_array owned(array);
  const arrow_schema type(schema);
  if (!owned)
    detail::throw_invalid_argument("deft: Arrow: the array was released already, or is a null pointer");
  if (!type)
    detail::throw_invalid_argument("deft: Arrow: the type was released already, or is a null pointer");
  detail::arrow_node root = detail::check_arrow(*owned.get(), *type.get());
  return detail::arrow_access::make(std::move(owned), std::move(root));
}

arrow_reader::arrow_reader(ArrowArrayStream* stream) : stream_(stream) {
  if (!stream_) {
    detail::throw_invalid_argument("deft: Arrow: the stream was released already, or is a null pointer");
  }
  if (stream_->get_schema == nullptr || stream_->get_next == nullptr) {
    detail::throw_invalid_argument("deft: Arrow: a stream without its functions");
  }
  if (const int error = stream_->get_schema(stream_.get(), schema_.get()); error != 0) {
    *schema_.get() = {};  // Not to be released where there was an error.
    fail(error);
  }
  if (!schema_) detail::throw_invalid_argument("deft: Arrow: a stream without a type");
  detail::check_arrow_type(*schema_.get());
}

std::optional<arrow_batch> arrow_reader::next() {
  DEFT_PRECONDITION(static_cast<bool>(stream_), "arrow_reader: next() of one that was moved from");
  arrow_array array;
  if (const int error = stream_->get_next(stream_.get(), array.get()); error != 0) {
    *array.get() = {};
    fail(error);
  }
  if (!array) return std::nullopt;
  detail::arrow_node root = detail::check_arrow(*array.get(), *schema_.get());
  return detail::arrow_access::make(std::move(array), std::move(root));
}

void arrow_reader::fail(int error) {
  const char* const text =
      stream_->get_last_error == nullptr ? nullptr : stream_->get_last_error(stream_.get());
  detail::throw_invalid_argument("deft: Arrow: the stream reports error " + std::to_string(error) +
                                 (text == nullptr ? "" : std::string(": ") + text));
}

namespace detail {

void throw_arrow_kind(const arrow_column& column, std::string_view expected) {
  throw_invalid_argument("deft: Arrow: column '" + shown_name(column.name()) + "' of format '" +
                         shown_name(column.format()) + "' does not hold " + std::string(expected));
}

void throw_arrow_null(const arrow_column& column, std::size_t i) {
  throw_invalid_argument("deft: Arrow: column '" + shown_name(column.name()) + "' has no value in row " +
                         std::to_string(i) + ", and the field is not optional");
}

void throw_arrow_range(const arrow_column& column, std::size_t i) {
  const std::string what = "deft: Arrow: column '" + shown_name(column.name()) + "' has a value in row " +
                           std::to_string(i) + " that the field cannot hold";
  throw_out_of_range(what.c_str());
}

arrow_column arrow_child(const arrow_column& column, std::string_view name) {
  std::size_t found = column.child_count();
  for (std::size_t i = 0; i < column.child_count(); ++i) {
    if (column.child(i).name() == name) {
      if (found != column.child_count()) throw_arrow_kind(column, "one member per name");
      found = i;
    }
  }
  if (found == column.child_count()) throw_arrow_kind(column, "a member '" + shown_name(name) + "'");
  return column.child(found);
}

std::int64_t arrow_unit_factor(const arrow_column& column, arrow_kind kind, char unit) {
  const std::string_view format = column.format();
  if (column.kind() == arrow_kind::date_days && kind == arrow_kind::timestamp && unit == 'D') return 1;
  const std::size_t mine = format.size() >= 3 ? unit_rank(format[2]) : std::string_view::npos;
  const std::size_t wanted = unit_rank(unit);
  if (column.kind() != kind || mine == std::string_view::npos || wanted == std::string_view::npos ||
      mine > wanted) {
    throw_arrow_kind(column, kind == arrow_kind::timestamp ? "time points of this unit or a coarser one"
                                                           : "durations of this unit or a coarser one");
  }
  std::int64_t factor = 1;
  for (std::size_t rank = mine; rank < wanted; ++rank) factor *= 1000;
  return factor;
}

arrow_mask arrow_mask_below(const arrow_column& column, const arrow_mask& mask, std::size_t each) {
  if (mask.empty() && column.null_count() == 0) return {};
  arrow_mask below(column.size() * each);
  for (std::size_t i = 0; i < column.size(); ++i) {
    const bool read = !column.is_null(i) && (mask.empty() || mask[i]);
    for (std::size_t k = 0; k < each; ++k) below[i * each + k] = read;
  }
  return below;
}

std::vector<std::int64_t> arrow_codes(const arrow_column& dictionary, const arrow_texts& names) {
  std::unordered_map<std::string_view, std::int64_t> codes;
  for (std::size_t i = 0; i < names.count; ++i) {
    codes.emplace(std::string_view(names.characters + names.offsets[i],
                                   static_cast<std::size_t>(names.offsets[i + 1] - names.offsets[i])),
                  static_cast<std::int64_t>(i));
  }
  std::vector<std::int64_t> found(dictionary.size(), -1);
  for (std::size_t i = 0; i < found.size(); ++i) {
    if (dictionary.is_null(i)) continue;
    if (const auto at = codes.find(dictionary.text(i)); at != codes.end()) found[i] = at->second;
  }
  return found;
}

}  // namespace detail

}  // namespace deft
