// What deft::sorted_vector must do, as a plain vector with linear searches, and a driver that applies the
// same operations to both. Unit tests, corpus replay and the fuzzer share it.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/sorted_vector.hpp"

#include "fuzz/op_source.hpp"
#include "tests/support_types/elements.hpp"
#include "tests/support_types/slack.hpp"

namespace deft_fuzz {

struct entry {
  int key;
  int serial;
};

/// The contract, in the most obvious way.
struct sorted_vector_model {
  std::vector<entry> items;

  int left(int key) const {
    int i = 0;
    while (i < size() && items[i].key < key) ++i;
    return i;
  }

  int right(int key) const {
    int i = 0;
    while (i < size() && items[i].key <= key) ++i;
    return i;
  }

  int size() const { return static_cast<int>(items.size()); }

  int insert_at(int i, entry e) {
    items.insert(items.begin() + i, e);
    return i;
  }

  int insert(entry e) { return insert_at(right(e.key), e); }

  int insert_near(int hint, entry e) { return insert_at(std::clamp(hint, left(e.key), right(e.key)), e); }

  void erase(int first, int last) { items.erase(items.begin() + first, items.begin() + last); }
};

/// Applies operations read from `in` to a sorted_vector of T and to the model.
template <typename T, typename Allocator = std::allocator<T>>
class sorted_vector_driver {
  using traits = deft_test::element<T>;
  using compare = typename traits::compare;
  using vector = deft::sorted_vector<T, compare, Allocator>;
  static constexpr bool copyable = std::is_copy_constructible_v<T>;
  static constexpr int operations = 28;
  static constexpr int most = 300;  // elements; the model is linear

 public:
  explicit sorted_vector_driver(op_source& in, const Allocator& alloc = Allocator()) : in_(in), v_(alloc) {}

  /// @returns The number of operations applied.
  long run() {
    long count = 0;
    for (; !in_.empty(); ++count) {
      if (model_.size() > most) {
        v_.erase_range(most / 2);
        model_.erase(most / 2, model_.size());
      }
      change();
      compare_all();
      ask();
    }
    return count;
  }

 private:
  entry next_entry() { return {in_.below(64), ++serial_}; }

  static T make(entry e) { return traits::make(e.key, e.serial); }

  static bool same(const T& x, entry e) {
    return traits::key(x) == e.key && (!deft_test::has_serial<T> || traits::serial(x) == e.serial);
  }

  int position() { return in_.below(model_.size() + 1); }

  std::vector<entry> next_entries(bool sorted) {
    std::vector<entry> entries;
    for (int n = in_.below(24); n > 0; --n) entries.push_back(next_entry());
    if (sorted) std::ranges::stable_sort(entries, {}, &entry::key);
    return entries;
  }

  static std::vector<T> made(const std::vector<entry>& entries) {
    std::vector<T> values;
    for (const entry e : entries) values.push_back(make(e));
    return values;
  }

  static auto moving(std::vector<T>& values) {
    return std::ranges::subrange(std::move_iterator(values.begin()), std::move_iterator(values.end()));
  }

  void inserted(typename vector::iterator it, int expected) { DEFT_FUZZ_CHECK(it - v_.begin() == expected); }

  void change() {
    const int operation = in_.below(operations);
    if (operation < 14) {
      insert_something(operation);
    } else if (operation < 22) {
      erase_something(operation);
    } else {
      exchange_something(operation);
    }
  }

