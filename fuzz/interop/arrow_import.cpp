// Arrays of Arrow that may be anything, beside a plain reader of the specification that says whether they are
// arrays, and what they hold. Every buffer is as long as the lengths and offsets beside it say, and no
// longer: what is read behind one the sanitizer reports.
#include "deft/interop/arrow_import.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "deft/record/bounded.hpp"
#include "deft/record/record_vector.hpp"

#include "fuzz/op_source.hpp"

namespace {

using deft_fuzz::op_source;

enum class memory : unsigned char {
  none,
  bits,
  fixed,
  texts32,
  texts64,
  views,
  structs,
  repeats,
  lists32,
  lists64,
  junk
};

struct type_row {
  const char* format;
  memory lies;
  std::int64_t width;  // of fixed: bytes; of repeats: rows
  bool integer = false;
  bool unaligned = false;  // may lie anywhere
};

constexpr type_row types[] = {{"n", memory::none, 0},
                              {"b", memory::bits, 0},
                              {"c", memory::fixed, 1, true},
                              {"C", memory::fixed, 1, true},
                              {"s", memory::fixed, 2, true},
                              {"S", memory::fixed, 2, true},
                              {"i", memory::fixed, 4, true},
                              {"I", memory::fixed, 4, true},
                              {"l", memory::fixed, 8, true},
                              {"L", memory::fixed, 8, true},
                              {"e", memory::fixed, 2},
                              {"f", memory::fixed, 4},
                              {"g", memory::fixed, 8},
                              {"u", memory::texts32, 0},
                              {"U", memory::texts64, 0},
                              {"z", memory::texts32, 0},
                              {"Z", memory::texts64, 0},
                              {"vu", memory::views, 16},
                              {"vz", memory::views, 16},
                              {"w:0", memory::fixed, 0, false, true},
                              {"w:3", memory::fixed, 3, false, true},
                              {"d:10,2", memory::fixed, 16, false, true},
                              {"d:9,-2,32", memory::fixed, 4, false, true},
                              {"tdD", memory::fixed, 4},
                              {"tdm", memory::fixed, 8},
                              {"ttm", memory::fixed, 4},
                              {"ttn", memory::fixed, 8},
                              {"tsn:", memory::fixed, 8},
                              {"tsu:Europe/Berlin", memory::fixed, 8},
                              {"tDs", memory::fixed, 8},
                              {"tin", memory::fixed, 16, false, true},
                              {"+s", memory::structs, 0},
                              {"+s", memory::structs, 0},
                              {"+w:0", memory::repeats, 0},
                              {"+w:1", memory::repeats, 1},
                              {"+w:3", memory::repeats, 3},
                              {"+w:2147483647", memory::repeats, 2147483647},
                              {"+l", memory::lists32, 0},
                              {"+L", memory::lists64, 0},
                              {"", memory::junk, 0},
                              {"x", memory::junk, 0},
                              {"w:", memory::junk, 0},
                              {"w:-0", memory::junk, 0},
                              {"w:99999999999", memory::junk, 0},
                              {"+w:", memory::junk, 0},
                              {"+w:1x", memory::junk, 0},
                              {"ts", memory::junk, 0},
                              {"tsn", memory::junk, 0},
                              {"tsx:", memory::junk, 0},
                              {"d:", memory::junk, 0},
                              {"d:1", memory::junk, 0},
                              {"d:1,2,7", memory::junk, 0},
                              {"+ud:0", memory::junk, 0},
                              {"+m", memory::junk, 0},
                              {"+r", memory::junk, 0},
                              {"tdX", memory::junk, 0},
                              {"vx\n", memory::junk, 0}};

constexpr int type_count = static_cast<int>(sizeof types / sizeof types[0]);
constexpr int structs = 31;
static_assert(types[structs].lies == memory::structs);
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t largest =
    1000;  // what lists of lists come to is cut there; only the extremes are beyond
constexpr std::int64_t extremes[] = {-1, std::numeric_limits<std::int64_t>::min(), most, most - 1,
                                     std::int64_t{1} << 62};

const type_row* row_of(const char* format) {
  for (const type_row& row : types) {
    if (format != nullptr && std::strcmp(row.format, format) == 0)
      return row.lies == memory::junk ? nullptr : &row;
  }
  return nullptr;
}

bool is_list(const type_row& type) {
  return type.lies == memory::lists32 || type.lies == memory::lists64;
}

bool is_wide(const type_row& type) {
  return type.lies == memory::texts64 || type.lies == memory::lists64;
}

// ---- making arrays of decisions

class maker {
 public:
  explicit maker(op_source& in) : in_(in) {}

