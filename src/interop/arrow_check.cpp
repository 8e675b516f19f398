// Checks arrays of Arrow that come from anywhere, before anything else looks at them.
//
// Nothing tells how long a buffer is: what is read of one is what lengths, offsets and the buffers before it
// say that it has. All else is checked, in an order in which nothing is used before it was.
#include <algorithm>
#include <bit>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "deft/core/bits_view.hpp"
#include "deft/interop/arrow_abi.hpp"
#include "deft/interop/arrow_column.hpp"
#include "deft/view/detail/errors.hpp"

#include "interop/arrow_node.hpp"

namespace deft::detail {

namespace {

constexpr std::size_t most_levels = 64;
constexpr std::size_t most_nodes = 65536;
constexpr std::int64_t most_buffers = 65536;
constexpr auto most_bytes = static_cast<std::uint64_t>(std::numeric_limits<std::ptrdiff_t>::max());
constexpr std::size_t view_bytes = 16;
// Nothing shows that so many rows are there; reading them takes memory.
constexpr std::size_t most_rows_without_memory = std::size_t{1} << 24;

/// Where in the tree the check is: for messages, and for the limits.
struct place {
  const place* above = nullptr;
  std::string_view name;
  std::size_t* nodes = nullptr;
  std::size_t level = 0;

  [[nodiscard]] std::string path() const {
    if (above == nullptr) return {};
    const std::string before = above->path();
    return before.empty() ? shown_name(name) : before + "." + shown_name(name);
  }

  [[noreturn]] void fail(const std::string& what) const {
    const std::string where = path();
    throw_invalid_argument("deft: Arrow: " + (where.empty() ? "" : "column '" + where + "': ") + what);
  }
};

struct found_type {
  arrow_kind kind;
  arrow_layout layout;
  std::size_t width = 0;
  char unit = '\0';
};

[[nodiscard]] bool parse_number(std::string_view text, std::size_t& number) {
  std::int32_t parsed = 0;
  if (text.starts_with('-')) return false;  // -0 is spelt by nobody
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), parsed);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  number = static_cast<std::size_t>(parsed);
  return true;
}

[[nodiscard]] bool parse_letter(char letter, found_type& type) {
  constexpr std::string_view letters = "ncCsSiIlLefg";
  constexpr std::size_t widths[] = {0, 1, 1, 2, 2, 4, 4, 8, 8, 2, 4, 8};
  constexpr arrow_kind kinds[] = {arrow_kind::null,    arrow_kind::int8,    arrow_kind::uint8,
                                  arrow_kind::int16,   arrow_kind::uint16,  arrow_kind::int32,
                                  arrow_kind::uint32,  arrow_kind::int64,   arrow_kind::uint64,
                                  arrow_kind::float16, arrow_kind::float32, arrow_kind::float64};
  if (const std::size_t at = letters.find(letter); at != std::string_view::npos) {
    type = {kinds[at], at == 0 ? arrow_layout::none : arrow_layout::fixed, widths[at]};
    return true;
  }
  switch (letter) {
    case 'b':
      type = {arrow_kind::boolean, arrow_layout::bits};
      return true;
    case 'z':
      type = {arrow_kind::bytes, arrow_layout::small};
      return true;
    case 'Z':
      type = {arrow_kind::bytes, arrow_layout::large};
      return true;
    case 'u':
      type = {arrow_kind::text, arrow_layout::small};
      return true;
    case 'U':
      type = {arrow_kind::text, arrow_layout::large};
      return true;
    default:
      return false;
  }
}

[[nodiscard]] bool parse_decimal(std::string_view text, found_type& type) {
  std::size_t numbers[3] = {0, 0, 128};
  std::size_t count = 0;
  while (count < 3) {
    const std::size_t comma = std::min(text.find(','), text.size());
    std::string_view part = text.substr(0, comma);
    if (count == 1 && part.starts_with('-')) part.remove_prefix(1);  // scales may be negative
    if (!parse_number(part, numbers[count])) return false;
    ++count;
    if (comma == text.size()) break;
    text.remove_prefix(comma + 1);
  }
  const std::size_t bits = numbers[2];
  if (count < 2 || (bits != 32 && bits != 64 && bits != 128 && bits != 256)) return false;
  type = {arrow_kind::decimal, arrow_layout::fixed, bits / 8};
  return true;
}

