/// @file
/// Remembers the hashes of keys that were evicted lately, in about 4.75 bytes each.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory_resource>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction/slot_list.hpp"

namespace deft::detail {

/// A queue of hashes, first in, first out, that answers whether one is in it and takes it out.
///
/// A table of buckets of eight cells, each bucket in the order of time. A hash has two buckets to choose
/// from, and pushes the last cell out of the one where that is older. A cell is the time at which the hash
/// was put in, counted in insertions, and a fingerprint in the bits that the time leaves: 14 beside 65,535
/// slots, 20 beside 1,000. Whether what was put in at some time is still there is a bit of a ring, so that
/// the oldest is known to the count, as in a list, without links.
///
/// Approximate are two things: two hashes may share a bucket and the fingerprint (a look-up among 65,535
/// slots is wrong one time in 1,200), and what is pushed out of a bucket may be younger than the oldest of
/// all.
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
    ring_ = static_cast<std::uint32_t>(64 * present_.size());
    fingerprint_bits_ = static_cast<unsigned>(std::countl_zero(2 * ring_ - 1));
    now_ = oldest_ = 1;  // An empty cell is of time 0.
    size_ = 0;
  }

  /// Takes the hash out. @returns Whether it was there.
  [[nodiscard]] DEFT_TAGGED bool take(std::uint64_t hash) noexcept {
    if (size_ == 0) return false;
    const place at = place_of(hash);
    if (!has_match(at)) return false;
    for (std::uint32_t* const bucket : at.buckets) {
      for (std::size_t i = 0; i < bucket_cells; ++i) {
        if ((bucket[i] & fingerprint_mask()) != at.fingerprint) continue;
        if (age(bucket[i]) >= span() || !forget(time_of(bucket[i]))) continue;
        std::copy(bucket + i + 1, bucket + bucket_cells, bucket + i);
        bucket[bucket_cells - 1] = before(oldest_) << fingerprint_bits_;
        return true;
      }
    }
    return false;
  }

  /// Puts a hash in; the oldest ones leave until there are `limit` at most.
  DEFT_TAGGED void insert(std::uint64_t hash, std::size_t limit) noexcept {
    if (limit == 0) return;
    while (size_ >= limit || span() == ring_) expire_oldest();
    const place at = place_of(hash);
    const std::uint32_t ages[] = {age(at.buckets[0][bucket_cells - 1]), age(at.buckets[1][bucket_cells - 1])};
    std::uint32_t* const bucket = at.buckets[ages[1] > ages[0] ? 1 : 0];
    if (std::max(ages[0], ages[1]) < span()) forget(time_of(bucket[bucket_cells - 1]));
    std::array<std::uint32_t, bucket_cells - 1> younger;  // std::memmove would be a call.
    std::memcpy(younger.data(), bucket, sizeof younger);
    std::memcpy(bucket + 1, younger.data(), sizeof younger);
    *bucket = now_ << fingerprint_bits_ | at.fingerprint;
    word_of(now_) |= bit(now_);
    now_ = after(now_);
    ++size_;
  }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return cells_.capacity() * sizeof(std::uint32_t) + present_.capacity() * sizeof(std::uint64_t);
  }

 private:
  static constexpr std::size_t bucket_cells = 8;

  struct place {
    std::uint32_t* buckets[2];
    std::uint32_t fingerprint;
  };

  // The queue holds 0.9 times as many as there are slots: four of five cells.
  DEFT_TAGGED static std::size_t cells_for(std::size_t slots) noexcept {
    return slots == 0 ? 0 : bucket_cells * std::max<std::size_t>(2, (slots * 9 + 63) / 64);
  }

  // Those that were taken out have their place in the ring until the oldest leaves: room for as many again.
  DEFT_TAGGED static std::size_t words_for(std::size_t slots) noexcept { return (2 * slots + 63) / 64; }

  [[nodiscard]] DEFT_TAGGED place place_of(std::uint64_t hash) noexcept {
    // The cache has used some of the hash's bits to come to this shard: no bit may stay alone.
    hash = (hash ^ (hash >> 32)) * 0x9fb21c651e98df25u;
    hash ^= hash >> 29;
    const std::uint64_t buckets = cells_.size() / bucket_cells;
    const auto bucket = [&](std::uint64_t bits) {
      return cells_.data() + static_cast<std::size_t>((bits * buckets) >> 24) * bucket_cells;
    };
    return {{bucket(hash >> 40), bucket((hash >> 16) & 0xffffff)},
            static_cast<std::uint32_t>(hash) & fingerprint_mask()};
  }

  [[nodiscard]] DEFT_TAGGED std::uint32_t fingerprint_mask() const noexcept {
    return (std::uint32_t{1} << fingerprint_bits_) - 1;
  }

  [[nodiscard]] DEFT_TAGGED std::uint32_t time_of(std::uint32_t cell) const noexcept {
    return cell >> fingerprint_bits_;
  }

  /// How many were put in after it. At least span(): the cell holds nothing.
  [[nodiscard]] DEFT_TAGGED std::uint32_t age(std::uint32_t cell) const noexcept {
    return distance(time_of(cell), before(now_));
  }

  /// How many were put in since the oldest, with it.
  [[nodiscard]] DEFT_TAGGED std::uint32_t span() const noexcept { return distance(oldest_, now_); }

  [[nodiscard]] DEFT_TAGGED std::uint64_t& word_of(std::uint32_t time) noexcept {
    return present_[(time < ring_ ? time : time - ring_) / 64];
  }

  [[nodiscard]] DEFT_TAGGED static std::uint64_t bit(std::uint32_t time) noexcept {
    return std::uint64_t{1} << (time % 64);
  }

  // Times come again after two rounds of the ring. Old cells may then pass for present: few, as each bucket
  // is filled several times a round, and cells that hold nothing are the first to be pushed out.

  [[nodiscard]] DEFT_TAGGED std::uint32_t after(std::uint32_t time) const noexcept {
    return time + 1 == 2 * ring_ ? 0 : time + 1;
  }

  [[nodiscard]] DEFT_TAGGED std::uint32_t before(std::uint32_t time) const noexcept {
    return (time == 0 ? 2 * ring_ : time) - 1;
  }

  [[nodiscard]] DEFT_TAGGED std::uint32_t distance(std::uint32_t from, std::uint32_t to) const noexcept {
    return to >= from ? to - from : to - from + 2 * ring_;
  }

  /// @returns     Whether it was still there.
  DEFT_TAGGED bool forget(std::uint32_t time) noexcept {
    std::uint64_t& word = word_of(time);
    const bool was_present = (word & bit(time)) != 0;
    word &= ~bit(time);
    size_ -= was_present ? 1 : 0;
    return was_present;
  }

  DEFT_TAGGED void expire_oldest() noexcept {
    forget(oldest_);
    oldest_ = after(oldest_);
  }

  /// Whether a cell of either bucket has the fingerprint, be it present or not.
  [[nodiscard]] DEFT_TAGGED bool has_match(const place& at) const noexcept {
    // Compilers vectorise no search at -O2; these types they know on every machine.
    using four_cells = std::uint32_t __attribute__((vector_size(16)));
    using two_words = std::uint64_t __attribute__((vector_size(16)));
    const four_cells mask = four_cells{} + fingerprint_mask();
    const four_cells wanted = four_cells{} + at.fingerprint;
    two_words found = {};
    for (const std::uint32_t* const bucket : at.buckets) {
      for (std::size_t i = 0; i < bucket_cells; i += 4) {
        four_cells cells;
        std::memcpy(&cells, bucket + i, sizeof cells);
        found |= std::bit_cast<two_words>((cells & mask) == wanted);
      }
    }
    return (found[0] | found[1]) != 0;
  }

  std::pmr::vector<std::uint32_t> cells_;    // time << fingerprint_bits_ | fingerprint
  std::pmr::vector<std::uint64_t> present_;  // The ring: a bit for each time from oldest_ to now_.
  std::uint32_t ring_ = 0;                   // Its bits. Times are below twice as many.
  unsigned fingerprint_bits_ = 0;
  std::uint32_t now_ = 1;
  std::uint32_t oldest_ = 1;
  std::size_t size_ = 0;
};

}  // namespace deft::detail