  struct made {
    ArrowArray* array;
    ArrowSchema* schema;
  };

  made table() {
    // Mostly a struct: nothing else is a table.
    const made top = node(in_.below(16) == 0 ? in_.below(type_count) : structs, small(12), 0);
    top.array->private_data = &array_releases;
    top.schema->private_data = &schema_releases;
    return top;
  }

  int array_releases = 0;
  int schema_releases = 0;

 private:
  bool rarely() { return in_.below(48) == 1; }

  std::int64_t small(int bound) { return in_.below(bound); }

  std::int64_t odd(std::int64_t usual) {
    if (!rarely()) return usual;
    return in_.below(2) == 0 ? extremes[in_.below(5)] : small(24);
  }

  std::byte* bytes(std::int64_t count) {
    const auto size = static_cast<std::size_t>(count);
    auto& block = blocks_.emplace_back(new std::byte[size]);
    for (std::size_t i = 0; i < size; ++i) block[i] = static_cast<std::byte>(in_.byte());
    return block.get();
  }

  template <typename Struct>
  static void release(Struct* self) {
    DEFT_FUZZ_CHECK(self->release != nullptr);
    if (self->private_data != nullptr) ++*static_cast<int*>(self->private_data);
    self->release = nullptr;
  }

  template <typename Offset>
  const std::byte* offsets(std::int64_t end, std::int64_t& last) {
    std::byte* const memory = bytes((end + 1) * static_cast<std::int64_t>(sizeof(Offset)));
    Offset at = static_cast<Offset>(in_.below(3));
    for (std::int64_t i = 0; i <= end; ++i) {
      if (rarely()) at = static_cast<Offset>(in_.below(2) == 0 ? -1 : in_.below(20));
      std::memcpy(memory + i * static_cast<std::int64_t>(sizeof(Offset)), &at, sizeof(Offset));
      last = std::max(last, static_cast<std::int64_t>(at));
      at = static_cast<Offset>(at + in_.below(4));
    }
    return memory;
  }

