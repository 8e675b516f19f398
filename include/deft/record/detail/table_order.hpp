/// @file
/// The order of a table's rows by some of their fields.
#pragma once

#include <algorithm>
#include <bit>
#include <chrono>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/column_decode.hpp"
#include "deft/record/detail/table_layout.hpp"
#include "deft/record/detail/table_rows.hpp"

namespace deft::detail {

template <typename Compare>
inline constexpr bool is_ascending = false;
template <>
inline constexpr bool is_ascending<std::ranges::less> = true;
template <typename T>
inline constexpr bool is_ascending<std::less<T>> = true;

template <typename Compare>
inline constexpr bool is_descending = false;
template <>
inline constexpr bool is_descending<std::ranges::greater> = true;
template <typename T>
inline constexpr bool is_descending<std::greater<T>> = true;

template <std::size_t Size>
using sort_key_of_size =
    std::conditional_t<Size == 1, std::uint8_t,
                       std::conditional_t<Size == 2, std::uint16_t,
                                          std::conditional_t<Size == 4, std::uint32_t, std::uint64_t>>>;

/// Whether values of T are ordered as numbers that sort_key() gives.
template <typename T>
inline constexpr bool has_sort_key = (std::is_integral_v<T> && sizeof(T) <= 8) || std::is_enum_v<T> ||
                                     std::is_same_v<T, float> || std::is_same_v<T, double>;
template <typename Rep, typename Period>
inline constexpr bool has_sort_key<std::chrono::duration<Rep, Period>> = has_sort_key<Rep>;
template <typename Clock, typename Duration>
inline constexpr bool has_sort_key<std::chrono::time_point<Clock, Duration>> = has_sort_key<Duration>;

/// An unsigned number in the order of `<`. -0.0 equals 0.0; every NaN comes behind all else.
template <typename T>
[[nodiscard]] DEFT_TAGGED constexpr auto sort_key(const T& value) noexcept {
  if constexpr (requires { value.time_since_epoch(); }) {
    return sort_key(value.time_since_epoch());
  } else if constexpr (requires { value.count(); }) {
    return sort_key(value.count());
  } else if constexpr (std::is_enum_v<T>) {
    return sort_key(static_cast<std::underlying_type_t<T>>(value));
  } else {
    using key = sort_key_of_size<sizeof(T)>;
    constexpr key top = static_cast<key>(key{1} << (8 * sizeof(T) - 1));
    if constexpr (std::is_floating_point_v<T>) {
      if (value != value) return std::numeric_limits<key>::max();
      const auto bits = std::bit_cast<key>(value + T{0});  // -0.0 + 0.0 is 0.0
      return static_cast<key>((bits & top) != 0 ? ~bits : bits | top);
    } else if constexpr (std::is_signed_v<T>) {
      return static_cast<key>(static_cast<key>(value) ^ top);
    } else {
      return static_cast<key>(value);
    }
  }
}

template <typename T, typename Layout>
struct table_order : table_rows<T, Layout> {
  using base = table_rows<T, Layout>;
  using typename base::layout;

  template <std::size_t I>
  static constexpr bool by_key() {
    constexpr storage_kind kind = layout::template kind<I>();
    if constexpr (kind == storage_kind::plain) {
      return has_sort_key<typename base::template column<I>::stored>;
    } else {
      return kind != storage_kind::text;
    }
  }

  /// A number for the order of row `i`, its absence aside.
  template <std::size_t I>
  [[nodiscard]] DEFT_TAGGED static auto key_of(const_block_ref block, std::size_t i) noexcept {
    using c = typename base::template column<I>;
    constexpr storage_kind kind = layout::template kind<I>();
    if constexpr (kind == storage_kind::bit) {
      return static_cast<std::uint8_t>(base::template load_payload<I>(block, i));
    } else if constexpr (kind == storage_kind::packed) {
      return sort_key(c::store(base::template load_payload<I>(block, i)));
    } else {
      return sort_key(layout::template values<I>(block.columns, block.capacity)[i]);
    }
  }

  /// Sorts `order` by field I; stable. Absent values come first, as in std::optional.
  template <std::size_t I, typename Index, typename Compare>
  DEFT_TAGGED static void by_field(const_block_ref block, std::vector<Index>& order, Compare& comp) {
    constexpr bool ascending = is_ascending<Compare>;
    constexpr bool descending = is_descending<Compare>;
    if constexpr (by_key<I>() && (ascending || descending)) {
      using key = decltype(key_of<I>(block, 0));
      std::vector<key> keys(order.size());
      for (std::size_t i = 0; i < keys.size(); ++i) {
        const key k = key_of<I>(block, i);
        keys[i] = ascending ? k : static_cast<key>(~k);
      }
      order_by_keys(keys.data(), order.data(), order.size());
      if constexpr (base::template column<I>::nullable) {
        std::vector<std::uint8_t> present(order.size());
        for (std::size_t i = 0; i < present.size(); ++i) {
          present[i] = static_cast<std::uint8_t>(base::template has_value<I>(block, i) == ascending);
        }
        order_by_keys(present.data(), order.data(), order.size());
      }
    } else {
      std::stable_sort(order.begin(), order.end(), [&](Index a, Index b) {
        return static_cast<bool>(comp(base::template load<I>(block, a), base::template load<I>(block, b)));
      });
    }
  }

  /// The rows in the order of the fields `Fields`, the first one first; stable.
  /// @throws std::bad_alloc, what `comp` throws.
  template <typename Index, std::size_t... Fields, typename Compare>
  [[nodiscard]] DEFT_TAGGED static std::vector<Index> sorted(const_block_ref block, std::size_t size,
                                                             std::index_sequence<Fields...> fields,
                                                             Compare& comp) {
    std::vector<Index> order(size);
    std::iota(order.begin(), order.end(), Index{0});
    sort_last_first(block, order, fields, comp);
    return order;
  }

 private:
  template <typename Index, std::size_t First, std::size_t... Rest, typename Compare>
  DEFT_TAGGED static void sort_last_first(const_block_ref block, std::vector<Index>& order,
                                          std::index_sequence<First, Rest...> /*fields*/, Compare& comp) {
    if constexpr (sizeof...(Rest) != 0) sort_last_first(block, order, std::index_sequence<Rest...>{}, comp);
    by_field<First>(block, order, comp);
  }
};

}  // namespace deft::detail
