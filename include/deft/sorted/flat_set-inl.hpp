/// @file
/// What belongs to flat_set outside the class: deduction guides, std::uses_allocator, erase_if. Included by
/// flat_set.hpp.
#pragma once

#include <concepts>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/flat_set.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

template <typename KeyContainer, typename Compare = std::less<typename KeyContainer::value_type>>
  requires detail::container_ordered_by<KeyContainer, Compare>
flat_set(KeyContainer, Compare = Compare())
    -> flat_set<typename KeyContainer::value_type, Compare, KeyContainer>;

template <typename KeyContainer, detail::allocator_for<KeyContainer> Allocator>
  requires(!detail::allocator_like<KeyContainer>)
flat_set(KeyContainer, Allocator) -> flat_set<typename KeyContainer::value_type,
                                              std::less<typename KeyContainer::value_type>, KeyContainer>;

template <typename KeyContainer, typename Compare, detail::allocator_for<KeyContainer> Allocator>
  requires detail::container_ordered_by<KeyContainer, Compare>
flat_set(KeyContainer, Compare, Allocator)
    -> flat_set<typename KeyContainer::value_type, Compare, KeyContainer>;

template <typename KeyContainer, typename Compare = std::less<typename KeyContainer::value_type>>
  requires detail::container_ordered_by<KeyContainer, Compare>
flat_set(sorted_unique_t, KeyContainer, Compare = Compare())
    -> flat_set<typename KeyContainer::value_type, Compare, KeyContainer>;

template <typename KeyContainer, detail::allocator_for<KeyContainer> Allocator>
  requires(!detail::allocator_like<KeyContainer>)
flat_set(sorted_unique_t, KeyContainer, Allocator)
    -> flat_set<typename KeyContainer::value_type, std::less<typename KeyContainer::value_type>,
                KeyContainer>;

template <typename KeyContainer, typename Compare, detail::allocator_for<KeyContainer> Allocator>
  requires detail::container_ordered_by<KeyContainer, Compare>
flat_set(sorted_unique_t, KeyContainer, Compare, Allocator)
    -> flat_set<typename KeyContainer::value_type, Compare, KeyContainer>;

template <detail::input_iterator_like It, typename Compare = std::less<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
flat_set(It, It, Compare = Compare()) -> flat_set<std::iter_value_t<It>, Compare>;

template <detail::input_iterator_like It, typename Compare = std::less<std::iter_value_t<It>>>
  requires(!detail::allocator_like<Compare>)
flat_set(sorted_unique_t, It, It, Compare = Compare()) -> flat_set<std::iter_value_t<It>, Compare>;

template <std::ranges::input_range R, typename Compare = std::less<std::ranges::range_value_t<R>>,
          detail::allocator_like Allocator = std::allocator<std::ranges::range_value_t<R>>>
  requires(!detail::allocator_like<Compare>)
flat_set(from_range_t, R&&, Compare = Compare(), Allocator = Allocator()) -> flat_set<
    std::ranges::range_value_t<R>, Compare,
    std::vector<std::ranges::range_value_t<R>, detail::rebound<Allocator, std::ranges::range_value_t<R>>>>;

template <std::ranges::input_range R, detail::allocator_like Allocator>
flat_set(from_range_t, R&&, Allocator) -> flat_set<
    std::ranges::range_value_t<R>, std::less<std::ranges::range_value_t<R>>,
    std::vector<std::ranges::range_value_t<R>, detail::rebound<Allocator, std::ranges::range_value_t<R>>>>;

template <typename Key, typename Compare = std::less<Key>>
  requires(!detail::allocator_like<Compare>)
flat_set(std::initializer_list<Key>, Compare = Compare()) -> flat_set<Key, Compare>;

template <typename Key, typename Compare = std::less<Key>>
  requires(!detail::allocator_like<Compare>)
flat_set(sorted_unique_t, std::initializer_list<Key>, Compare = Compare()) -> flat_set<Key, Compare>;

// In the standard these follow from constructors; here those are inherited, which does not count.

template <typename Key, detail::allocator_for<std::vector<Key>> Allocator>
flat_set(std::initializer_list<Key>, Allocator) -> flat_set<Key>;

template <typename Key, typename Compare, detail::allocator_for<std::vector<Key>> Allocator>
flat_set(std::initializer_list<Key>, Compare, Allocator) -> flat_set<Key, Compare>;

template <typename Key, detail::allocator_for<std::vector<Key>> Allocator>
flat_set(sorted_unique_t, std::initializer_list<Key>, Allocator) -> flat_set<Key>;

template <typename Key, typename Compare, detail::allocator_for<std::vector<Key>> Allocator>
flat_set(sorted_unique_t, std::initializer_list<Key>, Compare, Allocator) -> flat_set<Key, Compare>;

inline namespace DEFT_TAG {

/// Removes the keys for which `drop(key)` holds, as std::erase_if; see the member.
/// @returns     How many.
/// @throws      What `drop` throws, std::bad_alloc. @guarantee As flat_set::erase(position).
/// @complexity  O(n), n calls of `drop`. @invalidates As the container's erase.
/// @concurrency Exclusive access to `set`.
template <typename Key, typename Compare, typename KeyContainer, std::predicate<const Key&> Predicate>
typename flat_set<Key, Compare, KeyContainer>::size_type erase_if(flat_set<Key, Compare, KeyContainer>& set,
                                                                  Predicate drop) {
  return set.erase_if(std::move(drop));
}

}  // namespace DEFT_TAG
}  // namespace deft

template <typename Key, typename Compare, typename KeyContainer, typename Allocator>
struct std::uses_allocator<deft::flat_set<Key, Compare, KeyContainer>, Allocator>
    : std::bool_constant<std::uses_allocator_v<KeyContainer, Allocator>> {};
