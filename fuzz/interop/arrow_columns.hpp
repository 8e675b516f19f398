// What columns of an imported array show, beside the plain reading of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

#include "deft/interop/arrow_import.hpp"

#include "fuzz/interop/arrow_formats.hpp"
#include "fuzz/interop/arrow_specification.hpp"
#include "fuzz/op_source.hpp"

namespace deft_fuzz::arrow {

/// All there is, compared with the plain reading. `first` is where the column begins among the array's rows.
inline void compare(const deft::arrow_column& column, const ArrowArray& a, const ArrowSchema& s,
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

}  // namespace deft_fuzz::arrow
