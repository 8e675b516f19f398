/// @file
/// deft::shared_buffer: bytes with a thread-safe reference count and any owner.
#pragma once

#include <atomic>
#include <concepts>
#include <cstddef>
#include <memory>
#include <new>
#include <optional>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft {

namespace detail {

/// What the handles of one buffer share. `destroy` frees the bytes and this block.
struct buffer_control {
  std::atomic<std::size_t> uses{1};
  void (*destroy)(buffer_control*) noexcept = nullptr;
  bool writable = false;
  void* kept = nullptr;  // the container of own(), an object of the type that owner_type stands for
  const void* owner_type = nullptr;
};

/// One address per type; not typeid, which programs without RTTI lack.
template <typename Owner>
inline constexpr char owner_type_of = 0;

/// 64-byte aligned bytes right behind their control block, uninitialised.
/// @throws std::length_error if the sizes overflow, std::bad_alloc.
buffer_control* allocate_buffer(std::size_t size, std::byte*& bytes);

}  // namespace detail

/// A handle to bytes that all its copies share; the last one frees them. What exported columns and shared
/// views stand on.
///
/// The bytes are immutable through `bytes()`. A handle that is the only one may write (`writable_bytes()`),
/// and any handle can make itself the only one by copying (`unshare()`): copy on write. Bytes allocated here
/// are aligned to 64; adopted ones are wherever their owner has them. slice() shares, too.
///
/// Not for: objects with constructors (std::shared_ptr), weak references.
///
/// Memory: a handle is three words; allocate() makes one allocation of 64 bytes more than asked for.
///
/// Threads: as std::shared_ptr: different handles to the same bytes may be copied and dropped by different
/// threads; one handle is a plain value. Seeing unique() makes every other former handle's reads happen
/// before.
class shared_buffer {
 public:
  /// No bytes.
  /// @complexity  O(1). @concurrency Safe.
  shared_buffer() noexcept = default;

  /// Another handle to the same bytes.
  /// @complexity  O(1). @concurrency Reads `other`.
  DEFT_TAGGED shared_buffer(const shared_buffer& other) noexcept
      : control_(other.control_), data_(other.data_), size_(other.size_) {
    // Relaxed: the new handle comes from one that is alive, nothing else depends on the order.
    if (control_ != nullptr) control_->uses.fetch_add(1, std::memory_order_relaxed);
  }

  /// Takes the handle; `other` is empty afterwards.
  /// @complexity  O(1). @concurrency Exclusive access to `other`.
  DEFT_TAGGED shared_buffer(shared_buffer&& other) noexcept { swap(other); }

  /// Drops this handle and takes the other.
  /// @returns     *this.
  /// @complexity  O(1), and freeing the bytes. @concurrency Exclusive access to *this.
  DEFT_TAGGED shared_buffer& operator=(shared_buffer other) noexcept {
    swap(other);
    return *this;
  }

  DEFT_TAGGED ~shared_buffer() {
    // Release: what this handle read is read before another thread sees the count fall. Acquire: freeing
    // comes after.
    if (control_ != nullptr && control_->uses.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      control_->destroy(control_);
    }
  }

