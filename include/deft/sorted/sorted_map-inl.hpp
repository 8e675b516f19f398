/// @file
/// What belongs to sorted_map outside the class: deduction guides, erase_if. Included by sorted_map.hpp.
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <memory>
#include <ranges>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_map_guides.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

namespace detail {

/// What a guide takes for an allocator of rows, rebound to them.
template <typename Allocator, typename Key, typename T>
using row_allocator = rebound<Allocator, std::pair<const Key, T>>;

}  // namespace detail

template <detail::input_iterator_like It, typename Compare = std::less<detail::iter_key<It>>,
          detail::allocator_like Allocator = std::allocator<std::byte>>
  requires(!detail::allocator_like<Compare>)
sorted_map(It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_map<detail::iter_key<It>, detail::iter_mapped<It>, Compare,
                  detail::row_allocator<Allocator, detail::iter_key<It>, detail::iter_mapped<It>>>;

template <detail::input_iterator_like It, detail::allocator_like Allocator>
sorted_map(It, It, Allocator)
    -> sorted_map<detail::iter_key<It>, detail::iter_mapped<It>, std::less<detail::iter_key<It>>,
                  detail::row_allocator<Allocator, detail::iter_key<It>, detail::iter_mapped<It>>>;

template <detail::input_iterator_like It, typename Compare = std::less<detail::iter_key<It>>,
          detail::allocator_like Allocator = std::allocator<std::byte>>
  requires(!detail::allocator_like<Compare>)
sorted_map(sorted_unique_t, It, It, Compare = Compare(), Allocator = Allocator())
    -> sorted_map<detail::iter_key<It>, detail::iter_mapped<It>, Compare,
                  detail::row_allocator<Allocator, detail::iter_key<It>, detail::iter_mapped<It>>>;

template <detail::input_iterator_like It, detail::allocator_like Allocator>
sorted_map(sorted_unique_t, It, It, Allocator)
    -> sorted_map<detail::iter_key<It>, detail::iter_mapped<It>, std::less<detail::iter_key<It>>,
                  detail::row_allocator<Allocator, detail::iter_key<It>, detail::iter_mapped<It>>>;

template <std::ranges::input_range R, typename Compare = std::less<detail::range_key<R>>,
          detail::allocator_like Allocator = std::allocator<std::byte>>
  requires(!detail::allocator_like<Compare>)
sorted_map(from_range_t, R&&, Compare = Compare(), Allocator = Allocator())
    -> sorted_map<detail::range_key<R>, detail::range_mapped<R>, Compare,
                  detail::row_allocator<Allocator, detail::range_key<R>, detail::range_mapped<R>>>;

template <std::ranges::input_range R, detail::allocator_like Allocator>
sorted_map(from_range_t, R&&, Allocator)
    -> sorted_map<detail::range_key<R>, detail::range_mapped<R>, std::less<detail::range_key<R>>,
                  detail::row_allocator<Allocator, detail::range_key<R>, detail::range_mapped<R>>>;

template <typename Key, typename T, typename Compare = std::less<Key>,
          detail::allocator_like Allocator = std::allocator<std::byte>>
  requires(!detail::allocator_like<Compare>)
sorted_map(std::initializer_list<std::pair<Key, T>>, Compare = Compare(), Allocator = Allocator())
    -> sorted_map<std::remove_const_t<Key>, T, Compare,
                  detail::row_allocator<Allocator, std::remove_const_t<Key>, T>>;

template <typename Key, typename T, detail::allocator_like Allocator>
sorted_map(std::initializer_list<std::pair<Key, T>>, Allocator)
    -> sorted_map<std::remove_const_t<Key>, T, std::less<std::remove_const_t<Key>>,
                  detail::row_allocator<Allocator, std::remove_const_t<Key>, T>>;

template <typename Key, typename T, typename Compare = std::less<Key>,
          detail::allocator_like Allocator = std::allocator<std::byte>>
  requires(!detail::allocator_like<Compare>)
sorted_map(sorted_unique_t, std::initializer_list<std::pair<Key, T>>, Compare = Compare(),
           Allocator = Allocator())
    -> sorted_map<std::remove_const_t<Key>, T, Compare,
                  detail::row_allocator<Allocator, std::remove_const_t<Key>, T>>;

template <typename Key, typename T, detail::allocator_like Allocator>
sorted_map(sorted_unique_t, std::initializer_list<std::pair<Key, T>>, Allocator)
    -> sorted_map<std::remove_const_t<Key>, T, std::less<std::remove_const_t<Key>>,
                  detail::row_allocator<Allocator, std::remove_const_t<Key>, T>>;

inline namespace DEFT_TAG {

/// Removes the rows for which `drop(row)` holds, as std::erase_if; see the member.
/// @returns     How many.
/// @throws      What `drop` throws, std::bad_alloc. @guarantee Strong.
/// @complexity  O(n), n calls of `drop`. @invalidates Everything if any.
/// @concurrency Exclusive access to `map`.
template <typename Key, typename T, typename Compare, typename Allocator,
          std::predicate<std::pair<const Key&, const T&>> Predicate>
typename sorted_map<Key, T, Compare, Allocator>::size_type erase_if(
    sorted_map<Key, T, Compare, Allocator>& map, Predicate drop) {
  return map.erase_if(std::move(drop));
}

}  // namespace DEFT_TAG
}  // namespace deft
