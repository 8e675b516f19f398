/// @file
/// Estimates how often a hash was seen lately, in 3 bytes per slot.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// A count-min sketch of four rows of four-bit counters that are halved from time to time, with minimal
/// increments (only the smallest of the four counters grow), as in the TinyLFU paper.
///
/// The four counters of a hash are in one block of 64 bytes, each in a quarter of it, so that a look-up costs
/// one cache line.
class frequency_sketch {
 public:
  static constexpr unsigned most = 15;

  DEFT_TAGGED explicit frequency_sketch(std::pmr::memory_resource* resource) : words_(resource) {}

  /// Room for a sketch beside this many slots. Strong guarantee; resize() follows.
  DEFT_TAGGED void reserve(std::size_t slots) { reserve_exactly(words_, words_for(slots)); }

  /// Keeps what was counted as far as possible: a block's counts go to all blocks that it becomes.
  /// @pre         reserve(slots).
  DEFT_TAGGED void resize(std::size_t slots) noexcept {
    const std::size_t old_blocks = words_.size() / block_words;
    const std::size_t blocks = words_for(slots) / block_words;
    if (blocks > old_blocks) {
      words_.resize(blocks * block_words, 0);
      for (std::size_t to = old_blocks == 0 ? 0 : blocks; to-- != 0;) {
        const std::size_t from = to * old_blocks / blocks;
        if (from == to) continue;
        std::copy_n(words_.begin() + static_cast<std::ptrdiff_t>(from * block_words), block_words,
                    words_.begin() + static_cast<std::ptrdiff_t>(to * block_words));
      }
    }
    halve_at_ = std::max(halve_at_, 10 * slots);
  }

  /// @returns     0 to 15; never less than the times it was seen, of which halving takes half.
  [[nodiscard]] DEFT_TAGGED unsigned count(std::uint64_t hash) const noexcept {
    const place at = place_of(hash);
    unsigned least = most;
    for (unsigned row = 0; row < rows; ++row) least = std::min(least, counter(at, row));
    return least;
  }

  /// Counts a sighting. @returns Whether that was halved then.
  DEFT_TAGGED bool add(std::uint64_t hash) noexcept {
    const place at = place_of(hash);
    const unsigned least = count(hash);
    if (least == most) return false;
    for (unsigned row = 0; row < rows; ++row) {
      if (counter(at, row) == least) words_[at.word[row]] += std::uint64_t{1} << at.shift[row];
    }
    if (++additions_ < halve_at_) return false;
    for (std::uint64_t& word : words_) word = (word >> 1) & 0x7777777777777777u;
    additions_ /= 2;
    return true;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return words_.capacity() * sizeof(std::uint64_t);
  }

 private:
  static constexpr unsigned rows = 4;
  static constexpr std::size_t block_words = 8;

  struct place {
    std::size_t word[rows];
    unsigned shift[rows];
  };

  DEFT_TAGGED static std::size_t words_for(std::size_t slots) noexcept {
    return (slots * 3 + 63) / 64 * block_words;
  }

  [[nodiscard]] DEFT_TAGGED place place_of(std::uint64_t hash) const noexcept {
    // The cache has used some of the hash's bits to come to this shard: no bit may stay alone.
    hash = (hash ^ (hash >> 32)) * 0x9fb21c651e98df25u;
    hash ^= hash >> 29;
    const std::uint64_t blocks = words_.size() / block_words;
    const std::size_t block = static_cast<std::size_t>(((hash >> 32) * blocks) >> 32) * block_words;
    place at{};
    for (unsigned row = 0; row < rows; ++row) {
      const auto bits = static_cast<unsigned>(hash >> (8 * row));
      at.word[row] = block + 2 * row + (bits & 1);
      at.shift[row] = (bits >> 1 & 15) * 4;
    }
    return at;
  }

  [[nodiscard]] DEFT_TAGGED unsigned counter(const place& at, unsigned row) const noexcept {
    return static_cast<unsigned>(words_[at.word[row]] >> at.shift[row]) & most;
  }

  std::pmr::vector<std::uint64_t> words_;
  std::size_t additions_ = 0;
  std::size_t halve_at_ = 0;
};

}  // namespace deft::detail
