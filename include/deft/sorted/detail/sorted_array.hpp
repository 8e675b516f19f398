/// @file
/// The engine under the contiguous sorted containers: changes to one place of a vector-like Container, and
/// what an exception may leave behind. Keys and comparators are not its business; see sorted_array_bulk.hpp
/// for sorting and merging.
///
/// How one element gets in or out, decided per element type:
///
/// | T's moves                                  | path     | guarantee                              |
/// |--------------------------------------------|----------|----------------------------------------|
/// | construct and assign without throwing      | in place | strong                                 |
/// | construct without throwing, assign may throw (a pmr::string), or may throw and T is not copyable |
/// |                                            | in place | basic: a sorted prefix remains         |
/// | may throw, T is copyable                   | aside    | strong: the new array is made of copies |
/// | T cannot be assigned                       | aside    | strong if movable without throwing or copyable |
///
/// Rejected: clearing the container whenever a move throws, as the standard's flat containers may.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

template <typename T>
inline constexpr bool moves_without_throwing =
    std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>;

/// The criterion of std::move_if_noexcept, where elements can be shifted by assignment at all.
template <typename T>
inline constexpr bool shifts_in_place =
    std::is_move_assignable_v<T> &&
    (std::is_nothrow_move_constructible_v<T> || !std::is_copy_constructible_v<T>);

/// Whether std::move_if_noexcept copies: then a failure leaves the source whole.
template <typename T>
inline constexpr bool copies_elements =
    !std::is_nothrow_move_constructible_v<T> && std::is_copy_constructible_v<T>;

/// What allocates for a container: std::allocator where it has none of its own to show.
template <typename Container>
struct container_allocator : std::type_identity<std::allocator<typename Container::value_type>> {
  DEFT_TAGGED static std::allocator<typename Container::value_type> of(
      const Container& /*container*/) noexcept {
    return {};
  }
};

template <typename Container>
  requires requires(const Container& c) {
    { c.get_allocator() } -> std::same_as<typename Container::allocator_type>;
  }
struct container_allocator<Container> : std::type_identity<typename Container::allocator_type> {
  DEFT_TAGGED static typename Container::allocator_type of(const Container& container) noexcept {
    return container.get_allocator();
  }
};

/// One element outside the container, built by the container's allocator: the comparator sees the finished
/// value before anything moves, the arguments may refer into the container, and moving it in later cannot
/// need memory because its allocator is the container's.
template <typename Container>
class staged_element {
 public:
  using value_type = typename Container::value_type;

  template <typename... Args>
  DEFT_TAGGED explicit staged_element(const Container& container, Args&&... args)
      : allocator_(container_allocator<Container>::of(container)) {
    std::allocator_traits<allocator_type>::construct(allocator_, std::addressof(value_),
                                                     std::forward<Args>(args)...);
  }

  staged_element(const staged_element&) = delete;
  staged_element& operator=(const staged_element&) = delete;

  DEFT_TAGGED ~staged_element() {
    std::allocator_traits<allocator_type>::destroy(allocator_, std::addressof(value_));
  }

  DEFT_TAGGED value_type& get() noexcept { return value_; }

 private:
  using allocator_type = typename container_allocator<Container>::type;

  [[no_unique_address]] allocator_type allocator_;

  union {
    value_type value_;
  };
};

/// Removes everything from `keep` on, unless dismissed: what a throwing move leaves behind an insertion point
/// is in no order.
template <typename Container>
class truncate_unless_dismissed {
 public:
  DEFT_TAGGED truncate_unless_dismissed(Container& container, std::size_t keep) noexcept
      : container_(&container), keep_(keep) {}

  truncate_unless_dismissed(const truncate_unless_dismissed&) = delete;
  truncate_unless_dismissed& operator=(const truncate_unless_dismissed&) = delete;

  DEFT_TAGGED ~truncate_unless_dismissed() {
    if (container_ != nullptr) {
      while (container_->size() > keep_) container_->pop_back();
    }
  }

  DEFT_TAGGED void dismiss() noexcept { container_ = nullptr; }

 private:
  Container* container_;
  std::size_t keep_;
};

/// The array that takes the place of another one: filled front to back, then swapped in.
///
/// Where elements are moved although moves may throw (T is not copyable), a throw swaps in what is already
/// there: a sorted prefix. Where they are copied, a throw leaves the old array as it was.
template <typename Container>
class replacement {
 public:
  using value_type = typename Container::value_type;

  DEFT_TAGGED replacement(Container& old, std::size_t capacity) : old_(old), next_(old.get_allocator()) {
    next_.reserve(capacity);
  }

  replacement(const replacement&) = delete;
  replacement& operator=(const replacement&) = delete;

  DEFT_TAGGED ~replacement() {
    if (started_ && !copies_elements<value_type>) old_.swap(next_);
  }

