/// @file
/// deft::flat_multimap: C++23's std::flat_multimap, with positions and ranks.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory_resource>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/flat_map_base.hpp"

namespace deft {

/// flat_map with equal keys, which stay in the order in which they were inserted. std::flat_multimap as C++23
/// words it, for C++20: the base classes document all its functions. When to use it, layout, memory, threads
/// and what goes beyond the standard are as for flat_map.
template <typename Key, typename T, typename Compare = std::less<Key>,
          typename KeyContainer = std::vector<Key>, typename MappedContainer = std::vector<T>>
class flat_multimap : public flat_map_base<false, Key, T, Compare, KeyContainer, MappedContainer> {
  using base = flat_map_base<false, Key, T, Compare, KeyContainer, MappedContainer>;

 public:
  using typename base::value_type;

  using base::base;

  /// An empty map.
  /// @throws      What the comparator's constructor throws.
  /// @complexity  O(1). @concurrency Independent.
  flat_multimap() = default;

  // Not inherited: g++ 12 uses the deduction guides for lists only where the class itself takes one.

  /// These rows, sorted by key. Equals keep their order.
  /// @throws      What copying and comparing throw; std::bad_alloc.
  /// @complexity  O(n) comparisons if sorted, else O(n log n). @concurrency Independent.
  DEFT_TAGGED flat_multimap(std::initializer_list<value_type> rows, const Compare& comp = Compare())
      : base(rows.begin(), rows.end(), comp) {}

  /// Replaces the rows; keeps the comparator.
  /// @returns     *this.
  /// @throws      What copying and comparing throw; std::bad_alloc.
  /// @guarantee   Strong where assigning the containers does not throw.
  /// @complexity  O(n log n). @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED flat_multimap& operator=(std::initializer_list<value_type> rows) {
    this->take_rows(rows);
    return *this;
  }

  /// a.swap(b). (Here and not in the base class: std::swap would fit better there.)
  /// @throws      As a.swap(b). @guarantee As a.swap(b). @complexity O(1). @invalidates Nothing.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED friend void swap(flat_multimap& a, flat_multimap& b) noexcept(noexcept(a.swap(b))) {
    a.swap(b);
  }
};

namespace pmr {

/// flat_multimap on a std::pmr::memory_resource.
template <typename Key, typename T, typename Compare = std::less<Key>>
using flat_multimap = deft::flat_multimap<Key, T, Compare, std::pmr::vector<Key>, std::pmr::vector<T>>;

}  // namespace pmr
}  // namespace deft

#include "deft/sorted/flat_multimap-inl.hpp"
