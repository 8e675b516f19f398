/// @file
/// deft::sorted_keys_base: what sorted_set and sorted_list have and sorted_map has not. Use it through them.
#pragma once

#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/tree_iterator.hpp"
#include "deft/sorted/sorted_tree_base.hpp"

namespace deft {

/// sorted_set (`Unique`) and sorted_list: elements by position, as of a sequence.
template <bool Unique, typename Key, typename Compare, typename Allocator>
class sorted_keys_base : public sorted_tree_base<Unique, Key, void, Compare, Allocator> {
  using base = sorted_tree_base<Unique, Key, void, Compare, Allocator>;

 protected:
  using base::engine_;
  using typename base::element;
  using typename base::engine_type;

 public:
  using typename base::const_iterator;
  using typename base::iterator;
  using typename base::size_type;

  /// Python's `[i]`, without negative positions.
  /// @returns     The element at position `i`.
  /// @pre         i < size(), else traps.
  /// @throws      Nothing. @complexity O(log n). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED const Key& operator[](size_type i) const noexcept {
    DEFT_PRECONDITION(i < this->size(), "sorted container: [i] is outside [0, size())");
    return engine_type::key(engine_.nth(i));
  }

  /// The least and the greatest element.
  /// @returns     A reference to it.
  /// @pre         Not empty, else traps.
  /// @throws      Nothing. @complexity O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const Key& front() const noexcept {
    DEFT_PRECONDITION(!this->empty(), "sorted container: front() of an empty one");
    return engine_type::key(engine_.begin_place());
  }

  [[nodiscard]] DEFT_TAGGED const Key& back() const noexcept {
    DEFT_PRECONDITION(!this->empty(), "sorted container: back() of an empty one");
    return engine_type::key(engine_type::previous(engine_.end_place()));
  }

  /// @}

  /// Removes the element at position `i`, or the last one: Python's `pop(i)` and `pop()`.
  /// @returns     The element.
  /// @pre         i < size(), or not empty, else traps.
  /// @throws      What moving the element out throws; it is gone then. @guarantee Basic if that throws.
  /// @complexity  O(log n). @invalidates Everything. @concurrency Exclusive access to *this.
  /// @{
  DEFT_TAGGED Key pop(size_type i) {
    DEFT_PRECONDITION(i < this->size(), "sorted container: pop(i) is outside [0, size())");
    element out = engine_.extract(engine_.nth(i));
    return std::move(out.key());
  }

  DEFT_TAGGED Key pop() {
    DEFT_PRECONDITION(!this->empty(), "sorted container: pop() of an empty one");
    element out = engine_.extract(engine_type::previous(engine_.end_place()));
    return std::move(out.key());
  }

  /// @}

 protected:
  using base::base;

  template <typename K>
  DEFT_TAGGED iterator insert_near(const_iterator hint, K&& key) {
    return this->template at<iterator>(
        engine_
            .try_insert_hint(this->place_of(hint), std::as_const(key),
                             [&] { return element(engine_.allocator(), std::forward<K>(key)); })
            .first);
  }

  template <typename... Args>
  DEFT_TAGGED iterator emplace_near(const_iterator hint, Args&&... args) {
    if constexpr (detail::is_only<Key, Args...>) {
      return insert_near(hint, std::forward<Args>(args)...);
    } else {
      element made(engine_.allocator(), std::forward<Args>(args)...);
      return this->template at<iterator>(engine_
                                             .try_insert_hint(this->place_of(hint), std::as_const(made).key(),
                                                              [&made]() noexcept { return std::move(made); })
                                             .first);
    }
  }
};

}  // namespace deft
