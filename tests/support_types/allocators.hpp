// Allocators that count, fail on schedule, and have every combination of traits.
#pragma once

#include <cstddef>
#include <memory>
#include <memory_resource>
#include <new>
#include <type_traits>

#include "tests/support_types/faults.hpp"

namespace deft_test {

/// Counts bytes, and fails where the schedule says. Two allocators are equal if their ids are.
template <typename T, bool Propagates = false>
struct test_allocator {
  using value_type = T;
  using propagate_on_container_copy_assignment = std::bool_constant<Propagates>;
  using propagate_on_container_move_assignment = std::bool_constant<Propagates>;
  using propagate_on_container_swap = std::bool_constant<Propagates>;
  using is_always_equal = std::false_type;

  template <typename U>
  struct rebind {
    using other = test_allocator<U, Propagates>;
  };

  int id = 0;

  test_allocator() = default;

  explicit test_allocator(int i) noexcept : id(i) {}

  template <typename U>
  test_allocator(const test_allocator<U, Propagates>& other) noexcept : id(other.id) {}

  T* allocate(std::size_t n) {
    faults::allocation_point();
    T* const memory = std::allocator<T>().allocate(n);
    faults::allocated += static_cast<long>(n * sizeof(T));
    return memory;
  }

  void deallocate(T* memory, std::size_t n) noexcept {
    faults::allocated -= static_cast<long>(n * sizeof(T));
    std::allocator<T>().deallocate(memory, n);
  }

  friend bool operator==(const test_allocator& a, const test_allocator& b) noexcept { return a.id == b.id; }
};

/// Refuses more than a handful of elements.
template <typename T>
struct tiny_allocator : std::allocator<T> {
  template <typename U>
  struct rebind {
    using other = tiny_allocator<U>;
  };

  tiny_allocator() = default;

  template <typename U>
  tiny_allocator(const tiny_allocator<U>&) noexcept {}

  std::size_t max_size() const noexcept { return 8; }
};

}  // namespace deft_test
