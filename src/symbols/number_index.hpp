#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "deft/core/hash.hpp"

namespace deft::symbols {

/// Finds 32-bit numbers by 64-bit keys: an open-addressing table without erasure. Half of the time of
/// std::unordered_map for the few thousand addresses that a profile meets again and again.
class number_index {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  std::uint32_t find(std::uint64_t key) const noexcept {
    if (slots_.empty()) return none;
    for (std::size_t at = home(key);; at = (at + 1) & (slots_.size() - 1)) {
      const slot& s = slots_[at];
      if (s.number == none || s.key == key) return s.number;
    }
  }

  /// `key` is not in it yet, and `number` is not `none`.
  void insert(std::uint64_t key, std::uint32_t number) {
    if (size_ * 2 >= slots_.size()) grow();
    place(key, number);
    ++size_;
  }

  void clear() noexcept {
    slots_.clear();
    size_ = 0;
  }

  std::size_t size() const noexcept { return size_; }

 private:
  struct slot {
    std::uint64_t key = 0;
    std::uint32_t number = none;
  };

  std::size_t home(std::uint64_t key) const noexcept {
    return static_cast<std::size_t>(hash_integer(key, seed_)) & (slots_.size() - 1);
  }

  void place(std::uint64_t key, std::uint32_t number) noexcept {
    std::size_t at = home(key);
    while (slots_[at].number != none) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = {key, number};
  }

  void grow() {
    std::vector<slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (const slot& s : old) {
      if (s.number != none) place(s.key, s.number);
    }
  }

  std::vector<slot> slots_;  // a power of two, at most half of them taken
  std::size_t size_ = 0;
  std::uint64_t seed_ = hash_seed();  // a recording from elsewhere may choose its addresses
};

}  // namespace deft::symbols
