// Applies the same operations, read from bytes, to one of deft's flat containers and to the model. Unit
// tests, corpus replay and the fuzzer share it. What only maps have is in flat_map_driver.hpp.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/tags.hpp"

#include "fuzz/op_source.hpp"
#include "fuzz/sorted/element_parts.hpp"
#include "fuzz/sorted/flat_model.hpp"

namespace deft_fuzz {

/// `Container` is a flat_set, flat_multiset, flat_map or flat_multimap of `Keys`.
template <typename Container, typename Keys>
class flat_driver : protected element_parts<Container, Keys> {
 protected:
  using parts = element_parts<Container, Keys>;
  using parts::is_map, parts::key_in, parts::same;
  using typename parts::key_type;
  using value_type = typename Container::value_type;
  using compare = typename Container::key_compare;
  using iterator = typename Container::iterator;
  static constexpr bool is_unique =
      !std::is_same_v<decltype(std::declval<Container&>().emplace(std::declval<value_type>())), iterator>;
  static constexpr bool copyable = std::is_copy_constructible_v<value_type>;
  static constexpr bool transparent = requires { typename compare::is_transparent; };
  static constexpr bool has_decades = requires(const compare& comp, const key_type& x) { comp(decade{}, x); };
  static constexpr int most = 300;  // rows; the model is linear
  static constexpr int operations = 24;

  static constexpr auto sorted_tag() {
    if constexpr (is_unique) {
      return deft::sorted_unique;
    } else {
      return deft::sorted_equivalent;
    }
  }

 public:
  explicit flat_driver(op_source& in) : in_(in) {}

  /// @returns The number of operations applied.
  long run() {
    return apply([this] { change(in_.below(operations)); });
  }

 protected:
  template <typename Change>
  long apply(Change change_something) {
    long count = 0;
    for (; !in_.empty(); ++count) {
      if (model_.size() > most) {
        c_.erase(c_.nth(most / 2), c_.end());
        model_.erase(most / 2, model_.size());
      }
      change_something();
      compare_all();
      ask();
    }
    return count;
  }

  flat_row next_row() { return {in_.below(64), ++serial_}; }

  static auto mapped(int value) { return mapped_values<typename Container::mapped_type>::make(value); }

  static value_type make(flat_row row) {
    if constexpr (is_map) {
      return value_type(Keys::make(row), mapped(row.value));
    } else {
      return Keys::make(row);
    }
  }

  /// A position, the end included.
  int position() { return in_.below(model_.size() + 1); }

  std::vector<flat_row> next_rows(bool sorted) {
    std::vector<flat_row> rows;
    for (int n = in_.below(24); n > 0; --n) rows.push_back(next_row());
    if (!sorted) return rows;
    std::ranges::stable_sort(rows, {}, &flat_row::key);
    if (is_unique) {
      const auto repeated = std::ranges::unique(rows, {}, &flat_row::key);
      rows.erase(repeated.begin(), repeated.end());
    }
    return rows;
  }

  static std::vector<value_type> made(const std::vector<flat_row>& rows) {
    std::vector<value_type> values;
    values.reserve(rows.size());
    for (const flat_row row : rows) values.push_back(make(row));
    return values;
  }

  static auto moving(std::vector<value_type>& values) {
    return std::ranges::subrange(std::move_iterator(values.begin()), std::move_iterator(values.end()));
  }

  /// Checks what a function that inserts one row returned.
  template <typename Result>
  void placed(const Result& result, flat_placed expected) {
    if constexpr (requires { result.second; }) {
      DEFT_FUZZ_CHECK(result.second == expected.inserted);
      placed(result.first, expected);
    } else {
      DEFT_FUZZ_CHECK(static_cast<int>(c_.index_of(result)) == expected.at);
    }
  }

  void insert_all(const std::vector<flat_row>& rows) {
    for (const flat_row row : rows) model_.insert(row);
  }

  void change(int operation) {
    if (operation < 11) {
      insert_something(operation);
    } else if (operation < 17) {
      erase_something(operation);
    } else {
      exchange_something(operation);
    }
  }

