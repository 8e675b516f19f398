/// @file
/// What views are made of.
#pragma once

#include <concepts>
#include <cstddef>
#include <ranges>
#include <type_traits>

#include "deft/core/contracts.hpp"

/// Lets clang warn where a view outlives what it was made of within one function.
#if defined(__clang__)
#define DEFT_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define DEFT_LIFETIMEBOUND
#endif

namespace deft {

template <typename T>
class view;

template <typename T, std::ptrdiff_t Stride>
class strided_view;

template <typename T, std::size_t Rank>
class nd_view;

template <typename T>
class shared_view;

class any_view;

namespace detail {

/// What compilers name when they refuse a call.
struct a_view_of_a_temporary_would_dangle_use_borrow;
struct a_zip_of_a_temporary_would_dangle_keep_it_in_a_variable;
struct a_shared_view_owns_its_container_move_it_in;
struct a_cast_of_elements_with_gaps_is_impossible_copy_them_first;
struct a_part_of_a_temporary_shared_view_would_dangle_keep_it_in_a_variable;

/// Whether From's elements in a row are To's in a row: adds const, and makes no base of a derived class.
template <typename From, typename To>
concept elements_convert_to = std::is_convertible_v<From (*)[], To (*)[]>;

/// A contiguous range whose elements a view<T> may show.
template <typename Range, typename T>
concept shows_elements =
    std::ranges::contiguous_range<Range> && std::ranges::sized_range<Range> &&
    elements_convert_to<std::remove_reference_t<std::ranges::range_reference_t<Range>>, T>;

/// Owns its elements, which die with it.
template <typename Range>
concept owns_elements = !std::ranges::borrowed_range<std::remove_cvref_t<Range>>;

template <typename Range>
concept temporary_owner = owns_elements<Range> && !std::is_lvalue_reference_v<Range>;

template <typename V>
inline constexpr bool is_linear_view = false;
template <typename T>
inline constexpr bool is_linear_view<view<T>> = true;
template <typename T, std::ptrdiff_t Stride>
inline constexpr bool is_linear_view<strided_view<T, Stride>> = true;

/// A view<T> or a strided_view<T, S>: data(), size(), stride().
template <typename V>
concept linear_view = is_linear_view<std::remove_cvref_t<V>>;

template <typename V>
inline constexpr bool is_shared_view = false;
template <typename T>
inline constexpr bool is_shared_view<shared_view<T>> = true;

template <typename V>
inline constexpr std::size_t rank_of = 0;
template <typename T, std::size_t Rank>
inline constexpr std::size_t rank_of<nd_view<T, Rank>> = Rank;

/// What std::mdspan's members say, whoever's it is.
template <typename M, typename T, std::size_t Rank>
concept shows_as_mdspan = requires(const M& m) {
  { m.data_handle() } -> std::convertible_to<T*>;
  requires M::rank() == Rank;
  m.extent(0);
  m.stride(0);
};

/// An nd_view of any rank.
template <typename V>
concept nd_view_type = rank_of<std::remove_cvref_t<V>> != 0;

}  // namespace detail

}  // namespace deft
