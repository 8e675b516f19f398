/// @file
/// deft::handle: a value of a cache that stays valid after its entry has left.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft {
namespace detail {

/// Values that a cache keeps in its table and copies word by word.
template <typename V>
inline constexpr bool is_word_value =
    std::is_trivially_copyable_v<V> && std::is_copy_constructible_v<V> && std::is_move_assignable_v<V> &&
    sizeof(V) <= 64 && alignof(V) <= 16 && !std::is_volatile_v<V>;

/// What a handle counts references of: the part of a node that does not depend on its key.
template <typename V>
struct value_block {
  using destroy_function = void(value_block*) noexcept;

  template <typename... Args>
  DEFT_TAGGED explicit value_block(destroy_function* destroy_by, Args&&... args)
      : destroy(destroy_by), value(std::forward<Args>(args)...) {}

  DEFT_TAGGED void retain() noexcept { references.fetch_add(1, std::memory_order_relaxed); }

  DEFT_TAGGED void release() noexcept {
    if (references.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy(this);
  }

  std::atomic<std::uint32_t> references{1};
  destroy_function* destroy;  // Destroys and frees the whole node.
  V value;
};

/// How the cache makes handles.
struct handle_access;

}  // namespace detail

/// A value of a cache, without a copy of it: it stays valid and unchanged while the handle lives, even when
/// the entry is evicted, replaced or cleared, and when the cache itself is gone (its memory resource must not
/// be). Small values that are trivially copyable are held inside of the handle.
///
/// Used like a pointer to const: `if (auto user = cache.pin(id)) use(user->name);`. When to use it: for
/// values that are costly to copy, or cannot be. When not: for small ones; `get` copies them without touching
/// a shared counter.
///
/// Memory: a pointer; for small trivially copyable values, the value and a bool.
///
/// Threads: one handle is used by one thread at a time; handles of the same value by any number.
template <typename V>
class handle {
 public:
  using element_type = const V;

  /// An empty handle.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED handle() noexcept = default;

  /// Shares the value.
  /// @complexity  O(1), an atomic increment. @concurrency Reads `other`.
  DEFT_TAGGED handle(const handle& other) noexcept : block_(other.block_) {
    if (block_ != nullptr) block_->retain();
  }

  /// Takes the value; `other` is empty then.
  /// @complexity  O(1). @concurrency Exclusive access to `other`.
  DEFT_TAGGED handle(handle&& other) noexcept : block_(std::exchange(other.block_, nullptr)) {}

  /// Lets go of the own value and takes that of `other`.
  /// @returns     *this.
  /// @complexity  O(1), and the destruction of the own value if nobody else has it. @concurrency Exclusive
  /// access to *this.
  DEFT_TAGGED handle& operator=(handle other) noexcept {
    std::swap(block_, other.block_);
    return *this;
  }

  /// @complexity  O(1), and the destruction of the value if nobody else has it.
  DEFT_TAGGED ~handle() {
    if (block_ != nullptr) block_->release();
  }

  /// @returns     Whether there is a value.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED explicit operator bool() const noexcept { return block_ != nullptr; }

  /// @pre         Not empty. @returns The value, valid while a handle of it lives.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED const V& operator*() const noexcept {
    DEFT_PRECONDITION(block_ != nullptr, "an empty handle has no value");
    return block_->value;
  }

  /// @pre         Not empty. @returns The value's address.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED const V* operator->() const noexcept { return std::addressof(**this); }

  /// @returns     The value's address, null if empty.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED const V* get() const noexcept {
    return block_ != nullptr ? std::addressof(block_->value) : nullptr;
  }

 private:
  friend detail::handle_access;

  // Takes over one reference.
  DEFT_TAGGED explicit handle(detail::value_block<V>* block) noexcept : block_(block) {}

  detail::value_block<V>* block_ = nullptr;
};

/// The handle of a small trivially copyable value: it holds a copy. See the primary template.
template <typename V>
  requires detail::is_word_value<V>
class handle<V> {
 public:
  using element_type = const V;

  /// An empty handle.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED handle() noexcept = default;

  /// @returns     Whether there is a value.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED explicit operator bool() const noexcept { return value_.has_value(); }

  /// @pre         Not empty. @returns The value, valid while this handle lives.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED const V& operator*() const noexcept {
    DEFT_PRECONDITION(value_.has_value(), "an empty handle has no value");
    return *value_;
  }

  /// @pre         Not empty. @returns The value's address.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED const V* operator->() const noexcept { return std::addressof(**this); }

  /// @returns     The value's address, null if empty.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED const V* get() const noexcept {
    return value_.has_value() ? std::addressof(*value_) : nullptr;
  }

 private:
  friend detail::handle_access;

  DEFT_TAGGED explicit handle(const V& value) noexcept : value_(value) {}

  std::optional<V> value_;
};

namespace detail {

struct handle_access {
  template <typename V>
  DEFT_TAGGED static handle<V> adopt(value_block<V>* block) noexcept {
    return handle<V>(block);
  }

  template <typename V>
    requires is_word_value<V>
  DEFT_TAGGED static handle<V> hold(const V& value) noexcept {
    return handle<V>(value);
  }
};

}  // namespace detail
}  // namespace deft
