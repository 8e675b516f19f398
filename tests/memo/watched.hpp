/// @file
/// Keys and values that tell of whatever is done with them.
#pragma once

#include <atomic>
#include <cstddef>
#include <functional>

namespace deft::test {

/// What keys and values have in common.
struct watched {
  enum class act { hash, equal, copy, destroy };

  explicit watched(int n) : number(n) { ++living; }

  watched(const watched& other) : number(other.number) {
    tell(act::copy);
    ++living;
  }

  watched(watched&& other) noexcept : number(other.number) { ++living; }

  watched& operator=(const watched&) = default;

  ~watched() {
    --living;
    tell(act::destroy);
  }

  /// Calls `watch`, which must not throw when something is destroyed.
  static void tell(act what) {
    if (watch) watch(what);
  }

  static inline std::function<void(act)> watch;
  static inline std::atomic<int> living{0};
  int number;
};

struct watched_key : watched {
  using watched::watched;

  friend bool operator==(const watched_key& a, const watched_key& b) {
    tell(act::equal);
    return a.number == b.number;
  }
};

/// A value that does not lie in the table.
struct watched_value : watched {
  using watched::watched;
};

}  // namespace deft::test

/// Two hashes only, so that keys are compared.
template <>
struct std::hash<deft::test::watched_key> {
  std::size_t operator()(const deft::test::watched_key& key) const {
    deft::test::watched::tell(deft::test::watched::act::hash);
    return static_cast<std::size_t>(key.number % 2);
  }
};
