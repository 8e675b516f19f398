/// @file
/// Where the layers of deft::search_index lie.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/key_layers.hpp"

namespace deft::detail {

/// What the processor can map by one entry of its tables.
inline constexpr std::size_t huge_page_bytes = 1 << 21;

struct alignas(huge_page_bytes) huge_page {
  unsigned char bytes[huge_page_bytes];
};

/// Asks the system to back whole huge pages by huge pages: a search of 1e7 keys goes through 5 MB of layers
/// in no order. Without effect where the system does not have them.
void advise_huge_pages(huge_page* first, std::size_t count) noexcept;

/// An array of nodes without values, in huge pages if it is large.
template <typename Allocator>
class layer_memory {
  using node_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<key_node>;
  using page_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<huge_page>;
  using traits = std::allocator_traits<node_allocator>;
  using pages = std::allocator_traits<page_allocator>;
  using pointer = typename traits::pointer;

  static constexpr std::size_t page_nodes = sizeof(huge_page) / sizeof(key_node);
  static constexpr bool moves_allocator = traits::propagate_on_container_move_assignment::value;

 public:
  DEFT_TAGGED layer_memory(std::size_t count, const Allocator& alloc) : alloc_(alloc), nodes_(), count_(0) {
    if (count == 0) return;
    nodes_ = allocate(count);
    count_ = count;
  }

  DEFT_TAGGED layer_memory(const layer_memory& other, const Allocator& alloc)
      : layer_memory(other.count_, alloc) {
    if (count_ != 0) std::memcpy(data(), other.data(), count_ * sizeof(key_node));
  }

  DEFT_TAGGED layer_memory(layer_memory&& other) noexcept
      : alloc_(other.alloc_),
        nodes_(std::exchange(other.nodes_, pointer())),
        count_(std::exchange(other.count_, 0)) {}

  DEFT_TAGGED ~layer_memory() { release(); }

  layer_memory& operator=(const layer_memory&) = delete;

  /// Copies where the allocators differ and stay, and changes nothing if there is no memory for that.
  DEFT_TAGGED layer_memory& operator=(layer_memory&& other) noexcept(moves_allocator ||
                                                                     traits::is_always_equal::value) {
    if constexpr (moves_allocator) {
      release();
      alloc_ = other.alloc_;
    } else {
      if (alloc_ != other.alloc_) {
        layer_memory copy(other, get_allocator());
        swap(copy);
        other.release();
        return *this;
      }
      release();
    }
    swap(other);
    return *this;
  }

  DEFT_TAGGED void release() noexcept {
    if (count_ == 0) return;
    deallocate();
    nodes_ = pointer();
    count_ = 0;
  }

  [[nodiscard]] DEFT_TAGGED auto data() const noexcept -> key_node* {
    return count_ != 0 ? std::to_address(nodes_) : nullptr;
  }

  [[nodiscard]] DEFT_TAGGED auto bytes() const noexcept -> std::size_t {
    return is_large(count_) ? page_count(count_) * sizeof(huge_page) : count_ * sizeof(key_node);
  }

  [[nodiscard]] DEFT_TAGGED auto get_allocator() const noexcept -> Allocator { return Allocator(alloc_); }

 private:
  /// From 4 MB on, where whole pages take at most half as much again.
  DEFT_TAGGED static auto is_large(std::size_t count) noexcept -> bool {
    return std::is_pointer_v<pointer> && count >= 2 * page_nodes;
  }

  DEFT_TAGGED static auto page_count(std::size_t count) noexcept -> std::size_t {
    return (count + page_nodes - 1) / page_nodes;
  }

  DEFT_TAGGED auto allocate(std::size_t count) -> pointer {
    if constexpr (std::is_pointer_v<pointer>) {
      if (is_large(count)) {
        page_allocator page_alloc(alloc_);
        huge_page* const first = pages::allocate(page_alloc, page_count(count));
        advise_huge_pages(first, page_count(count));
        return reinterpret_cast<key_node*>(first);
      }
    }
    return traits::allocate(alloc_, count);
  }

  DEFT_TAGGED void deallocate() noexcept {
    if constexpr (std::is_pointer_v<pointer>) {
      if (is_large(count_)) {
        page_allocator page_alloc(alloc_);
        pages::deallocate(page_alloc, reinterpret_cast<huge_page*>(nodes_), page_count(count_));
        return;
      }
    }
    traits::deallocate(alloc_, nodes_, count_);
  }

  /// All but the allocators.
  DEFT_TAGGED void swap(layer_memory& other) noexcept {
    std::swap(nodes_, other.nodes_);
    std::swap(count_, other.count_);
  }

  [[no_unique_address]] node_allocator alloc_;
  pointer nodes_;
  std::size_t count_;
};

}  // namespace deft::detail
