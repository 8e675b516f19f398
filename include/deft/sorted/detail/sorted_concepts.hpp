/// @file
/// What the standard's wording of container adaptors asks of template arguments
/// ([container.adaptors.general]), as concepts.
#pragma once

#include <concepts>
#include <cstddef>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>

namespace deft::detail {

template <typename Compare>
concept transparent_comparator = requires { typename Compare::is_transparent; };

/// A type that "qualifies as an allocator".
template <typename Allocator>
concept allocator_like = requires(Allocator& a) {
  typename Allocator::value_type;
  a.allocate(std::size_t{1});
};

/// An allocator that can be handed to each of these containers.
template <typename Allocator, typename... Containers>
concept allocator_for = (std::uses_allocator_v<Containers, Allocator> && ...);

/// std::vector<bool>, which is none of bools.
template <typename Container>
concept bit_container =
    std::is_same_v<typename Container::value_type, bool> && requires(Container& c) { c.flip(); };

/// What flat containers are made of, as the standard says it: by the iterators' category.
template <typename Container>
concept random_access_container =
    std::derived_from<typename std::iterator_traits<typename Container::const_iterator>::iterator_category,
                      std::random_access_iterator_tag>;

/// A type that "qualifies as an input iterator": C++17's kind by its category, or C++20's.
template <typename It>
concept input_iterator_like = std::input_iterator<It> || requires(It& it) {
  requires std::derived_from<typename std::iterator_traits<It>::iterator_category, std::input_iterator_tag>;
  *it;
};

/// `container-compatible-range`.
template <typename R, typename T>
concept range_of = std::ranges::input_range<R> && std::convertible_to<std::ranges::range_reference_t<R>, T>;

/// What a deduction guide takes for a container: not an allocator, and its elements are what `Compare`
/// orders.
template <typename Container, typename Compare>
concept container_ordered_by =
    !allocator_like<Container> && !allocator_like<Compare> && requires { typename Container::value_type; } &&
    std::is_invocable_v<const Compare&, const typename Container::value_type&,
                        const typename Container::value_type&>;

/// One argument, and it is a T.
template <typename T, typename... Args>
inline constexpr bool is_only = false;

template <typename T, typename Arg>
inline constexpr bool is_only<T, Arg> = std::is_same_v<std::remove_cvref_t<Arg>, T>;

/// `alloc-rebind`.
template <allocator_like Allocator, typename T>
using rebound = typename std::allocator_traits<Allocator>::template rebind_alloc<T>;

}  // namespace deft::detail
