/// @file
/// The layers of deft::search_index and their memory.
#pragma once

#include <cstddef>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"
#include "deft/sorted/detail/key_layers.hpp"
#include "deft/sorted/detail/layer_memory.hpp"

namespace deft::detail {

/// Layers over an array of numbers, which they know by its address.
template <typename Key, typename Allocator>
class number_layers {
 public:
  /// Over nothing.
  DEFT_TAGGED explicit number_layers(const Allocator& alloc) noexcept
      : nodes_(0, alloc),
        kernels_(&layer_kernels_now<Key>()),
        placed_(place_layers<Key>(nullptr, 0, nullptr)) {}

  DEFT_TAGGED number_layers(const void* keys, std::size_t size, const Allocator& alloc)
      : nodes_(count_layer_nodes<Key>(keys, size), alloc), kernels_(&layer_kernels_now<Key>()) {
    fill_layers<Key>(keys, size, nodes_.data());
    placed_ = place_layers<Key>(keys, size, nodes_.data());
  }

  /// Copies what lies over `keys`, the array that `other` is over.
  DEFT_TAGGED number_layers(const number_layers& other, const void* keys, const Allocator& alloc)
      : nodes_(other.nodes_, alloc),
        kernels_(other.kernels_),
        placed_(place_layers<Key>(keys, other.placed_.size, nodes_.data())) {}

  DEFT_TAGGED number_layers(number_layers&& other) noexcept
      : nodes_(std::move(other.nodes_)), kernels_(other.kernels_), placed_(other.placed_) {
    other.clear();
  }

  /// Takes what lies over `keys`, the array that `other` is over. Asks for memory only where the allocators
  /// differ and stay, and changes nothing if there is none.
  DEFT_TAGGED void take(number_layers& other, const void* keys) {
    nodes_ = std::move(other.nodes_);
    kernels_ = other.kernels_;
    placed_ = place_layers<Key>(keys, other.placed_.size, nodes_.data());
    other.clear();
  }

  [[nodiscard]] DEFT_TAGGED auto get_allocator() const noexcept -> Allocator {
    return nodes_.get_allocator();
  }

  [[nodiscard]] DEFT_TAGGED auto memory_bytes() const noexcept -> std::size_t { return nodes_.bytes(); }

  template <side Side>
  [[nodiscard]] DEFT_TAGGED auto search(Key needle) const noexcept -> std::size_t {
    return (Side == side::left ? kernels_->lower : kernels_->upper)(placed_, needle);
  }

  template <side Side>
  DEFT_TAGGED void search_many(const void* needles, std::size_t count, std::size_t* out) const noexcept {
    (Side == side::left ? kernels_->lower_many : kernels_->upper_many)(placed_, needles, count, out);
  }

 private:
  DEFT_TAGGED void clear() noexcept {
    nodes_.release();
    placed_ = place_layers<Key>(nullptr, 0, nullptr);
  }

  layer_memory<Allocator> nodes_;
  const layer_kernels<Key>* kernels_;
  key_layers placed_;
};

}  // namespace deft::detail
