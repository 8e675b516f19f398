/// @file
/// What a container takes from the heap.
#pragma once

#include <algorithm>
#include <cstddef>
#include <new>

namespace deft_bench {

/// Bytes that counting_allocators hold now, in the chunks that glibc's malloc cuts: the least that a program
/// pays for them.
inline std::size_t counted_bytes = 0;

inline auto chunk_bytes(std::size_t asked) -> std::size_t {
  return std::max<std::size_t>(32, (asked + 8 + 15) / 16 * 16);
}

template <typename T>
struct counting_allocator {
  using value_type = T;
  using size_type = std::size_t;  // pb_ds asks for it
  using difference_type = std::ptrdiff_t;
  using pointer = T*;
  using const_pointer = const T*;
  using reference = T&;
  using const_reference = const T&;

  template <typename U>
  struct rebind {
    using other = counting_allocator<U>;
  };

  counting_allocator() = default;

  template <typename U>
  counting_allocator(const counting_allocator<U>& /*other*/) {}

  auto allocate(std::size_t n) -> T* {
    counted_bytes += chunk_bytes(n * sizeof(T));
    if constexpr (alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
      return static_cast<T*>(::operator new(n * sizeof(T), std::align_val_t{alignof(T)}));
    } else {
      return static_cast<T*>(::operator new(n * sizeof(T)));
    }
  }

  void deallocate(T* p, std::size_t n) noexcept {
    counted_bytes -= chunk_bytes(n * sizeof(T));
    if constexpr (alignof(T) > __STDCPP_DEFAULT_NEW_ALIGNMENT__) {
      ::operator delete(p, std::align_val_t{alignof(T)});
    } else {
      ::operator delete(p);
    }
  }

  friend auto operator==(const counting_allocator& /*a*/, const counting_allocator& /*b*/) -> bool {
    return true;
  }
};

}  // namespace deft_bench
