/// @file
/// The index of one shard: chunks of one cache line, found by hash, with tags that are compared sixteen at
/// once.
///
///   | 16 slots, two bytes each | 16 tags, a byte each | version 8 | overflow 2 | 6 free |
///
/// A tag is 0 (free) or seven bits of the hash with the top bit set. What does not fit into its chunk goes
/// into the next one that has room, and is counted in the overflow of each chunk it passed, so that a search
/// ends at the first chunk which nothing passed, and nothing is ever a tombstone (as in F14: Bronson, Shi,
/// "Open-sourcing F14", 2019). Slots never move, so that orders can link them by index.
///
/// Readers take no lock: the version is odd while a writer works on the chunk or on an entry that it leads
/// to, and differs afterwards (a seqlock; Boehm, "Can seqlocks get along with programming language memory
/// models?", 2012). No fences: loads acquire and stores release, which ThreadSanitizer understands.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"

#if defined(__SANITIZE_THREAD__)
#define DEFT_DETAIL_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define DEFT_DETAIL_THREAD_SANITIZER 1
#endif
#endif

namespace deft::detail {

/// The bits of the places in a chunk that hold a tag.
class place_set {
 public:
  DEFT_TAGGED explicit place_set(std::uint32_t bits) noexcept : bits_(bits) {}

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return bits_ == 0; }

  [[nodiscard]] DEFT_TAGGED std::size_t first() const noexcept {
    return static_cast<unsigned>(std::countr_zero(bits_));
  }

  DEFT_TAGGED void remove_first() noexcept { bits_ &= bits_ - 1; }

 private:
  std::uint32_t bits_;
};

#if defined(__SSE2__)
/// Which of sixteen bytes equal `byte`.
using tag_vector = signed char __attribute__((vector_size(16)));

[[nodiscard]] DEFT_TAGGED inline place_set places_with(tag_vector tags, std::uint8_t byte) noexcept {
  const auto b = static_cast<signed char>(byte);
  const tag_vector wanted = {b, b, b, b, b, b, b, b, b, b, b, b, b, b, b, b};
  using mask = char __attribute__((vector_size(16)));
  return place_set(
      static_cast<std::uint32_t>(__builtin_ia32_pmovmskb128(std::bit_cast<mask>(tags == wanted))));
}
#endif

/// Which of the bytes of two words equal `byte`.
[[nodiscard]] DEFT_TAGGED inline place_set places_with(std::uint64_t low, std::uint64_t high,
                                                       std::uint8_t byte) noexcept {
#if defined(__SSE2__)
  using words = std::uint64_t __attribute__((vector_size(16)));
  return places_with(std::bit_cast<tag_vector>(words{low, high}), byte);
#else
  // The lowest bit of each byte says whether it is equal; the multiplication gathers these.
  const auto equal = [byte](std::uint64_t word) {
    std::uint64_t difference = word ^ (0x0101010101010101u * byte);
    difference |= difference >> 4;
    difference |= difference >> 2;
    difference |= difference >> 1;
    const std::uint64_t same = ~difference & 0x0101010101010101u;
    return static_cast<std::uint32_t>((same * 0x0102040810204080u) >> 56);
  };
  return place_set(equal(low) | equal(high) << 8);
#endif
}

template <typename Sync>
struct alignas(64) chunk {
  template <typename T>
  using atomic = typename Sync::template atomic<T>;

  static constexpr unsigned places = 16;

  [[nodiscard]] DEFT_TAGGED static std::uint8_t tag_of(std::uint64_t hash) noexcept {
    return static_cast<std::uint8_t>(0x80u | (hash & 0x7fu));
  }

  /// Of `count` chunks, the one where a search for the hash begins. Looks at bits 8 to 39; the tag has the
  /// lower ones, and the shard the topmost.
  [[nodiscard]] DEFT_TAGGED static std::uint32_t home_of(std::uint64_t hash, std::uint32_t count) noexcept {
    return static_cast<std::uint32_t>(
        (static_cast<std::uint64_t>(static_cast<std::uint32_t>(hash >> 8)) * count) >> 32);
  }

  /// The places with this tag.
  [[nodiscard]] DEFT_TAGGED place_set find(std::uint8_t tag) const noexcept {
#if defined(__SSE2__) && !defined(DEFT_DETAIL_THREAD_SANITIZER)
    if constexpr (std::is_same_v<atomic<std::uint64_t>, std::atomic<std::uint64_t>>) {
      // All at once, which saves 8 % of a hit. Where the machine tears this in two it is two loads in either
      // order, as below; the compiler keeps it in place, and the machine acquires with each load.
      tag_vector all;
      asm volatile("movdqa %1, %0" : "=x"(all) : "m"(tags) : "memory");
      return places_with(all, tag);
    }
#endif
    const std::uint64_t low = tags[0].load(std::memory_order_acquire);
    const std::uint64_t high = tags[1].load(std::memory_order_acquire);
    return places_with(low, high, tag);
  }

  [[nodiscard]] DEFT_TAGGED std::uint8_t tag_at(unsigned place) const noexcept {
    return static_cast<std::uint8_t>(tags[place / 8].load(std::memory_order_relaxed) >> (place % 8 * 8));
  }

  // Under the shard's lock, between begin_change() and end_change():
  DEFT_TAGGED void begin_change() noexcept {
    version.store(version.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  DEFT_TAGGED void end_change() noexcept {
    version.store(version.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  }

  DEFT_TAGGED void set_tag(std::size_t place, std::uint8_t tag) noexcept {
    atomic<std::uint64_t>& word = tags[place / 8];
    const std::size_t shift = place % 8 * 8;
    const std::uint64_t others = word.load(std::memory_order_relaxed) & ~(std::uint64_t{0xff} << shift);
    word.store(others | std::uint64_t{tag} << shift, std::memory_order_release);
  }

  DEFT_TAGGED void add_overflow(int n) noexcept {
    overflow.store(static_cast<std::uint16_t>(overflow.load(std::memory_order_relaxed) + n),
                   std::memory_order_release);
  }

  atomic<entry_slot> slots[places] = {};
  atomic<std::uint64_t> tags[2] = {0, 0};
  atomic<std::uint64_t> version{0};
  atomic<std::uint16_t> overflow{0};
};

}  // namespace deft::detail
