/// @file
/// How a shard keeps its entries: as words that are copied without a lock, or as nodes that are reached by a
/// pointer.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/eviction.hpp"
#include "deft/memo/detail/key_traits.hpp"
#include "deft/memo/detail/reclaim.hpp"
#include "deft/memo/handle.hpp"

namespace deft::detail {

/// Keys and values that are both a few words: they lie in the table, readers copy them, and a version that
/// has not changed says that the copy is whole.
template <typename K, typename V, typename Sync>
struct word_entries {
  using traits = key_traits<K>;
  using view = typename traits::view;

  static constexpr bool in_words = true;
  static constexpr bool trusted = true;
  static constexpr std::size_t key_words = traits::words;
  static constexpr std::size_t value_words = (sizeof(V) + 7) / 8;

  struct entry {
    typename Sync::template atomic<std::uint64_t> words[key_words + value_words];
  };

  /// A key as it is compared.
  struct needle {
    DEFT_TAGGED explicit needle(const view& key) noexcept { traits::encode(key, words.data()); }

    std::array<std::uint64_t, key_words> words;
  };

  /// What a reader takes with it out of an entry; the key is that of the needle.
  struct copy {
    [[nodiscard]] DEFT_TAGGED V value() const noexcept {
      std::array<std::byte, sizeof(V)> bytes;
      std::memcpy(bytes.data(), words.data(), sizeof(V));
      return std::bit_cast<V>(bytes);
    }

    std::array<std::uint64_t, value_words> words;
  };

  /// A pair before it is stored. Holds nothing that could be lost.
  struct made {
    DEFT_TAGGED made(const view& key, V&& given, std::uint64_t /*hash*/,
                     std::pmr::memory_resource* /*resource*/) noexcept
        : key_of(key), value(std::move(given)) {}

    [[nodiscard]] DEFT_TAGGED handle<V> pin() const noexcept { return handle_access::hold<V>(value); }

    [[nodiscard]] DEFT_TAGGED K key() const noexcept { return traits::decode(key_of.words.data()); }

    [[nodiscard]] DEFT_TAGGED const V& value_of() const noexcept { return value; }

    needle key_of;
    V value;
  };

  [[nodiscard]] DEFT_TAGGED static bool same_key(const entry& e, const needle& wanted) noexcept {
    for (std::size_t i = 0; i < key_words; ++i) {
      if (e.words[i].load(std::memory_order_acquire) != wanted.words[i]) return false;
    }
    return true;
  }

  DEFT_TAGGED static void read(const entry& e, copy& out) noexcept {
    for (std::size_t i = 0; i < value_words; ++i)
      out.words[i] = e.words[key_words + i].load(std::memory_order_acquire);
  }

  // Under the shard's lock:
  [[nodiscard]] DEFT_TAGGED static K key(const entry& e) noexcept {
    std::array<std::uint64_t, key_words> words;
    for (std::size_t i = 0; i < key_words; ++i) words[i] = e.words[i].load(std::memory_order_relaxed);
    return traits::decode(words.data());
  }

  [[nodiscard]] DEFT_TAGGED static std::uint64_t hash(const entry& e, std::uint64_t seed) noexcept {
    return traits::hash(traits::of(key(e)), seed);
  }

  [[nodiscard]] DEFT_TAGGED static handle<V> pin(const entry& e) noexcept {
    copy now;
    read(e, now);
    return handle_access::hold<V>(now.value());
  }

  DEFT_TAGGED static void write_value(entry& e, const V& value) noexcept {
    std::array<std::uint64_t, value_words> words{};
    std::memcpy(words.data(), std::addressof(value), sizeof(V));
    for (std::size_t i = 0; i < value_words; ++i)
      e.words[key_words + i].store(words[i], std::memory_order_release);
  }

  DEFT_TAGGED static void write(entry& e, const needle& key, const V& value) noexcept {
    for (std::size_t i = 0; i < key_words; ++i) e.words[i].store(key.words[i], std::memory_order_release);
    write_value(e, value);
  }

  DEFT_TAGGED static void write(entry& e, made& pair) noexcept { write(e, pair.key_of, pair.value); }

  DEFT_TAGGED static void move(entry& to, const entry& from) noexcept {
    for (std::size_t i = 0; i < key_words + value_words; ++i) {
      to.words[i].store(from.words[i].load(std::memory_order_relaxed), std::memory_order_relaxed);
    }
  }

  // A free entry links to the next free one.
  DEFT_TAGGED static void set_free(entry& e, entry_slot next) noexcept {
    e.words[0].store(next, std::memory_order_release);
  }

  [[nodiscard]] DEFT_TAGGED static entry_slot next_free(const entry& e) noexcept {
    return static_cast<entry_slot>(e.words[0].load(std::memory_order_relaxed));
  }

  /// An entry, held beyond the lock.
  struct held {
    DEFT_TAGGED explicit held(const entry& e) noexcept : key(word_entries::key(e)) { read(e, bytes); }

    template <typename F>
    DEFT_TAGGED void show(F f) const {
      const V value = bytes.value();
      f(key, value);
    }

    /// Whether the entry still has this value.
    [[nodiscard]] DEFT_TAGGED bool is(const entry& e) const noexcept {
      copy now;
      read(e, now);
      return now.words == bytes.words;
    }

    K key;
    copy bytes;
  };
};

/// A key and a value, never changed, freed when no reader can have it and no handle does.
template <typename K, typename V>
struct node : value_block<V>, retired {
  using view = typename key_traits<K>::view;

