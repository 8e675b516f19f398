/// @file
/// What the lookups of sorted containers take for a needle.
#pragma once

#include <concepts>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"

namespace deft {

/// What a lookup takes: a T, whatever converts to T, or under a transparent comparator (`std::less<>`)
/// anything that compares with T. Under any other comparator the needle is converted to T once, before the
/// search.
template <typename Needle, typename T, typename Compare>
concept sorted_needle =
    detail::transparent_comparator<Compare> || std::convertible_to<const Needle&, const T&>;

namespace detail {

inline namespace DEFT_TAG {

/// `x` as the comparator wants it: itself, or the T that it converts to.
template <typename T, typename Compare, typename Needle>
decltype(auto) as_needle(const Needle& x) {
  if constexpr (transparent_comparator<Compare> || std::convertible_to<const Needle*, const T*>) {
    return static_cast<const Needle&>(x);
  } else if constexpr (!std::convertible_to<const Needle&, T>) {
    return static_cast<const T&>(x);  // refers to a T that exists: from x none can be made
  } else {
    return static_cast<T>(x);
  }
}

}  // namespace DEFT_TAG
}  // namespace detail
}  // namespace deft