  void insert_something(int operation) {
    const flat_row row = next_row();
    const int hint = position();
    switch (operation) {
      case 0:
        placed(c_.insert(make(row)), model_.insert(row));
        break;
      case 1:
        placed(c_.insert(c_.nth(hint), make(row)), model_.insert_near(hint, row));
        break;
      case 2:
        if constexpr (copyable) {
          const value_type value = make(row);
          if (hint % 2 == 0) {
            placed(c_.insert(value), model_.insert(row));
          } else {
            placed(c_.insert(c_.nth(hint), value), model_.insert_near(hint, row));
          }
        }
        break;
      case 3:
        emplace_parts(row, hint);
        break;
      case 4:
        insert_own(hint);
        break;
      case 5:
        if constexpr (transparent && !is_map && is_unique) {
          const key_type text = Keys::make(row);
          if (hint % 2 == 0) {
            placed(c_.insert(std::string_view(text)), model_.insert(row));
          } else {
            placed(c_.insert(c_.nth(hint), std::string_view(text)), model_.insert_near(hint, row));
          }
        }
        break;
      case 6:
      case 7: {
        const auto rows = next_rows(false);
        auto values = made(rows);
        if (operation == 6) {
          c_.insert_range(moving(values));
        } else {
          const auto range = moving(values);
          c_.insert(range.begin(), range.end());
        }
        insert_all(rows);
        break;
      }
      case 8: {
        const auto rows = next_rows(true);
        auto values = made(rows);
        const auto range = moving(values);
        if (hint % 2 == 0) {
          c_.insert(sorted_tag(), range.begin(), range.end());
        } else {
          c_.insert_range(sorted_tag(), range);
        }
        insert_all(rows);
        break;
      }
      case 9:
        if constexpr (copyable) insert_list(row);
        break;
      default:
        insert_own_range(hint);
    }
  }

  void emplace_parts(flat_row row, int hint) {
    if constexpr (is_map) {
      if (hint % 2 == 0) {
        placed(c_.emplace(std::piecewise_construct, std::forward_as_tuple(Keys::make(row)),
                          std::forward_as_tuple(mapped(row.value))),
               model_.insert(row));
      } else {
        placed(c_.emplace_hint(c_.nth(hint), Keys::make(row), mapped(row.value)),
               model_.insert_near(hint, row));
      }
    } else if constexpr (std::is_constructible_v<key_type, const char*>) {
      const key_type text = Keys::make(row);
      if (hint % 2 == 0) {
        placed(c_.emplace(text.c_str()), model_.insert(row));
      } else {
        placed(c_.emplace_hint(c_.nth(hint), text.c_str()), model_.insert_near(hint, row));
      }
    } else {
      placed(c_.emplace(Keys::make(row)), model_.insert(row));
    }
  }

  /// One of the container's own elements, by reference.
  void insert_own(int hint) {
    if constexpr (copyable) {
      if (model_.size() == 0) return;
      const int i = in_.below(model_.size());
      const flat_row row = model_.rows[i];
      placed(c_.insert(c_.nth(hint), *c_.nth(i)), model_.insert_near(hint, row));
      placed(c_.insert(*c_.nth(0)), model_.insert(flat_row(model_.rows[0])));
    }
  }

  void insert_own_range(int i) {
    if constexpr (copyable) {
      const int j = position();
      if (i > j) return;
      const std::vector<flat_row> part(model_.rows.begin() + i, model_.rows.begin() + j);
      c_.insert(c_.nth(i), c_.nth(j));
      insert_all(part);
    }
  }

  void insert_list(flat_row row) {
    const flat_row next = next_row();
    if (row.key < next.key && in_.below(2) == 0) {
      c_.insert(sorted_tag(), {make(row), make(next)});
    } else {
      c_.insert({make(row), make(next)});
    }
    insert_all({row, next});
  }

  void erase_something(int operation) {
    switch (operation) {
      case 11: {
        if (model_.size() == 0) break;
        const int i = in_.below(model_.size());
        DEFT_FUZZ_CHECK(c_.index_of(c_.erase(c_.nth(i))) == static_cast<std::size_t>(i));
        model_.erase(i, i + 1);
        break;
      }
      case 12: {
        const int i = position();
        const int j = position();
        if (i > j) break;
        DEFT_FUZZ_CHECK(c_.index_of(c_.erase(c_.nth(i), c_.nth(j))) == static_cast<std::size_t>(i));
        model_.erase(i, j);
        break;
      }
      case 13:
        erase_key(next_row().key);
        break;
      case 14: {
        if (model_.size() == 0) break;
        const int i = in_.below(model_.size());
        const int key = model_.rows[i].key;
        c_.erase(key_in(*c_.nth(i)));
        model_.erase(model_.left(key), model_.right(key));
        break;
      }
      case 15: {
        const int divisor = in_.below(7) + 1;
        const auto gone = std::erase_if(model_.rows, [&](flat_row row) { return row.key % divisor == 0; });
        const auto drop = [&](const auto& element) { return Keys::key(key_in(element)) % divisor == 0; };
        DEFT_FUZZ_CHECK(erase_if(c_, drop) == gone);
        break;
      }
      default:
        c_.clear();
        model_.rows.clear();
    }
  }

  void erase_key(int key) {
    if constexpr (has_decades) {
      const int number = key / 10;
      const int first = model_.left(number * 10);
      const int last = model_.left(number * 10 + 10);
      DEFT_FUZZ_CHECK(c_.erase(decade{number}) == static_cast<std::size_t>(last - first));
      model_.erase(first, last);
    } else {
      const int first = model_.left(key);
      const int last = model_.right(key);
      DEFT_FUZZ_CHECK(c_.erase(Keys::make({key, 0})) == static_cast<std::size_t>(last - first));
      model_.erase(first, last);
    }
  }

