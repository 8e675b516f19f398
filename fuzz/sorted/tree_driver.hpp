// Applies the same operations, read from bytes, to one of deft's trees and to the model. Unit tests, corpus
// replay and the fuzzer share it. What only sets, lists or maps have is in tree_set_driver.hpp and
// tree_map_driver.hpp, what changes nothing in tree_questions.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/tags.hpp"

#include "fuzz/op_source.hpp"
#include "fuzz/sorted/tree_keys.hpp"
#include "fuzz/sorted/tree_model.hpp"
#include "fuzz/sorted/tree_questions.hpp"
#include "tests/sorted/tree_structure.hpp"

namespace deft_fuzz {

/// `Container` is a sorted_set, sorted_list or sorted_map of `Keys`.
template <typename Container, typename Keys>
class tree_driver : protected tree_questions<Container, Keys> {
 protected:
  using questions = tree_questions<Container, Keys>;
  using typename questions::key_type;
  using value_type = typename Container::value_type;
  using iterator = typename Container::iterator;
  using questions::is_map, questions::is_unique, questions::key_in, questions::same;
  static constexpr bool copyable = std::is_copy_constructible_v<value_type>;
  static constexpr bool has_centuries =
      requires(const typename Container::key_compare& comp, const key_type& x) { comp(century{}, x); };
  static constexpr std::size_t always = 500;  // elements, all of which are compared after every operation
  static constexpr int operations = 36;

  static constexpr auto sorted_tag() {
    if constexpr (is_unique) {
      return deft::sorted_unique;
    } else {
      return deft::sorted_equivalent;
    }
  }

 public:
  /// @param most How many elements there may be.
  explicit tree_driver(op_source& in, std::size_t most) : in_(in), most_(most) {
    constexpr int keys[] = {64, 1000, 8000, tree_key_limit};
    keys_ = keys[in_.below(4)];
  }

  /// @returns The number of operations applied.
  long run() {
    return apply([this] { change(in_.below(operations)); });
  }

 protected:
  template <typename Change>
  long apply(Change change_something) {
    long count = 0;
    for (; !in_.empty(); ++count) {
      if (model_.size() > most_) {
        DEFT_FUZZ_CHECK(c_.erase_range(most_ / 2, model_.size() + 5) == model_.size() - most_ / 2);
        model_.erase(most_ / 2, model_.size());
      }
      change_something();
      compare(count);
      ask();
    }
    compare(0);
    return count;
  }

  // Rows, and what is made of them.

  tree_row next_row() { return {in_.below(keys_), ++serial_}; }

  /// What is inserted: a key, or a pair whose key can be moved.
  static auto make(tree_row row) {
    if constexpr (is_map) {
      using mapped_type = typename Container::mapped_type;
      return std::pair<key_type, mapped_type>(Keys::make(row), mapped_values<mapped_type>::make(row.value));
    } else {
      return Keys::make(row);
    }
  }

  using made_type = decltype(make({}));

  std::vector<tree_row> next_rows() {
    std::vector<tree_row> rows;
    for (int n = in_.below(24); n > 0; --n) rows.push_back(next_row());
    return rows;
  }

  /// Many rows from a few bytes: in any order, or a run of neighbours that ascends or descends.
  std::vector<tree_row> many_rows() {
    const int shape = in_.below(4);
    const std::size_t count = static_cast<std::size_t>(in_.byte() + 1) * most_ / 512;
    std::vector<tree_row> rows;
    rows.reserve(count);
    unsigned state = in_.byte();
    int key = next_row().key;
    for (std::size_t i = 0; i != count; ++i) {
      state = state * 1664525u + 1013904223u;
      if (shape < 2) {
        key = static_cast<int>((state >> 8) % static_cast<unsigned>(keys_));
      } else if (shape == 2) {
        key = std::min(key + static_cast<int>(state >> 31), keys_ - 1);
      } else {
        key = std::max(key - static_cast<int>(state >> 31), 0);
      }
      rows.push_back({key, ++serial_});
    }
    return rows;
  }