[[nodiscard]] bool parse_time(std::string_view format, found_type& type) {
  if (format.size() < 3) return false;
  const char unit = format[2];
  const bool is_second = std::string_view("smun").find(unit) != std::string_view::npos;
  switch (format[1]) {
    case 'd':
      if (format == "tdD") type = {arrow_kind::date_days, arrow_layout::fixed, 4, 'D'};
      if (format == "tdm") type = {arrow_kind::date_milliseconds, arrow_layout::fixed, 8, 'm'};
      return format == "tdD" || format == "tdm";
    case 't':
      type = {arrow_kind::time_of_day, arrow_layout::fixed, unit == 's' || unit == 'm' ? 4U : 8U, unit};
      return is_second && format.size() == 3;
    case 's':  // and a time zone, which changes nothing in the counts
      type = {arrow_kind::timestamp, arrow_layout::fixed, 8, unit};
      return is_second && format.size() >= 4 && format[3] == ':';
    case 'D':
      type = {arrow_kind::duration, arrow_layout::fixed, 8, unit};
      return is_second && format.size() == 3;
    case 'i':
      type = {arrow_kind::interval, arrow_layout::fixed, unit == 'M' ? 4U : unit == 'D' ? 8U : 16U, unit};
      return format.size() == 3 && (unit == 'M' || unit == 'D' || unit == 'n');
    default:
      return false;
  }
}

[[nodiscard]] found_type parse_format(std::string_view format, const place& where) {
  found_type type{};
  if (format.size() == 1 && parse_letter(format[0], type)) return type;
  if (format == "+s") return {arrow_kind::structure, arrow_layout::columns};
  if (format == "+l") return {arrow_kind::list, arrow_layout::small};
  if (format == "+L") return {arrow_kind::list, arrow_layout::large};
  if (format == "vu") return {arrow_kind::text, arrow_layout::views, view_bytes};
  if (format == "vz") return {arrow_kind::bytes, arrow_layout::views, view_bytes};
  if (format.starts_with("w:") && parse_number(format.substr(2), type.width)) {
    return {arrow_kind::fixed_bytes, arrow_layout::fixed, type.width};
  }
  if (format.starts_with("+w:") && parse_number(format.substr(3), type.width)) {
    return {arrow_kind::fixed_list, arrow_layout::repeats, type.width};
  }
  if (format.starts_with("d:") && parse_decimal(format.substr(2), type)) return type;
  if (format.starts_with("t") && parse_time(format, type)) return type;
  where.fail("the format '" + shown_name(format) + "' is none that deft reads");
}

void enter(const place& where) {
  if (where.level > most_levels) where.fail("nested deeper than 64 levels");
  if (++*where.nodes > most_nodes) where.fail("more than 65,536 columns in all");
}

[[nodiscard]] std::size_t required_children(const found_type& type, std::int64_t given) {
  switch (type.layout) {
    case arrow_layout::columns:
      return static_cast<std::size_t>(given);
    case arrow_layout::repeats:
      return 1;
    case arrow_layout::small:
    case arrow_layout::large:
      return type.kind == arrow_kind::list ? 1 : 0;
    default:
      return 0;
  }
}

/// The part of a node that the type decides. The type was not looked at before.
[[nodiscard]] arrow_node check_type(const ArrowSchema& schema, const place& where) {
  enter(where);
  if (schema.release == nullptr) where.fail("the type was released already");
  if (schema.format == nullptr) where.fail("the format is a null pointer");
  const found_type type = parse_format(schema.format, where);
  if (schema.n_children < 0 || schema.n_children > static_cast<std::int64_t>(most_nodes)) {
    where.fail("the type's number of children is " + std::to_string(schema.n_children));
  }
  const auto count = static_cast<std::size_t>(schema.n_children);
  if (count != required_children(type, schema.n_children)) {
    where.fail("the format '" + shown_name(schema.format) + "' does not have " + std::to_string(count) +
               " children");
  }
  if (count != 0 && schema.children == nullptr) where.fail("the type's children are a null pointer");
  const bool is_integer = type.kind >= arrow_kind::int8 && type.kind <= arrow_kind::uint64;
  if (schema.dictionary != nullptr && !is_integer) where.fail("a dictionary whose indices are no integers");
  arrow_node node;
  if (schema.name != nullptr) node.name = schema.name;
  node.format = schema.format;
  node.kind = type.kind;
  node.layout = type.layout;
  node.unit = type.unit;
  node.width = type.width;
  node.nullable = (schema.flags & ARROW_FLAG_NULLABLE) != 0;
  return node;
}

