/// @file
/// deft::lru_cache: a bounded map that forgets what was used least recently, for one thread.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/memo/detail/lru_iterator.hpp"
#include "deft/memo/detail/lru_store.hpp"
#include "deft/memo/options.hpp"

namespace deft {

/// A map of at most `max_size` entries. When it is full, a new entry takes the place of the one that was
/// found, put or computed least recently: exactly, as in functools.lru_cache.
///
/// Use it for values that one thread, or the holder of one lock, wants again and again. Do *not* share it
/// without a lock: finding an entry moves it to the front, so that even two find() at a time are a race
/// (deft::concurrent_cache is for that). A function as a whole is cached by deft::memoize.
///
/// Memory per entry: sizeof(std::pair<const K, V>), 8 bytes of list, 8 of index, 4 of hash and padding (none
/// for numbers, enums and pointers under deft::hash). It grows with the entries, by doubling, and never
/// beyond what max_size() + 1 of them need; clear() and resize() keep it.
///
/// Layout: entries lie in blocks that never move, each as large as all before it, linked by 32-bit numbers
/// into a list in the order of use. The index is F14's (see detail/id_table.hpp): a hit reads one line of it
/// and one entry, and writes links. Entries: 2^28 at most.
///
/// Differences from std::unordered_map: bounded; looking up changes the order, except by peek() and
/// contains(); iteration goes from the most to the least recently used. Pointers to an entry stay valid until
/// that entry leaves, whatever else happens, but for moves between unequal allocators; iterators likewise, as
/// long as the cache itself is not moved or swapped. With a transparent hash and equality (as the default
/// ones of strings) a look-up takes whatever these take, and makes no K.
///
/// Functions given to get_or_compute(), and copies and destructors of keys and values, may use the cache.
/// Hashes and equality may look, and change nothing. A destructor that clear() runs finds the cache empty;
/// one that ~lru_cache() runs can store nothing.
///
/// Threads: one at a time. Several may call `const` functions together.
template <typename K, typename V, typename Hash = deft::hash<K>, typename Equal = std::equal_to<>,
          typename Allocator = std::allocator<std::pair<const K, V>>>
class lru_cache {
  static_assert(std::is_same_v<K, std::decay_t<K>> && std::is_same_v<V, std::decay_t<V>>,
                "deft::lru_cache<K, V>: K and V must be object types without const and reference");
  static_assert(std::is_same_v<typename Allocator::value_type, std::pair<const K, V>>,
                "deft::lru_cache: Allocator::value_type must be std::pair<const K, V>");

  static constexpr bool is_transparent =
      requires { typename Hash::is_transparent; } && requires { typename Equal::is_transparent; };
  template <typename Q>
  using key_argument = typename detail::key_argument_of<is_transparent>::template type<Q, K>;

  using store_type = detail::lru_store<K, V, Hash, Equal, Allocator>;
  using traits = std::allocator_traits<Allocator>;

 public:
  using key_type = K;
  using mapped_type = V;
  using value_type = std::pair<const K, V>;
  using size_type = std::size_t;
  using difference_type = std::ptrdiff_t;
  using hasher = Hash;
  using key_equal = Equal;
  using allocator_type = Allocator;
  using reference = value_type&;
  using const_reference = const value_type&;
  using iterator = detail::lru_iterator<value_type, typename store_type::pool_type>;
  using const_iterator = detail::lru_iterator<const value_type, typename store_type::pool_type>;

  /// An empty cache of at most `max_size` entries; 0: nothing is ever stored, deft::unbounded: no bound.
  /// @throws      What copying the hash and the equality throws.
  /// @complexity  O(1), no allocation. @concurrency Independent.
  DEFT_TAGGED explicit lru_cache(size_type max_size = 128, const Hash& hash = Hash(),
                                 const Equal& equal = Equal(), const Allocator& allocator = Allocator())
      : store_(max_size, hash, equal, allocator) {}

  /// @overload
  DEFT_TAGGED lru_cache(size_type max_size, const Allocator& allocator)
      : lru_cache(max_size, Hash(), Equal(), allocator) {}