  static std::vector<tree_row> sorted(std::vector<tree_row> rows) {
    std::ranges::stable_sort(rows, {}, &tree_row::key);
    if (is_unique) {
      const auto repeated = std::ranges::unique(rows, {}, &tree_row::key);
      rows.erase(repeated.begin(), repeated.end());
    }
    return rows;
  }

  static std::vector<made_type> made(const std::vector<tree_row>& rows) {
    std::vector<made_type> values;
    values.reserve(rows.size());
    for (const tree_row row : rows) values.push_back(make(row));
    return values;
  }

  static auto moving(std::vector<made_type>& values) {
    return std::ranges::subrange(std::move_iterator(values.begin()), std::move_iterator(values.end()));
  }

  // Positions.

  /// A position, the end included.
  std::size_t position() { return below(model_.size() + 1); }

  std::size_t below(std::size_t bound) {
    return static_cast<std::size_t>(in_.below(static_cast<int>(bound)));
  }

  auto at(std::size_t i) { return questions::at(c_, i); }

  /// Checks what a function that inserts one row returned.
  template <typename Result>
  void placed(const Result& result, tree_placed expected) {
    if constexpr (requires { result.second; }) {
      DEFT_FUZZ_CHECK(result.second == expected.inserted);
      placed(result.first, expected);
    } else {
      DEFT_FUZZ_CHECK(c_.index_of(result) == expected.at);
    }
  }

  // Operations.

  void change(int operation) {
    if (operation < 15) {
      insert_something(operation);
    } else if (operation < 25) {
      erase_something(operation);
    } else {
      exchange_something(operation);
    }
  }

  void insert_something(int operation) {
    switch (operation) {
      case 0: {
        const tree_row row = next_row();
        placed(c_.insert(make(row)), model_.insert(row));
        break;
      }
      case 1: {
        const tree_row row = next_row();
        const std::size_t hint = position();
        placed(c_.insert(at(hint), make(row)), model_.insert_near(hint, row));
        break;
      }
      case 2:
        if constexpr (copyable) insert_copy();
        break;
      case 3:
        emplace_parts();
        break;
      case 4:
        if constexpr (copyable) insert_own();
        break;
      case 5:
        if constexpr (copyable) insert_list();
        break;
      case 6:
      case 7: {
        const auto rows = next_rows();
        auto values = made(rows);
        const auto range = moving(values);
        if (operation == 6) {
          c_.insert_range(range);
        } else {
          c_.insert(range.begin(), range.end());
        }
        model_.insert_all(rows);
        break;
      }
      case 8: {
        const auto rows = sorted(next_rows());
        auto values = made(rows);
        const auto range = moving(values);
        if (in_.below(2) == 0) {
          c_.insert(sorted_tag(), range.begin(), range.end());
        } else {
          c_.insert_range(sorted_tag(), range);
        }
        model_.insert_all(rows);
        break;
      }
      case 9: {
        const auto rows = next_rows();
        auto values = made(rows);
        DEFT_FUZZ_CHECK(c_.insert_many(moving(values)) == model_.insert_all(rows));
        break;
      }
      case 10: {
        const auto rows = next_rows();
        auto values = made(rows);
        c_.update(moving(values));
        model_.insert_all(rows);
        break;
      }
      case 11:
      case 12: {
        const auto rows = many_rows();
        for (const tree_row row : rows) c_.insert(make(row));
        model_.insert_all(rows);
        break;
      }
      case 13: {
        const auto rows = many_rows();
        auto values = made(rows);
        DEFT_FUZZ_CHECK(c_.insert_many(moving(values)) == model_.insert_all(rows));
        break;
      }
      default: {
        const auto rows = sorted(many_rows());
        auto values = made(rows);
        c_.insert_range(sorted_tag(), moving(values));
        model_.insert_all(rows);
      }
    }
  }

  void insert_copy() {
    const tree_row row = next_row();
    const std::size_t hint = position();
    const value_type value = make(row);
    if (hint % 2 == 0) {
      placed(c_.insert(value), model_.insert(row));
    } else {
      placed(c_.insert(at(hint), value), model_.insert_near(hint, row));
    }
  }

