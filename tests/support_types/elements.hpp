// Element types that make life hard for a container. Each has a key to be ordered by and a serial number that
// tells equals apart; make<T>(key, serial) builds one.
#pragma once

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

#include "tests/support_types/faults.hpp"

namespace deft_test {

/// Counts the living; turns a moved-from element into one with an impossible key.
struct tracked {
  int key;
  int serial;

  tracked(int k, int s) noexcept : key(k), serial(s) { ++faults::alive; }

  tracked(const tracked& other) noexcept : key(other.key), serial(other.serial) { ++faults::alive; }

  tracked(tracked&& other) noexcept
      : key(std::exchange(other.key, -1)), serial(std::exchange(other.serial, -1)) {
    ++faults::alive;
  }

  tracked& operator=(const tracked& other) noexcept = default;

  tracked& operator=(tracked&& other) noexcept {
    key = std::exchange(other.key, -1);
    serial = std::exchange(other.serial, -1);
    return *this;
  }

  ~tracked() { --faults::alive; }
};

/// Moves without throwing, cannot be copied, has no default constructor.
struct move_only : tracked {
  using tracked::tracked;
  move_only(move_only&&) noexcept = default;
  move_only& operator=(move_only&&) noexcept = default;
};

/// Copies may throw, moves do not: what std::string is like.
struct throwing_copy : tracked {
  using tracked::tracked;

  throwing_copy(const throwing_copy& other) : tracked((faults::point(fault_kind::copy), other)) {}

  throwing_copy(throwing_copy&&) noexcept = default;

  throwing_copy& operator=(const throwing_copy& other) {
    faults::point(fault_kind::copy);
    tracked::operator=(other);
    return *this;
  }

  throwing_copy& operator=(throwing_copy&&) noexcept = default;
};

/// Copies and moves may throw.
struct throwing_move : tracked {
  using tracked::tracked;

  throwing_move(const throwing_move& other) : tracked((faults::point(fault_kind::copy), other)) {}

  throwing_move(throwing_move&& other) : tracked((faults::point(fault_kind::move), std::move(other))) {}

  throwing_move& operator=(const throwing_move& other) {
    faults::point(fault_kind::copy);
    tracked::operator=(other);
    return *this;
  }

  throwing_move& operator=(throwing_move&& other) {
    faults::point(fault_kind::move);
    tracked::operator=(std::move(other));
    return *this;
  }
};

/// Moves may throw, and there is no copy to fall back to.
struct throwing_move_only : tracked {
  using tracked::tracked;

  throwing_move_only(throwing_move_only&& other)
      : tracked((faults::point(fault_kind::move), std::move(other))) {}

  throwing_move_only& operator=(throwing_move_only&& other) {
    faults::point(fault_kind::move);
    tracked::operator=(std::move(other));
    return *this;
  }
};

/// Cannot be assigned.
struct constant : tracked {
  using tracked::tracked;
  constant(const constant&) = default;
  constant(constant&&) noexcept = default;
  constant& operator=(constant&&) = delete;
};

/// Needs more alignment than malloc gives.
struct alignas(64) over_aligned : tracked {
  using tracked::tracked;

  bool is_aligned() const noexcept { return reinterpret_cast<std::uintptr_t>(this) % 64 == 0; }
};

/// Orders by key alone, so that equals can be told apart.
struct by_key {
  template <typename T>
  bool operator()(const T& a, const T& b) const {
    return a.key < b.key;
  }
};

/// The same, and every comparison may fail.
struct throwing_by_key {
  template <typename T>
  bool operator()(const T& a, const T& b) const {
    faults::point(fault_kind::comparison);
    return a.key < b.key;
  }
};

template <typename T>
struct element {
  using compare = by_key;

  static T make(int key, int serial) { return T(key, serial); }

  static int key(const T& x) { return x.key; }

  static int serial(const T& x) { return x.serial; }
};

/// A string whose first eight characters are the key, the rest the serial number; long enough to be on the
/// heap.
struct by_prefix {
  bool operator()(const auto& a, const auto& b) const { return a.compare(0, 8, b, 0, 8) < 0; }
};

template <typename Allocator>
struct element<std::basic_string<char, std::char_traits<char>, Allocator>> {
  using string = std::basic_string<char, std::char_traits<char>, Allocator>;
  using compare = by_prefix;

  static string make(int key, int serial) {
    char text[64];
    std::snprintf(text, sizeof text, "%08d/%08d with a tail", key, serial);
    return string(text);
  }

  static int key(const string& x) { return x.size() < 8 ? -1 : std::stoi(std::string(x.substr(0, 8))); }

  static int serial(const string& x) { return std::stoi(std::string(x.substr(9, 8))); }
};

/// Numbers have no room for a serial number; their equals cannot be told apart anyway.
template <typename T>
  requires std::is_arithmetic_v<T>
struct element<T> {
  using compare = std::less<T>;

  // Over the whole range: unsigned keys use the top bit, signed ones are negative below key 20. Keys stay
  // below 1024.
  static constexpr int shift = static_cast<int>(sizeof(T)) * 8 - 10;

  static T make(int key, int) {
    if constexpr (std::is_unsigned_v<T>) {
      return static_cast<T>(static_cast<T>(key) << shift);
    } else {
      return static_cast<T>(static_cast<T>(key - 20) * static_cast<T>(2));
    }
  }

  static int key(T x) {
    if constexpr (std::is_unsigned_v<T>) {
      return static_cast<int>(x >> shift);
    } else {
      return static_cast<int>(x / static_cast<T>(2)) + 20;
    }
  }

  static int serial(T) { return 0; }
};

template <typename T>
inline constexpr bool has_serial = !std::is_arithmetic_v<T>;

}  // namespace deft_test