  /// A copy with the same order and bound.
  /// @throws      What copying and allocating throw.
  /// @complexity  O(n). @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED lru_cache(const lru_cache& other)
      : lru_cache(other, traits::select_on_container_copy_construction(other.store_.allocator())) {}

  DEFT_TAGGED lru_cache(const lru_cache& other, const Allocator& allocator)
      : store_(other.store_, allocator) {
    copy_entries(other);
  }

  /// @}

  /// Takes the entries and the bound of `other`, which is empty afterwards and usable.
  /// @throws      What copying the hash and the equality throws, which changes nothing.
  /// @complexity  O(1). @invalidates Iterators; pointers are into *this now.
  /// @concurrency Exclusive access to `other`.
  DEFT_TAGGED lru_cache(lru_cache&& other) noexcept(std::is_nothrow_copy_constructible_v<Hash> &&
                                                    std::is_nothrow_copy_constructible_v<Equal>)
      : store_(other.store_, other.store_.allocator()) {
    store_.swap_entries(other.store_);
  }

  ~lru_cache() = default;

  /// Copies entries, order, bound, hash and equality.
  /// @returns     *this.
  /// @throws      What copying and allocating throw.
  /// @guarantee   Strong if assigning the hash and the equality does not throw.
  /// @complexity  O(n). @invalidates Everything in *this. @concurrency Exclusive access to *this.
  DEFT_TAGGED lru_cache& operator=(const lru_cache& other) {
    if (this == &other) return *this;
    constexpr bool propagates = traits::propagate_on_container_copy_assignment::value;
    lru_cache copy(other, propagates ? other.store_.allocator() : store_.allocator());
    store_.assign_functions(other.store_);
    replace<propagates>(copy);
    return *this;
  }

  /// Takes the entries, order and bound of `other`, which is empty afterwards; copies the functions.
  /// @returns     *this.
  /// @throws      What assigning the hash and the equality throws; for unequal allocators that do not
  ///              propagate also what moving entries and allocating throw: then `other` may be empty.
  /// @guarantee   Strong for *this if assigning the hash and the equality does not throw.
  /// @complexity  O(n), for the old entries; for unequal allocators O(n) moves, too.
  /// @invalidates Everything in *this; for unequal allocators in `other`, too.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED lru_cache& operator=(lru_cache&& other) {
    if (this == &other) return *this;
    constexpr bool propagates = traits::propagate_on_container_move_assignment::value;
    if (propagates || store_.allocator() == other.store_.allocator()) {
      lru_cache taken(std::move(other));
      store_.assign_functions(taken.store_);
      replace<propagates>(taken);
    } else {
      lru_cache moved(other.max_size(), other.hash_function(), other.key_eq(), store_.allocator());
      moved.copy_entries(std::move(other));
      store_.assign_functions(other.store_);
      replace<false>(moved);
      other.clear();
    }
    return *this;
  }

  /// Swaps everything.
  /// @pre         Equal allocators, or ones that propagate.
  /// @throws      What swapping the hash and the equality throws.
  /// @complexity  O(1). @invalidates Iterators. @concurrency Exclusive access to both.
  DEFT_TAGGED void swap(lru_cache& other) noexcept(std::is_nothrow_swappable_v<Hash> &&
                                                   std::is_nothrow_swappable_v<Equal>) {
    constexpr bool propagates = traits::propagate_on_container_swap::value;
    DEFT_PRECONDITION(propagates || store_.allocator() == other.store_.allocator(),
                      "swap of lru_caches with unequal allocators");
    store_.swap_functions(other.store_);
    replace<propagates>(other);
  }

  /// swap(a, b).
  /// @complexity  O(1). @concurrency Exclusive access to both.
  DEFT_TAGGED friend void swap(lru_cache& a, lru_cache& b) noexcept(noexcept(a.swap(b))) { a.swap(b); }

  /// Looks an entry up and makes it the most recently used.
  /// @returns     Its value, which may be changed; null if it is not there.
  /// @throws      What hashing and comparing throw. @guarantee Strong.
  /// @complexity  O(1), no allocation. @invalidates Nothing. @concurrency Exclusive access to *this.
  template <typename Q = K>
  [[nodiscard]] DEFT_TAGGED V* find(const key_argument<Q>& key) {
    return store_.find_and_touch(key, store_.hash_of(key));
  }