  DEFT_TAGGED node(std::pmr::memory_resource* from, std::uint64_t hash_of_key, const view& k, V&& v)
      : value_block<V>(&destroy_node, std::move(v)),
        resource(from),
        hash(hash_of_key),
        key(key_traits<K>::make(k)) {
    this->free = [](retired* r) noexcept { static_cast<node*>(r)->release(); };
  }

  DEFT_TAGGED static node* make(std::pmr::memory_resource* resource, std::uint64_t hash, const view& key,
                                V&& value) {
    struct allocation {
      std::pmr::memory_resource* resource;
      void* memory = resource->allocate(sizeof(node), alignof(node));

      DEFT_TAGGED ~allocation() {
        if (memory != nullptr) resource->deallocate(memory, sizeof(node), alignof(node));
      }
    } room{resource};

    auto* const made = new (room.memory) node(resource, hash, key, std::move(value));
    room.memory = nullptr;
    return made;
  }

  std::pmr::memory_resource* resource;
  std::uint64_t hash;
  K key;

 private:
  DEFT_TAGGED static void destroy_node(value_block<V>* block) noexcept {
    auto* const self = static_cast<node*>(block);
    std::pmr::memory_resource* const resource = self->resource;
    self->~node();
    resource->deallocate(self, sizeof(node), alignof(node));
  }
};

/// Any other keys and values. The table holds a pointer, and one reference.
template <typename K, typename V, typename Sync>
struct node_entries {
  using traits = key_traits<K>;
  using view = typename traits::view;
  using node_type = node<K, V>;

  static constexpr bool in_words = false;
  static constexpr bool trusted = traits::trusted;

  struct entry {
    typename Sync::template atomic<std::uintptr_t> bits{1};
  };

  struct needle {
    DEFT_TAGGED needle(const view& k, std::uint64_t h) noexcept : key(k), hash(h) {}

    const view& key;
    std::uint64_t hash;
  };

  struct made {
    DEFT_TAGGED made(const view& key, V&& value, std::uint64_t hash, std::pmr::memory_resource* resource)
        : owned(node_type::make(resource, hash, key, std::move(value))) {}

    made(const made&) = delete;
    made& operator=(const made&) = delete;

    DEFT_TAGGED ~made() {
      if (owned != nullptr) owned->release();
    }

    [[nodiscard]] DEFT_TAGGED handle<V> pin() const noexcept { return pin_node(owned); }

    [[nodiscard]] DEFT_TAGGED const K& key() const noexcept { return owned->key; }

    [[nodiscard]] DEFT_TAGGED const V& value_of() const noexcept { return owned->value; }

    node_type* owned;
  };

  [[nodiscard]] DEFT_TAGGED static handle<V> pin_node(node_type* n) noexcept {
    if constexpr (is_word_value<V>) {
      return handle_access::hold<V>(n->value);
    } else {
      n->retain();
      return handle_access::adopt<V>(n);
    }
  }

  /// Runs the user's equality, unless trusted.
  [[nodiscard]] DEFT_TAGGED static bool same_key(const node_type& n, const needle& wanted) {
    return traits::equal(n.key, wanted.key);
  }

  /// The entry's node; null if it is free just now.
  [[nodiscard]] DEFT_TAGGED static node_type* load(const entry& e) noexcept {
    const std::uintptr_t bits = e.bits.load(std::memory_order_acquire);
    return (bits & 1) != 0 ? nullptr : reinterpret_cast<node_type*>(bits);
  }

  DEFT_TAGGED static void store(entry& e, node_type* n) noexcept {
    e.bits.store(reinterpret_cast<std::uintptr_t>(n), std::memory_order_release);
  }

  [[nodiscard]] DEFT_TAGGED static std::uint64_t hash(const entry& e, std::uint64_t /*seed*/) noexcept {
    return load(e)->hash;
  }

  [[nodiscard]] DEFT_TAGGED static handle<V> pin(const entry& e) noexcept { return pin_node(load(e)); }

  DEFT_TAGGED static void write(entry& e, made& pair) noexcept {
    store(e, std::exchange(pair.owned, nullptr));
  }

  DEFT_TAGGED static void move(entry& to, const entry& from) noexcept {
    to.bits.store(from.bits.load(std::memory_order_relaxed), std::memory_order_relaxed);
  }

  // A free entry links to the next free one, and is odd, which no node's address is.
  DEFT_TAGGED static void set_free(entry& e, entry_slot next) noexcept {
    e.bits.store(std::uintptr_t{next} << 1 | 1, std::memory_order_release);
  }

  [[nodiscard]] DEFT_TAGGED static entry_slot next_free(const entry& e) noexcept {
    return static_cast<entry_slot>(e.bits.load(std::memory_order_relaxed) >> 1);
  }

  struct held {
    DEFT_TAGGED explicit held(const entry& e) noexcept : n(load(e)) { n->retain(); }

    DEFT_TAGGED held(held&& other) noexcept : n(std::exchange(other.n, nullptr)) {}

    held& operator=(held&&) = delete;

    DEFT_TAGGED ~held() {
      if (n != nullptr) n->release();
    }

    template <typename F>
    DEFT_TAGGED void show(F f) const {
      f(std::as_const(n->key), std::as_const(n->value));
    }

    [[nodiscard]] DEFT_TAGGED bool is(const entry& e) const noexcept { return load(e) == n; }

    node_type* n;
  };
};

template <typename K, typename V, typename Sync>
using entries_for = std::conditional_t<key_traits<K>::is_words && is_word_value<V>, word_entries<K, V, Sync>,
                                       node_entries<K, V, Sync>>;

}  // namespace deft::detail