  void insert_something(int operation) {
    switch (operation) {
      case 0:
      case 1: {
        const entry e = next_entry();
        inserted(v_.insert(make(e)), model_.insert(e));
        break;
      }
      case 2: {
        const entry e = next_entry();
        if constexpr (copyable) {
          const T value = make(e);
          inserted(v_.insert(value), model_.insert(e));
        } else {
          inserted(v_.emplace(make(e)), model_.insert(e));
        }
        break;
      }
      case 3: {
        const entry e = next_entry();
        inserted(v_.insort_left(make(e)), model_.insert_at(model_.left(e.key), e));
        break;
      }
      case 4: {
        const entry e = next_entry();
        inserted(v_.insort_right(make(e)), model_.insert(e));
        break;
      }
      case 5:
      case 6: {
        const entry e = next_entry();
        const int hint = position();
        inserted(v_.insert(v_.nth(hint), make(e)), model_.insert_near(hint, e));
        break;
      }
      case 7:
      case 8: {
        const auto entries = next_entries(false);
        auto values = made(entries);
        v_.update(moving(values));
        for (const entry e : entries) model_.insert(e);
        break;
      }
      case 9: {
        const auto entries = next_entries(true);
        auto values = made(entries);
        const auto range = moving(values);
        v_.insert(deft::sorted_equivalent, range.begin(), range.end());
        for (const entry e : entries) model_.insert(e);
        break;
      }
      case 10:
        if constexpr (copyable) {
          if (model_.size() == 0) break;
          const int i = in_.below(model_.size());
          const entry e = model_.items[i];
          inserted(v_.insert(v_[i]), model_.insert(e));
        }
        break;
      case 11:
        if constexpr (copyable) {
          const int i = position();
          const int j = position();
          if (i > j) break;
          const std::vector<entry> part(model_.items.begin() + i, model_.items.begin() + j);
          v_.insert(v_.nth(i), v_.nth(j));
          for (const entry e : part) model_.insert(e);
        }
        break;
      case 12: {
        const auto entries = next_entries(false);
        auto values = made(entries);
        vector other(v_.get_allocator());
        other.insert_range(moving(values));
        v_.merge(other);
        DEFT_FUZZ_CHECK(other.empty());
        for (const entry e : entries) model_.insert(e);
        v_.merge(v_);
        break;
      }
      default: {
        // The other way round: equals come in the order in which `other` holds them.
        struct descending {
          bool operator()(const T& a, const T& b) const { return compare()(b, a); }
        };

        const auto entries = next_entries(false);
        auto values = made(entries);
        deft::sorted_vector<T, descending, Allocator> other(v_.get_allocator());
        other.insert_range(moving(values));
        v_.merge(std::move(other));
        for (const entry e : entries) model_.insert(e);
      }
    }
  }

  void erase_something(int operation) {
    switch (operation) {
      case 14:
      case 15: {
        if (model_.size() == 0) break;
        const int i = in_.below(model_.size());
        DEFT_FUZZ_CHECK(v_.index_of(v_.erase(v_.nth(i))) == static_cast<std::size_t>(i));
        model_.erase(i, i + 1);
        break;
      }
      case 16: {
        const int i = position();
        const int j = position();
        if (i > j) break;
        DEFT_FUZZ_CHECK(v_.index_of(v_.erase(v_.nth(i), v_.nth(j))) == static_cast<std::size_t>(i));
        model_.erase(i, j);
        break;
      }
      case 17: {
        const entry e = next_entry();
        const int first = model_.left(e.key);
        const int last = model_.right(e.key);
        DEFT_FUZZ_CHECK(v_.erase(make(e)) == static_cast<std::size_t>(last - first));
        model_.erase(first, last);
        break;
      }
      case 18: {
        if (model_.size() == 0) break;
        const int i = in_.below(model_.size());
        const int key = model_.items[i].key;
        v_.erase(v_[i]);
        model_.erase(model_.left(key), model_.right(key));
        break;
      }
      case 19: {
        const int i = in_.below(most * 2);
        const int j = in_.below(most * 2);
        const int last = std::min(j, model_.size());
        const int count = std::max(0, last - i);
        DEFT_FUZZ_CHECK(v_.erase_range(i, j) == static_cast<std::size_t>(count));
        if (count != 0) model_.erase(i, last);
        break;
      }
      case 20: {
        const int divisor = in_.below(7) + 1;
        const auto gone = std::erase_if(model_.items, [&](entry e) { return e.key % divisor == 0; });
        DEFT_FUZZ_CHECK(erase_if(v_, [&](const T& x) { return traits::key(x) % divisor == 0; }) == gone);
        break;
      }
      default: {
        if (model_.size() == 0) break;
        const int i = in_.below(model_.size());
        DEFT_FUZZ_CHECK(same(v_.pop(i), model_.items[i]));
        model_.erase(i, i + 1);
      }
    }
  }

