/// @file
/// deft::zip: several views side by side, in one loop.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/view/detail/cursors.hpp"

namespace deft {

namespace detail {

/// Counts, and looks up in each cursor.
template <typename... Cursors>
class zip_iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using iterator_concept = std::random_access_iterator_tag;
  using reference = std::tuple<decltype(std::declval<const Cursors&>()[0])...>;
  using value_type = std::tuple<std::remove_cvref_t<decltype(std::declval<const Cursors&>()[0])>...>;
  using difference_type = std::ptrdiff_t;

  constexpr zip_iterator() noexcept = default;

  DEFT_TAGGED constexpr zip_iterator(std::size_t at, const std::tuple<Cursors...>& cursors) noexcept
      : at_(at), cursors_(cursors) {}

  [[nodiscard]] DEFT_TAGGED constexpr reference operator*() const noexcept { return (*this)[0]; }

  [[nodiscard]] DEFT_TAGGED constexpr reference operator[](std::ptrdiff_t n) const noexcept {
    const std::size_t i = at_ + static_cast<std::size_t>(n);
    return std::apply([i](const auto&... cursor) { return reference(cursor[i]...); }, cursors_);
  }

  DEFT_TAGGED constexpr zip_iterator& operator++() noexcept { return *this += 1; }

  DEFT_TAGGED constexpr zip_iterator& operator--() noexcept { return *this -= 1; }

  DEFT_TAGGED constexpr zip_iterator operator++(int) noexcept {
    zip_iterator before = *this;
    ++at_;
    return before;
  }

  DEFT_TAGGED constexpr zip_iterator operator--(int) noexcept {
    zip_iterator before = *this;
    --at_;
    return before;
  }

  DEFT_TAGGED constexpr zip_iterator& operator+=(std::ptrdiff_t n) noexcept {
    at_ += static_cast<std::size_t>(n);
    return *this;
  }

  DEFT_TAGGED constexpr zip_iterator& operator-=(std::ptrdiff_t n) noexcept {
    at_ -= static_cast<std::size_t>(n);
    return *this;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr zip_iterator operator+(zip_iterator i,
                                                                    std::ptrdiff_t n) noexcept {
    return i += n;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr zip_iterator operator+(std::ptrdiff_t n,
                                                                    zip_iterator i) noexcept {
    return i += n;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr zip_iterator operator-(zip_iterator i,
                                                                    std::ptrdiff_t n) noexcept {
    return i -= n;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr std::ptrdiff_t operator-(const zip_iterator& a,
                                                                      const zip_iterator& b) noexcept {
    return static_cast<std::ptrdiff_t>(a.at_ - b.at_);
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr bool operator==(const zip_iterator& a,
                                                             const zip_iterator& b) noexcept {
    return a.at_ == b.at_;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr std::strong_ordering operator<=>(
      const zip_iterator& a, const zip_iterator& b) noexcept {
    return a.at_ <=> b.at_;
  }

 private:
  std::size_t at_ = 0;
  std::tuple<Cursors...> cursors_;
};

}  // namespace detail

/// Views of one size side by side: `for (auto [x, y] : zip(a, b))`, where x and y are references. What
/// `zip(...)` gives. Sizes are compared when it is made; loops over it check nothing.
///
/// Memory: the views' pointers, and the size. Threads: as the elements themselves.
template <typename... Views>
class zipped {
  static_assert(sizeof...(Views) > 0, "deft::zip() of nothing");

 public:
  using iterator = detail::zip_iterator<decltype(detail::cursor_of(std::declval<const Views&>()))...>;

  /// @pre         The sizes are equal, else traps.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED constexpr explicit zipped(const Views&... views) noexcept
      : size_(std::get<0>(std::tuple(views.size()...))), views_(views...) {
    DEFT_PRECONDITION(((views.size() == size_) && ...), "zip(...) of different sizes");
  }

  /// Number of rows.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED constexpr bool empty() const noexcept { return size_ == 0; }

  /// @}

  /// Iterators whose elements are tuples of references.
  /// @returns     The position.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED constexpr iterator begin() const noexcept { return at(0); }

  [[nodiscard]] DEFT_TAGGED constexpr iterator end() const noexcept { return at(size_); }

  /// @}

  /// Row i.
  /// @returns     References to element i of each view.
  /// @pre         i < size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED constexpr auto operator[](std::size_t i) const noexcept {
    DEFT_PRECONDITION(i < size_, "zip: [i] is outside");
    return *at(i);
  }

  /// Calls `f(x, y, ...)` for each row, in order; faster than a loop where strides are known at run time
  /// only.
  /// @throws      What `f` throws.
  /// @complexity  O(size). @concurrency As `f` uses the elements.
  template <typename Function>
  DEFT_TAGGED constexpr void for_each(Function f) const {
    std::apply(
        [&](const Views&... views) {
          detail::with_cursors([&](auto... cursors) { detail::walk(size_, f, cursors...); }, views...);
        },
        views_);
  }

 private:
  DEFT_TAGGED constexpr iterator at(std::size_t i) const noexcept {
    return std::apply(
        [i](const Views&... views) { return iterator(i, std::tuple(detail::cursor_of(views)...)); }, views_);
  }

  std::size_t size_;
  std::tuple<Views...> views_;
};

inline namespace DEFT_TAG {

/// The views side by side; containers are borrowed, and must be in variables.
/// @returns     A range of tuples of references.
/// @pre         The sizes are equal, else traps.
/// @throws      What containers' data() and size() throw.
/// @complexity  O(1). @concurrency Safe.
template <detail::bulk_range... Ranges>
  requires(!detail::temporary_owner<Ranges> && ...)
[[nodiscard]] constexpr auto zip(Ranges&&... ranges) {
  return zipped<decltype(detail::linear(ranges))...>(detail::linear(ranges)...);
}

/// Not of temporaries, which die before the loop begins.
template <detail::bulk_range... Ranges>
  requires(detail::temporary_owner<Ranges> || ...)
auto zip(Ranges&&...) -> detail::a_zip_of_a_temporary_would_dangle_keep_it_in_a_variable = delete;

}  // namespace DEFT_TAG

}  // namespace deft

template <typename... Views>
inline constexpr bool std::ranges::enable_borrowed_range<deft::zipped<Views...>> = true;

template <typename... Views>
inline constexpr bool std::ranges::enable_view<deft::zipped<Views...>> = true;
