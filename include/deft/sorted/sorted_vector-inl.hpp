/// @file
/// What belongs to sorted_vector outside the class: deduction guides, as std::flat_multiset's, and erase_if.
/// Included by sorted_vector.hpp.
#pragma once

#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/sorted_vector.hpp"

namespace deft {

template <typename T, typename Allocator, typename Compare = std::less<T>>
  requires(!detail::allocator_like<Compare>)
sorted_vector(std::vector<T, Allocator>, Compare = Compare()) -> sorted_vector<T, Compare, Allocator>;

template <typename T, typename Allocator, typename Compare = std::less<T>>
  requires(!detail::allocator_like<Compare>)
sorted_vector(sorted_equivalent_t, std::vector<T, Allocator>, Compare = Compare())
    -> sorted_vector<T, Compare, Allocator>;

template <std::input_iterator It, typename Compare = std::less<std::iter_value_t<It>>,
          typename Allocator = std::allocator<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
sorted_vector(It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_vector<std::iter_value_t<It>, Compare, Allocator>;

template <std::input_iterator It, detail::allocator_like Allocator>
sorted_vector(It, It, Allocator)
    -> sorted_vector<std::iter_value_t<It>, std::less<std::iter_value_t<It>>, Allocator>;

template <std::input_iterator It, typename Compare = std::less<std::iter_value_t<It>>,
          typename Allocator = std::allocator<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
sorted_vector(sorted_equivalent_t, It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_vector<std::iter_value_t<It>, Compare, Allocator>;

template <std::ranges::input_range R, typename Compare = std::less<std::ranges::range_value_t<R>>,
          typename Allocator = std::allocator<std::ranges::range_value_t<R>>>
  requires(!detail::allocator_like<Compare>)
sorted_vector(from_range_t, R&&, Compare = Compare(), Allocator = Allocator())
    -> sorted_vector<std::ranges::range_value_t<R>, Compare, Allocator>;

template <std::ranges::input_range R, detail::allocator_like Allocator>
sorted_vector(from_range_t, R&&, Allocator)
    -> sorted_vector<std::ranges::range_value_t<R>, std::less<std::ranges::range_value_t<R>>, Allocator>;

template <typename T, typename Compare = std::less<T>, typename Allocator = std::allocator<T>>
  requires(!detail::allocator_like<Compare>)
sorted_vector(std::initializer_list<T>, Compare = Compare(), Allocator = Allocator())
    -> sorted_vector<T, Compare, Allocator>;

template <typename T, detail::allocator_like Allocator>
sorted_vector(std::initializer_list<T>, Allocator) -> sorted_vector<T, std::less<T>, Allocator>;

inline namespace DEFT_TAG {

/// Removes the elements for which `drop(element)` holds, as std::erase_if; see the member.
/// @returns     How many.
/// @throws      What `drop` throws, std::bad_alloc. @guarantee As sorted_vector::erase(position).
/// @complexity  O(n). @invalidates From the first one on. @concurrency Exclusive access to `v`.
template <typename T, typename Compare, typename Allocator, std::predicate<const T&> Predicate>
std::size_t erase_if(sorted_vector<T, Compare, Allocator>& v, Predicate drop) {
  return v.erase_if(std::move(drop));
}

}  // namespace DEFT_TAG

}  // namespace deft
