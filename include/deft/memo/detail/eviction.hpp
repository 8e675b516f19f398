/// @file
/// The order in which one shard's entries leave it. One specialisation per policy, each in detail/eviction/.
///
/// An eviction knows slots (0 to 65,534) and nothing of keys, values or threads. Its functions are called
/// under the shard's lock, except that a hit without the lock raises the slot's *mark* by itself, up to
/// `mark_limit`. Marks belong to the shard (readers see them), and reach the eviction through a `Shard`
/// argument, which answers:
///
///     unsigned       shard.mark(slot)          a relaxed load
///     void           shard.set_mark(slot, m)   a relaxed store
///     std::uint64_t  shard.hash(slot)          the hash of the slot's key; runs nothing of the user's
///
/// What an eviction offers; all but the constructor and reserve() are noexcept and allocate nothing:
///
///     static constexpr bool ordered_by_hits    a hit calls hit() under the lock, unless the slot's mark is
///                                              1, which says that hit() would change nothing
///     static constexpr unsigned mark_limit     not ordered_by_hits: a hit raises the mark up to this
///     static constexpr bool evicts             false: unbounded; no evict(), no for_each_in_order()
///
///     explicit eviction(memory_resource*)
///     void reserve(slots)                      room for slots 0 to slots - 1. Strong guarantee. May be
///                                              called again with more while entries are there: they stay in
///                                              their order, what is remembered of evicted ones may be lost
///     int prepare(hash)                        a new key comes; insert() wants the answer. Before evict()
///     slot evict(shard)                        takes the victim out of the order and returns it.
///                                              Precondition: there is an entry. May be called several times
///                                              for one insert(), and without any
///     void insert(shard, slot, hash, int)      puts the slot in, and sets its mark. The slot is in no order
///     void hit(shard, slot)                    only if ordered_by_hits
///     void erase(shard, slot)                  takes the slot out: its entry was invalidated, or has expired
///     size_t memory_bytes() const              without sizeof(*this)
///     void for_each_in_order(f) const          f(slot, int) such that insert(shard, ..., int) in that order
///                                              rebuilds the same order in a new eviction
///
/// Nobody needs to tell how many entries fit: whatever is a share of the cache is one of the entries there
/// are when evict() is called. A rebuilt order has lost what was remembered of evicted entries and, for
/// sieve, the hand's place; marks can be carried over after insert() where mark_limit is not 0. For clock the
/// order is that of the slots, so that a rebuilt one is the same only if slots are taken in ascending order.
///
/// Loops over marks end, whatever readers do in the meantime.
#pragma once

#include <cstddef>
#include <cstdint>

#include "deft/memo/policy.hpp"

namespace deft::detail {

/// The index of an entry in its shard.
using entry_slot = std::uint16_t;

/// No slot. So a shard holds 65,535 entries at most.
inline constexpr entry_slot no_slot = 0xffff;

template <typename Policy>
class eviction;

}  // namespace deft::detail
