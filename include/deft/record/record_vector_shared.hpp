/// @file
/// deft::shared_table: an immutable table that all its copies share.
#pragma once

#include <cstddef>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/shared_buffer.hpp"
#include "deft/record/record_vector_base.hpp"

namespace deft {

/// What `share()` of a record_vector gives: the same columns at the same addresses, for reading only.
///
/// Copies share the columns; the last one frees them, on whichever thread. What is done to the table that it
/// was made from does not change it: that table takes other memory first. This is what is exported, and what
/// is given to other threads.
///
/// Memory: seven words, and the columns once. Layout: texts lie in the order of the rows without gaps, and
/// from the end of a column to the next multiple of 64 bytes all is zero.
///
/// Threads: any number of readers; different copies may be made and dropped by different threads.
template <typename T, typename Layout = byte_columns>
class shared_table : public table_base<T, Layout> {
  using base = table_base<T, Layout>;

 public:
  /// No rows.
  /// @complexity  O(1). @concurrency Safe.
  shared_table() = default;

  /// Another handle to the same columns.
  /// @complexity  O(1). @concurrency Reads `other`.
  shared_table(const shared_table& other) = default;

  /// Takes the handle; `other` is empty afterwards.
  /// @complexity  O(1). @concurrency Exclusive access to `other`.
  DEFT_TAGGED shared_table(shared_table&& other) noexcept
      : base(std::exchange(other.block_, {}), std::exchange(other.size_, 0)),
        owner_(std::move(other.owner_)) {}

  /// Drops this handle and takes the other.
  /// @returns     *this.
  /// @complexity  O(1), and freeing the columns. @concurrency Exclusive access to *this.
  DEFT_TAGGED shared_table& operator=(shared_table other) noexcept {
    std::swap(this->block_, other.block_);
    std::swap(this->size_, other.size_);
    std::swap(this->is_finished_, other.is_finished_);
    owner_.swap(other.owner_);
    return *this;
  }

  /// The memory of the columns, for who keeps a column longer than this handle.
  /// @returns     A handle to it; empty where the table never had rows.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED const shared_buffer& owner() const noexcept { return owner_; }

 private:
  template <typename, typename, typename>
  friend class record_vector;

  DEFT_TAGGED shared_table(shared_buffer owner, detail::block_ref block, std::size_t size) noexcept
      : base(block, size), owner_(std::move(owner)) {}

  shared_buffer owner_;
};

}  // namespace deft
