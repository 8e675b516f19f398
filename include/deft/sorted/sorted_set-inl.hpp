/// @file
/// What belongs to sorted_set outside the class: deduction guides, erase_if. Included by sorted_set.hpp.
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <ranges>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/sorted_set.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

template <detail::input_iterator_like It, typename Compare = std::less<std::iter_value_t<It>>,
          detail::allocator_like Allocator = std::allocator<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
sorted_set(It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_set<std::iter_value_t<It>, Compare, Allocator>;

template <detail::input_iterator_like It, detail::allocator_like Allocator>
sorted_set(It, It, Allocator)
    -> sorted_set<std::iter_value_t<It>, std::less<std::iter_value_t<It>>, Allocator>;

template <detail::input_iterator_like It, typename Compare = std::less<std::iter_value_t<It>>,
          detail::allocator_like Allocator = std::allocator<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
sorted_set(sorted_unique_t, It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_set<std::iter_value_t<It>, Compare, Allocator>;

template <detail::input_iterator_like It, detail::allocator_like Allocator>
sorted_set(sorted_unique_t, It, It, Allocator)
    -> sorted_set<std::iter_value_t<It>, std::less<std::iter_value_t<It>>, Allocator>;

template <std::ranges::input_range R, typename Compare = std::less<std::ranges::range_value_t<R>>,
          detail::allocator_like Allocator = std::allocator<std::ranges::range_value_t<R>>>
  requires(!detail::allocator_like<Compare>)
sorted_set(from_range_t, R&&, Compare = Compare(), Allocator = Allocator())
    -> sorted_set<std::ranges::range_value_t<R>, Compare, Allocator>;

template <std::ranges::input_range R, detail::allocator_like Allocator>
sorted_set(from_range_t, R&&, Allocator)
    -> sorted_set<std::ranges::range_value_t<R>, std::less<std::ranges::range_value_t<R>>, Allocator>;

template <typename Key, typename Compare = std::less<Key>,
          detail::allocator_like Allocator = std::allocator<Key>>
  requires(!detail::allocator_like<Compare>)
sorted_set(std::initializer_list<Key>, Compare = Compare(), Allocator = Allocator())
    -> sorted_set<Key, Compare, Allocator>;

template <typename Key, detail::allocator_like Allocator>
sorted_set(std::initializer_list<Key>, Allocator) -> sorted_set<Key, std::less<Key>, Allocator>;

template <typename Key, typename Compare = std::less<Key>,
          detail::allocator_like Allocator = std::allocator<Key>>
  requires(!detail::allocator_like<Compare>)
sorted_set(sorted_unique_t, std::initializer_list<Key>, Compare = Compare(), Allocator = Allocator())
    -> sorted_set<Key, Compare, Allocator>;

template <typename Key, detail::allocator_like Allocator>
sorted_set(sorted_unique_t, std::initializer_list<Key>, Allocator)
    -> sorted_set<Key, std::less<Key>, Allocator>;

inline namespace DEFT_TAG {

/// Removes the keys for which `drop(key)` holds, as std::erase_if; see the member.
/// @returns     How many.
/// @throws      What `drop` throws, std::bad_alloc. @guarantee Strong.
/// @complexity  O(n), n calls of `drop`. @invalidates Everything if any.
/// @concurrency Exclusive access to `set`.
template <typename Key, typename Compare, typename Allocator, std::predicate<const Key&> Predicate>
typename sorted_set<Key, Compare, Allocator>::size_type erase_if(sorted_set<Key, Compare, Allocator>& set,
                                                                 Predicate drop) {
  return set.erase_if(std::move(drop));
}

}  // namespace DEFT_TAG
}  // namespace deft