  void emplace_parts() {
    const tree_row row = next_row();
    const std::size_t hint = position();
    if constexpr (is_map) {
      using values = mapped_values<typename Container::mapped_type>;
      if (hint % 2 == 0) {
        placed(c_.emplace(std::piecewise_construct, std::forward_as_tuple(Keys::make(row)),
                          std::forward_as_tuple(values::make(row.value))),
               model_.insert(row));
      } else {
        placed(c_.emplace_hint(at(hint), Keys::make(row), values::make(row.value)),
               model_.insert_near(hint, row));
      }
    } else if constexpr (requires(const key_type& key) { key.serial; }) {
      const key_type parts = Keys::make(row);
      if (hint % 2 == 0) {
        placed(c_.emplace(parts.key, parts.serial), model_.insert(row));
      } else {
        placed(c_.emplace_hint(at(hint), parts.key, parts.serial), model_.insert_near(hint, row));
      }
    } else if (hint % 2 == 0) {
      placed(c_.emplace(Keys::make(row)), model_.insert(row));
    } else {
      placed(c_.emplace_hint(at(hint), Keys::make(row)), model_.insert_near(hint, row));
    }
  }

  /// One of the container's own elements, by reference.
  void insert_own() {
    if (model_.size() == 0) return;
    const std::size_t i = below(model_.size());
    const std::size_t hint = position();
    const tree_row row = model_.rows[i];
    placed(c_.insert(at(hint), *at(i)), model_.insert_near(hint, row));
    const tree_row first = model_.rows[0];
    placed(c_.insert(*c_.begin()), model_.insert(first));
    const std::size_t last = std::min(i + below(300), model_.size());
    const auto part = model_.part(i, last);
    c_.insert(at(i), at(last));
    model_.insert_all(part);
  }

  void insert_list() {
    const tree_row row = next_row();
    const tree_row next = next_row();
    if (row.key < next.key && in_.below(2) == 0) {
      c_.insert(sorted_tag(), {value_type(make(row)), value_type(make(next))});
    } else {
      c_.insert({value_type(make(row)), value_type(make(next))});
    }
    model_.insert_all({row, next});
  }

  void erase_something(int operation) {
    switch (operation) {
      case 15: {
        if (model_.size() == 0) break;
        const std::size_t i = below(model_.size());
        DEFT_FUZZ_CHECK(c_.index_of(c_.erase(at(i))) == i);
        model_.erase(i, i + 1);
        break;
      }
      case 16: {
        const auto [i, j] = std::minmax({position(), position()});
        DEFT_FUZZ_CHECK(c_.index_of(c_.erase(at(i), at(j))) == i);
        model_.erase(i, j);
        break;
      }
      case 17: {
        const std::size_t i = position();
        const std::size_t j = std::min(i + below(20), model_.size());
        DEFT_FUZZ_CHECK(c_.index_of(c_.erase(at(i), at(j))) == i);
        model_.erase(i, j);
        break;
      }
      case 18:
        erase_key(next_row().key);
        break;
      case 19: {
        if (model_.size() == 0) break;
        const std::size_t i = below(model_.size());
        const int key = model_.rows[i].key;
        DEFT_FUZZ_CHECK(c_.erase(key_in(*at(i))) == model_.right(key) - model_.left(key));
        model_.erase(model_.left(key), model_.right(key));
        break;
      }
      case 20: {
        const int divisor = in_.below(7) + 1;
        const auto gone = std::erase_if(model_.rows, [&](tree_row row) { return row.key % divisor == 0; });
        const auto drop = [&](const auto& element) { return Keys::key(key_in(element)) % divisor == 0; };
        DEFT_FUZZ_CHECK(erase_if(c_, drop) == gone);
        break;
      }
      case 21: {
        const std::size_t i = in_.below(4) == 0 ? model_.size() + 3 : position();
        const std::size_t j = in_.below(4) == 0 ? model_.size() + 7 : position();
        const std::size_t last = std::min(j, model_.size());
        const std::size_t first = std::min(i, last);
        DEFT_FUZZ_CHECK(c_.erase_range(i, j) == last - first);
        model_.erase(first, last);
        break;
      }
      case 22:
      case 23:
        erase_many();
        break;
      default:
        if (in_.below(4) != 0) break;
        c_.clear();
        model_.rows.clear();
    }
  }

