/// @file
/// deft::arrow_schema, deft::arrow_array, deft::arrow_stream: owners of Arrow's C structs.
#pragma once

#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/interop/arrow_abi.hpp"

namespace deft {

/// Owns one of Arrow's C structs: calls its release callback once, when it goes. By the aliases arrow_schema,
/// arrow_array and arrow_stream.
///
/// Memory: the struct. Threads: a plain value; the struct may be made by one thread and released by another.
template <typename Struct>
class arrow_handle {
 public:
  /// Nothing.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED arrow_handle() noexcept : held_{} {}

  /// Takes what `from` holds, which is released from then on, as the specification moves structs. A null
  /// pointer, or one to a released struct, gives nothing.
  /// @complexity  O(1). @concurrency Exclusive access to `*from`.
  DEFT_TAGGED explicit arrow_handle(Struct* from) noexcept : held_{} {
    if (from != nullptr && from->release != nullptr) {
      held_ = *from;
      from->release = nullptr;
    }
  }

  /// Takes what `other` holds.
  /// @complexity  O(1). @concurrency Exclusive access to `other`.
  DEFT_TAGGED arrow_handle(arrow_handle&& other) noexcept : arrow_handle(&other.held_) {}

  /// Releases what this holds and takes what `other` holds.
  /// @returns     *this.
  /// @complexity  O(1), and releasing. @concurrency Exclusive access to both.
  DEFT_TAGGED arrow_handle& operator=(arrow_handle&& other) noexcept {
    if (this != &other) {
      reset();
      held_ = other.held_;
      other.held_.release = nullptr;
    }
    return *this;
  }

  DEFT_TAGGED ~arrow_handle() { reset(); }

  /// Releases what this holds, if anything.
  /// @complexity  That of the callback. @concurrency Exclusive access to *this.
  DEFT_TAGGED void reset() noexcept {
    if (held_.release != nullptr) {
      held_.release(&held_);
      held_.release = nullptr;  // Callbacks have to do it; one that does not is not called again.
    }
  }

  /// The struct, for who reads it or fills it in.
  /// @returns     A pointer to it; put() releases what it held first.
  /// @complexity  O(1). @concurrency get(): concurrent reads; others exclusive access to *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED const Struct* get() const noexcept { return &held_; }

  [[nodiscard]] DEFT_TAGGED Struct* get() noexcept { return &held_; }

  [[nodiscard]] DEFT_TAGGED const Struct* operator->() const noexcept { return &held_; }

  [[nodiscard]] DEFT_TAGGED Struct* put() noexcept {
    reset();
    return &held_;
  }

  /// @}

  /// Gives what this holds away: to `*out`, whose contents are overwritten and which is to be released.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  DEFT_TAGGED void move_to(Struct* out) noexcept {
    *out = held_;
    held_.release = nullptr;
  }

  /// @returns     Whether this holds anything.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED explicit operator bool() const noexcept { return held_.release != nullptr; }

 private:
  Struct held_;
};

using arrow_schema = arrow_handle<ArrowSchema>;
using arrow_array = arrow_handle<ArrowArray>;
using arrow_stream = arrow_handle<ArrowArrayStream>;

/// An array with its type: what import_arrow takes, and what export_arrow gives.
struct arrow_pair {
  arrow_schema schema;
  arrow_array array;
};

}  // namespace deft