  void exchange_something(int operation) {
    switch (operation) {
      case 17:
        extract_and_replace();
        break;
      case 18: {
        Container other;
        other.emplace(make({1, 0}));
        other = std::move(c_);
        DEFT_FUZZ_CHECK(c_.empty());
        c_.insert(make({2, 0}));
        swap(c_, other);
        c_.swap(other);
        other.swap(c_);
        break;
      }
      case 19: {
        Container other(std::move(c_));
        DEFT_FUZZ_CHECK(c_.empty());
        c_ = std::move(other);
        break;
      }
      case 20:
        if constexpr (copyable) {
          Container other;
          other.insert(make({1, 0}));
          other = c_;
          c_.clear();
          c_ = Container(other);
        }
        break;
      case 21:
        construct(next_rows(false));
        break;
      case 22:
        if constexpr (copyable) {
          const flat_row a = next_row();
          const flat_row b = next_row();
          c_ = {make(a), make(b)};
          model_.assign({a, b});
        }
        break;
      default: {
        const auto rows = next_rows(true);
        auto values = made(rows);
        const auto range = moving(values);
        c_ = Container(sorted_tag(), range.begin(), range.end());
        model_.assign(rows);
      }
    }
  }

  void extract_and_replace() {
    if constexpr (is_map) {
      auto columns = std::move(c_).extract();
      DEFT_FUZZ_CHECK(c_.empty() && columns.keys.size() == columns.values.size());
      c_.replace(std::move(columns.keys), std::move(columns.values));
    } else {
      auto keys = std::move(c_).extract();
      DEFT_FUZZ_CHECK(c_.empty());
      c_.replace(std::move(keys));
    }
  }

  /// From containers in any order, and from a range.
  void construct(const std::vector<flat_row>& rows) {
    if (in_.below(2) == 0) {
      auto values = made(rows);
      c_ = Container(deft::from_range, moving(values));
    } else if constexpr (is_map) {
      typename Container::key_container_type keys;
      typename Container::mapped_container_type values;
      for (const flat_row row : rows) {
        keys.push_back(Keys::make(row));
        values.push_back(mapped(row.value));
      }
      c_ = Container(std::move(keys), std::move(values));
    } else {
      typename Container::container_type keys;
      for (const flat_row row : rows) keys.push_back(Keys::make(row));
      c_ = Container(std::move(keys));
    }
    model_.assign(rows);
  }

  void compare_all() const {
    DEFT_FUZZ_CHECK(c_.size() == model_.rows.size() && c_.empty() == model_.rows.empty());
    DEFT_FUZZ_CHECK(c_.end() - c_.begin() == model_.size());
    int i = 0;
    for (const auto& element : c_) DEFT_FUZZ_CHECK(same(element, model_.rows[i++]));
    for (auto it = c_.rbegin(); it != c_.rend(); ++it) DEFT_FUZZ_CHECK(same(*it, model_.rows[--i]));
    if constexpr (is_map) DEFT_FUZZ_CHECK(c_.keys().size() == c_.values().size());
  }

  /// All lookups of `x`, which is equivalent to the keys in [first, last).
  template <typename C, typename Needle>
  static void check_lookups(C& c, const Needle& x, int first, int last) {
    const auto left = static_cast<std::size_t>(first);
    const auto right = static_cast<std::size_t>(last);
    DEFT_FUZZ_CHECK(c.rank(x) == left && c.count(x) == right - left && c.contains(x) == (left != right));
    DEFT_FUZZ_CHECK(c.lower_bound(x) == c.nth(left) && c.upper_bound(x) == c.nth(right));
    DEFT_FUZZ_CHECK(c.equal_range(x) == std::pair(c.nth(left), c.nth(right)));
    DEFT_FUZZ_CHECK(c.find(x) == (left != right ? c.nth(left) : c.end()));
    DEFT_FUZZ_CHECK(c.index_of(c.lower_bound(x)) == left);
  }

  void ask() {
    const flat_row wanted = next_row();
    const key_type x = Keys::make(wanted);
    const int left = model_.left(wanted.key);
    const int right = model_.right(wanted.key);
    check_lookups(c_, x, left, right);
    check_lookups(std::as_const(c_), x, left, right);
    if constexpr (transparent) {
      check_lookups(c_, std::string_view(x), left, right);
      check_lookups(std::as_const(c_), std::string_view(x), left, right);
    }
    if constexpr (has_decades) {
      const int number = wanted.key / 10;
      check_lookups(std::as_const(c_), decade{number}, model_.left(number * 10),
                    model_.left(number * 10 + 10));
    }
    if constexpr (requires { c_ <=> c_; }) {
      DEFT_FUZZ_CHECK(c_ == c_ && std::is_eq(c_ <=> c_));
    }
  }

  op_source& in_;
  Container c_;
  flat_model model_{is_unique};
  int serial_ = 0;
};

}  // namespace deft_fuzz
