/// @file
/// What belongs to sorted_list outside the class: deduction guides, erase_if. Included by sorted_list.hpp.
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
#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

template <detail::input_iterator_like It, typename Compare = std::less<std::iter_value_t<It>>,
          detail::allocator_like Allocator = std::allocator<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
sorted_list(It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_list<std::iter_value_t<It>, Compare, Allocator>;

template <detail::input_iterator_like It, detail::allocator_like Allocator>
sorted_list(It, It, Allocator)
    -> sorted_list<std::iter_value_t<It>, std::less<std::iter_value_t<It>>, Allocator>;

template <detail::input_iterator_like It, typename Compare = std::less<std::iter_value_t<It>>,
          detail::allocator_like Allocator = std::allocator<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
sorted_list(sorted_equivalent_t, It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_list<std::iter_value_t<It>, Compare, Allocator>;

template <detail::input_iterator_like It, detail::allocator_like Allocator>
sorted_list(sorted_equivalent_t, It, It, Allocator)
    -> sorted_list<std::iter_value_t<It>, std::less<std::iter_value_t<It>>, Allocator>;

template <std::ranges::input_range R, typename Compare = std::less<std::ranges::range_value_t<R>>,
          detail::allocator_like Allocator = std::allocator<std::ranges::range_value_t<R>>>
  requires(!detail::allocator_like<Compare>)
sorted_list(from_range_t, R&&, Compare = Compare(), Allocator = Allocator())
    -> sorted_list<std::ranges::range_value_t<R>, Compare, Allocator>;

template <std::ranges::input_range R, detail::allocator_like Allocator>
sorted_list(from_range_t, R&&, Allocator)
    -> sorted_list<std::ranges::range_value_t<R>, std::less<std::ranges::range_value_t<R>>, Allocator>;

template <typename T, typename Compare = std::less<T>, detail::allocator_like Allocator = std::allocator<T>>
  requires(!detail::allocator_like<Compare>)
sorted_list(std::initializer_list<T>, Compare = Compare(), Allocator = Allocator())
    -> sorted_list<T, Compare, Allocator>;

template <typename T, detail::allocator_like Allocator>
sorted_list(std::initializer_list<T>, Allocator) -> sorted_list<T, std::less<T>, Allocator>;

template <typename T, typename Compare = std::less<T>, detail::allocator_like Allocator = std::allocator<T>>
  requires(!detail::allocator_like<Compare>)
sorted_list(sorted_equivalent_t, std::initializer_list<T>, Compare = Compare(), Allocator = Allocator())
    -> sorted_list<T, Compare, Allocator>;

template <typename T, detail::allocator_like Allocator>
sorted_list(sorted_equivalent_t, std::initializer_list<T>, Allocator)
    -> sorted_list<T, std::less<T>, Allocator>;

inline namespace DEFT_TAG {

/// Removes the elements for which `drop(element)` holds, as std::erase_if; see the member.
/// @returns     How many.
/// @throws      What `drop` throws, std::bad_alloc. @guarantee Strong.
/// @complexity  O(n), n calls of `drop`. @invalidates Everything if any.
/// @concurrency Exclusive access to `list`.
template <typename T, typename Compare, typename Allocator, std::predicate<const T&> Predicate>
typename sorted_list<T, Compare, Allocator>::size_type erase_if(sorted_list<T, Compare, Allocator>& list,
                                                                Predicate drop) {
  return list.erase_if(std::move(drop));
}

}  // namespace DEFT_TAG
}  // namespace deft
