/// @file
/// What deft::lru_cache is made of: slots, their index, and the functions that know keys.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/core/hash.hpp"
#include "deft/memo/detail/id_table.hpp"
#include "deft/memo/detail/slot_pool.hpp"

namespace deft::detail {

/// The type of a key in a look-up: any that deduces where hash and equality are transparent, else K, to which
/// arguments convert.
template <bool Transparent>
struct key_argument_of {
  template <typename Q, typename K>
  using type = Q;
};

template <>
struct key_argument_of<false> {
  template <typename Q, typename K>
  using type = K;
};

/// Entries in the order of their use. An entry is made before another leaves for it, and nothing of the
/// user's runs between the first change and the last, so that all of it may throw, and use the cache.
template <typename K, typename V, typename Hash, typename Equal, typename Allocator>
class lru_store {
 public:
  static constexpr bool keeps_hash =
      !(std::is_same_v<Hash, deft::hash<K>> &&
        ((std::is_arithmetic_v<K> && sizeof(K) <= 8) || std::is_enum_v<K> || std::is_pointer_v<K>));

  using pool_type = slot_pool<std::pair<const K, V>, keeps_hash, Allocator>;

  DEFT_TAGGED lru_store(std::size_t max_size, const Hash& hash, const Equal& equal,
                        const Allocator& allocator)
      : max_size_(max_size), hash_(hash), equal_(equal), allocator_(allocator) {}

  /// With the same bound and functions, and no entries.
  DEFT_TAGGED lru_store(const lru_store& other, const Allocator& allocator)
      : lru_store(other.max_size_, other.hash_, other.equal_, allocator) {}

  lru_store(const lru_store&) = delete;
  lru_store& operator=(const lru_store&) = delete;

  DEFT_TAGGED ~lru_store() {
    max_size_ = 0;  // Whatever destructors put then is not stored.
    clear();
    pool_.free(allocator_);
    table_.free(allocator_);
  }

  [[nodiscard]] DEFT_TAGGED const pool_type& pool() const noexcept { return pool_; }

  [[nodiscard]] DEFT_TAGGED std::size_t max_size() const noexcept { return max_size_; }

  [[nodiscard]] DEFT_TAGGED const Hash& hash_function() const noexcept { return hash_; }

  [[nodiscard]] DEFT_TAGGED const Equal& key_eq() const noexcept { return equal_; }

  [[nodiscard]] DEFT_TAGGED const Allocator& allocator() const noexcept { return allocator_; }

  template <typename Q>
  [[nodiscard]] DEFT_TAGGED std::uint32_t hash_of(const Q& key) const {
    std::uint64_t hash = hash_(key);
    // std::hash of a number is the number: places need better bits.
    if constexpr (!requires { typename Hash::is_avalanching; }) hash = hash_integer(hash, 0);
    return static_cast<std::uint32_t>(hash >> 32);
  }

  template <typename Q>
  [[nodiscard]] DEFT_TAGGED slot_id find_slot(const Q& key) const {
    return find_slot(key, hash_of(key));
  }

  template <typename Q>
  [[nodiscard]] DEFT_TAGGED slot_id find_slot(const Q& key, std::uint32_t hash) const {
    if (table_.capacity() == 0) return no_slot_id;
    return table_.find(hash, [&](slot_id id) {
      if constexpr (keeps_hash) {
        if (pool_[id].hash != hash) return false;
      }
      return static_cast<bool>(equal_(pool_[id].value.first, key));
    });
  }

  template <typename Q>
  [[nodiscard]] DEFT_TAGGED V* find_and_touch(const Q& key, std::uint32_t hash) {
    const slot_id id = find_slot(key, hash);
    if (id == no_slot_id) return nullptr;
    pool_.touch(id);
    return std::addressof(pool_[id].value.second);
  }

  template <typename Q>
  DEFT_TAGGED V* put(Q&& key, V&& value) {
    const std::uint32_t hash = hash_of(key);
    if constexpr (replaces_in_place) {
      if (V* const found = find_and_touch(key, hash)) {
        // The old value ends its life when all is done: its destructor may use the cache.
        [[maybe_unused]] const V old = std::exchange(*found, std::move(value));
        return found;
      }
    }
    return store(std::forward<Q>(key), hash, std::move(value));
  }

  /// Makes an entry, then takes out what had the key or is too much, then puts the entry in.
  template <typename Q, typename U>
  DEFT_TAGGED V* store(Q&& key, std::uint32_t hash, U&& value) {
    if (max_size_ == 0) return nullptr;
    const slot_id old = find_slot(key, hash);
    make_room();
    const std::uint32_t changes_before = changes_;
    made_entry entry(*this, hash, std::forward<Q>(key), std::forward<U>(value));
    if (changes_ != changes_before) [[unlikely]]
      return store_again(entry, hash);
    return commit(entry, hash, old);
  }

  DEFT_TAGGED bool invalidate(slot_id id) noexcept {
    if (id == no_slot_id) return false;
    detach(id);
    destroy(id);
    return true;
  }

  DEFT_TAGGED void clear() noexcept {
    if (pool_.size() == 0) return;
    std::size_t left = pool_.size();
    slot_id id = pool_.unlink_all();
    table_.clear();
    ++changes_;
    for (; left != 0; --left) {
      const slot_id older = pool_[id].older;
      destroy(id);
      id = older;
    }
  }

