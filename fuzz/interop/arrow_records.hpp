// What rows of an imported array are read as, beside the plain reading of it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "deft/interop/arrow_import.hpp"
#include "deft/record/bounded.hpp"
#include "deft/record/record_vector.hpp"

#include "fuzz/interop/arrow_specification.hpp"
#include "fuzz/op_source.hpp"

namespace deft_fuzz::arrow {

/// What a refusal says: one line.
inline void check_message(const std::exception& e) {
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

inline bool is_few(const ArrowArray& a, const ArrowSchema& s, std::int64_t row) {
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
inline void compare_fields(const deft::arrow_batch& batch, const ArrowArray& a, const ArrowSchema& s) {
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

/// Reads three fields of several kinds, or refuses them.
inline void read_loosely(const deft::arrow_batch& batch) {
  try {
    const auto table = deft::to_records<loose>(batch);
    DEFT_FUZZ_CHECK(table.size() == batch.size());
  } catch (const std::invalid_argument& e) {
    check_message(e);
  } catch (const std::out_of_range& e) {
    check_message(e);
  }
}

}  // namespace deft_fuzz::arrow