  void erase_key(int key) {
    if constexpr (has_centuries) {
      const int number = key / 100;
      const std::size_t first = model_.left(number * 100);
      const std::size_t last = model_.left(number * 100 + 100);
      DEFT_FUZZ_CHECK(c_.erase(century{number}) == last - first);
      model_.erase(first, last);
    } else {
      const std::size_t first = model_.left(key);
      const std::size_t last = model_.right(key);
      DEFT_FUZZ_CHECK(c_.erase(Keys::make({key, 0})) == last - first);
      model_.erase(first, last);
    }
  }

  /// One by one: from the front, from the back, from a place on, or anywhere.
  void erase_many() {
    const int shape = in_.below(4);
    std::size_t count = static_cast<std::size_t>(in_.byte() + 1) * most_ / 1024;
    std::size_t i = position();
    for (; count != 0 && model_.size() != 0; --count) {
      if (shape == 0) i = 0;
      if (shape == 1) i = model_.size() - 1;
      if (shape == 2) i = std::min(i, model_.size() - 1);
      if (shape == 3) i = (i * 7919 + 13) % model_.size();
      DEFT_FUZZ_CHECK(same(*at(i), model_.rows[i]));
      c_.erase(at(i));
      model_.erase(i, i + 1);
    }
  }

  void exchange_something(int operation) {
    switch (operation) {
      case 25:
      case 26:
        split_and_join();
        break;
      case 27: {
        const std::size_t i = position();
        const bool keeps_tail = in_.below(2) == 0;
        Container tail = c_.split_at(i);
        check_part(tail, i, model_.size());
        check_part(c_, 0, i);
        if (keeps_tail) c_ = std::move(tail);
        model_.rows = keeps_tail ? model_.part(i, model_.size()) : model_.part(0, i);
        break;
      }
      case 28:
        merge();
        break;
      case 29: {
        Container other;
        other.emplace(make({1, 0}));
        other = std::move(c_);
        DEFT_FUZZ_CHECK(c_.empty() && c_.begin() == c_.end());
        c_.insert(make({2, 0}));
        swap(c_, other);
        c_.swap(other);
        other.swap(c_);
        DEFT_FUZZ_CHECK(other.size() == 1);
        break;
      }
      case 30: {
        // Places move along with what they belong to, but the end.
        const std::size_t i = position();
        const iterator place = at(i);
        Container other(std::move(c_));
        DEFT_FUZZ_CHECK(c_.empty());
        check_part(other, 0, model_.size());
        if (i != model_.size()) DEFT_FUZZ_CHECK(other.index_of(place) == i && same(*place, model_.rows[i]));
        c_ = std::move(other);
        if (i != model_.size()) DEFT_FUZZ_CHECK(c_.index_of(place) == i);
        break;
      }
      case 31:
        if constexpr (copyable) copy();
        break;
      case 32:
        construct();
        break;
      case 33:
        if constexpr (copyable) {
          if (in_.below(4) != 0) break;
          const tree_row a = next_row();
          const tree_row b = next_row();
          c_ = {value_type(make(a)), value_type(make(b))};
          model_.assign({a, b});
        }
        break;
      case 34: {
        Container other(std::move(c_), any_allocator());
        check_part(other, 0, model_.size());
        DEFT_FUZZ_CHECK(c_.empty());
        c_ = std::move(other);
        break;
      }
      default:
        if constexpr (copyable) questions::check_frozen(c_, model_, next_row());
    }
  }

  /// An allocator, which perhaps is not equal to the container's.
  auto any_allocator() {
    using allocator = typename Container::allocator_type;
    if constexpr (std::is_constructible_v<allocator, int>) {
      return allocator(in_.below(2));
    } else {
      return c_.get_allocator();
    }
  }