  DEFT_TAGGED void take(value_type& element) { next_.emplace_back(std::move_if_noexcept(element)); }

  DEFT_TAGGED void take_old(std::size_t first, std::size_t last) {
    for (std::size_t i = first; i != last; ++i) {
      started_ = true;
      take(old_[i]);
    }
  }

  DEFT_TAGGED void commit() noexcept {
    started_ = false;
    old_.swap(next_);
  }

 private:
  Container& old_;
  Container next_;
  bool started_ = false;
};

inline namespace DEFT_TAG {

/// @returns A capacity for `extra` more elements, geometric so that repeated growth is amortised O(1).
/// @throws  std::length_error beyond max_size().
template <typename Container>
std::size_t grown_capacity(const Container& c, std::size_t extra) {
  const std::size_t limit = c.max_size();
  if (extra > limit - c.size()) throw_length_error("deft: a sorted sequence would exceed max_size()");
  const std::size_t needed = c.size() + extra;
  if (needed <= c.capacity()) return c.capacity();
  const std::size_t doubled = c.capacity() > limit / 2 ? limit : c.capacity() * 2;
  return std::max(needed, doubled);
}

/// Drops everything from `n` on; moves nothing.
template <typename Container>
void truncate(Container& c, std::size_t n) noexcept {
  if constexpr (std::is_move_assignable_v<typename Container::value_type>) {
    c.erase(c.begin() + static_cast<std::ptrdiff_t>(n), c.end());
  } else {
    while (c.size() > n) c.pop_back();
  }
}

/// Moves everything to an array of another capacity.
template <typename Container>
void reallocate(Container& c, std::size_t capacity) {
  replacement next(c, capacity);
  next.take_old(0, c.size());
  next.commit();
}

/// Moves `element` (of c's allocator, outside c) to position `i`.
template <typename Container>
void insert_at(Container& c, std::size_t i, typename Container::value_type& element) {
  using value_type = typename Container::value_type;
  const bool fits = c.size() < c.capacity();
  if (i == c.size() && (fits || moves_without_throwing<value_type>)) {
    c.emplace_back(std::move_if_noexcept(element));
    return;
  }
  if constexpr (shifts_in_place<value_type>) {
    const auto position = c.begin() + static_cast<std::ptrdiff_t>(i);
    if constexpr (moves_without_throwing<value_type>) {
      c.insert(position, std::move(element));
      return;
    } else if (fits) {
      truncate_unless_dismissed guard(c, i);
      c.insert(position, std::move(element));
      guard.dismiss();
      return;
    }
  }
  replacement next(c, detail::grown_capacity(c, 1));
  next.take_old(0, i);
  next.take(element);
  next.take_old(i, c.size());
  next.commit();
}

/// Removes the elements at [first, last).
template <typename Container>
void erase_at(Container& c, std::size_t first, std::size_t last) {
  using value_type = typename Container::value_type;
  if (first == last) return;
  if (last == c.size()) {
    detail::truncate(c, first);
    return;
  }
  if constexpr (shifts_in_place<value_type>) {
    truncate_unless_dismissed guard(c, first);
    c.erase(c.begin() + static_cast<std::ptrdiff_t>(first), c.begin() + static_cast<std::ptrdiff_t>(last));
    guard.dismiss();
  } else {
    replacement next(c, c.capacity());
    next.take_old(0, first);
    next.take_old(last, c.size());
    next.commit();
  }
}

/// pop_at for elements that are not shifted, by a new array.
template <typename Container>
typename Container::value_type pop_aside(Container& c, std::size_t i) {
  using value_type = typename Container::value_type;
  replacement rest(c, c.capacity());  // before the element is moved from: this may fail
  truncate_unless_dismissed guard(c, copies_elements<value_type> ? c.size() : i);
  value_type value(std::move_if_noexcept(c[i]));
  rest.take_old(0, i);
  rest.take_old(i + 1, c.size());
  guard.dismiss();
  rest.commit();
  return value;
}

/// pop_at for elements that are shifted, or the last one.
template <typename Container>
typename Container::value_type pop_in_place(Container& c, std::size_t i) {
  using value_type = typename Container::value_type;
  truncate_unless_dismissed guard(c, copies_elements<value_type> ? c.size() : i);
  value_type value(std::move_if_noexcept(c[i]));
  detail::erase_at(c, i, i + 1);
  guard.dismiss();
  return value;
}

/// Removes the element at position `i` and returns it. Each path is a function with one variable to return:
/// it is built where the caller wants it, because a move that throws on the way out would lose the element.
template <typename Container>
typename Container::value_type pop_at(Container& c, std::size_t i) {
  if constexpr (!shifts_in_place<typename Container::value_type>) {
    if (i + 1 != c.size()) return detail::pop_aside(c, i);
  }
  return detail::pop_in_place(c, i);
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