/// What a message calls a child: its name, or its number.
[[nodiscard]] std::string_view name_of(const ArrowSchema* child, const std::string& number) noexcept {
  if (child != nullptr && child->name != nullptr) return child->name;
  return number;
}

void check_type_tree(const ArrowSchema& schema, const place& where) {
  const arrow_node node = check_type(schema, where);
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    const ArrowSchema* const child = schema.children[i];
    const std::string number = std::to_string(i);
    const place below{&where, name_of(child, number), where.nodes, where.level + 1};
    if (child == nullptr) below.fail("the type is a null pointer");
    check_type_tree(*child, below);
  }
  if (schema.dictionary != nullptr) {
    check_type_tree(*schema.dictionary, {&where, "(dictionary)", where.nodes, where.level + 1});
  }
}

class array_check {
 public:
  array_check(const ArrowArray& array, arrow_node& node, const place& where) noexcept
      : array_(array), node_(node), where_(where) {}

  void counts() {
    if (array_.release == nullptr) where_.fail("the array was released already");
    if (array_.length < 0) where_.fail("the length is " + std::to_string(array_.length));
    if (array_.offset < 0) where_.fail("the offset is " + std::to_string(array_.offset));
    const auto end = static_cast<std::uint64_t>(array_.length) + static_cast<std::uint64_t>(array_.offset);
    // One more, for offsets.
    if (end + 1 > most_bytes / std::max<std::uint64_t>(node_.width, 8)) {
      where_.fail("length and offset are beyond what memory can hold");
    }
    if (array_.null_count < -1 || array_.null_count > array_.length) {
      where_.fail("the number of absent values is " + std::to_string(array_.null_count) + " of " +
                  std::to_string(array_.length));
    }
    node_.length = static_cast<std::size_t>(array_.length);
    node_.offset = static_cast<std::size_t>(array_.offset);
  }

  void buffers() {
    const std::int64_t expected = expected_buffers();
    const bool views = node_.layout == arrow_layout::views;
    if (views ? array_.n_buffers < expected || array_.n_buffers > most_buffers
              : array_.n_buffers != expected) {
      where_.fail("the format '" + shown_name(node_.format) + "' has " + std::to_string(expected) +
                  " buffers, not " + std::to_string(array_.n_buffers));
    }
    if (expected == 0) return;
    if (array_.buffers == nullptr) where_.fail("the buffers are a null pointer");
    node_.validity = buffer(0);
    if (expected >= 2) node_.values = buffer(1);
    if (expected == 3 && !views) node_.characters = buffer(2);
  }

  /// Whether the number of absent values is that of zeros in the bitmap.
  void absent() {
    if (node_.kind == arrow_kind::null) {
      if (array_.null_count != -1 && array_.null_count != array_.length) {
        where_.fail("a column of the null type has values");
      }
      return;
    }
    std::size_t zeros = 0;
    if (node_.validity != nullptr && node_.length != 0) {
      const std::size_t bytes = (node_.offset + node_.length + 7) / 8;
      zeros = node_.length - bits_view({node_.validity, bytes}, node_.offset, node_.length).count();
    }
    if (node_.validity == nullptr && array_.null_count > 0) {
      where_.fail("absent values without a validity bitmap");
    }
    if (array_.null_count >= 0 && zeros != static_cast<std::size_t>(array_.null_count)) {
      where_.fail("the validity bitmap has " + std::to_string(zeros) + " zeros where " +
                  std::to_string(array_.null_count) + " values are said to be absent");
    }
    if (zeros == 0) {
      node_.validity = nullptr;
    } else if (!node_.nullable) {
      where_.fail("absent values in a column whose type allows none");
    }
  }