  made node(int type_number, std::int64_t rows, int level) {
    const type_row& type = types[type_number];
    ArrowArray& array = arrays_.emplace_back();
    ArrowSchema& schema = schemas_.emplace_back();
    array.release = release<ArrowArray>;
    schema.release = release<ArrowSchema>;
    array.offset = odd(in_.below(3) == 0 ? small(9) : 0);
    array.length = odd(std::min(rows, largest));
    schema.format = type.format;
    schema.name = names_.emplace_back("c" + std::to_string(in_.below(4))).c_str();
    schema.flags = in_.below(3) == 0 ? 0 : ARROW_FLAG_NULLABLE;
    if (rarely()) schema.name = nullptr;
    if (rarely()) schema.format = nullptr;
    const bool fits =
        array.offset >= 0 && array.length >= 0 && array.offset <= largest && array.length <= largest;
    const std::int64_t end = fits ? array.offset + array.length : 0;
    auto& buffers = buffers_.emplace_back();
    if (type.lies != memory::none && type.lies != memory::junk) buffers.push_back(nullptr);
    std::int64_t refers = 0;  // to rows of a child, or to characters
    switch (type.lies) {
      case memory::bits:
        buffers.push_back(bytes((end + 7) / 8));
        break;
      case memory::fixed:
        buffers.push_back(bytes(end * type.width));
        break;
      case memory::texts32:
      case memory::lists32:
        buffers.push_back(offsets<std::int32_t>(end, refers));
        break;
      case memory::texts64:
      case memory::lists64:
        buffers.push_back(offsets<std::int64_t>(end, refers));
        break;
      case memory::views:
        views(buffers, end);
        break;
      case memory::structs:
        refers = end;
        break;
      case memory::repeats:
        refers = type.width < 8 ? end * type.width : 0;
        break;
      default:
        break;
    }
    if (type.lies == memory::texts32 || type.lies == memory::texts64) buffers.push_back(bytes(refers));
    absent(array, schema, buffers, end);
    array.n_buffers = odd(static_cast<std::int64_t>(buffers.size()));
    // Another number of them could be there, and be shorter than these: that cannot be told.
    if (type.lies == memory::views && array.n_buffers >= 3 && array.n_buffers <= 65536) {
      array.n_buffers = static_cast<std::int64_t>(buffers.size());
    }
    if (!buffers.empty() && rarely())
      buffers[static_cast<std::size_t>(in_.below(static_cast<int>(buffers.size())))] = nullptr;
    array.buffers = rarely() ? nullptr : buffers.data();
    const bool has_child = type.lies == memory::repeats || is_list(type);
    children(array, schema,
             type.lies == memory::structs ? (level < 4 ? in_.below(5) : 0)
             : has_child                  ? 1
                                          : 0,
             refers, level);
    if (type.integer && in_.below(4) == 0 && level < 6) {
      const made entries = node(in_.below(type_count), small(8), level + 1);
      array.dictionary = rarely() ? nullptr : entries.array;
      schema.dictionary = rarely() ? nullptr : entries.schema;
    }
    if (rarely()) array.release = nullptr;
    if (rarely()) schema.release = nullptr;
    return {&array, &schema};
  }

  void children(ArrowArray& array, ArrowSchema& schema, int count, std::int64_t rows, int level) {
    auto& arrays = array_children_.emplace_back();
    auto& schemas = schema_children_.emplace_back();
    for (int i = 0; i < count; ++i) {
      if (rarely()) {  // a circle
        arrays.push_back(&array);
        schemas.push_back(&schema);
        continue;
      }
      const made child = node(level < 5 ? in_.below(type_count) : 2 + in_.below(10), rows, level + 1);
      arrays.push_back(rarely() ? nullptr : child.array);
      schemas.push_back(rarely() ? nullptr : child.schema);
    }
    // Where both numbers were too large and equal, pointers would be read that are not there: that cannot be
    // told.
    array.n_children = odd(count);
    schema.n_children = odd(count);
    if (array.n_children == schema.n_children && array.n_children > count) array.n_children = count;
    array.children = rarely() ? nullptr : arrays.data();
    schema.children = rarely() ? nullptr : schemas.data();
    if (schema.n_children > count && array.n_children == count) schema.n_children = -3;
  }

  void absent(ArrowArray& array, ArrowSchema& schema, std::vector<const void*>& buffers, std::int64_t end) {
    if (buffers.empty()) {
      array.null_count = odd(in_.below(2) == 0 ? -1 : array.length);
      return;
    }
    if ((schema.flags & ARROW_FLAG_NULLABLE) == 0 && !rarely()) return;
    if (in_.below(3) == 0) return;
    std::byte* const bits = bytes((end + 7) / 8);
    if ((schema.flags & ARROW_FLAG_NULLABLE) != 0 && in_.below(8) == 0) {
      for (std::int64_t i = 0; i < (end + 7) / 8; ++i) bits[i] = std::byte{0xff};
    }
    buffers[0] = bits;
    std::int64_t zeros = 0;
    if (end != 0) {
      for (std::int64_t i = array.offset; i < end; ++i) {
        zeros += (std::to_integer<int>(bits[i / 8]) >> (i % 8) & 1) == 0 ? 1 : 0;
      }
    }
    array.null_count = odd(in_.below(2) == 0 ? -1 : zeros);
  }

