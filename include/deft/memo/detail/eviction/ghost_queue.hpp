/// @file
/// Remembers the hashes of keys that were evicted lately, in about 4.75 bytes each.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// A queue of hashes, first in, first out, that answers whether one is in it and takes it out.
///
/// A table of buckets of four cells; a hash has two buckets to choose from, and goes to the emptier one. A
/// cell is a fingerprint of 14 bits and the time of 18 at which it was put in; times count insertions. What
/// was put in at which time is still there is a bit of a ring, so that the oldest is known to the count, as
/// in a list, without links. Approximate are two things: two hashes may share buckets and fingerprint (a
/// look-up is wrong one time in 2,000), and where both buckets are full the oldest of the eight gives way.
class ghost_queue {
 public:
  DEFT_TAGGED explicit ghost_queue(std::pmr::memory_resource* resource)
      : cells_(resource), present_(resource) {}

  /// Room for a queue beside this many slots. Strong guarantee; resize() follows, which forgets everything if
  /// that is more than before.
  DEFT_TAGGED void reserve(std::size_t slots) {
    reserve_exactly(cells_, cells_for(slots));
    reserve_exactly(present_, words_for(slots));
  }

  /// @pre         reserve(slots).
  DEFT_TAGGED void resize(std::size_t slots) noexcept {
    if (cells_for(slots) <= cells_.size()) return;
    cells_.assign(cells_for(slots), 0);
    present_.assign(words_for(slots), 0);
    now_ = oldest_ = 0;
    size_ = 0;
  }

  /// Takes the hash out. @returns Whether it was there.
  [[nodiscard]] DEFT_TAGGED bool take(std::uint64_t hash) noexcept {
    if (size_ == 0) return false;
    const place at = place_of(hash);
    for (const std::size_t bucket : at.buckets) {
      for (std::size_t i = bucket; i < bucket + bucket_cells; ++i) {
        if ((cells_[i] & fingerprint_mask) != at.fingerprint || !is_present(cells_[i])) continue;
        forget(cells_[i] >> fingerprint_bits);
        cells_[i] = 0;
        return true;
      }
    }
    return false;
  }

  /// Puts a hash in; the oldest ones leave until there are `limit` at most.
  DEFT_TAGGED void insert(std::uint64_t hash, std::size_t limit) noexcept {
    if (limit == 0) return;
    while (size_ >= limit || age(oldest_) == present_.size() * 64) expire_oldest();
    const place at = place_of(hash);
    std::uint32_t& cell = cells_[cell_to_fill(at)];
    if (is_present(cell)) forget(cell >> fingerprint_bits);
    cell = now_ << fingerprint_bits | at.fingerprint;
    present_[now_ / 64 % present_.size()] |= bit(now_);
    now_ = (now_ + 1) % times;
    ++size_;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return cells_.capacity() * sizeof(std::uint32_t) + present_.capacity() * sizeof(std::uint64_t);
  }

  /// Two hashes with the same identity are not told apart.
  [[nodiscard]] DEFT_TAGGED std::uint64_t identity(std::uint64_t hash) const noexcept {
    const place at = place_of(hash);
    const auto [low, high] = std::minmax(at.buckets[0], at.buckets[1]);
    return (std::uint64_t{low} << 40) ^ (std::uint64_t{high} << 16) ^ at.fingerprint;
  }

 private:
  static constexpr std::size_t bucket_cells = 4;
  static constexpr unsigned fingerprint_bits = 14;
  static constexpr std::uint32_t fingerprint_mask = (1u << fingerprint_bits) - 1;
  // A power of two, and more than twice the largest ring. Cells of an earlier round may pass for present:
  // few, as each bucket is filled several times a round, and forgotten cells are filled first.
  static constexpr std::uint32_t times = 1u << (32 - fingerprint_bits);

  struct place {
    std::size_t buckets[2];  // The first cell of each.
    std::uint32_t fingerprint;
  };

