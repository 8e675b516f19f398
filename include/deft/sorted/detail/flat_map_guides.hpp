/// @file
/// Names for what the deduction guides of flat_map and flat_multimap deduce ([associative.general]).
#pragma once

#include <functional>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/detail/sorted_concepts.hpp"

namespace deft::detail {

/// A guide's containers of keys and values: not allocators.
template <typename Keys, typename Values>
concept map_containers = !allocator_like<Keys> && !allocator_like<Values> && requires {
  typename Keys::value_type;
  typename Values::value_type;
};

template <typename Row>
using row_key = std::remove_const_t<std::tuple_element_t<0, Row>>;
template <typename Row>
using row_mapped = std::tuple_element_t<1, Row>;

/// `iter-key-type` and `iter-mapped-type`.
template <typename It>
using iter_key = row_key<typename std::iterator_traits<It>::value_type>;
template <typename It>
using iter_mapped = row_mapped<typename std::iterator_traits<It>::value_type>;

/// `range-key-type` and `range-mapped-type`.
template <typename R>
using range_key = row_key<std::ranges::range_value_t<R>>;
template <typename R>
using range_mapped = row_mapped<std::ranges::range_value_t<R>>;

/// The containers that hold a range's rows under `Allocator`.
template <typename R, typename Allocator>
using range_keys = std::vector<range_key<R>, rebound<Allocator, range_key<R>>>;
template <typename R, typename Allocator>
using range_values = std::vector<range_mapped<R>, rebound<Allocator, range_mapped<R>>>;

}  // namespace deft::detail