  void values() {
    switch (node_.layout) {
      case arrow_layout::bits:
        require_values(1);
        break;
      case arrow_layout::fixed:
        if (node_.width != 0)
          require_values(std::has_single_bit(node_.width) && is_number() ? node_.width : 1);
        break;
      case arrow_layout::small:
        check_offsets<std::int32_t>();
        break;
      case arrow_layout::large:
        check_offsets<std::int64_t>();
        break;
      case arrow_layout::views:
        check_views();
        break;
      default:
        break;
    }
  }

  /// Whether a child has the rows that its parent refers to.
  void child(const arrow_node& child, const place& below) const {
    const auto end = static_cast<std::uint64_t>(node_.offset) + node_.length;
    std::uint64_t needed = 0;
    if (node_.layout == arrow_layout::columns) {
      needed = end;
    } else if (node_.layout == arrow_layout::repeats) {
      if (node_.width != 0 && end > most_bytes / node_.width) {
        where_.fail("the rows of its lists are beyond what memory can hold");
      }
      needed = end * node_.width;
    } else if (node_.length != 0) {
      needed = static_cast<std::uint64_t>(node_.start(node_.offset + node_.length));
    }
    if (needed > child.length) {
      below.fail("has " + std::to_string(child.length) + " rows where its parent refers to " +
                 std::to_string(needed));
    }
  }

  void indices(std::size_t entries) const {
    for (std::size_t i = node_.offset; i < node_.offset + node_.length; ++i) {
      if (!node_.is_null(i) && !is_index(i, entries)) {
        where_.fail("row " + std::to_string(i - node_.offset) +
                    " refers to no entry of the dictionary, which has " + std::to_string(entries));
      }
    }
  }

  /// A row whose index is of an entry without a value has none itself.
  void absent_entries() {
    const arrow_node& entries = *node_.dictionary;
    const std::size_t end = node_.offset + node_.length;
    std::vector<std::byte> valid;
    for (std::size_t i = node_.offset; i < end; ++i) {
      if (node_.is_null(i) || !entries.is_null(entries.offset + node_.index(i))) continue;
      if (valid.empty()) {
        const std::size_t bytes = (end + 7) / 8;
        if (node_.validity == nullptr) {
          valid.assign(bytes, std::byte{0xff});
        } else {
          valid.assign(node_.validity, node_.validity + bytes);
        }
      }
      valid[i / 8] &= ~(std::byte{1} << (i % 8));
    }
    node_.nullable = node_.nullable || entries.nullable;
    if (valid.empty()) return;
    node_.merged = std::move(valid);
    node_.validity = node_.merged.data();
  }

 private:
  [[nodiscard]] std::int64_t expected_buffers() const noexcept {
    switch (node_.layout) {
      case arrow_layout::none:
        return 0;
      case arrow_layout::columns:
      case arrow_layout::repeats:
        return 1;
      case arrow_layout::small:
      case arrow_layout::large:
        return node_.kind == arrow_kind::list ? 2 : 3;
      case arrow_layout::views:
        return 3;  // at least: with the lengths of those between
      default:
        return 2;
    }
  }

  [[nodiscard]] const std::byte* buffer(std::size_t i) const noexcept {
    return static_cast<const std::byte*>(array_.buffers[i]);
  }

  [[nodiscard]] bool is_number() const noexcept {
    return node_.kind != arrow_kind::fixed_bytes && node_.kind != arrow_kind::decimal &&
           node_.kind != arrow_kind::interval;
  }

  void require_values(std::size_t alignment) const {
    if (node_.values == nullptr && node_.length != 0) where_.fail("the values are a null pointer");
    if (reinterpret_cast<std::uintptr_t>(node_.values) % alignment != 0) {
      where_.fail("the values are not aligned to " + std::to_string(alignment) + " bytes");
    }
  }

