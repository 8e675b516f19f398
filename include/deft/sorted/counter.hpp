/// @file
/// deft::counter: Python's collections.Counter.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <numeric>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/counter_elements.hpp"
#include "deft/sorted/detail/set_walk.hpp"
#include "deft/sorted/detail/sorted_array_bulk.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

/// How often each key occurred: Python's collections.Counter, in key order, on a flat_map.
///
/// Use it to count what comes in batches: a range is counted by one sort and merged in once. Counting one key
/// at a time (`add`) costs O(log n) for a key that is there, but moves half the rows for a new one; for a
/// stream of single new keys count in a hash map.
///
/// Counts are signed 64-bit and may be zero or negative, as in Python; a key with count 0 is still there
/// until erased. Reading a missing key gives 0 and inserts nothing. A count that would not fit throws
/// std::out_of_range and changes nothing. Memory per key: sizeof(K) + 8 bytes, plus unused capacity.
///
/// Differences from Python: iteration is in key order, ties in most_common() too; `c[k] = n` is set(k, n) and
/// `c[k] += n` is add(k, n).
///
/// Threads: any number of concurrent readers, or one writer.
template <typename K, typename Compare = std::less<K>>
class counter {
 public:
  using count_type = std::int64_t;
  using key_type = K;
  using mapped_type = count_type;
  using value_type = std::pair<K, count_type>;
  using key_compare = Compare;
  using map_type = flat_map<K, count_type, Compare>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using const_iterator = typename map_type::const_iterator;
  using iterator = const_iterator;

  /// Nothing counted.
  /// @throws      What the comparator's constructor throws. @complexity O(1). @concurrency Independent.
  /// @{
  counter() = default;

  DEFT_TAGGED explicit counter(const Compare& comp) : counts_(comp) {}

  /// @}

  /// The keys of a range, counted; of equivalent ones the first is kept.
  /// @throws      What reading, copying and comparing keys throw; std::bad_alloc.
  /// @complexity  O(n log n): one sort. @concurrency Independent.
  /// @{
  template <detail::range_of<K> R>
  DEFT_TAGGED counter(from_range_t /*tag*/, R&& range, const Compare& comp = Compare())
      : counter(count_all(std::ranges::begin(range), std::ranges::end(range), comp), comp) {}

  template <std::input_iterator It>
  DEFT_TAGGED counter(It first, It last, const Compare& comp = Compare())
      : counter(count_all(std::move(first), std::move(last), comp), comp) {}

  DEFT_TAGGED counter(std::initializer_list<K> keys, const Compare& comp = Compare())
      : counter(keys.begin(), keys.end(), comp) {}

  /// @}

  /// Takes over counts.
  /// @throws      What moving the map throws. @complexity O(1). @concurrency Independent.
  DEFT_TAGGED explicit counter(map_type counts) : counts_(std::move(counts)) {}

