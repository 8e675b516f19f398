// What deft's flat containers must do, as a plain vector with linear searches, and the keys and values that
// tests of them are made of. flat_driver.hpp applies the same operations to both.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "tests/support_types/elements.hpp"

namespace deft_fuzz {

/// A key, a number that tells equal keys apart where their type has room for more than is compared, and what
/// a map's value is made of.
struct flat_row {
  int key;
  int serial;
  int value = serial;
};

/// Where a row is, and whether it came with the insertion.
struct flat_placed {
  int at;
  bool inserted;
};

/// The contract of all four containers, in the most obvious way.
struct flat_model {
  bool unique;
  std::vector<flat_row> rows{};

  int size() const { return static_cast<int>(rows.size()); }

  int left(int key) const {
    int i = 0;
    while (i < size() && rows[i].key < key) ++i;
    return i;
  }

  int right(int key) const {
    int i = 0;
    while (i < size() && rows[i].key <= key) ++i;
    return i;
  }

  bool holds(int key) const { return left(key) != right(key); }

  flat_placed insert(flat_row row) { return insert_near(size(), row); }

  flat_placed insert_near(int hint, flat_row row) {
    if (unique && holds(row.key)) return {left(row.key), false};
    const int at = std::clamp(hint, left(row.key), right(row.key));
    rows.insert(rows.begin() + at, row);
    return {at, true};
  }

  void erase(int first, int last) { rows.erase(rows.begin() + first, rows.begin() + last); }

  void assign(const std::vector<flat_row>& from) {
    rows.clear();
    for (const flat_row row : from) insert(row);
  }
};

/// Ten keys at once: under a transparent order a needle may be equivalent to several unique keys.
struct decade {
  int number;
};

// Kinds of keys. make() keeps the order of the rows' keys; same() compares all that a key holds.

/// Numbers in their own order, for which there are kernels.
template <typename T>
struct number_keys {
  using type = T;
  using compare = std::less<T>;

  static T make(flat_row row) { return deft_test::element<T>::make(row.key, row.serial); }

  static int key(T x) { return deft_test::element<T>::key(x); }

  static bool same(T x, flat_row row) { return key(x) == row.key; }
};

/// Strings short enough to lie in place, of different lengths, in their own order.
struct text_keys {
  using type = std::string;
  using compare = std::less<>;

  static std::string make(flat_row row) {
    std::string text{'k', static_cast<char>('0' + row.key / 8)};
    if (row.key % 8 != 0) text.push_back(static_cast<char>('a' + row.key % 8));
    return text;
  }

  static int key(const std::string& x) { return (x[1] - '0') * 8 + (x.size() == 3 ? x[2] - 'a' : 0); }

  static bool same(const std::string& x, flat_row row) { return x == make(row); }
};

/// Strings on the heap, of which a part is compared, also with a decade.
struct prefix_keys {
  using type = std::string;
  using element = deft_test::element<std::string>;

  struct compare {
    using is_transparent = void;

    bool operator()(std::string_view a, std::string_view b) const { return a.substr(0, 8) < b.substr(0, 8); }

    bool operator()(std::string_view a, decade b) const { return of(a) < b.number; }

    bool operator()(decade a, std::string_view b) const { return a.number < of(b); }

    static int of(std::string_view text) { return text[6] - '0'; }
  };

  static std::string make(flat_row row) { return element::make(row.key, row.serial); }

  static int key(const std::string& x) { return element::key(x); }

  static bool same(const std::string& x, flat_row row) { return x == make(row); }
};

/// Element types that make life hard, from tests/support_types.
template <typename T>
struct hard_keys {
  using type = T;
  using compare = deft_test::by_key;

  static T make(flat_row row) { return T(row.key, row.serial); }

  static int key(const T& x) { return x.key; }

  static bool same(const T& x, flat_row row) { return x.key == row.key && x.serial == row.serial; }
};

}  // namespace deft_fuzz