  DEFT_TAGGED void resize(std::size_t max_size) noexcept {
    max_size_ = max_size;
    ++changes_;
    while (pool_.size() > max_size_) invalidate(pool_.oldest());
  }

  DEFT_TAGGED void swap_entries(lru_store& other) noexcept {
    pool_.swap(other.pool_);
    table_.swap(other.table_);
    ++changes_;
    ++other.changes_;
  }

  DEFT_TAGGED void swap_bound(lru_store& other) noexcept { std::swap(max_size_, other.max_size_); }

  DEFT_TAGGED void swap_allocator(lru_store& other) noexcept {
    using std::swap;
    swap(allocator_, other.allocator_);
  }

  DEFT_TAGGED void swap_functions(lru_store& other) {
    using std::swap;
    swap(hash_, other.hash_);
    swap(equal_, other.equal_);
  }

  DEFT_TAGGED void assign_functions(const lru_store& other) {
    hash_ = other.hash_;
    equal_ = other.equal_;
  }

  template <typename F>
  DEFT_TAGGED void for_each_from_oldest(F f) const {
    slot_id id = pool_.oldest();
    for (std::size_t i = 0; i < pool_.size(); ++i, id = pool_[id].newer) f(pool_[id].value);
  }

 private:
  using table_type = id_table<Allocator>;
  using traits = std::allocator_traits<Allocator>;

  static constexpr bool replaces_in_place =
      std::is_nothrow_move_constructible_v<V> && std::is_nothrow_move_assignable_v<V>;

  [[nodiscard]] DEFT_TAGGED std::uint32_t hash_of_slot(slot_id id) const noexcept {
    if constexpr (keeps_hash) {
      return pool_[id].hash;
    } else {
      return hash_of(pool_[id].value.first);
    }
  }

  /// Making the key or the value has used the cache: nothing that was looked up before is known any more.
  DEFT_TAGGED V* store_again(auto& entry, std::uint32_t hash) {
    if (max_size_ == 0) return nullptr;
    const slot_id old = find_slot(pool_[entry.id].value.first, hash);
    make_room();
    return commit(entry, hash, old);
  }

  DEFT_TAGGED V* commit(auto& entry, std::uint32_t hash, slot_id old) noexcept {
    if (old == no_slot_id && pool_.size() >= max_size_) old = pool_.oldest();
    if (old != no_slot_id) detach(old);
    const slot_id id = entry.release();
    table_.insert(hash, id);
    pool_.link_newest(id);
    ++changes_;
    V* const stored = std::addressof(pool_[id].value.second);
    if (old != no_slot_id) destroy(old);
    return stored;
  }

  /// A slot with an entry that is in no list yet.
  struct made_entry {
    template <typename Q, typename U>
    DEFT_TAGGED made_entry(lru_store& cache, [[maybe_unused]] std::uint32_t hash, Q&& key, U&& value)
        : owner(cache), id(cache.pool_.take()) {
      struct give_back_unless_made {
        lru_store& cache;
        slot_id id;
        bool made = false;

        DEFT_TAGGED ~give_back_unless_made() {
          if (!made) cache.pool_.give_back(id);
        }
      } guard{cache, id};

      auto& s = cache.pool_[id];
      if constexpr (keeps_hash) s.hash = hash;
      traits::construct(cache.allocator_, std::addressof(s.value), std::piecewise_construct,
                        std::forward_as_tuple(std::forward<Q>(key)),
                        std::forward_as_tuple(std::forward<U>(value)));
      guard.made = true;
    }

    made_entry(const made_entry&) = delete;
    made_entry& operator=(const made_entry&) = delete;

    DEFT_TAGGED ~made_entry() {
      if (id != no_slot_id) owner.destroy(id);
    }

    DEFT_TAGGED slot_id release() noexcept { return std::exchange(id, no_slot_id); }

    lru_store& owner;
    slot_id id;
  };

  /// For one more entry than there are, and one that is being made. Strong guarantee.
  DEFT_TAGGED void make_room() {
    const std::size_t most = std::min(max_size_, pool_type::max_slots - 1);
    if (!pool_.has_free_slot()) {
      if (pool_.slots() >= pool_type::max_slots) throw_length_error("deft: an lru_cache of 2^28 entries");
      pool_.grow(allocator_, most + 1);
    }
    if (pool_.size() < table_.capacity() || pool_.size() >= max_size_) return;
    table_type larger =
        table_type::make(allocator_, std::min(std::max<std::size_t>(20, 2 * table_.capacity()), most));
    slot_id id = pool_.newest();
    for (std::size_t i = 0; i < pool_.size(); ++i, id = pool_[id].older) larger.insert(hash_of_slot(id), id);
    table_.swap(larger);
    larger.free(allocator_);
  }

  /// Takes an entry out of the index and the list. It still lives.
  DEFT_TAGGED void detach(slot_id id) noexcept {
    table_.erase(hash_of_slot(id), id);
    pool_.unlink(id);
    ++changes_;
  }

  DEFT_TAGGED void destroy(slot_id id) noexcept {
    traits::destroy(allocator_, std::addressof(pool_[id].value));
    pool_.give_back(id);
  }

  pool_type pool_;
  table_type table_;
  std::size_t max_size_;
  std::uint32_t changes_ = 0;  // Of which entries there are.
  [[no_unique_address]] Hash hash_;
  [[no_unique_address]] Equal equal_;
  [[no_unique_address]] Allocator allocator_;
};

}  // namespace deft::detail
