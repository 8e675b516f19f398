/// @file
/// deft::cast_view: elements as bytes, bytes as elements; what cannot be right does not compile or throws.
#pragma once

#include <array>
#include <complex>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <new>
#include <ranges>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/errors.hpp"
#include "deft/view/detail/view_concepts.hpp"
#include "deft/view/endian.hpp"
#include "deft/view/view.hpp"

namespace deft {

/// Whether a T has no padding and every pattern of its bytes is a value: numbers but bool and long double,
/// std::byte, le<T>, be<T>, unaligned<T>, and arrays of such. Specialise it for structs of which you know it:
///
///     template <> inline constexpr bool deft::any_bytes_valid<point> = true;   // struct point { float x, y;
///     };
template <typename T>
inline constexpr bool any_bytes_valid =
    (std::is_arithmetic_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, long double>) ||
    std::is_same_v<T, std::byte>;
template <typename T, std::endian Order>
inline constexpr bool any_bytes_valid<endian_number<T, Order>> = true;
template <typename T, std::size_t Size>
inline constexpr bool any_bytes_valid<std::array<T, Size>> = any_bytes_valid<T> && Size != 0;
template <typename T, std::size_t Size>
inline constexpr bool any_bytes_valid<T[Size]> = any_bytes_valid<T>;
template <std::floating_point T>
inline constexpr bool any_bytes_valid<std::complex<T>> = any_bytes_valid<T>;
template <typename T>
inline constexpr bool any_bytes_valid<const T> = any_bytes_valid<T>;

namespace detail {

/// Types through which C++ lets any object be looked at.
template <typename T>
inline constexpr bool is_byte =
    std::is_same_v<std::remove_cv_t<T>, std::byte> || std::is_same_v<std::remove_cv_t<T>, unsigned char> ||
    std::is_same_v<std::remove_cv_t<T>, char>;

/// One type's signed and unsigned, which may alias.
template <typename From, typename To>
concept same_integers =
    std::is_integral_v<From> && std::is_integral_v<To> && !std::is_same_v<From, bool> &&
    !std::is_same_v<To, bool> &&
    std::is_same_v<std::make_signed_t<std::remove_cv_t<From>>, std::make_signed_t<std::remove_cv_t<To>>>;

/// A container that is no view by itself.
template <typename Range>
concept castable_container = !linear_view<Range> && !is_shared_view<std::remove_cvref_t<Range>> &&
                             std::ranges::contiguous_range<Range>;

template <typename T>
inline constexpr bool is_endian_number = false;
template <typename T, std::endian Order>
inline constexpr bool is_endian_number<endian_number<T, Order>> = true;

/// No padding whose bytes would be indeterminate.
template <typename T>
concept without_padding = std::has_unique_object_representations_v<T> || any_bytes_valid<std::remove_cv_t<T>>;

[[noreturn, gnu::cold]] void throw_cast_size(std::size_t bytes, std::size_t each);
[[noreturn, gnu::cold]] void throw_cast_alignment(std::size_t alignment);

inline namespace DEFT_TAG {

template <typename To, typename From>
constexpr void check_cast_types() {
  static_assert(std::is_trivially_copyable_v<From>,
                "deft::cast_view: the elements have constructors; their bytes are not their value");
  static_assert(std::is_trivially_copyable_v<To>,
                "deft::cast_view<To>: To has constructors; bytes do not make one");
  static_assert(std::is_const_v<To> || !std::is_const_v<From>,
                "deft::cast_view<To>: would drop const; write cast_view<const To>");
  static_assert(
      is_byte<From> || is_byte<To> || is_endian_number<std::remove_cv_t<To>> || same_integers<From, To> ||
          std::is_same_v<std::remove_cv_t<From>, std::remove_cv_t<To>>,
      "deft::cast_view<To>: neither type is a byte; looking at one through the other breaks aliasing: "
      "go through as_bytes(), and cast to le<T>, be<T> or unaligned<T>");
  static_assert(without_padding<From>,
                "deft::cast_view: the elements may have padding, whose bytes are indeterminate "
                "(specialise deft::any_bytes_valid if they have none)");
}

/// The same memory as elements of To. SAFETY: whoever calls it has compared size and alignment.
template <typename To, typename From>
[[nodiscard]] view<To> reinterpreted(view<From> v) noexcept {
  if (v.empty()) return {};
  auto* const data = reinterpret_cast<To*>(v.data());
  // The standard's std::start_lifetime_as_array (C++23) is what this stands for: no compiler here has it.
  return {std::launder(data), v.size_bytes() / sizeof(To)};
}

template <typename To, typename From>
[[nodiscard]] bool fits_size(view<From> v) noexcept {
  return v.size_bytes() % sizeof(To) == 0;
}

template <typename To, typename From>
[[nodiscard]] bool fits_alignment(view<From> v) noexcept {
  return v.empty() || reinterpret_cast<std::uintptr_t>(v.data()) % alignof(To) == 0;
}

template <typename To, typename From>
[[nodiscard]] view<To> cast_checked(view<From> v) {
  if (!fits_size<To>(v)) throw_cast_size(v.size_bytes(), sizeof(To));
  if (!fits_alignment<To>(v)) throw_cast_alignment(alignof(To));
  return reinterpreted<To>(v);
}

}  // namespace DEFT_TAG

}  // namespace detail

inline namespace DEFT_TAG {

/// The memory of a view as elements of another type: Python's `m.cast(format)`. One of the two types is a
/// byte, as in Python; or To is le<T>, be<T> or unaligned<T>, which any memory may be looked at through.
/// `To` must be a type of which every pattern of bytes is a value (`any_bytes_valid`); bool is checked byte
/// by byte. Nothing is copied.
/// @returns     size_bytes() / sizeof(To) elements.
/// @throws      std::invalid_argument if the size is no multiple of sizeof(To), the address no multiple of
///              alignof(To), or a byte is no bool.
/// @complexity  O(1); O(size) for bool. @concurrency Concurrent reads.
template <typename To, typename From>
[[nodiscard]] view<To> cast_view(view<From> v) {
  detail::check_cast_types<To, From>();
  if constexpr (std::is_same_v<std::remove_cv_t<To>, bool>) {
    static_assert(std::is_const_v<To> || std::is_same_v<std::remove_cv_t<From>, bool>,
                  "deft::cast_view<bool>: whoever writes the bytes later could write what is no bool: "
                  "cast_view<const bool>");
    for (const std::byte b : as_bytes(v)) {
      if (std::to_integer<unsigned>(b) > 1)
        detail::throw_invalid_argument("deft: cast_view<bool>: a byte is neither 0 nor 1");
    }
  } else {
    static_assert(!std::is_enum_v<To> || detail::is_byte<To>,
                  "deft::cast_view<To>: bytes need not be a value of the enum; pass what checks it: "
                  "cast_view<const To>(v, is_valid)");
    static_assert(std::is_enum_v<To> || detail::is_byte<To> || any_bytes_valid<std::remove_cv_t<To>>,
                  "deft::cast_view<To>: not every pattern of bytes is a value of To "
                  "(specialise deft::any_bytes_valid if it is)");
  }
  return detail::cast_checked<To>(v);
}

/// The same for enums and other types of which not every pattern of bytes is a value: `is_valid(number)` says
/// for each underlying number, or `is_valid(value)` for each value of a struct, whether it is one.
/// @returns     The elements.
/// @throws      std::invalid_argument as above, and if `is_valid` says no; what `is_valid` throws.
/// @complexity  O(size). @concurrency Concurrent reads.
template <typename To, typename From, typename Predicate>
[[nodiscard]] view<To> cast_view(view<From> v, Predicate is_valid) {
  detail::check_cast_types<To, From>();
  static_assert(
      std::is_const_v<To>,
      "deft::cast_view<To>(v, is_valid): whoever writes the bytes later could write what is not valid: "
      "cast_view<const To>");
  using value = std::remove_cv_t<To>;
  const view<To> found = detail::cast_checked<To>(v);
  for (std::size_t i = 0; i < found.size(); ++i) {
    bool valid = false;
    if constexpr (std::is_enum_v<value>) {
      using number = std::underlying_type_t<value>;
      unaligned<number> raw;
      __builtin_memcpy(&raw, as_bytes(v).data() + i * sizeof(To), sizeof raw);
      valid = static_cast<bool>(std::invoke(is_valid, raw.value()));
    } else {
      valid = static_cast<bool>(std::invoke(is_valid, found[i]));
    }
    if (!valid) detail::throw_invalid_argument("deft: cast_view(v, is_valid): an element is not valid");
  }
  return found;
}

/// Of what a view can be made of.
/// @returns     As above.
/// @throws      As above.
/// @complexity  As above. @concurrency Concurrent reads.
template <typename To, typename Range>
  requires detail::castable_container<Range> && (!detail::temporary_owner<Range>)
[[nodiscard]] auto cast_view(Range&& range) -> view<To> {
  return cast_view<To>(view(range));
}

/// Not of a temporary, whose elements die with the expression.
template <typename To, typename Range>
  requires detail::castable_container<Range> && detail::temporary_owner<Range>
auto cast_view(Range&&) -> detail::a_view_of_a_temporary_would_dangle_use_borrow = delete;

/// Not of elements with gaps between them.
template <typename To, typename T, std::ptrdiff_t Stride>
  requires(Stride != 1)
auto cast_view(strided_view<T, Stride>)
    -> detail::a_cast_of_elements_with_gaps_is_impossible_copy_them_first = delete;

/// Whether cast_view<To>(v) would succeed, as far as size and alignment go.
/// @returns     What the name says.
/// @complexity  O(1). @concurrency Concurrent reads.
template <typename To, typename From>
[[nodiscard]] bool can_cast_view(view<From> v) noexcept {
  return detail::fits_size<To>(v) && detail::fits_alignment<To>(v);
}

}  // namespace DEFT_TAG

}  // namespace deft