  void exchange_something(int operation) {
    switch (operation) {
      case 22: {
        const std::size_t room = static_cast<std::size_t>(in_.below(2 * most));
        v_.reserve(room);
        DEFT_FUZZ_CHECK(v_.capacity() >= room);
        break;
      }
      case 23:
        v_.shrink_to_fit();
        break;
      case 24: {
        auto items = std::move(v_).extract();
        DEFT_FUZZ_CHECK(v_.empty() && items.size() == model_.items.size());
        v_.replace(std::move(items));
        break;
      }
      case 25: {
        vector other(v_.get_allocator());
        other.insert(make({1, 0}));
        other = std::move(v_);
        DEFT_FUZZ_CHECK(v_.empty());
        swap(v_, other);
        break;
      }
      case 26:
        if constexpr (copyable) {
          vector other(v_.get_allocator());
          other = v_;
          v_.clear();
          v_ = other;
          const auto entries = next_entries(false);
          const auto values = made(entries);
          const vector from_values(values.begin(), values.end(), compare(), v_.get_allocator());
          DEFT_FUZZ_CHECK(std::ranges::is_sorted(from_values, compare()));
          DEFT_FUZZ_CHECK(from_values.size() == values.size());
        }
        break;
      default:
        v_.clear();
        model_.items.clear();
    }
  }

  void compare_all() const {
    DEFT_FUZZ_CHECK(v_.size() == model_.items.size());
    DEFT_FUZZ_CHECK(v_.capacity() >= v_.size() && v_.empty() == model_.items.empty());
    DEFT_FUZZ_CHECK(deft_test::slack_is_closed(v_));
    for (int i = 0; i < model_.size(); ++i) DEFT_FUZZ_CHECK(same(v_[i], model_.items[i]));
  }

  void ask() {
    const entry wanted = next_entry();
    const T x = make(wanted);
    const std::size_t left = static_cast<std::size_t>(model_.left(wanted.key));
    const std::size_t right = static_cast<std::size_t>(model_.right(wanted.key));
    DEFT_FUZZ_CHECK(v_.bisect_left(x) == left && v_.rank(x) == left);
    DEFT_FUZZ_CHECK(v_.bisect_right(x) == right);
    DEFT_FUZZ_CHECK(v_.count(x) == right - left && v_.contains(x) == (left != right));
    DEFT_FUZZ_CHECK(v_.lower_bound(x) == v_.nth(left) && v_.upper_bound(x) == v_.nth(right));
    DEFT_FUZZ_CHECK(v_.equal_range(x) == std::pair(v_.nth(left), v_.nth(right)));
    DEFT_FUZZ_CHECK(v_.find(x) == (left != right ? v_.nth(left) : v_.end()));
    if (left != right) DEFT_FUZZ_CHECK(v_.index(x) == left && v_.index_of(v_.find(x)) == left);

    const entry upper = next_entry();
    const deft::inclusive ends{.lo = in_.below(2) == 0, .hi = in_.below(2) == 0};
    const int first = ends.lo ? model_.left(wanted.key) : model_.right(wanted.key);
    const int last = ends.hi ? model_.right(upper.key) : model_.left(upper.key);
    const auto between = v_.irange(x, make(upper), ends);
    DEFT_FUZZ_CHECK(between.size() == static_cast<std::size_t>(std::max(0, last - first)));
    if (!between.empty()) DEFT_FUZZ_CHECK(between.data() == v_.data() + first);
  }

  op_source& in_;
  vector v_;
  sorted_vector_model model_;
  int serial_ = 0;
};

}  // namespace deft_fuzz