  /// find(), as a copy.
  /// @returns     A copy of the value; nothing if it is not there.
  /// @throws      What hashing, comparing and copying throw.
  /// @guarantee   Strong, but that the entry is the most recently used if copying threw.
  /// @complexity  O(1) and the copy. @invalidates Nothing. @concurrency Exclusive access to *this.
  template <typename Q = K>
    requires std::copy_constructible<V>
  [[nodiscard]] DEFT_TAGGED std::optional<V> get(const key_argument<Q>& key) {
    if (const V* const value = find<Q>(key)) return *value;
    return std::nullopt;
  }

  /// Looks an entry up and leaves the order as it is.
  /// @returns     Its value; null if it is not there.
  /// @throws      What hashing and comparing throw.
  /// @complexity  O(1). @concurrency Reads *this.
  template <typename Q = K>
  [[nodiscard]] DEFT_TAGGED const V* peek(const key_argument<Q>& key) const {
    const auto id = store_.find_slot(key);
    return id == detail::no_slot_id ? nullptr : std::addressof(store_.pool()[id].value.second);
  }

  /// Whether there is an entry; leaves the order as it is.
  /// @returns     That.
  /// @throws      What hashing and comparing throw.
  /// @complexity  O(1). @concurrency Reads *this.
  template <typename Q = K>
  [[nodiscard]] DEFT_TAGGED bool contains(const key_argument<Q>& key) const {
    return store_.find_slot(key) != detail::no_slot_id;
  }

  /// Stores a value, in place of the one the key may have had, and makes it the most recently used. If the
  /// cache is full, the least recently used entry leaves. `key` may be part of an entry, even that one.
  /// @returns     The value that is stored; null where max_size() is 0.
  /// @throws      What allocating, hashing, comparing, making the key and moving the value throw;
  ///              std::length_error beyond 2^28 entries.
  /// @guarantee   Strong.
  /// @complexity  O(1), amortised while it grows. @invalidates The entry that leaves.
  /// @concurrency Exclusive access to *this.
  /// @{
  template <typename Q = K>
  DEFT_TAGGED V* put(const key_argument<Q>& key, V value) {
    return store_.put(key, std::move(value));
  }

  DEFT_TAGGED V* put(K&& key, V value) { return store_.put(std::move(key), std::move(value)); }

  /// @}

  /// The value of the key; if there is none, stores `f()` (or `f(key)`). The entry is the most recently used
  /// then. f may use the cache: if it stores the key, that value stays and is returned.
  /// @returns     The value that is stored.
  /// @pre         max_size() is not 0, else traps: what would it return?
  /// @throws      What f throws: nothing is stored then. As put.
  /// @guarantee   Strong, but for what f itself does.
  /// @complexity  O(1) and f; a hit allocates nothing. @invalidates The entry that leaves.
  /// @concurrency Exclusive access to *this.
  template <typename Q = K, typename F>
  [[nodiscard]] DEFT_TAGGED V& find_or_compute(const key_argument<Q>& key, F&& f) {
    DEFT_PRECONDITION(max_size() != 0, "find_or_compute in an lru_cache of max_size 0");
    const std::uint32_t hash = store_.hash_of(key);
    if (V* const found = store_.find_and_touch(key, hash)) return *found;
    V value = compute(key, f);
    if (V* const found = store_.find_and_touch(key, hash)) return *found;
    V* const stored = store_.store(key, hash, std::move(value));
    DEFT_PRECONDITION(stored != nullptr, "a function resized its lru_cache to 0");
    return *stored;
  }

  /// find_or_compute(), as a copy; with max_size() 0 f runs in every call.
  /// @returns     A copy of the value.
  /// @throws      What f and copying throw. As put.
  /// @guarantee   Strong, but for what f itself does, and that the value stays stored if copying threw.
  /// @complexity  O(1), f and the copy. @invalidates The entry that leaves.
  /// @concurrency Exclusive access to *this.
  template <typename Q = K, typename F>
    requires std::copy_constructible<V>
  [[nodiscard]] DEFT_TAGGED V get_or_compute(const key_argument<Q>& key, F&& f) {
    const std::uint32_t hash = store_.hash_of(key);
    if (const V* const found = store_.find_and_touch(key, hash)) return *found;
    V value = compute(key, f);
    if (max_size() == 0) return value;
    if (const V* const found = store_.find_and_touch(key, hash)) return *found;
    const V* const stored = store_.store(key, hash, std::move(value));
    DEFT_PRECONDITION(stored != nullptr, "a copy or move resized its lru_cache to 0");
    return *stored;
  }

