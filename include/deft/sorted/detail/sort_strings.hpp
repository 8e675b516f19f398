/// @file
/// The stable order of many strings, found by sorting numbers as far as eight characters tell them apart.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"
#include "deft/sorted/detail/search_strings.hpp"
#include "deft/sorted/detail/sort_numbers.hpp"

namespace deft::detail {

/// Strings in their own order.
template <typename Strings, typename Compare>
inline constexpr bool string_column =
    string_like<typename Strings::value_type> && is_less<Compare, typename Strings::value_type>;

/// Fewer are sorted sooner without numbers.
inline constexpr std::size_t many_strings = 64;

inline namespace DEFT_TAG {

/// How many characters all strings share at their beginning.
template <typename Strings>
std::size_t characters_of_all(const Strings& strings) noexcept {
  const auto& first = *strings.begin();
  std::size_t shared = first.size();
  for (const auto& string : strings) {
    if (string.size() < shared) shared = string.size();
    if (shared == 0) break;
    if (std::memcmp(first.data(), string.data(), shared) == 0) continue;
    shared = static_cast<std::size_t>(
        std::mismatch(first.data(), first.data() + shared, string.data()).first - first.data());
  }
  return shared;
}

/// The eight characters from `skip` on as a number that orders as they do, with zeros where there are fewer.
template <typename String>
std::uint64_t characters_from(const String& string, std::size_t skip) noexcept {
  const std::size_t size = string.size() - skip;
  if (size >= 8) return detail::eight_characters(string, skip);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < 8; ++i)
    value = value << 8 | (i < size ? static_cast<unsigned char>(string.data()[skip + i]) : 0U);
  return value;
}

/// Writes the positions of strings to `order`, in stable ascending order; where Unique, those of all but the
/// first of equal strings go to the back.
/// @returns How many are first, or all.
template <bool Unique, typename Strings>
std::size_t order_strings(const Strings& strings, std::size_t* order) {
  const std::size_t n = strings.size();
  if (n == 0) return 0;
  std::vector<numbered> rows;
  rows.reserve(n);
  std::vector<numbered> scratch(n);
  // Behind what all share: URLs differ late.
  const std::size_t skip = detail::characters_of_all(strings);
  for (const auto& string : strings) rows.push_back({detail::characters_from(string, skip), rows.size()});
  sort_numbered(rows.data(), scratch.data(), n);
  const auto less = [&strings](const numbered& a, const numbered& b) {
    using difference = typename Strings::difference_type;
    const auto first = strings.begin();
    return first[static_cast<difference>(a.position)] < first[static_cast<difference>(b.position)];
  };
  std::size_t kept = 0;
  std::size_t others = 0;  // in scratch, which is done with
  for (auto first = rows.begin(); first != rows.end();) {
    auto last = first + 1;
    while (last != rows.end() && last->ordinal == first->ordinal) ++last;
    // Equal numbers say nothing: "a" and "a\0" have the same. Different ones spare reading strings, which are
    // anywhere.
    if (last - first > 1) std::stable_sort(first, last, less);
    auto previous = first;
    order[kept++] = static_cast<std::size_t>(first->position);
    while (++first != last) {
      if (Unique && !less(*previous, *first)) {
        scratch[others++] = *first;
      } else {
        order[kept++] = static_cast<std::size_t>(first->position);
        previous = first;
      }
    }
  }
  for (std::size_t i = 0; i < others; ++i) order[kept + i] = static_cast<std::size_t>(scratch[i].position);
  return kept;
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
