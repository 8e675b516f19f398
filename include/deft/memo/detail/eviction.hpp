/// @file
/// The order in which one shard's entries leave it. One specialisation per policy, each in detail/eviction/.
///
/// An eviction knows slots (0 to 65,534, dense from 0) and nothing of keys, values or threads. Its functions
/// are called under the shard's lock, except that a hit without the lock raises the slot's *mark* by itself,
/// up to `mark_limit`. Marks belong to the shard (readers see them), and reach the eviction through a `Shard`
/// argument, which answers:
///
///   unsigned       shard.mark(slot)            a relaxed load
///   void           shard.set_mark(slot, m)     a relaxed store
///   std::uint64_t  shard.hash(slot)            the hash of the slot's key; runs nothing of the user's
///
/// template <> class eviction<Policy> {
///   static constexpr bool ordered_by_hits;     // a hit calls hit() under the lock, unless the slot's mark
///   is 1, which
///                                              // then says that hit() would change nothing
///   static constexpr unsigned mark_limit;      // 0: no marks. Not ordered_by_hits: a hit raises the mark up
///   to this static constexpr bool evicts;              // false: unbounded
///
///   explicit eviction(std::pmr::memory_resource*);
///   void reserve(slots);             // room for this many slots; strong guarantee. Slots below the old
///   number keep their state void set_capacity(entries);      // the bound of the shard: sizes of queues,
///   ghosts, sketches. Strong guarantee. Before the first insert int  prepare(hash);              // a new
///   key comes; the answer is handed to insert(). Before room is made by evict(). Noexcept slot
///   evict(Shard&);              // takes the victim out of the order and returns it. Precondition: not
///   empty. Noexcept void insert(Shard&, slot, hash, prepared);  // noexcept; sets the new slot's mark void
///   hit(Shard&, slot);          // only if ordered_by_hits. Noexcept void erase(Shard&, slot);        //
///   takes the slot out of the order: the entry was invalidated, or has expired. Noexcept std::size_t
///   memory_bytes() const; template <F> void for_each_in_order(F f) const;   // f(slot) from the next victim
///   to the last where that is defined, else in any order that
///                                                     // rebuilds the same queues when inserted again; used
///                                                     when a cache is resized
/// };
#pragma once

#include <cstddef>
#include <cstdint>

#include "deft/memo/policy.hpp"

namespace deft::detail {

/// The index of an entry in its shard.
using slot = std::uint16_t;

/// No slot. So a shard holds 65,535 entries at most.
inline constexpr slot no_slot = 0xffff;

template <typename Policy>
class eviction;

}  // namespace deft::detail