  /// Removes an entry. `key` may be part of it.
  /// @returns     Whether there was one.
  /// @throws      What hashing and comparing throw. @guarantee Strong.
  /// @complexity  O(1). @invalidates The entry. @concurrency Exclusive access to *this.
  template <typename Q = K>
  DEFT_TAGGED bool invalidate(const key_argument<Q>& key) {
    return store_.invalidate(store_.find_slot(key));
  }

  /// Removes all entries; keeps their memory.
  /// @complexity  O(n), and of the index. @invalidates Everything. @concurrency Exclusive access to *this.
  DEFT_TAGGED void clear() noexcept { store_.clear(); }

  /// Changes the bound. If there are more entries, the least recently used ones leave.
  /// @complexity  O(entries that leave). @invalidates The entries that leave.
  /// @concurrency Exclusive access to *this.
  DEFT_TAGGED void resize(size_type max_size) noexcept { store_.resize(max_size); }

  /// @returns     The number of entries.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED size_type size() const noexcept { return store_.pool().size(); }

  /// @returns     Whether there are none.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return size() == 0; }

  /// @returns     The bound; deft::unbounded: none.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED size_type max_size() const noexcept { return store_.max_size(); }

  /// The entries from the most to the least recently used. Iterating leaves the order as it is.
  /// @returns     A bidirectional iterator to std::pair<const K, V>.
  /// @complexity  O(1). @concurrency Reads *this.
  /// @{
  [[nodiscard]] DEFT_TAGGED iterator begin() noexcept { return {&store_.pool(), store_.pool().newest()}; }

  [[nodiscard]] DEFT_TAGGED iterator end() noexcept { return {&store_.pool(), detail::no_slot_id}; }

  [[nodiscard]] DEFT_TAGGED const_iterator begin() const noexcept {
    return {&store_.pool(), store_.pool().newest()};
  }

  [[nodiscard]] DEFT_TAGGED const_iterator end() const noexcept {
    return {&store_.pool(), detail::no_slot_id};
  }

  [[nodiscard]] DEFT_TAGGED const_iterator cbegin() const noexcept { return begin(); }

  [[nodiscard]] DEFT_TAGGED const_iterator cend() const noexcept { return end(); }

  /// @}

  /// @returns     A copy of the hash.
  /// @throws      What copying it throws.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED Hash hash_function() const { return store_.hash_function(); }

  /// @returns     A copy of the equality.
  /// @throws      What copying it throws.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED Equal key_eq() const { return store_.key_eq(); }

  /// @returns     A copy of the allocator.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] DEFT_TAGGED Allocator get_allocator() const noexcept { return store_.allocator(); }

 private:
  template <typename Q, typename F>
  DEFT_TAGGED static V compute(const Q& key, F& f) {
    if constexpr (std::is_invocable_v<F&, const Q&>) {
      return std::invoke(f, key);
    } else {
      return std::invoke(f);
    }
  }

  template <typename Other>
  DEFT_TAGGED void copy_entries(Other&& other) {
    other.store_.for_each_from_oldest([this](value_type& entry) {
      const K& key = entry.first;
      if constexpr (std::is_const_v<std::remove_reference_t<Other>>) {
        store_.store(key, store_.hash_of(key), std::as_const(entry.second));
      } else {
        store_.store(key, store_.hash_of(key), std::move(entry.second));
      }
    });
  }

  /// Swaps all but the functions.
  template <bool Propagates>
  DEFT_TAGGED void replace(lru_cache& other) noexcept {
    store_.swap_entries(other.store_);
    store_.swap_bound(other.store_);
    // Entries go back to the allocator that they are from.
    if constexpr (Propagates) store_.swap_allocator(other.store_);
  }

  store_type store_;
};

}  // namespace deft