  // The queue holds 0.9 times as many as there are slots: four of five cells.
  DEFT_TAGGED static std::size_t cells_for(std::size_t slots) noexcept {
    return slots == 0 ? 0 : bucket_cells * std::max<std::size_t>(2, (slots * 9 + 31) / 32);
  }

  // Of a power of two of times, so that it divides `times`; those taken out count until the oldest leaves.
  DEFT_TAGGED static std::size_t words_for(std::size_t slots) noexcept {
    return slots == 0 ? 0 : std::bit_ceil(std::max<std::size_t>(64, slots + slots / 4)) / 64;
  }

  [[nodiscard]] DEFT_TAGGED place place_of(std::uint64_t hash) const noexcept {
    // The cache has used some of the hash's bits to come to this shard: no bit may stay alone.
    hash = (hash ^ (hash >> 32)) * 0x9fb21c651e98df25u;
    hash ^= hash >> 29;
    const std::uint64_t buckets = cells_.size() / bucket_cells;
    const auto scale = [&](std::uint64_t bits) {
      return static_cast<std::size_t>((bits * buckets) >> 24) * bucket_cells;
    };
    return {{scale(hash >> 40), scale((hash >> 16) & 0xffffff)},
            static_cast<std::uint32_t>(hash) & fingerprint_mask};
  }

  [[nodiscard]] DEFT_TAGGED static std::uint64_t bit(std::uint32_t time) noexcept {
    return std::uint64_t{1} << (time % 64);
  }

  /// How many insertions ago that was; the next insertion's own time counts 0.
  [[nodiscard]] DEFT_TAGGED std::uint32_t age(std::uint32_t time) const noexcept {
    return (now_ - time) % times;
  }

  [[nodiscard]] DEFT_TAGGED bool time_is_present(std::uint32_t time) const noexcept {
    return (present_[time / 64 % present_.size()] & bit(time)) != 0;
  }

  [[nodiscard]] DEFT_TAGGED bool is_present(std::uint32_t cell) const noexcept {
    const std::uint32_t time = cell >> fingerprint_bits;
    return age(time) - 1 < age(oldest_) && time_is_present(time);
  }

  DEFT_TAGGED void forget(std::uint32_t time) noexcept {
    present_[time / 64 % present_.size()] &= ~bit(time);
    --size_;
  }

  DEFT_TAGGED void expire_oldest() noexcept {
    if (time_is_present(oldest_)) forget(oldest_);
    oldest_ = (oldest_ + 1) % times;
  }

  /// A cell of the emptier bucket that holds nothing; if both are full, the oldest of the eight.
  [[nodiscard]] DEFT_TAGGED std::size_t cell_to_fill(const place& at) const noexcept {
    std::size_t free_cells[2] = {0, 0};
    std::size_t free_at[2] = {0, 0};
    std::size_t oldest_at = at.buckets[0];
    std::uint32_t oldest_age = 0;
    for (unsigned b = 0; b < 2; ++b) {
      for (std::size_t i = at.buckets[b]; i < at.buckets[b] + bucket_cells; ++i) {
        if (!is_present(cells_[i])) {
          ++free_cells[b];
          free_at[b] = i;
        } else if (const std::uint32_t old = age(cells_[i] >> fingerprint_bits); old > oldest_age) {
          oldest_age = old;
          oldest_at = i;
        }
      }
    }
    if (free_cells[0] + free_cells[1] == 0) return oldest_at;
    return free_at[free_cells[0] >= free_cells[1] ? 0 : 1];
  }

  std::pmr::vector<std::uint32_t> cells_;    // time << 14 | fingerprint
  std::pmr::vector<std::uint64_t> present_;  // The ring: a bit for each time from oldest_ to now_.
  std::uint32_t now_ = 0;
  std::uint32_t oldest_ = 0;
  std::size_t size_ = 0;
};

}  // namespace deft::detail
