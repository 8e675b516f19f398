#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <utility>

namespace deft::measure {

/// Seeded choices. std::shuffle and the standard's distributions may differ between libraries; these do not,
/// so a seed in a result file means the same order everywhere.
class random_source {
 public:
  explicit random_source(std::uint64_t seed) : engine_(seed) {}

  /// Uniform in [0, limit), limit > 0. The bias of the remainder is below 2^-40 for the limits used here.
  std::uint64_t below(std::uint64_t limit) { return engine_() % limit; }

  template <class T>
  void shuffle(std::span<T> items) {
    for (std::size_t left = items.size(); left > 1; --left) std::swap(items[left - 1], items[below(left)]);
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace deft::measure
