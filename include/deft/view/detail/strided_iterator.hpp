/// @file
/// The iterator of strided views.
#pragma once

#include <compare>
#include <cstddef>
#include <iterator>
#include <limits>
#include <type_traits>

#include "deft/core/contracts.hpp"

namespace deft {

/// The stride of a strided_view is known at run time only.
inline constexpr std::ptrdiff_t dynamic_stride = std::numeric_limits<std::ptrdiff_t>::min();

template <typename T, std::ptrdiff_t Stride = dynamic_stride>
class strided_view;

namespace detail {

/// A distance that takes no memory where it is known at compile time.
template <std::ptrdiff_t Stride>
struct stride_of {
  DEFT_TAGGED constexpr stride_of(std::ptrdiff_t = Stride) noexcept {}

  [[nodiscard]] DEFT_TAGGED static constexpr std::ptrdiff_t value() noexcept { return Stride; }
};

template <>
struct stride_of<dynamic_stride> {
  DEFT_TAGGED constexpr stride_of(std::ptrdiff_t stride = 1) noexcept : stride_(stride) {}

  [[nodiscard]] DEFT_TAGGED constexpr std::ptrdiff_t value() const noexcept { return stride_; }

  std::ptrdiff_t stride_;
};

/// Counts elements and multiplies when asked for one: a pointer would have to point outside of the array at
/// the end. Compilers make a running pointer of it.
template <typename T, std::ptrdiff_t Stride>
class strided_iterator {
 public:
  using iterator_category = std::random_access_iterator_tag;
  using value_type = std::remove_cv_t<T>;
  using difference_type = std::ptrdiff_t;
  using pointer = T*;
  using reference = T&;

  constexpr strided_iterator() noexcept = default;

  DEFT_TAGGED constexpr strided_iterator(T* first, std::ptrdiff_t at, stride_of<Stride> stride) noexcept
      : first_(first), at_(at), stride_(stride) {}

  [[nodiscard]] DEFT_TAGGED constexpr T& operator*() const noexcept { return first_[at_ * stride_.value()]; }

  [[nodiscard]] DEFT_TAGGED constexpr T* operator->() const noexcept { return &**this; }

  [[nodiscard]] DEFT_TAGGED constexpr T& operator[](std::ptrdiff_t n) const noexcept {
    return first_[(at_ + n) * stride_.value()];
  }

  DEFT_TAGGED constexpr strided_iterator& operator++() noexcept { return *this += 1; }

  DEFT_TAGGED constexpr strided_iterator& operator--() noexcept { return *this -= 1; }

  DEFT_TAGGED constexpr strided_iterator operator++(int) noexcept {
    strided_iterator before = *this;
    ++at_;
    return before;
  }

  DEFT_TAGGED constexpr strided_iterator operator--(int) noexcept {
    strided_iterator before = *this;
    --at_;
    return before;
  }

  DEFT_TAGGED constexpr strided_iterator& operator+=(std::ptrdiff_t n) noexcept {
    at_ += n;
    return *this;
  }

  DEFT_TAGGED constexpr strided_iterator& operator-=(std::ptrdiff_t n) noexcept {
    at_ -= n;
    return *this;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr strided_iterator operator+(strided_iterator i,
                                                                        std::ptrdiff_t n) noexcept {
    return i += n;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr strided_iterator operator+(std::ptrdiff_t n,
                                                                        strided_iterator i) noexcept {
    return i += n;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr strided_iterator operator-(strided_iterator i,
                                                                        std::ptrdiff_t n) noexcept {
    return i -= n;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr std::ptrdiff_t operator-(const strided_iterator& a,
                                                                      const strided_iterator& b) noexcept {
    return a.at_ - b.at_;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr bool operator==(const strided_iterator& a,
                                                             const strided_iterator& b) noexcept {
    return a.at_ == b.at_;
  }

  [[nodiscard]] DEFT_TAGGED friend constexpr std::strong_ordering operator<=>(
      const strided_iterator& a, const strided_iterator& b) noexcept {
    return a.at_ <=> b.at_;
  }

 private:
  T* first_ = nullptr;
  std::ptrdiff_t at_ = 0;
  [[no_unique_address]] stride_of<Stride> stride_{};
};

}  // namespace detail

}  // namespace deft
