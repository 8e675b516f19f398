#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "deft/core/hash.hpp"

namespace deft::symbols {

/// Numbers sequences of integers in the order in which they are first seen: equal stacks have equal numbers.
/// Memory: the integers of each distinct sequence, one behind the other, and about 28 bytes.
template <class Number>
  requires std::is_integral_v<Number>
class sequence_table {
 public:
  struct numbered {
    std::uint32_t number;
    bool added;
  };

  numbered number(std::span<const Number> sequence) {
    if ((spans_.size() + 1) * 2 > slots_.size()) grow();
    const std::uint64_t hash = hash_of(sequence);
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at] != free_slot; at = (at + 1) & (slots_.size() - 1)) {
      const entry& e = spans_[slots_[at]];
      if (e.hash == hash && std::ranges::equal((*this)[slots_[at]], sequence)) return {slots_[at], false};
    }
    const auto added = static_cast<std::uint32_t>(spans_.size());
    spans_.push_back({hash, numbers_.size(), sequence.size()});
    numbers_.insert(numbers_.end(), sequence.begin(), sequence.end());
    slots_[at] = added;
    return {added, true};
  }

  /// Valid until the next sequence is added.
  std::span<const Number> operator[](std::uint32_t number) const {
    const entry& e = spans_[number];
    return {numbers_.data() + e.start, e.length};
  }

  std::size_t size() const noexcept { return spans_.size(); }

  /// Of the sequences' content.
  std::size_t bytes() const noexcept { return numbers_.size() * sizeof(Number); }

  void clear() noexcept {
    slots_.clear();
    spans_.clear();
    numbers_.clear();
  }

 private:
  static constexpr std::uint32_t free_slot = ~std::uint32_t{0};

  struct entry {
    std::uint64_t hash;
    std::size_t start;
    std::size_t length;
  };

  static std::uint64_t hash_of(std::span<const Number> sequence) noexcept {
    return hash_bytes(sequence.data(), sequence.size_bytes());
  }

  void grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, free_slot);
    for (std::size_t i = 0; i < spans_.size(); ++i) {
      std::size_t at = spans_[i].hash & (slots_.size() - 1);
      while (slots_[at] != free_slot) at = (at + 1) & (slots_.size() - 1);
      slots_[at] = static_cast<std::uint32_t>(i);
    }
  }

  std::vector<std::uint32_t> slots_;  // into spans_; a power of two, at most half of them taken
  std::vector<entry> spans_;
  std::vector<Number> numbers_;
};

}  // namespace deft::symbols
