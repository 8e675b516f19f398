/// @file
/// A table's block and what changes it: the engine of record_vector.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <limits>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/record/detail/table_layout.hpp"
#include "deft/record/detail/table_memory.hpp"
#include "deft/record/detail/table_moves.hpp"
#include "deft/record/record_vector_base.hpp"

namespace deft::detail {

/// Owns a block alone, or, once it was shared, through a shared_buffer. `limit_` is what the size is compared
/// with before a row is appended: the capacity, or 0 from share() on until the block is this table's alone
/// again, so that appending asks one question for both.
template <typename T, typename Layout, typename Allocator>
class table_storage : public table_base<T, Layout> {
  static_assert(std::is_same_v<typename std::allocator_traits<Allocator>::value_type, T>,
                "deft::record_vector<T, Layout, Allocator>: the allocator's value_type is not T");

 protected:
  using base = table_base<T, Layout>;
  using base::block_;
  using base::size_;
  using typename base::layout;
  using typename base::moves;
  using memory = table_memory<T, Layout, Allocator>;
  using fresh = fresh_block<T, Layout, Allocator>;
  using traits = std::allocator_traits<Allocator>;
  static constexpr bool moves_by_pointer =
      traits::propagate_on_container_move_assignment::value || traits::is_always_equal::value;

 public:
  /// The allocator, the number of rows there is room for, and the most there can be.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED Allocator get_allocator() const noexcept { return alloc_; }