  void views(std::vector<const void*>& buffers, std::int64_t end) {
    std::byte* const memory = bytes(end * 16);
    const int count = in_.below(3);
    std::byte* const sizes = bytes(8 * count);
    buffers.push_back(memory);
    for (int b = 0; b < count; ++b) {
      const std::int64_t size = small(40);
      buffers.push_back(bytes(size));
      const std::int64_t said = rarely() ? -1 : size;
      std::memcpy(sizes + 8 * b, &said, 8);
    }
    buffers.push_back(sizes);
    for (std::int64_t i = 0; i < end; ++i) {
      const std::int32_t parts[] = {in_.below(20), 0, in_.below(count + 1), in_.below(20)};
      if (in_.below(8) != 0) std::memcpy(memory + 16 * i, parts, 16);
    }
  }

  op_source& in_;
  std::deque<ArrowArray> arrays_;
  std::deque<ArrowSchema> schemas_;
  std::deque<std::string> names_;
  std::deque<std::unique_ptr<std::byte[]>> blocks_;
  std::deque<std::vector<const void*>> buffers_;
  std::deque<std::vector<ArrowArray*>> array_children_;
  std::deque<std::vector<ArrowSchema*>> schema_children_;
};

// ---- the specification, read plainly

template <typename Number>
Number at(const void* buffer, std::int64_t i) {
  Number number;
  std::memcpy(&number, static_cast<const std::byte*>(buffer) + i * static_cast<std::int64_t>(sizeof(Number)),
              sizeof(Number));
  return number;
}

bool present(const ArrowArray& array, const type_row& type, std::int64_t i) {
  if (type.lies == memory::none) return false;
  if (array.buffers[0] == nullptr) return true;
  const std::int64_t bit = array.offset + i;
  return (at<std::uint8_t>(array.buffers[0], bit / 8) >> (bit % 8) & 1) != 0;
}

std::int64_t start(const ArrowArray& array, const type_row& type, std::int64_t i) {
  return is_wide(type) ? at<std::int64_t>(array.buffers[1], array.offset + i)
                       : at<std::int32_t>(array.buffers[1], array.offset + i);
}

bool view_is_inside(const ArrowArray& array, std::int64_t i) {
  const std::int64_t first = 4 * (array.offset + i);
  const auto size = at<std::int32_t>(array.buffers[1], first);
  if (size < 0) return false;
  if (size <= 12) return true;
  const auto index = at<std::int32_t>(array.buffers[1], first + 2);
  const auto offset = at<std::int32_t>(array.buffers[1], first + 3);
  if (index < 0 || index >= array.n_buffers - 3 || offset < 0) return false;
  return std::int64_t{offset} + size <= at<std::int64_t>(array.buffers[array.n_buffers - 1], index);
}

std::optional<std::uint64_t> index_of(const ArrowArray& array, const type_row& type, std::int64_t i) {
  const std::int64_t where = array.offset + i;
  const bool is_signed = type.format[0] >= 'a';
  std::int64_t number = 0;
  if (type.width == 1)
    number = is_signed ? at<std::int8_t>(array.buffers[1], where) : at<std::uint8_t>(array.buffers[1], where);
  if (type.width == 2)
    number =
        is_signed ? at<std::int16_t>(array.buffers[1], where) : at<std::uint16_t>(array.buffers[1], where);
  if (type.width == 4)
    number =
        is_signed ? at<std::int32_t>(array.buffers[1], where) : at<std::uint32_t>(array.buffers[1], where);
  if (type.width == 8) {
    number = at<std::int64_t>(array.buffers[1], where);
    if (!is_signed) return static_cast<std::uint64_t>(number);
  }
  if (number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

bool aligned(const void* buffer, std::int64_t to) {
  return reinterpret_cast<std::uintptr_t>(buffer) % static_cast<std::uintptr_t>(to) == 0;
}

bool is_array(const ArrowArray* array, const ArrowSchema* schema, int level, int& nodes);

bool buffers_fit(const ArrowArray& a, const ArrowSchema& s, const type_row& type) {
  const std::int64_t expected = type.lies == memory::none                                      ? 0
                                : type.lies == memory::structs || type.lies == memory::repeats ? 1
                                : type.lies == memory::texts32 || type.lies == memory::texts64 ? 3
                                : type.lies == memory::views                                   ? 3
                                                                                               : 2;
  if (type.lies == memory::views ? a.n_buffers < expected || a.n_buffers > 65536 : a.n_buffers != expected)
    return false;
  if (type.lies == memory::none) return a.null_count == -1 || a.null_count == a.length;
  if (a.buffers == nullptr) return false;
  std::int64_t zeros = 0;
  for (std::int64_t i = 0; i < a.length; ++i) zeros += present(a, type, i) ? 0 : 1;
  if (a.null_count != -1 && a.null_count != zeros) return false;
  if (zeros != 0 && (s.flags & ARROW_FLAG_NULLABLE) == 0) return false;
  const bool any = a.length != 0;
  switch (type.lies) {
    case memory::bits:
      return !any || a.buffers[1] != nullptr;
    case memory::fixed:
      if (type.width == 0) return true;
      return (!any || a.buffers[1] != nullptr) && (type.unaligned || aligned(a.buffers[1], type.width));
    case memory::texts32:
    case memory::texts64:
    case memory::lists32:
    case memory::lists64: {
      if (!any) return true;
      if (a.buffers[1] == nullptr || !aligned(a.buffers[1], is_wide(type) ? 8 : 4)) return false;
      if (start(a, type, 0) < 0) return false;
      for (std::int64_t i = 0; i < a.length; ++i) {
        if (start(a, type, i + 1) < start(a, type, i)) return false;
      }
      return is_list(type) || a.buffers[2] != nullptr || start(a, type, 0) == start(a, type, a.length);
    }
    case memory::views: {
      const std::int64_t count = a.n_buffers - 3;
      const void* const sizes = a.buffers[a.n_buffers - 1];
      if (count != 0 && (sizes == nullptr || !aligned(sizes, 8))) return false;
      for (std::int64_t b = 0; b < count; ++b) {
        const auto size = at<std::int64_t>(sizes, b);
        if (size < 0 || (size != 0 && a.buffers[2 + b] == nullptr)) return false;
      }
      if (any && a.buffers[1] == nullptr) return false;
      for (std::int64_t i = 0; i < a.length; ++i) {
        if (present(a, type, i) && !view_is_inside(a, i)) return false;
      }
      return true;
    }
    default:
      return true;
  }
}

bool children_fit(const ArrowArray& a, const ArrowSchema& s, const type_row& type, int level, int& nodes) {
  for (std::int64_t i = 0; i < a.n_children; ++i) {
    if (!is_array(a.children[i], s.children[i], level + 1, nodes)) return false;
    const std::int64_t end = a.offset + a.length;
    std::int64_t needed = end;
    if (type.lies == memory::repeats) needed = end * type.width;
    if (is_list(type)) needed = a.length == 0 ? 0 : start(a, type, a.length);
    if (a.children[i]->length < needed) return false;
  }
  return true;
}

bool is_array(const ArrowArray* array, const ArrowSchema* schema, int level, int& nodes) {
  if (array == nullptr || schema == nullptr || level > 64 || ++nodes > 65536) return false;
  const ArrowArray& a = *array;
  const ArrowSchema& s = *schema;
  const type_row* const type = row_of(s.format);
  if (type == nullptr || a.release == nullptr || s.release == nullptr) return false;
  const std::int64_t wanted = type->lies == memory::structs                     ? s.n_children
                              : type->lies == memory::repeats || is_list(*type) ? 1
                                                                                : 0;
  if (s.n_children < 0 || s.n_children > 65536 || s.n_children != wanted || a.n_children != s.n_children)
    return false;
  if (a.n_children != 0 && (a.children == nullptr || s.children == nullptr)) return false;
  if (a.length < 0 || a.offset < 0 || a.length > largest || a.offset > largest) return false;
  if (a.null_count < -1 || a.null_count > a.length) return false;
  if ((a.dictionary == nullptr) != (s.dictionary == nullptr)) return false;
  if (s.dictionary != nullptr && !type->integer) return false;
  if (!buffers_fit(a, s, *type) || !children_fit(a, s, *type, level, nodes)) return false;
  if (a.dictionary == nullptr) return true;
  if (!is_array(a.dictionary, s.dictionary, level + 1, nodes)) return false;
  for (std::int64_t i = 0; i < a.length; ++i) {
    if (!present(a, *type, i)) continue;
    const auto index = index_of(a, *type, i);
    if (!index.has_value() || *index >= static_cast<std::uint64_t>(a.dictionary->length)) return false;
  }
  return true;
}

// ---- what was accepted is read

/// Whether a row has a value: neither it nor the entry that it refers to is absent.
bool has_value(const ArrowArray& a, const ArrowSchema& s, std::int64_t row) {
  const type_row& type = *row_of(s.format);
  if (!present(a, type, row)) return false;
  return a.dictionary == nullptr ||
         has_value(*a.dictionary, *s.dictionary, static_cast<std::int64_t>(*index_of(a, type, row)));
}

/// All there is, compared with the plain reading. `first` is where the column begins among the array's rows.
void compare(const deft::arrow_column& column, const ArrowArray& a, const ArrowSchema& s,
             std::int64_t first) {
  const type_row& type = *row_of(s.format);
  DEFT_FUZZ_CHECK(column.name() == (s.name == nullptr ? "" : s.name));
  std::size_t absent = 0;
  for (std::size_t i = 0; i < column.size(); ++i) {
    const std::int64_t row = first + static_cast<std::int64_t>(i);
    const bool has = has_value(a, s, row);
    DEFT_FUZZ_CHECK(column.is_null(i) == !has);
    absent += has ? 0 : 1;
    if (!has) continue;
    if (type.lies == memory::bits) {
      const std::int64_t bit = a.offset + row;
      DEFT_FUZZ_CHECK(column.bits()[i] == ((at<std::uint8_t>(a.buffers[1], bit / 8) >> (bit % 8) & 1) != 0));
    } else if (type.lies == memory::texts32 || type.lies == memory::texts64) {
      const std::string_view text = column.text(i);
      const std::int64_t from = start(a, type, row);
      DEFT_FUZZ_CHECK(static_cast<std::int64_t>(text.size()) == start(a, type, row + 1) - from);
      if (!text.empty()) DEFT_FUZZ_CHECK(text.data() == static_cast<const char*>(a.buffers[2]) + from);
      for (const char& c : text) static_cast<void>(*static_cast<const volatile char*>(&c));
    } else if (type.lies == memory::views) {
      const std::string copy(column.text(i));
      DEFT_FUZZ_CHECK(static_cast<std::int32_t>(copy.size()) ==
                      at<std::int32_t>(a.buffers[1], 4 * (a.offset + row)));
    } else if (std::strcmp(s.format, "l") == 0) {
      DEFT_FUZZ_CHECK(column.values<std::int64_t>()[i] == at<std::int64_t>(a.buffers[1], a.offset + row));
    } else if (std::strcmp(s.format, "f") == 0) {
      DEFT_FUZZ_CHECK(std::memcmp(&column.values<float>()[i],
                                  static_cast<const std::byte*>(a.buffers[1]) + 4 * (a.offset + row),
                                  4) == 0);
    } else if (is_list(type)) {
      const std::int64_t from = start(a, type, row);
      DEFT_FUZZ_CHECK(static_cast<std::int64_t>(column.list(i).size()) == start(a, type, row + 1) - from);
      compare(column.list(i), *a.children[0], *s.children[0], from);
    } else if (type.lies == memory::repeats) {
      DEFT_FUZZ_CHECK(static_cast<std::int64_t>(column.list(i).size()) == type.width);
    }
  }
  DEFT_FUZZ_CHECK(column.null_count() == absent);
  if (type.lies == memory::repeats)
    compare(column.items(), *a.children[0], *s.children[0], (a.offset + first) * type.width);
  for (std::size_t i = 0; i < column.child_count(); ++i) {
    compare(column.child(i), *a.children[i], *s.children[i], a.offset + first);
  }
  if (const auto entries = column.dictionary()) compare(*entries, *a.dictionary, *s.dictionary, 0);
}

/// A child of an array by its name, where one alone has it.
std::optional<std::int64_t> child_named(const ArrowSchema& s, std::string_view name) {
  std::optional<std::int64_t> found;
  for (std::int64_t i = 0; i < s.n_children; ++i) {
    const char* const its = s.children[i]->name;
    if (name != (its == nullptr ? "" : its)) continue;
    if (found.has_value()) return std::nullopt;
    found = i;
  }
  return found;
}

/// The number in a row with a value; nothing where it is of no kind that an integer is read from.
std::optional<std::int64_t> number_in(const ArrowArray& a, const ArrowSchema& s, std::int64_t row) {
  const type_row& type = *row_of(s.format);
  if (!type.integer || a.dictionary != nullptr) return std::nullopt;
  const std::int64_t where = a.offset + row;
  switch (s.format[0]) {
    case 'c':
      return at<std::int8_t>(a.buffers[1], where);
    case 's':
      return at<std::int16_t>(a.buffers[1], where);
    case 'i':
      return at<std::int32_t>(a.buffers[1], where);
    case 'l':
      return at<std::int64_t>(a.buffers[1], where);
    default:
      return static_cast<std::int64_t>(*index_of(a, type, row));  // unsigned; the largest of them wrap
  }
}

void check_message(const std::exception& e) {
  const std::string_view what = e.what();
  DEFT_FUZZ_CHECK(what.starts_with("deft: Arrow: "));
  for (const char c : what) DEFT_FUZZ_CHECK(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

using few = deft::bounded<int, 0, 100>;

struct one_number {
  std::optional<std::int64_t> c0;
};

struct inner {
  std::optional<few> c0;
};

struct one_struct {
  std::optional<inner> c1;
};

struct one_list {
  std::optional<std::array<std::optional<few>, 3>> c2;
};

/// The number that a row should be read as, if any, and whether it should be refused.
template <typename Number>
void check_number(const std::optional<Number>& read, const ArrowArray& a, const ArrowSchema& s,
                  std::int64_t row) {
  DEFT_FUZZ_CHECK(read.has_value() == has_value(a, s, row));
  if (!read.has_value()) return;
  const auto plain = number_in(a, s, row);
  DEFT_FUZZ_CHECK(plain.has_value() && static_cast<std::int64_t>(*read) == *plain);
}

bool is_few(const ArrowArray& a, const ArrowSchema& s, std::int64_t row) {
  if (!has_value(a, s, row)) return true;
  const auto plain = number_in(a, s, row);
  return plain.has_value() && *plain >= 0 && *plain <= 100;
}

/// Reads one field. `row(i, value)` compares; `fits(i)` says whether row i could be read.
template <typename Table, typename Row, typename Fits>
void read_one(const deft::arrow_batch& batch, Row row, Fits fits) {
  try {
    const auto table = deft::to_records<Table>(batch);
    DEFT_FUZZ_CHECK(table.size() == batch.size());
    for (std::size_t i = 0; i < table.size(); ++i) row(static_cast<std::int64_t>(i), Table(table[i]));
  } catch (const std::invalid_argument& e) {
    check_message(e);
  } catch (const std::out_of_range& e) {
    check_message(e);
    bool all = true;
    for (std::size_t i = 0; i < batch.size(); ++i) all = all && fits(static_cast<std::int64_t>(i));
    DEFT_FUZZ_CHECK(!all);
  }
}

/// What fields are read as: values and not indices, and nothing of what stands under absent parents.
void compare_fields(const deft::arrow_batch& batch, const ArrowArray& a, const ArrowSchema& s) {
  if (const auto c0 = child_named(s, "c0")) {
    const ArrowArray& column = *a.children[*c0];
    const ArrowSchema& type = *s.children[*c0];
    read_one<one_number>(
        batch,
        [&](std::int64_t i, const one_number& read) { check_number(read.c0, column, type, a.offset + i); },
        [&](std::int64_t i) {
          return !has_value(column, type, a.offset + i) ||
                 number_in(column, type, a.offset + i).value_or(-1) >= 0 || type.format[0] != 'L';
        });
  }
  if (const auto c1 = child_named(s, "c1")) {
    const ArrowArray& column = *a.children[*c1];
    const ArrowSchema& type = *s.children[*c1];
    const auto below = child_named(type, "c0");
    if (std::strcmp(type.format, "+s") == 0 && below.has_value()) {
      const ArrowArray& child = *column.children[*below];
      const ArrowSchema& child_type = *type.children[*below];
      read_one<one_struct>(
          batch,
          [&](std::int64_t i, const one_struct& read) {
            DEFT_FUZZ_CHECK(read.c1.has_value() == has_value(column, type, a.offset + i));
            if (read.c1.has_value()) {
              check_number(read.c1->c0, child, child_type, column.offset + a.offset + i);
            }
          },
          [&](std::int64_t i) {
            return !has_value(column, type, a.offset + i) ||
                   is_few(child, child_type, column.offset + a.offset + i);
          });
    }
  }
  if (const auto c2 = child_named(s, "c2")) {
    const ArrowArray& column = *a.children[*c2];
    const ArrowSchema& type = *s.children[*c2];
    if (std::strcmp(type.format, "+w:3") != 0) return;
    const ArrowArray& child = *column.children[0];
    const ArrowSchema& child_type = *type.children[0];
    const auto first = [&](std::int64_t i) { return 3 * (column.offset + a.offset + i); };
    read_one<one_list>(
        batch,
        [&](std::int64_t i, const one_list& read) {
          DEFT_FUZZ_CHECK(read.c2.has_value() == has_value(column, type, a.offset + i));
          for (std::size_t k = 0; read.c2.has_value() && k < 3; ++k) {
            check_number((*read.c2)[k], child, child_type, first(i) + static_cast<std::int64_t>(k));
          }
        },
        [&](std::int64_t i) {
          bool all = true;
          for (std::int64_t k = 0; k < 3; ++k) all = all && is_few(child, child_type, first(i) + k);
          return all || !has_value(column, type, a.offset + i);
        });
  }
}

struct loose {
  std::optional<std::int64_t> c0;
  std::optional<std::string> c1;
  std::optional<double> c2;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  op_source in({data, size});
  maker make(in);
  const auto [array, schema] = make.table();
  int nodes = 0;
  const bool valid = array->release != nullptr && schema->release != nullptr &&
                     is_array(array, schema, 1, nodes) && std::strcmp(schema->format, "+s") == 0 && [&] {
                       for (std::int64_t i = 0; i < array->length; ++i) {
                         if (!present(*array, types[structs], i)) return false;
                       }
                       return true;
                     }();
  const bool has_array = array->release != nullptr;
  const bool has_schema = schema->release != nullptr;
  const ArrowArray was_array = *array;
  const ArrowSchema was_schema = *schema;
  try {
    const deft::arrow_batch batch = deft::import_arrow(array, schema);
    DEFT_FUZZ_CHECK(valid);
    DEFT_FUZZ_CHECK(make.array_releases == 0 && make.schema_releases == 1);
    DEFT_FUZZ_CHECK(static_cast<std::int64_t>(batch.size()) == was_array.length);
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
      compare(batch.column(i), *was_array.children[i], *was_schema.children[i], was_array.offset);
    }
    compare_fields(batch, was_array, was_schema);
    try {
      const auto table = deft::to_records<loose>(batch);
      DEFT_FUZZ_CHECK(table.size() == batch.size());
    } catch (const std::invalid_argument& e) {
      check_message(e);
    } catch (const std::out_of_range& e) {
      check_message(e);
    }
  } catch (const std::invalid_argument& e) {
    check_message(e);
    DEFT_FUZZ_CHECK(!valid);
  }
  DEFT_FUZZ_CHECK(make.array_releases == (has_array ? 1 : 0));
  DEFT_FUZZ_CHECK(make.schema_releases == (has_schema ? 1 : 0));
  return 0;
}
