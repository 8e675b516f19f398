/// @file
/// The characters of a table's columns of std::string.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// Characters of one column. Row i has `lengths[i]` of them from `begins[i]` on; the two columns are in the
/// table's block, the characters here, because their number does not go with that of the rows.
///
/// Rows exchange places and grow without a move of the characters behind them: what a row no longer refers
/// to stays as a gap until the heap is rebuilt. As long as rows are only appended, and whenever a table is
/// shared, the characters lie in the order of the rows without gaps, which is Arrow's layout.
struct text_heap {
  char* data = nullptr;
  std::size_t used = 0;
  std::size_t capacity = 0;
  std::size_t live = 0;  // characters that rows refer to
  bool in_order = true;  // without gaps, in the order of the rows; then live == used
};

/// The allocator of a table, for those who do not know its type, and the number of rows.
struct text_memory {
  char* (*allocate)(text_memory& self, std::size_t size) = nullptr;
  void (*deallocate)(text_memory& self, char* data, std::size_t size) noexcept = nullptr;
  std::size_t rows = 0;
};

/// In front of the columns of a table with texts.
template <std::size_t Texts>
struct alignas(64) text_owner : text_memory {
  text_heap heaps[Texts];
};

template <>
struct text_owner<0> {};

/// Frees the characters that a heap no longer has when it goes: until then they may be the source of what is
/// written.
class retired_texts {
 public:
  retired_texts() = default;

  DEFT_TAGGED retired_texts(text_memory& memory, char* data, std::size_t size) noexcept
      : memory_(&memory), data_(data), size_(size) {}

  DEFT_TAGGED retired_texts(retired_texts&& other) noexcept
      : memory_(other.memory_), data_(std::exchange(other.data_, nullptr)), size_(other.size_) {}

  retired_texts& operator=(retired_texts&&) = delete;

  DEFT_TAGGED ~retired_texts() {
    if (data_ != nullptr) memory_->deallocate(*memory_, data_, size_);
  }

 private:
  text_memory* memory_ = nullptr;
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

/// One column's heap with the two columns that refer to it.
struct text_column {
  text_memory& memory;
  text_heap& heap;
  std::uint64_t* begins;
  std::uint32_t* lengths;

  [[nodiscard]] DEFT_TAGGED std::string_view operator[](std::size_t i) const noexcept {
    return {heap.data + begins[i], lengths[i]};
  }

  /// A new heap of `capacity` characters with those of all rows, in order.
  DEFT_TAGGED retired_texts rebuild(std::size_t capacity) const {
    char* const data = capacity == 0 ? nullptr : memory.allocate(memory, capacity);
    if (heap.in_order) {
      if (heap.used != 0) std::memcpy(data, heap.data, heap.used);
    } else {
      std::size_t used = 0;
      for (std::size_t i = 0; i < memory.rows; ++i) {
        if (lengths[i] != 0) std::memcpy(data + used, heap.data + begins[i], lengths[i]);
        begins[i] = used;
        used += lengths[i];
      }
    }
    retired_texts old(memory, heap.data, heap.capacity);
    heap = {.data = data, .used = heap.live, .capacity = capacity, .live = heap.live};
    return old;
  }

  /// Room for `size` more characters.
  DEFT_TAGGED retired_texts reserve(std::size_t size) const {
    if (size <= heap.capacity - heap.used) return {};
    constexpr auto most = static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max());
    if (size > most / 2 || heap.live > most / 2 - size) {
      throw_length_error("deft::record_vector: the characters of a column are more than can be addressed");
    }
    const std::size_t doubled = 2 * heap.live > 64 ? 2 * heap.live : 64;
    return rebuild(doubled > heap.live + size ? doubled : heap.live + size);
  }

  /// Fills row `i`, which is new; there is room.
  DEFT_TAGGED void append(std::size_t i, std::string_view text) const noexcept {
    begins[i] = heap.used;
    lengths[i] = static_cast<std::uint32_t>(text.size());
    if (!text.empty()) std::memcpy(heap.data + heap.used, text.data(), text.size());
    heap.used += text.size();
    heap.live += text.size();
  }

  /// Replaces the characters of row `i`; `text` may be of this column.
  DEFT_TAGGED void assign(std::size_t i, std::string_view text) const {
    check_length(text);
    const std::size_t before = lengths[i];
    if (text.size() <= before) {
      if (!text.empty()) std::memmove(heap.data + begins[i], text.data(), text.size());
      lengths[i] = static_cast<std::uint32_t>(text.size());
      heap.live -= before - text.size();
      if (text.size() != before) heap.in_order = false;
      return;
    }
    const retired_texts old = reserve(text.size());
    heap.live -= before;
    heap.in_order = false;
    append(i, text);
  }

  /// The characters in the order of the rows, without gaps.
  DEFT_TAGGED void put_in_order() const {
    if (!heap.in_order) rebuild(heap.live);
  }

  /// Rows [first, last), the last ones or not, no longer refer to their characters.
  DEFT_TAGGED void forget(std::size_t first, std::size_t last) const noexcept {
    std::size_t gone = 0;
    for (std::size_t i = first; i < last; ++i) gone += lengths[i];
    heap.live -= gone;
    if (heap.in_order && last == memory.rows) {
      heap.used -= gone;
    } else if (heap.live == 0) {
      heap.used = 0;
      heap.in_order = heap.in_order && gone == 0;
    } else if (gone != 0) {
      heap.in_order = false;
    }
  }

  DEFT_TAGGED static void check_length(std::string_view text) {
    if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
      throw_length_error("deft::record_vector: a text of more than 4 GiB");
    }
  }
};

}  // namespace deft::detail