  template <typename Offset>
  void check_offsets() const {
    if (node_.length == 0) return;
    require_values(sizeof(Offset));
    std::int64_t before = node_.start(node_.offset);
    if (before < 0) where_.fail("the first offset is " + std::to_string(before));
    const std::int64_t first = before;
    for (std::size_t i = node_.offset + 1; i <= node_.offset + node_.length; ++i) {
      const std::int64_t next = node_.start(i);
      if (next < before) {
        where_.fail("the offset behind row " + std::to_string(i - 1 - node_.offset) + " is " +
                    std::to_string(next) + ", before the one in front of it, " + std::to_string(before));
      }
      before = next;
    }
    if (node_.kind != arrow_kind::list && node_.characters == nullptr && before != first) {
      where_.fail("the characters are a null pointer");
    }
  }

  void check_views() {
    node_.buffers = array_.buffers + 2;
    const auto count = static_cast<std::size_t>(array_.n_buffers - 3);
    const auto* const sizes = static_cast<const std::int64_t*>(array_.buffers[2 + count]);
    if (count != 0 && (sizes == nullptr || reinterpret_cast<std::uintptr_t>(sizes) % 8 != 0)) {
      where_.fail("the lengths of the buffers of bytes are a null pointer, or not aligned");
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (sizes[i] < 0) where_.fail("a buffer of bytes has a negative length");
      if (sizes[i] != 0 && node_.buffers[i] == nullptr) where_.fail("a buffer of bytes is a null pointer");
    }
    require_values(1);
    for (std::size_t i = node_.offset; i < node_.offset + node_.length; ++i) {
      if (node_.is_null(i)) continue;
      std::int32_t parts[4];
      std::memcpy(parts, node_.values + i * view_bytes, view_bytes);
      const auto [length, prefix, index, start] = parts;
      static_cast<void>(prefix);
      const bool inside =
          length >= 0 && (length <= 12 || (index >= 0 && static_cast<std::size_t>(index) < count &&
                                           start >= 0 && sizes[index] - start >= length));
      if (!inside)
        where_.fail("row " + std::to_string(i - node_.offset) + " refers to bytes outside of the buffers");
    }
  }

  template <typename Index>
  [[nodiscard]] bool is_index_of(std::size_t at, std::size_t entries) const noexcept {
    Index index{};
    std::memcpy(&index, node_.values + at * sizeof(Index), sizeof(Index));
    return std::cmp_greater_equal(index, 0) && std::cmp_less(index, entries);
  }

  [[nodiscard]] bool is_index(std::size_t at, std::size_t entries) const noexcept {
    switch (node_.kind) {
      case arrow_kind::int8:
        return is_index_of<std::int8_t>(at, entries);
      case arrow_kind::uint8:
        return is_index_of<std::uint8_t>(at, entries);
      case arrow_kind::int16:
        return is_index_of<std::int16_t>(at, entries);
      case arrow_kind::uint16:
        return is_index_of<std::uint16_t>(at, entries);
      case arrow_kind::int32:
        return is_index_of<std::int32_t>(at, entries);
      case arrow_kind::uint32:
        return is_index_of<std::uint32_t>(at, entries);
      case arrow_kind::int64:
        return is_index_of<std::int64_t>(at, entries);
      default:
        return is_index_of<std::uint64_t>(at, entries);
    }
  }

  const ArrowArray& array_;
  arrow_node& node_;
  const place& where_;
};

[[nodiscard]] arrow_node check_node(const ArrowArray& array, const ArrowSchema& schema, const place& where) {
  arrow_node node = check_type(schema, where);
  array_check check(array, node, where);
  check.counts();
  if (array.n_children != schema.n_children) {
    where.fail("the type has " + std::to_string(schema.n_children) + " children, the array " +
               std::to_string(array.n_children));
  }
  if (array.n_children != 0 && array.children == nullptr) where.fail("the children are a null pointer");
  if ((array.dictionary == nullptr) != (schema.dictionary == nullptr)) {
    where.fail("only one of array and type has a dictionary");
  }
  check.buffers();
  check.absent();
  check.values();
  node.children.reserve(static_cast<std::size_t>(array.n_children));
  for (std::int64_t i = 0; i < array.n_children; ++i) {
    const ArrowSchema* const type = schema.children[i];
    const std::string number = std::to_string(i);
    const place below{&where, name_of(type, number), where.nodes, where.level + 1};
    if (type == nullptr || array.children[i] == nullptr) below.fail("array or type is a null pointer");
    node.children.push_back(check_node(*array.children[i], *type, below));
    check.child(node.children.back(), below);
  }
  if (array.dictionary != nullptr) {
    node.dictionary = std::make_unique<arrow_node>(check_node(
        *array.dictionary, *schema.dictionary, {&where, "(dictionary)", where.nodes, where.level + 1}));
    check.indices(node.dictionary->length);
    check.absent_entries();
  }
  return node;
}

}  // namespace

