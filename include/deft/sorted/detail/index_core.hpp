/// @file
/// What deft::search_index keeps besides the caller's array, and how it searches with it.
#pragma once

#include <cstddef>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"
#include "deft/sorted/detail/number_layers.hpp"

namespace deft::detail {

/// Elements that compiled kernels find.
template <typename T, typename Compare, typename Projection>
concept layered_numbers = has_kernels<T> && !std::is_volatile_v<T> && is_less<Compare, T> &&
                          std::is_same_v<Projection, std::identity>;

/// Nothing but the allocator: what no kernel knows is searched as bisect_left does.
template <typename T, typename Compare, typename Projection, typename Allocator>
class index_core {
 public:
  DEFT_TAGGED explicit index_core(const Allocator& alloc) noexcept : alloc_(alloc) {}

  DEFT_TAGGED index_core(std::span<const T>, const Allocator& alloc) : alloc_(alloc) {}

  DEFT_TAGGED index_core(const index_core&, std::span<const T>, const Allocator& alloc) : alloc_(alloc) {}

  DEFT_TAGGED index_core(index_core&& other) noexcept : alloc_(other.alloc_) {}

  DEFT_TAGGED void take(index_core&, std::span<const T>) noexcept {}

  [[nodiscard]] DEFT_TAGGED auto get_allocator() const noexcept -> Allocator { return alloc_; }

  [[nodiscard]] DEFT_TAGGED auto memory_bytes() const noexcept -> std::size_t { return 0; }

  template <side Side, typename Needle, typename Order, typename Member>
  [[nodiscard]] DEFT_TAGGED auto search(std::span<const T> data, const Needle& x, Order& comp,
                                        Member& proj) const -> std::size_t {
    return detail::search<Side>(data, x, detail::whole(data), comp, proj);
  }

 private:
  [[no_unique_address]] Allocator alloc_;
};

template <typename T, typename Compare, typename Projection, typename Allocator>
  requires layered_numbers<T, Compare, Projection>
class index_core<T, Compare, Projection, Allocator> {
  using key = typename kernel_key<T>::type;

 public:
  DEFT_TAGGED explicit index_core(const Allocator& alloc) noexcept : layers_(alloc) {}

  DEFT_TAGGED index_core(std::span<const T> data, const Allocator& alloc)
      : layers_(data.data(), data.size(), alloc) {}

  DEFT_TAGGED index_core(const index_core& other, std::span<const T> data, const Allocator& alloc)
      : layers_(other.layers_, data.data(), alloc) {}

  index_core(index_core&& other) noexcept = default;

  DEFT_TAGGED void take(index_core& other, std::span<const T> data) {
    layers_.take(other.layers_, data.data());
  }

  [[nodiscard]] DEFT_TAGGED auto get_allocator() const noexcept -> Allocator {
    return layers_.get_allocator();
  }

  [[nodiscard]] DEFT_TAGGED auto memory_bytes() const noexcept -> std::size_t {
    return layers_.memory_bytes();
  }

  template <side Side, typename Needle, typename Order, typename Member>
  [[nodiscard]] DEFT_TAGGED auto search(std::span<const T> data, const Needle& x, Order& comp,
                                        Member& proj) const -> std::size_t {
    if constexpr (compares_as_key<T, Needle>) {
      return layers_.template search<Side>(static_cast<key>(static_cast<T>(x)));
    } else {
      return detail::search<Side>(data, x, detail::whole(data), comp, proj);
    }
  }

  template <side Side>
  DEFT_TAGGED void search_numbers(const T* needles, std::size_t count, std::size_t* out) const noexcept {
    layers_.template search_many<Side>(needles, count, out);
  }

 private:
  number_layers<key, Allocator> layers_;
};

template <typename Core>
concept searches_many = requires(const Core& core, std::size_t* out) {
  core.template search_numbers<side::left>(nullptr, std::size_t{0}, out);
};

/// How a const function calls what it holds: an empty one as a copy, which it is recognised by, else in
/// place.
template <typename Function>
using callable = std::conditional_t<std::is_empty_v<Function>, Function, const Function&>;

}  // namespace deft::detail