  /// `size` uninitialised bytes, aligned to 64, unique and writable.
  /// @returns     The buffer.
  /// @throws      std::length_error if the size overflows, std::bad_alloc.
  /// @complexity  One allocation. @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED static shared_buffer allocate(std::size_t size) {
    std::byte* bytes = nullptr;
    detail::buffer_control* const control = detail::allocate_buffer(size, bytes);
    return shared_buffer(control, bytes, size);
  }

  /// A copy of `bytes`, aligned to 64, unique and writable.
  /// @returns     The buffer.
  /// @throws      As allocate.
  /// @complexity  O(size). @concurrency Reads `bytes`.
  [[nodiscard]] static shared_buffer copy_of(std::span<const std::byte> bytes);

  /// Takes over bytes that someone else allocated; `deleter(data, size)` is called once, when the last handle
  /// goes, and before an exception leaves this function. `std::span<const std::byte>` makes a buffer that is
  /// never writable.
  /// @returns     The buffer.
  /// @pre         `deleter` does not throw.
  /// @throws      std::bad_alloc.
  /// @complexity  One allocation. @concurrency Safe.
  template <typename Byte, typename Deleter>
    requires std::same_as<std::remove_const_t<Byte>, std::byte> &&
             std::invocable<Deleter&, Byte*, std::size_t> && std::move_constructible<Deleter>
  [[nodiscard]] DEFT_TAGGED static shared_buffer adopt(std::span<Byte> bytes, Deleter deleter) {
    return adopt_with_guard(bytes, deleter);
  }

  /// Keeps a container (or any contiguous range that owns its elements) alive and shows its bytes; writable.
  /// @returns     The buffer.
  /// @throws      std::bad_alloc; what moving the owner throws.
  /// @complexity  O(1): the owner is moved, not its elements. @concurrency Exclusive access to `owner`.
  template <std::ranges::contiguous_range Owner>
    requires std::ranges::sized_range<Owner> && (!std::is_lvalue_reference_v<Owner>) &&
             (!std::ranges::borrowed_range<Owner>) &&
             std::is_trivially_copyable_v<std::ranges::range_value_t<Owner>>
  [[nodiscard]] DEFT_TAGGED static shared_buffer own(Owner&& owner) {
    auto* const control = new owner_control<std::remove_cvref_t<Owner>>(std::forward<Owner>(owner));
    const auto bytes = std::as_bytes(std::span(control->owner));
    control->writable = !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<Owner>>>;
    control->kept = &control->owner;
    control->owner_type = &detail::owner_type_of<std::remove_cvref_t<Owner>>;
    return shared_buffer(control, const_cast<std::byte*>(bytes.data()), bytes.size());
  }

  /// Address, size and contents.
  /// @returns     What the name says.
  /// @complexity  O(1). @concurrency Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const std::byte* data() const noexcept { return data_; }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size_ == 0; }

  [[nodiscard]] DEFT_TAGGED std::span<const std::byte> bytes() const noexcept { return {data_, size_}; }

  /// @}

  /// A handle to a part of the bytes; shares them.
  /// @returns     The bytes at [first, first + count), `count` cut at the end.
  /// @pre         first <= size(), else traps.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED shared_buffer
  slice(std::size_t first, std::size_t count = static_cast<std::size_t>(-1)) const noexcept {
    DEFT_PRECONDITION(first <= size_, "shared_buffer: slice(first, count) with first beyond size()");
    shared_buffer part(*this);
    part.data_ = data_ == nullptr ? nullptr : data_ + first;
    part.size_ = count < size_ - first ? count : size_ - first;
    return part;
  }

  /// How many handles share the bytes; 0 for a handle without any. Only a hint while other threads hold
  /// handles.
  /// @returns     The count.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::size_t use_count() const noexcept {
    return control_ == nullptr ? 0 : control_->uses.load(std::memory_order_relaxed);
  }

  /// Whether this is the only handle to its bytes, so that nobody sees what is written.
  /// @returns     True also for a handle without bytes.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED bool unique() const noexcept {
    return control_ == nullptr || control_->uses.load(std::memory_order_acquire) == 1;
  }

  /// The bytes for writing, if this handle is the only one and its bytes may be written.
  /// @returns     The bytes, or nothing.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED std::optional<std::span<std::byte>> try_writable_bytes() noexcept {
    if (control_ == nullptr) return std::span<std::byte>{};
    if (!control_->writable || !unique()) return std::nullopt;
    return std::span<std::byte>{data_, size_};
  }

  /// The bytes for writing.
  /// @returns     The bytes.
  /// @pre         unique(), and the bytes were not adopted as const; else traps.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED std::span<std::byte> writable_bytes() noexcept {
    const auto bytes = try_writable_bytes();
    DEFT_PRECONDITION(bytes.has_value(), "shared_buffer: writable_bytes() of a shared or read-only buffer");
    return *bytes;
  }

  /// Makes this handle the only one to its bytes, by copying them if need be. Other handles keep what they
  /// see.
  /// @returns     The bytes for writing.
  /// @throws      As allocate.
  /// @guarantee   Strong.
  /// @complexity  O(1) if unique and writable, else O(size). @concurrency Exclusive access to *this.
  DEFT_TAGGED std::span<std::byte> unshare() {
    if (!try_writable_bytes()) *this = copy_of(bytes());
    return writable_bytes();
  }

  /// The container that own() keeps, if this handle is the only one and the container an Owner. (Types are
  /// told apart by address: one that two shared libraries keep to themselves counts as two.)
  /// @returns     It, or null.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  template <typename Owner>
  [[nodiscard]] DEFT_TAGGED Owner* try_owner() noexcept {
    if (control_ == nullptr || !unique() || control_->owner_type != &detail::owner_type_of<Owner>)
      return nullptr;
    return static_cast<Owner*>(control_->kept);
  }

  /// Exchanges two handles.
  /// @complexity  O(1). @concurrency Exclusive access to both.
  DEFT_TAGGED void swap(shared_buffer& other) noexcept {
    std::swap(control_, other.control_);
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
  }

 private:
  template <typename Owner>
  struct owner_control : detail::buffer_control {
    DEFT_TAGGED explicit owner_control(Owner&& from) : owner(std::move(from)) {
      destroy = [](detail::buffer_control* self) noexcept { delete static_cast<owner_control*>(self); };
    }

    Owner owner;
  };

  template <typename Byte, typename Deleter>
  struct adopted {
    std::span<Byte> bytes;
    Deleter deleter;
    bool armed = true;

    DEFT_TAGGED adopted(std::span<Byte> b, Deleter&& d) : bytes(b), deleter(std::move(d)) {}

    DEFT_TAGGED adopted(adopted&& from) noexcept(std::is_nothrow_move_constructible_v<Deleter>)
        : bytes(from.bytes), deleter(std::move(from.deleter)), armed(std::exchange(from.armed, false)) {}

    DEFT_TAGGED ~adopted() {
      if (armed) deleter(bytes.data(), bytes.size());
    }
  };

  template <typename Byte, typename Deleter>
  DEFT_TAGGED static shared_buffer adopt_with_guard(std::span<Byte> bytes, Deleter& deleter) {
    adopted<Byte, Deleter> owner(bytes, std::move(deleter));  // calls the deleter if the next line throws
    auto* const control = new owner_control<adopted<Byte, Deleter>>(std::move(owner));
    control->writable = !std::is_const_v<Byte>;
    return shared_buffer(control, const_cast<std::byte*>(bytes.data()), bytes.size());
  }

  DEFT_TAGGED shared_buffer(detail::buffer_control* control, std::byte* data, std::size_t size) noexcept
      : control_(control), data_(data), size_(size) {}

  detail::buffer_control* control_ = nullptr;
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace deft