std::string shown_name(std::string_view name) {
  constexpr std::size_t most = 64;
  std::string shown(name.substr(0, most));
  for (char& c : shown) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  if (name.size() > most) shown += "...";
  return shown;
}

std::int64_t arrow_node::start(std::size_t at) const noexcept {
  if (layout == arrow_layout::large) {
    std::int64_t found = 0;
    std::memcpy(&found, values + at * sizeof found, sizeof found);
    return found;
  }
  std::int32_t found = 0;
  std::memcpy(&found, values + at * sizeof found, sizeof found);
  return found;
}

std::size_t arrow_node::index(std::size_t at) const noexcept {
  // Checked not to be negative.
  const std::byte* const value = values + at * width;
  switch (width) {
    case 1:
      return std::to_integer<std::size_t>(*value);
    case 2: {
      std::uint16_t narrow = 0;
      std::memcpy(&narrow, value, sizeof narrow);
      return narrow;
    }
    case 4: {
      std::uint32_t narrow = 0;
      std::memcpy(&narrow, value, sizeof narrow);
      return narrow;
    }
    default: {
      std::uint64_t wide = 0;
      std::memcpy(&wide, value, sizeof wide);
      return static_cast<std::size_t>(wide);
    }
  }
}

std::string_view arrow_node::text(std::size_t at) const noexcept {
  if (is_null(at)) return {};
  if (layout == arrow_layout::fixed) {
    return {reinterpret_cast<const char*>(values == nullptr ? nullptr : values + at * width), width};
  }
  if (layout == arrow_layout::views) {
    std::int32_t parts[4];
    const std::byte* const view = values + at * view_bytes;
    std::memcpy(parts, view, view_bytes);
    const auto size = static_cast<std::size_t>(parts[0]);
    if (size <= 12) return {reinterpret_cast<const char*>(view + 4), size};
    return {static_cast<const char*>(buffers[parts[2]]) + parts[3], size};
  }
  const std::int64_t first = start(at);
  const std::int64_t size = start(at + 1) - first;
  if (size == 0) return {};
  return {reinterpret_cast<const char*>(characters + first), static_cast<std::size_t>(size)};
}

namespace {

/// Whether some memory has to be there for each row, which its length can be trusted for.
[[nodiscard]] bool has_memory(const arrow_node& node) {
  if (node.validity != nullptr) return true;
  switch (node.layout) {
    case arrow_layout::none:
      return false;
    case arrow_layout::fixed:
      return node.width != 0;
    case arrow_layout::columns:
      return std::any_of(node.children.begin(), node.children.end(), has_memory);
    case arrow_layout::repeats:
      return node.width != 0 && has_memory(node.children.front());
    default:
      return true;
  }
}

}  // namespace

arrow_node check_arrow(const ArrowArray& array, const ArrowSchema& schema) {
  std::size_t nodes = 0;
  const place top{nullptr, {}, &nodes, 1};
  arrow_node node = check_node(array, schema, top);
  if (node.kind != arrow_kind::structure) top.fail("the array is no struct: no table's rows");
  if (node.validity != nullptr) top.fail("rows of a table that are absent as a whole");
  if (node.length > most_rows_without_memory && !has_memory(node)) {
    top.fail("there are " + std::to_string(node.length) + " rows, and no column has memory for them");
  }
  return node;
}

void check_arrow_type(const ArrowSchema& schema) {
  std::size_t nodes = 0;
  check_type_tree(schema, {nullptr, {}, &nodes, 1});
}

}  // namespace deft::detail