  [[nodiscard]] DEFT_TAGGED std::size_t capacity() const noexcept {
    // A table with texts has one place more, for where the last text ends.
    return block_.columns == nullptr || layout::texts == 0 ? block_.capacity : block_.capacity - 1;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t max_size() const noexcept {
    using line_traits = typename memory::line_traits;
    const std::size_t lines = line_traits::max_size(typename memory::line_allocator(alloc_));
    const std::size_t header_lines = memory::header_bytes / 64;
    const std::size_t lines_of_64 = layout::where.bytes + 8 * layout::where.bits + 1;
    if (lines <= header_lines) return 0;
    // Only allocators with small limits come near them: what rounding adds is counted in full.
    const std::size_t blocks = (lines - header_lines) / lines_of_64;
    const std::size_t rows = blocks < layout::most_rows / 64 ? 64 * blocks : layout::most_rows;
    return rows < 64 ? rows : rows - 1;
  }

  /// @}

 protected:
  DEFT_TAGGED explicit table_storage(const Allocator& alloc) noexcept : alloc_(alloc) {}

  table_storage(const table_storage&) = delete;
  table_storage& operator=(const table_storage&) = delete;

  DEFT_TAGGED ~table_storage() { release(); }

  /// How many places a block for `rows` rows has at least.
  [[nodiscard]] DEFT_TAGGED static constexpr std::size_t places(std::size_t rows) noexcept {
    return rows + (layout::texts != 0 && rows != 0 ? 1 : 0);
  }

  DEFT_TAGGED void check_rows(std::size_t rows) const {
    if (rows > max_size()) throw_length_error("deft::record_vector: more rows than max_size()");
  }

  /// Whether the block must not be changed.
  [[nodiscard]] DEFT_TAGGED bool is_shared() const noexcept {
    return limit_ == 0 && block_.columns != nullptr;
  }

  DEFT_TAGGED void make_writable() {
    if (is_shared()) [[unlikely]] {
      unshare();
    }
  }

  /// Room for `count` more rows in a block that may be changed.
  [[gnu::noinline]] DEFT_TAGGED void make_room(std::size_t count) {
    if (is_shared() && shared_.unique()) limit_ = capacity();
    const std::size_t most = max_size();
    if (count > most || size_ > most - count) check_rows(std::numeric_limits<std::size_t>::max());
    const std::size_t wanted = size_ + count;
    if (wanted <= limit_) return;
    if (wanted <= capacity()) {  // shared
      reallocate(capacity());
      return;
    }
    const std::size_t doubled = capacity() <= most / 2 ? 2 * capacity() : most;
    reallocate(wanted > doubled ? wanted : doubled);
  }

  /// Moves the rows to a new block with room for `rows`; copies the texts if this block is shared.
  DEFT_TAGGED void reallocate(std::size_t rows) {
    const std::size_t wanted = layout::rounded_capacity(places(rows));
    fresh made(alloc_, wanted);
    if (block_.columns != nullptr) {
      if (is_shared()) {
        moves::reserve_texts_of(made.get(), block_, 0, size_);
        moves::append_rows(made.get(), 0, block_, 0, size_);
      } else {
        moves::copy_places(made.get(), 0, block_, 0, size_);
        memory::move_texts(made.get(), block_);
      }
      drop_block();
    }
    block_ = made.take();
    limit_ = capacity();
  }

  /// Frees everything; no rows are left.
  DEFT_TAGGED void release() noexcept {
    drop_block();
    block_ = {};
    size_ = 0;
    limit_ = 0;
  }

  /// Makes another table's block, of an equal allocator, this one's, and the other way round.
  DEFT_TAGGED void swap_blocks(table_storage& other) noexcept {
    std::swap(block_, other.block_);
    std::swap(size_, other.size_);
    std::swap(limit_, other.limit_);
    shared_.swap(other.shared_);
  }

  DEFT_TAGGED void swap_all(table_storage& other) noexcept {
    swap_blocks(other);
    if constexpr (!traits::is_always_equal::value) {
      // Not assigned: polymorphic_allocator cannot be.
      Allocator kept(alloc_);
      std::destroy_at(&alloc_);
      std::construct_at(&alloc_, other.alloc_);
      std::destroy_at(&other.alloc_);
      std::construct_at(&other.alloc_, kept);
    }
  }

  DEFT_TAGGED void make_shared() {
    if (block_.columns == nullptr) return;
    if (is_shared()) return;
    moves::finish(block_, size_);
    if (shared_.use_count() == 0) {
      block_owner owner(alloc_, block_);
      shared_ = shared_buffer::own(std::move(owner));
    }
    limit_ = 0;
  }

  DEFT_TAGGED void truncate(std::size_t size) {
    if (size == size_) return;
    make_writable();
    moves::truncate(block_, size, size_);
    size_ = size;
  }

  DEFT_TAGGED void erase_rows(std::size_t first, std::size_t last) {
    make_writable();
    moves::erase(block_, first, last, size_);
    size_ -= last - first;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t index_of(typename base::const_iterator position) const noexcept {
    const auto distance = position - this->cbegin();
    DEFT_PRECONDITION(distance >= 0 && static_cast<std::size_t>(distance) <= size_,
                      "record_vector: an iterator outside the table");
    return static_cast<std::size_t>(distance);
  }

  DEFT_TAGGED void append_table(const base& other) {
    const std::size_t count = other.size_;
    if (count == 0) return;
    make_room(count);
    moves::reserve_texts_of(block_, other.block_, 0, count);
    moves::append_rows(block_, size_, other.block_, 0, count);
    size_ += count;
  }

  DEFT_TAGGED void insert_table(std::size_t at, const base& other) {
    const std::size_t count = other.size_;
    make_room(count);
    moves::reserve_texts_of(block_, other.block_, 0, count);
    moves::open_gap(block_, at, count, size_);
    size_ += count;
    moves::fill_rows(block_, at, other.block_, 0, count);
  }

  /// Replaces the rows by those at `rows`, all of them in another order.
  template <typename Index>
  DEFT_TAGGED void rearrange(const std::vector<Index>& rows) {
    if (std::ranges::is_sorted(rows)) return;
    fresh made(alloc_, block_.capacity);
    moves::reserve_gathered(made.get(), block_, rows.data(), size_);
    moves::gather(made.get(), block_, rows.data(), size_);
    drop_block();
    block_ = made.take();
    limit_ = capacity();
  }

  /// Of an empty table.
  template <typename Index>
  DEFT_TAGGED void gather_from(const base& other, const std::vector<Index>& rows) {
    if (rows.empty()) return;
    make_room(rows.size());
    moves::reserve_gathered(block_, other.block_, rows.data(), rows.size());
    moves::gather(block_, other.block_, rows.data(), rows.size());
    size_ = rows.size();
  }

  template <typename R>
  [[nodiscard]] DEFT_TAGGED std::vector<std::size_t> checked_positions(R&& positions) const {
    std::vector<std::size_t> rows;
    if constexpr (std::ranges::sized_range<R>) rows.reserve(std::ranges::size(positions));
    for (const auto position : positions) {
      DEFT_PRECONDITION(std::cmp_greater_equal(position, 0) && std::cmp_less(position, size_),
                        "record_vector: a position outside [0, size())");
      rows.push_back(static_cast<std::size_t>(position));
    }
    return rows;
  }

  [[nodiscard]] DEFT_TAGGED static bool each_once(const std::vector<std::size_t>& rows) {
    std::vector<bool> seen(rows.size());
    for (const std::size_t row : rows) {
      if (seen[row]) return false;
      seen[row] = true;
    }
    return true;
  }

  /// Keeps the rows for which `keeps(row)` holds, asking all before the first is moved.
  /// @returns How many went.
  template <typename Keeps>
  DEFT_TAGGED std::size_t keep_rows(Keeps keeps) {
    std::vector<std::size_t> kept;
    for (std::size_t i = 0; i < size_; ++i) {
      if (keeps(std::as_const(*this)[i])) kept.push_back(i);
    }
    const std::size_t gone = size_ - kept.size();
    if (gone != 0) {
      make_writable();
      moves::keep(block_, kept.data(), kept.size(), size_);
      size_ = kept.size();
    }
    return gone;
  }

  template <std::size_t I, typename Values>
  DEFT_TAGGED void store_column(std::size_t first, const Values& values) {
    if constexpr (layout::template kind<I>() == storage_kind::text) {
      std::size_t wanted = 0;
      for (const auto& value : values) {
        const std::string_view text = moves::template characters<I>(value);
        text_column::check_length(text);
        wanted += text.size();
      }
      if (!values.empty()) moves::template text<I>(block_).reserve(wanted);
    }
    std::size_t i = first;
    for (const auto& value : values) {
      moves::template store<I>(block_, i, static_cast<const typename layout::template field<I>&>(value));
      ++i;
    }
  }

  /// The fields of rows [size_, count) as in `value`, but for plain ones, which stay as they are.
  DEFT_TAGGED void append_unplain(std::size_t count, const T& value) noexcept {
    const block_ref block = block_;  // g++ 12 does not find inherited members in here
    const std::size_t first = size_;
    moves::for_each_of(value, [&]<std::size_t I>(std::integral_constant<std::size_t, I>, const auto& field) {
      if constexpr (layout::template kind<I>() != storage_kind::plain ||
                    layout::template column<I>::nullable) {
        for (std::size_t i = first; i < count; ++i) moves::template append<I>(block, i, field);
      }
    });
    size_ = count;
    moves::set_rows(block_, size_);
  }

  /// Takes the table back to its size unless told otherwise: for functions that append row by row.
  class restoring_size {
   public:
    DEFT_TAGGED explicit restoring_size(table_storage& table) noexcept : table_(table), size_(table.size_) {}

    restoring_size(const restoring_size&) = delete;
    restoring_size& operator=(const restoring_size&) = delete;

    DEFT_TAGGED ~restoring_size() {
      // Rows that were appended are in a block of the table's own: nothing is copied here.
      if (!kept_ && table_.size_ != size_) {
        moves::truncate(table_.block_, size_, table_.size_);
        table_.size_ = size_;
      }
    }

    DEFT_TAGGED void keep() const noexcept { kept_ = true; }

   private:
    table_storage& table_;
    std::size_t size_;
    mutable bool kept_ = false;
  };

  template <typename... R>
  DEFT_TAGGED void append_each_column(std::size_t count, R&&... columns) {
    table_storage batch(alloc_);
    batch.make_room(count);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (batch.template append_column<I>(std::forward<R>(columns)), ...);
    }(typename layout::indices{});
    batch.size_ = count;
    moves::set_rows(batch.block_, count);
    if (size_ == 0 && !is_shared() && capacity() <= batch.capacity()) {
      swap_blocks(batch);
    } else {
      append_table(batch);
    }
  }

  std::size_t limit_ = 0;
  shared_buffer shared_;

 private:
  /// What a shared_buffer keeps: frees a block, if it is not the one on the stack that is only moved from.
  class block_owner {
   public:
    DEFT_TAGGED block_owner(const Allocator& alloc, block_ref block) : alloc_(alloc), block_(block) {}

    DEFT_TAGGED block_owner(block_owner&& other) noexcept
        : alloc_(other.alloc_), block_(other.block_), owns_(true) {
      other.owns_ = false;
    }

    block_owner& operator=(block_owner&&) = delete;

    DEFT_TAGGED ~block_owner() {
      if (owns_) memory::free(alloc_, block_);
    }

    [[nodiscard]] DEFT_TAGGED std::byte* begin() const noexcept {
      return block_.columns - memory::header_bytes;
    }

    [[nodiscard]] DEFT_TAGGED std::byte* end() const noexcept {
      return begin() + 64 * memory::lines(block_.capacity);
    }

   private:
    Allocator alloc_;
    block_ref block_;
    bool owns_ = false;
  };

  [[gnu::noinline]] DEFT_TAGGED void unshare() {
    if (shared_.unique()) {
      limit_ = capacity();
    } else {
      reallocate(capacity());
    }
  }

  DEFT_TAGGED void drop_block() noexcept {
    if (shared_.use_count() != 0) {
      shared_ = shared_buffer();
    } else {
      memory::free(alloc_, block_);
    }
  }

  template <std::size_t I, typename R>
  DEFT_TAGGED void append_column(R&& values) {
    using field = typename layout::template field<I>;
    std::size_t i = 0;
    for (auto&& value : values) {
      const field converted = field_value<field>(std::forward<decltype(value)>(value));
      if constexpr (layout::template kind<I>() == storage_kind::text) {
        const std::string_view text = moves::template characters<I>(converted);
        text_column::check_length(text);
        // Rows count once all columns are there: until then a heap is only appended to.
        moves::template text<I>(block_).reserve(text.size());
      }
      moves::template append<I>(block_, i, converted);
      ++i;
    }
  }

  [[no_unique_address]] Allocator alloc_;
};

}  // namespace deft::detail
