/// @file
/// What evictions are made of: lists of slots that share one array of links, and a set of slots.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"

namespace deft::detail {

/// Makes room for exactly `count` elements, and no more: a vector left to itself doubles.
/// Strong guarantee; what follows, resize(count), cannot fail then.
template <typename T>
DEFT_TAGGED void reserve_exactly(std::pmr::vector<T>& items, std::size_t count) {
  if (count > items.capacity()) items.reserve(count);
}

/// The neighbours of a slot in its list.
struct slot_link {
  entry_slot newer;
  entry_slot older;
};

/// The links of all slots. A slot is in one list at a time.
class slot_links {
 public:
  DEFT_TAGGED explicit slot_links(std::pmr::memory_resource* resource) : items_(resource) {}

  /// @guarantee   Strong.
  DEFT_TAGGED void reserve(std::size_t slots) { reserve_exactly(items_, slots); }

  /// @pre         reserve(slots).
  DEFT_TAGGED void resize(std::size_t slots) noexcept {
    if (slots > items_.size()) items_.resize(slots, slot_link{no_slot, no_slot});
  }

  [[nodiscard]] DEFT_TAGGED slot_link& operator[](entry_slot s) noexcept { return items_[s]; }

  [[nodiscard]] DEFT_TAGGED const slot_link& operator[](entry_slot s) const noexcept { return items_[s]; }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return items_.capacity() * sizeof(slot_link);
  }

 private:
  std::pmr::vector<slot_link> items_;
};

/// A list from the oldest slot to the newest.
///
/// It is a ring: the newest's newer neighbour is the oldest. So making the oldest the newest moves one index,
/// and a hand that goes from older to newer goes round by itself.
class slot_list {
 public:
  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  /// @pre         Not empty.
  [[nodiscard]] DEFT_TAGGED entry_slot newest() const noexcept { return newest_; }

  /// @pre         Not empty.
  [[nodiscard]] DEFT_TAGGED entry_slot oldest(const slot_links& links) const noexcept {
    return links[newest_].newer;
  }

  /// @pre         `s` is in no list.
  DEFT_TAGGED void push_newest(slot_links& links, entry_slot s) noexcept {
    if (size_ == 0) {
      links[s] = {s, s};
    } else {
      const entry_slot oldest_slot = links[newest_].newer;
      links[s] = {oldest_slot, newest_};
      links[newest_].newer = s;
      links[oldest_slot].older = s;
    }
    newest_ = s;
    ++size_;
  }

  /// @pre         `s` is in this list.
  DEFT_TAGGED void remove(slot_links& links, entry_slot s) noexcept {
    const slot_link link = links[s];
    links[link.newer].older = link.older;
    links[link.older].newer = link.newer;
    if (newest_ == s) newest_ = link.older;
    --size_;
  }

  /// Makes `s` the newest. @pre `s` is in this list.
  DEFT_TAGGED void touch(slot_links& links, entry_slot s) noexcept {
    if (s == newest_) return;
    const slot_link link = links[s];
    const entry_slot oldest_slot = links[newest_].newer;
    if (s != oldest_slot) {
      links[link.newer].older = link.older;
      links[link.older].newer = link.newer;
      links[s] = {oldest_slot, newest_};
      links[newest_].newer = s;
      links[oldest_slot].older = s;
    }
    newest_ = s;
  }

  /// f(slot) from the oldest to the newest.
  template <typename F>
  DEFT_TAGGED void for_each(const slot_links& links, F f) const {
    entry_slot s = size_ == 0 ? no_slot : oldest(links);
    for (std::size_t i = 0; i < size_; ++i) {
      const entry_slot next = links[s].newer;
      f(s);
      s = next;
    }
  }

 private:
  entry_slot newest_ = no_slot;
  std::uint16_t size_ = 0;
};

/// A set of slots: a bit each.
class slot_set {
 public:
  DEFT_TAGGED explicit slot_set(std::pmr::memory_resource* resource) : words_(resource) {}

  /// @guarantee   Strong.
  DEFT_TAGGED void reserve(std::size_t slots) { reserve_exactly(words_, words_for(slots)); }

  /// @pre         reserve(slots).
  DEFT_TAGGED void resize(std::size_t slots) noexcept {
    if (words_for(slots) > words_.size()) words_.resize(words_for(slots), 0);
  }

  [[nodiscard]] DEFT_TAGGED bool contains(entry_slot s) const noexcept {
    return (words_[s / 64] & bit(s)) != 0;
  }

  DEFT_TAGGED void insert(entry_slot s) noexcept { words_[s / 64] |= bit(s); }

  DEFT_TAGGED void erase(entry_slot s) noexcept { words_[s / 64] &= ~bit(s); }

  /// The first member at or after `from`, going round. @pre The set is not empty, `from` is below the number
  /// of slots resized to.
  [[nodiscard]] DEFT_TAGGED entry_slot next(std::size_t from) const noexcept {
    std::size_t word = from / 64;
    std::uint64_t found = words_[word] & (~std::uint64_t{0} << (from % 64));
    while (found == 0) {
      word = word + 1 == words_.size() ? 0 : word + 1;
      found = words_[word];
    }
    return static_cast<entry_slot>(word * 64 + static_cast<std::size_t>(std::countr_zero(found)));
  }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    return words_.capacity() * sizeof(std::uint64_t);
  }

 private:
  DEFT_TAGGED static std::size_t words_for(std::size_t slots) noexcept { return (slots + 63) / 64; }

  DEFT_TAGGED static std::uint64_t bit(entry_slot s) noexcept { return std::uint64_t{1} << (s % 64); }

  std::pmr::vector<std::uint64_t> words_;
};

}  // namespace deft::detail