  /// @returns A container of the same type, and the model's view of it.
  std::pair<Container, std::vector<tree_row>> another() {
    auto rows = in_.below(3) == 0 ? many_rows() : next_rows();
    Container other(any_allocator());
    auto values = made(rows);
    other.insert_range(moving(values));
    tree_model model{is_unique};
    model.insert_all(std::move(rows));
    return {std::move(other), std::move(model.rows)};
  }

  void split_and_join() {
    const std::size_t i = position();
    Container tail = c_.split_at(i);
    check_part(c_, 0, i);
    check_part(tail, i, model_.size());
    const std::size_t j = below(model_.size() - i + 1);
    Container end = tail.split_at(j);
    check_part(tail, i, i + j);
    if (in_.below(2) == 0) {
      c_.concat(std::move(tail));
      check_part(c_, 0, i + j);
      c_.concat(std::move(end));
    } else {
      tail.concat(std::move(end));
      check_part(tail, i, model_.size());
      c_.concat(std::move(tail));
    }
    DEFT_FUZZ_CHECK(tail.empty() && end.empty());
  }

  /// What is not here comes here; a list takes all.
  void merge() {
    auto [other, rows] = another();
    std::vector<tree_row> stay;
    if (is_unique)
      std::ranges::copy_if(rows, std::back_inserter(stay),
                           [&](tree_row row) { return model_.holds(row.key); });
    if (in_.below(2) == 0) {
      c_.merge(other);
    } else {
      c_.merge(std::move(other));
    }
    questions::check_rows(other, stay);
    model_.insert_all(std::move(rows));
  }

  void copy() {
    Container other;
    other.insert(make({1, 0}));
    if (in_.below(2) == 0) {
      other = c_;
    } else {
      other = Container(c_, any_allocator());
    }
    check_part(other, 0, model_.size());
    c_.clear();
    c_ = Container(std::as_const(other));
    other = *&other;
    check_part(other, 0, model_.size());
  }

  void construct() {
    const auto rows = in_.below(2) == 0 ? many_rows() : next_rows();
    const int how = in_.below(3);
    auto values = made(how == 0 ? sorted(rows) : rows);
    const auto range = moving(values);
    if (how == 0) {
      c_ = Container(sorted_tag(), range.begin(), range.end());
    } else if (how == 1) {
      c_ = Container(range.begin(), range.end());
    } else {
      c_ = Container(deft::from_range, range);
    }
    model_.assign(rows);
  }

  // Comparisons.

  void check_part(const Container& part, std::size_t first, std::size_t last) {
    questions::check_structure(part);
    DEFT_FUZZ_CHECK(part.size() == last - first);
    if (last - first <= always) questions::check_rows(part, model_.part(first, last));
  }

  /// All elements of small containers and, every now and then, of large ones; else two hundred.
  void compare(long count) {
    questions::check_structure(c_);
    DEFT_FUZZ_CHECK(c_.size() == model_.size() && c_.empty() == model_.rows.empty());
    if (model_.size() <= always || count % 32 == 0) {
      questions::check_rows(c_, model_.rows);
    } else {
      std::size_t i = below(model_.size() - 200);
      for (auto it = at(i); i % 200 != 0; ++it, ++i) DEFT_FUZZ_CHECK(same(*it, model_.rows[i]));
    }
  }

  void ask() {
    const tree_row wanted = next_row();
    questions::ask(c_, model_, wanted);
    questions::ask_positions(c_, model_, wanted, position(), position());
    if (wanted.key % 4 == 0) {
      std::vector<tree_row> needles = next_rows();
      questions::ask_many(c_, model_, needles);
    }
    if (wanted.key % 8 == 1) questions::check_chunks(c_, model_);
  }

  op_source& in_;
  std::size_t most_;
  int keys_;
  Container c_;
  tree_model model_{is_unique};
  int serial_ = 0;
};

}  // namespace deft_fuzz