  /// The rows, in key order, as pairs of a key and its count, those with 0 and below too.
  /// @returns     What the name says; as_map() all of them, with its columns keys() and values().
  /// @throws      Nothing; key_comp() what copying the comparator throws.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const_iterator begin() const noexcept { return counts_.begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const noexcept { return counts_.end(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return counts_.empty(); }

  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return counts_.size(); }

  [[nodiscard]] DEFT_TAGGED const map_type& as_map() const noexcept { return counts_; }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return counts_.key_comp(); }

  /// @}

  /// The count of a key; 0 if it is not there.
  /// @returns     The count.
  /// @throws      What comparisons throw. @complexity O(log n). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED count_type operator[](const K& key) const { return count_of(key); }

  template <typename Needle>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED count_type operator[](const Needle& key) const {
    return count_of(key);
  }

  /// @}

  /// Whether a key is there, with whatever count.
  /// @returns     Whether it is.
  /// @throws      What comparisons throw. @complexity O(log n). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED bool contains(const K& key) const { return counts_.contains(key); }

  template <typename Needle>
    requires detail::transparent_comparator<Compare>
  [[nodiscard]] DEFT_TAGGED bool contains(const Needle& key) const {
    return counts_.contains(key);
  }

  /// @}

  /// The sum of all counts.
  /// @returns     The sum.
  /// @throws      std::out_of_range where it does not fit. @complexity O(n). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED count_type total() const {
    count_type sum = 0;
    for (const count_type count : counts_.values()) sum = plus(sum, count);
    return sum;
  }

  /// The `n` keys with the highest counts, highest first; ties in key order.
  /// @returns     Pairs of a key and its count, at most size().
  /// @throws      What copying keys throws; std::bad_alloc.
  /// @complexity  O(size log n). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::vector<value_type> most_common(
      std::size_t n = static_cast<std::size_t>(-1)) const {
    const auto& counts = counts_.values();
    std::vector<std::size_t> order(size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto end = order.begin() + static_cast<std::ptrdiff_t>(std::min(n, size()));
    std::partial_sort(order.begin(), end, order.end(), [&counts](std::size_t a, std::size_t b) {
      return counts[a] != counts[b] ? counts[a] > counts[b] : a < b;
    });
    std::vector<value_type> out;
    out.reserve(static_cast<std::size_t>(end - order.begin()));
    for (auto i = order.begin(); i != end; ++i) out.emplace_back(counts_.keys()[*i], counts[*i]);
    return out;
  }

  /// Each key as often as its count says, in key order; none with 0 and below.
  /// @returns     A view of `const K&` that refers to this counter: changes of it end the view's life.
  /// @throws      Nothing. @complexity O(1); walking it, O(n + total). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED auto elements() const noexcept {
    return detail::counter_elements<map_type>(counts_);
  }

  /// Sets the count of a key, which is inserted if need be.
  /// @throws      What comparing and copying a key throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(log n), O(n) moves for a new key.
  /// @invalidates Everything, if the key is new. @concurrency Exclusive access to *this.
  DEFT_TAGGED void set(const K& key, count_type count) { counts_.try_emplace(key).first->second = count; }

  /// Adds to the count of a key, which is inserted if need be; `n` may be negative.
  /// @returns     The new count.
  /// @throws      std::out_of_range where it does not fit; as set(). @guarantee Strong.
  /// @complexity  O(log n), O(n) moves for a new key.
  /// @invalidates Everything, if the key is new. @concurrency Exclusive access to *this.
  DEFT_TAGGED count_type add(const K& key, count_type n = 1) {
    const auto row = counts_.find(key);
    if (row == counts_.end()) {
      set(key, n);
      return n;
    }
    return row->second = plus(row->second, n);
  }

  /// Adds one for each key of a range, or all counts of another counter, which may be this one; subtract
  /// takes them away. Counts may become 0 or negative and stay.
  /// @throws      std::out_of_range where a count does not fit; what reading, comparing and copying keys
  /// throw;
  ///              std::bad_alloc. @guarantee Strong.
  /// @complexity  For m keys O(m log m) to sort them, O(m log(n/m + 1)) to find them, O(n + m) moves where
  ///              some are new.
  /// @invalidates Everything, if keys are new. @concurrency Exclusive access to *this.
  /// @{
  template <detail::range_of<K> R>
    requires(!std::same_as<std::remove_cvref_t<R>, counter>)
  DEFT_TAGGED void update(R&& range) {
    combine(count_all(std::ranges::begin(range), std::ranges::end(range), key_comp()), false);
  }

  DEFT_TAGGED void update(std::initializer_list<K> keys) {
    combine(count_all(keys.begin(), keys.end(), key_comp()), false);
  }

  DEFT_TAGGED void update(const counter& other) {
    combine(other.counts_.keys(), other.counts_.values(), false);
  }

  template <detail::range_of<K> R>
    requires(!std::same_as<std::remove_cvref_t<R>, counter>)
  DEFT_TAGGED void subtract(R&& range) {
    combine(count_all(std::ranges::begin(range), std::ranges::end(range), key_comp()), true);
  }

  DEFT_TAGGED void subtract(std::initializer_list<K> keys) {
    combine(count_all(keys.begin(), keys.end(), key_comp()), true);
  }

  DEFT_TAGGED void subtract(const counter& other) {
    combine(other.counts_.keys(), other.counts_.values(), true);
  }

  /// @}

  /// Removes a key, whatever its count.
  /// @returns     1 if it was there, else 0 (under a transparent comparator it may be more).
  /// @throws      What comparisons throw. @guarantee As flat_map::erase. @complexity O(n) moves.
  /// @invalidates Everything from the key on. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED size_type erase(const K& key) { return counts_.erase(key); }

  template <typename Needle>
    requires detail::transparent_comparator<Compare>
  DEFT_TAGGED size_type erase(const Needle& key) {
    return counts_.erase(key);
  }

  /// @}

  /// Removes all keys.
  /// @throws      Nothing. @complexity O(n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED void clear() noexcept { counts_.clear(); }

  /// Sum, difference, least and greatest count of each key; what is 0 or below is left out, and keys that are
  /// missing count as 0, as in Python. Of keys in both, the left one's go into the result.
  /// @returns     A new counter.
  /// @throws      std::out_of_range where a count does not fit; what comparing and copying keys throw;
  ///              std::bad_alloc.
  /// @complexity  O(n + m). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED friend counter operator+(const counter& a, const counter& b) {
    return merged(a, b, [](count_type x, count_type y) { return plus(x, y); });
  }

  [[nodiscard]] DEFT_TAGGED friend counter operator-(const counter& a, const counter& b) {
    return merged(a, b, [](count_type x, count_type y) { return minus(x, y); });
  }

  [[nodiscard]] DEFT_TAGGED friend counter operator&(const counter& a, const counter& b) {
    return merged(a, b, [](count_type x, count_type y) { return std::min(x, y); });
  }

  [[nodiscard]] DEFT_TAGGED friend counter operator|(const counter& a, const counter& b) {
    return merged(a, b, [](count_type x, count_type y) { return std::max(x, y); });
  }

  /// @}

  /// The positive counts; the negative ones, as positive.
  /// @returns     A new counter.
  /// @throws      As a + b. @complexity O(n). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED counter operator+() const { return *this + counter(key_comp()); }

  [[nodiscard]] DEFT_TAGGED counter operator-() const { return counter(key_comp()) - *this; }

  /// @}

  /// a = a + b and so on.
  /// @returns     *this.
  /// @throws      As a + b. @guarantee Strong if assigning the comparator does not throw.
  /// @complexity  O(n + m). @invalidates Everything. @concurrency Exclusive access to *this, reads `other`.
  /// @{
  DEFT_TAGGED counter& operator+=(const counter& other) { return *this = *this + other; }

  DEFT_TAGGED counter& operator-=(const counter& other) { return *this = *this - other; }

  DEFT_TAGGED counter& operator&=(const counter& other) { return *this = *this & other; }

  DEFT_TAGGED counter& operator|=(const counter& other) { return *this = *this | other; }

  /// @}

  /// Compares the counts of all keys, missing ones as 0: `a <= b` where no count of `a` is higher.
  /// @returns     Whether all are equal; how they compare, unordered where some are higher and some lower.
  /// @throws      What comparisons throw. @complexity O(n + m). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED friend bool operator==(const counter& a, const counter& b) {
    return (a <=> b) == 0;
  }

  [[nodiscard]] DEFT_TAGGED friend std::partial_ordering operator<=>(const counter& a, const counter& b) {
    bool lower = false;
    bool higher = false;
    each_pair(a, b, [&](const K& /*key*/, count_type x, count_type y) {
      lower = lower || x < y;
      higher = higher || x > y;
    });
    if (lower && higher) return std::partial_ordering::unordered;
    if (lower) return std::partial_ordering::less;
    return higher ? std::partial_ordering::greater : std::partial_ordering::equivalent;
  }

  /// @}

 private:
  using keys_type = typename map_type::key_container_type;
  using values_type = typename map_type::mapped_container_type;

  /// Sorted keys, without equals, and their counts.
  struct rows {
    keys_type keys;
    values_type counts;
  };

  DEFT_TAGGED counter(rows&& from, const Compare& comp)
      : counts_(sorted_unique, std::move(from.keys), std::move(from.counts), comp) {}

  DEFT_TAGGED static count_type plus(count_type a, count_type b) {
    count_type sum = 0;
    if (__builtin_add_overflow(a, b, &sum)) detail::throw_out_of_range("deft: a count does not fit");
    return sum;
  }

  DEFT_TAGGED static count_type minus(count_type a, count_type b) {
    count_type difference = 0;
    if (__builtin_sub_overflow(a, b, &difference)) detail::throw_out_of_range("deft: a count does not fit");
    return difference;
  }

  template <typename Needle>
  DEFT_TAGGED count_type count_of(const Needle& key) const {
    const auto row = counts_.find(key);
    return row == counts_.end() ? 0 : row->second;
  }

  template <typename It, typename Sentinel>
  DEFT_TAGGED static rows count_all(It first, Sentinel last, const Compare& comp) {
    flat_multiset<K, Compare> sorted(from_range, std::ranges::subrange(std::move(first), std::move(last)),
                                     comp);
    rows out{std::move(sorted).extract(), {}};
    std::size_t kept = 0;
    for (std::size_t i = 0; i < out.keys.size(); ++i) {
      if (i != 0 && !detail::precedes(comp, out.keys[kept - 1], out.keys[i])) {
        ++out.counts.back();
        continue;
      }
      out.counts.push_back(1);
      if (kept != i) out.keys[kept] = std::move(out.keys[i]);
      ++kept;
    }
    out.keys.erase(out.keys.begin() + static_cast<std::ptrdiff_t>(kept), out.keys.end());
    return out;
  }

  DEFT_TAGGED void combine(rows&& other, bool negative) { combine(other.keys, other.counts, negative); }

  /// Adds counts or takes them away; new keys are moved from `keys` unless const. Their rows are inserted
  /// first, which may fail; then nothing can.
  template <typename Keys>
  DEFT_TAGGED void combine(Keys& keys, const values_type& counts, bool negative) {
    const auto combined = [negative](count_type a, count_type b) {
      return negative ? minus(a, b) : plus(a, b);
    };
    std::vector<value_type> fresh;
    std::vector<std::pair<std::size_t, count_type>> changed;  // at the positions after the insertion
    detail::walk_sets(
        counts_.keys(), keys, key_comp(), [](std::size_t, std::size_t) { return true; },
        [&](std::size_t first, std::size_t last) {
          for (std::size_t j = first; j != last; ++j)
            fresh.emplace_back(std::move(keys[j]), combined(0, counts[j]));
          return true;
        },
        [&](std::size_t i, std::size_t j) {
          changed.emplace_back(i + fresh.size(), combined(counts_.values()[i], counts[j]));
          return true;
        });
    counts_.insert(sorted_unique, std::make_move_iterator(fresh.begin()),
                   std::make_move_iterator(fresh.end()));
    for (const auto& [at, count] : changed) counts_.nth(at)->second = count;
  }

  /// Calls visit(key, count in a, count in b) for every key of either.
  template <typename Visit>
  DEFT_TAGGED static void each_pair(const counter& a, const counter& b, Visit visit) {
    const auto& a_keys = a.counts_.keys();
    const auto& b_keys = b.counts_.keys();
    const auto& a_counts = a.counts_.values();
    const auto& b_counts = b.counts_.values();
    detail::walk_sets(
        a_keys, b_keys, a.key_comp(),
        [&](std::size_t first, std::size_t last) {
          for (std::size_t i = first; i != last; ++i) visit(a_keys[i], a_counts[i], count_type{0});
          return true;
        },
        [&](std::size_t first, std::size_t last) {
          for (std::size_t j = first; j != last; ++j) visit(b_keys[j], count_type{0}, b_counts[j]);
          return true;
        },
        [&](std::size_t i, std::size_t j) {
          visit(a_keys[i], a_counts[i], b_counts[j]);
          return true;
        });
  }

  template <typename Combine>
  DEFT_TAGGED static counter merged(const counter& a, const counter& b, Combine combine) {
    rows out;
    each_pair(a, b, [&](const K& key, count_type x, count_type y) {
      const count_type count = combine(x, y);
      if (count <= 0) return;
      out.keys.push_back(key);
      out.counts.push_back(count);
    });
    return counter(std::move(out), a.key_comp());
  }

  map_type counts_;
};

template <std::ranges::input_range R, typename Compare = std::less<std::ranges::range_value_t<R>>>
counter(from_range_t, R&&, Compare = Compare()) -> counter<std::ranges::range_value_t<R>, Compare>;

template <std::input_iterator It, typename Compare = std::less<std::iter_value_t<It>>>
counter(It, It, Compare = Compare()) -> counter<std::iter_value_t<It>, Compare>;

}  // namespace deft
