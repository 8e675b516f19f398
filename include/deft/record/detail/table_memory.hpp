/// @file
/// The memory of a table: its one block, and the characters of its texts.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/record/detail/table_layout.hpp"
#include "deft/record/detail/table_moves.hpp"
#include "deft/record/detail/table_texts.hpp"

namespace deft::detail {

/// What blocks are allocated in.
struct alignas(64) block_line {
  std::byte bytes[64];
};

/// Asks the system for huge pages where a block is large. For blocks of std::allocator: what is behind others
/// is their own affair.
void expect_whole_use(void* memory, std::size_t size) noexcept;

/// Makes and frees blocks. The header of a block with texts keeps a copy of the allocator, so that rows and
/// whoever frees a shared block need not know its type.
template <typename T, typename Layout, typename Allocator>
struct table_memory {
  using layout = table_layout<T, Layout>;
  using moves = table_moves<T, Layout>;
  using line_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<block_line>;
  using line_traits = std::allocator_traits<line_allocator>;
  using char_allocator = typename std::allocator_traits<Allocator>::template rebind_alloc<char>;
  using char_traits = std::allocator_traits<char_allocator>;
  static_assert(std::is_same_v<typename line_traits::pointer, block_line*>,
                "deft::record_vector: allocators with pointers of their own are not supported");

  // The owner comes last: it is found in front of the columns whatever the allocator's size.
  struct header {
    char_allocator alloc;
    text_owner<layout::texts> texts;
  };

  static constexpr std::size_t header_bytes = layout::texts != 0 ? sizeof(header) : 0;
  static_assert(layout::texts == 0 || sizeof(header) % 64 == 0);

  [[nodiscard]] DEFT_TAGGED static std::size_t lines(std::size_t capacity) noexcept {
    return (layout::block_bytes(header_bytes, capacity) + 63) / 64;
  }

  /// A block for `capacity` rows, without rows: bits are zero, bytes are not initialised.
  [[nodiscard]] DEFT_TAGGED static block_ref make(const Allocator& alloc, std::size_t capacity) {
    line_allocator line_alloc(alloc);
    auto* const memory = reinterpret_cast<std::byte*>(line_traits::allocate(line_alloc, lines(capacity)));
    if constexpr (std::is_same_v<Allocator, std::allocator<T>>) {
      expect_whole_use(memory, 64 * lines(capacity));
    }
    std::byte* const columns = memory + header_bytes;
    if constexpr (layout::texts != 0) {
      auto* const made = ::new (static_cast<void*>(memory)) header{char_allocator(alloc), {}};
      made->texts.allocate = [](text_memory& self, std::size_t size) {
        return char_traits::allocate(header_of(self).alloc, size);
      };
      made->texts.deallocate = [](text_memory& self, char* data, std::size_t size) noexcept {
        char_traits::deallocate(header_of(self).alloc, data, size);
      };
    }
    if constexpr (layout::where.bits != 0) {
      std::memset(columns + capacity * layout::where.bytes, 0,
                  layout::word_stride(capacity) * layout::where.bits);
    }
    return {columns, capacity};
  }

  DEFT_TAGGED static void free(const Allocator& alloc, block_ref block) noexcept {
    if (block.columns == nullptr) return;
    std::byte* const memory = block.columns - header_bytes;
    if constexpr (layout::texts != 0) {
      auto* const head = reinterpret_cast<header*>(memory);
      for (text_heap& heap : head->texts.heaps) {
        if (heap.data != nullptr) char_traits::deallocate(head->alloc, heap.data, heap.capacity);
      }
      head->~header();
    }
    line_allocator line_alloc(alloc);
    line_traits::deallocate(line_alloc, reinterpret_cast<block_line*>(memory), lines(block.capacity));
  }

  /// Gives the texts of one block to another, which has the same rows.
  DEFT_TAGGED static void move_texts([[maybe_unused]] block_ref to,
                                     [[maybe_unused]] block_ref from) noexcept {
    if constexpr (layout::texts != 0) {
      auto& target = moves::texts_of(to.columns);
      auto& source = moves::texts_of(from.columns);
      for (std::size_t i = 0; i < layout::texts; ++i)
        target.heaps[i] = std::exchange(source.heaps[i], text_heap{});
      target.rows = source.rows;
    }
  }

 private:
  [[nodiscard]] DEFT_TAGGED static header& header_of(text_memory& texts) noexcept {
    auto* const owner = reinterpret_cast<std::byte*>(static_cast<text_owner<layout::texts>*>(&texts));
    return *reinterpret_cast<header*>(owner + sizeof(text_owner<layout::texts>) - sizeof(header));
  }
};

/// A block that is freed unless somebody takes it.
template <typename T, typename Layout, typename Allocator>
class fresh_block {
  using memory = table_memory<T, Layout, Allocator>;

 public:
  DEFT_TAGGED fresh_block(const Allocator& alloc, std::size_t capacity)
      : alloc_(alloc), block_(capacity == 0 ? block_ref{} : memory::make(alloc, capacity)) {}

  fresh_block(const fresh_block&) = delete;
  fresh_block& operator=(const fresh_block&) = delete;

  DEFT_TAGGED ~fresh_block() { memory::free(alloc_, block_); }

  [[nodiscard]] DEFT_TAGGED block_ref get() const noexcept { return block_; }

  [[nodiscard]] DEFT_TAGGED block_ref take() noexcept { return std::exchange(block_, block_ref{}); }

 private:
  const Allocator& alloc_;
  block_ref block_;
};

}  // namespace deft::detail
