/// @file
/// What belongs to flat_map outside the class: deduction guides, std::uses_allocator, erase_if. Included by
/// flat_map.hpp.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/flat_map_guides.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/tags.hpp"

namespace deft {

template <typename KeyContainer, typename MappedContainer,
          typename Compare = std::less<typename KeyContainer::value_type>>
  requires detail::map_containers<KeyContainer, MappedContainer> &&
           detail::container_ordered_by<KeyContainer, Compare>
flat_map(KeyContainer, MappedContainer, Compare = Compare())
    -> flat_map<typename KeyContainer::value_type, typename MappedContainer::value_type, Compare,
                KeyContainer, MappedContainer>;

template <typename KeyContainer, typename MappedContainer,
          detail::allocator_for<KeyContainer, MappedContainer> Allocator>
  requires detail::map_containers<KeyContainer, MappedContainer>
flat_map(KeyContainer, MappedContainer, Allocator)
    -> flat_map<typename KeyContainer::value_type, typename MappedContainer::value_type,
                std::less<typename KeyContainer::value_type>, KeyContainer, MappedContainer>;

template <typename KeyContainer, typename MappedContainer, typename Compare,
          detail::allocator_for<KeyContainer, MappedContainer> Allocator>
  requires detail::map_containers<KeyContainer, MappedContainer> &&
           detail::container_ordered_by<KeyContainer, Compare>
flat_map(KeyContainer, MappedContainer, Compare, Allocator)
    -> flat_map<typename KeyContainer::value_type, typename MappedContainer::value_type, Compare,
                KeyContainer, MappedContainer>;

template <typename KeyContainer, typename MappedContainer,
          typename Compare = std::less<typename KeyContainer::value_type>>
  requires detail::map_containers<KeyContainer, MappedContainer> &&
           detail::container_ordered_by<KeyContainer, Compare>
flat_map(sorted_unique_t, KeyContainer, MappedContainer, Compare = Compare())
    -> flat_map<typename KeyContainer::value_type, typename MappedContainer::value_type, Compare,
                KeyContainer, MappedContainer>;

template <typename KeyContainer, typename MappedContainer,
          detail::allocator_for<KeyContainer, MappedContainer> Allocator>
  requires detail::map_containers<KeyContainer, MappedContainer>
flat_map(sorted_unique_t, KeyContainer, MappedContainer, Allocator)
    -> flat_map<typename KeyContainer::value_type, typename MappedContainer::value_type,
                std::less<typename KeyContainer::value_type>, KeyContainer, MappedContainer>;

template <typename KeyContainer, typename MappedContainer, typename Compare,
          detail::allocator_for<KeyContainer, MappedContainer> Allocator>
  requires detail::map_containers<KeyContainer, MappedContainer> &&
           detail::container_ordered_by<KeyContainer, Compare>
flat_map(sorted_unique_t, KeyContainer, MappedContainer, Compare, Allocator)
    -> flat_map<typename KeyContainer::value_type, typename MappedContainer::value_type, Compare,
                KeyContainer, MappedContainer>;

template <detail::input_iterator_like It, typename Compare = std::less<detail::iter_key<It>>>
  requires(!detail::allocator_like<Compare>)
flat_map(It, It, Compare = Compare()) -> flat_map<detail::iter_key<It>, detail::iter_mapped<It>, Compare>;

template <detail::input_iterator_like It, typename Compare = std::less<detail::iter_key<It>>>
  requires(!detail::allocator_like<Compare>)
flat_map(sorted_unique_t, It, It, Compare = Compare())
    -> flat_map<detail::iter_key<It>, detail::iter_mapped<It>, Compare>;

template <std::ranges::input_range R, typename Compare = std::less<detail::range_key<R>>,
          detail::allocator_like Allocator = std::allocator<std::byte>>
  requires(!detail::allocator_like<Compare>)
flat_map(from_range_t, R&&, Compare = Compare(), Allocator = Allocator())
    -> flat_map<detail::range_key<R>, detail::range_mapped<R>, Compare, detail::range_keys<R, Allocator>,
                detail::range_values<R, Allocator>>;

template <std::ranges::input_range R, detail::allocator_like Allocator>
flat_map(from_range_t, R&&, Allocator)
    -> flat_map<detail::range_key<R>, detail::range_mapped<R>, std::less<detail::range_key<R>>,
                detail::range_keys<R, Allocator>, detail::range_values<R, Allocator>>;

template <typename Key, typename T, typename Compare = std::less<Key>>
  requires(!detail::allocator_like<Compare>)
flat_map(std::initializer_list<std::pair<Key, T>>, Compare = Compare()) -> flat_map<Key, T, Compare>;

template <typename Key, typename T, typename Compare = std::less<Key>>
  requires(!detail::allocator_like<Compare>)
flat_map(sorted_unique_t, std::initializer_list<std::pair<Key, T>>, Compare = Compare())
    -> flat_map<Key, T, Compare>;

// In the standard these follow from constructors; here those are inherited, which does not count.

template <typename Key, typename T, typename Compare, typename KeyContainer, typename MappedContainer,
          detail::allocator_for<KeyContainer, MappedContainer> Allocator>
flat_map(flat_map<Key, T, Compare, KeyContainer, MappedContainer>, Allocator)
    -> flat_map<Key, T, Compare, KeyContainer, MappedContainer>;

template <typename Key, typename T, detail::allocator_for<std::vector<Key>, std::vector<T>> Allocator>
flat_map(std::initializer_list<std::pair<Key, T>>, Allocator) -> flat_map<Key, T>;

template <typename Key, typename T, typename Compare,
          detail::allocator_for<std::vector<Key>, std::vector<T>> Allocator>
flat_map(std::initializer_list<std::pair<Key, T>>, Compare, Allocator) -> flat_map<Key, T, Compare>;

template <typename Key, typename T, detail::allocator_for<std::vector<Key>, std::vector<T>> Allocator>
flat_map(sorted_unique_t, std::initializer_list<std::pair<Key, T>>, Allocator) -> flat_map<Key, T>;

template <typename Key, typename T, typename Compare,
          detail::allocator_for<std::vector<Key>, std::vector<T>> Allocator>
flat_map(sorted_unique_t, std::initializer_list<std::pair<Key, T>>, Compare, Allocator)
    -> flat_map<Key, T, Compare>;

inline namespace DEFT_TAG {

/// Removes the rows for which `drop(row)` holds, as std::erase_if; see the member.
/// @returns     How many.
/// @throws      What `drop` throws, std::bad_alloc. @guarantee As flat_map::erase(position).
/// @complexity  O(n), n calls of `drop`. @invalidates As the containers' erase.
/// @concurrency Exclusive access to `map`.
template <typename Key, typename T, typename Compare, typename KeyContainer, typename MappedContainer,
          std::predicate<std::pair<const Key&, const T&>> Predicate>
typename flat_map<Key, T, Compare, KeyContainer, MappedContainer>::size_type erase_if(
    flat_map<Key, T, Compare, KeyContainer, MappedContainer>& map, Predicate drop) {
  return map.erase_if(std::move(drop));
}

}  // namespace DEFT_TAG
}  // namespace deft

template <typename Key, typename T, typename Compare, typename KeyContainer, typename MappedContainer,
          typename Allocator>
struct std::uses_allocator<deft::flat_map<Key, T, Compare, KeyContainer, MappedContainer>, Allocator>
    : std::bool_constant<std::uses_allocator_v<KeyContainer, Allocator> &&
                         std::uses_allocator_v<MappedContainer, Allocator>> {};
