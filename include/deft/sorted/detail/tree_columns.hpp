/// @file
/// What a counted tree keeps of its elements, and how: in place, or in boxes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"
#include "deft/sorted/detail/tree_node.hpp"

namespace deft::detail {

/// Elements that cannot be moved without a risk, or only at length, are kept in memory of their own, so that
/// moving one inside a tree never fails: hence every change of a tree happens as a whole or not at all.
template <typename T>
inline constexpr bool kept_in_box = !std::is_nothrow_move_constructible_v<T> || sizeof(T) > 256;

/// libstdc++'s std::string: a pointer to its characters, their number, and room for 15 of them, to which the
/// pointer points while they are there. That is its binary interface, which does not change. Moving one calls
/// memcpy for each short string; moving its four words, with the pointer put right, costs a fifth of that.
template <typename T>
inline constexpr bool is_four_word_string =
    is_cxx11_string<T> && std::is_same_v<T, std::string> && sizeof(T) == 32;

/// One column of a leaf: keys, or mapped values. `T` is void where a set has no mapped values.
template <typename T>
struct tree_column {
  using stored = std::conditional_t<kept_in_box<T>, T*, T>;
  static constexpr std::size_t size = sizeof(stored);
  static constexpr std::size_t alignment = alignof(stored);
  static constexpr bool trivial = std::is_trivially_copyable_v<stored>;

  [[nodiscard]] DEFT_TAGGED static T& at(stored* column, std::size_t i) noexcept {
    if constexpr (kept_in_box<T>) {
      return *column[i];
    } else {
      return column[i];
    }
  }

  /// Moves n to where nothing lives, from where nothing lives afterwards. The two may overlap.
  DEFT_TAGGED static void relocate(stored* from, std::size_t n, stored* to) noexcept {
    if constexpr (trivial) {
      if (n != 0) std::memmove(static_cast<void*>(to), static_cast<const void*>(from), n * sizeof(stored));
    } else if (to == from) {
      return;
    } else if (std::less<>()(to, from)) {
      for (std::size_t i = 0; i < n; ++i) relocate_one(from + i, to + i);
    } else {
      for (std::size_t i = n; i-- > 0;) relocate_one(from + i, to + i);
    }
  }

  template <typename Allocator>
  DEFT_TAGGED static void destroy(Allocator& allocator, stored* column, std::size_t n) noexcept {
    if constexpr (!trivial || kept_in_box<T>) {
      for (std::size_t i = 0; i < n; ++i) destroy_one(allocator, column + i);
    }
  }

  /// Makes an element, in a box if it is kept in one.
  template <typename Allocator, typename... Args>
  DEFT_TAGGED static void construct(Allocator& allocator, stored* to, Args&&... args) {
    using traits = typename std::allocator_traits<Allocator>::template rebind_traits<T>;
    typename traits::allocator_type own(allocator);
    if constexpr (kept_in_box<T>) {
      T* const box = traits::allocate(own, 1);

      struct guard {
        DEFT_TAGGED ~guard() {
          if (box != nullptr) traits::deallocate(own, box, 1);
        }

        typename traits::allocator_type& own;
        T* box;
      } giving_back{own, box};

      traits::construct(own, box, std::forward<Args>(args)...);
      giving_back.box = nullptr;
      *to = box;
    } else {
      traits::construct(own, to, std::forward<Args>(args)...);
    }
  }

  template <typename Allocator>
  DEFT_TAGGED static void destroy_one(Allocator& allocator, stored* at) noexcept {
    using traits = typename std::allocator_traits<Allocator>::template rebind_traits<T>;
    typename traits::allocator_type own(allocator);
    if constexpr (kept_in_box<T>) {
      traits::destroy(own, *at);
      traits::deallocate(own, *at, 1);
    } else {
      traits::destroy(own, at);
    }
  }

 private:
  DEFT_TAGGED static void relocate_one(stored* from, stored* to) noexcept {
    if constexpr (is_four_word_string<stored>) {
      const auto* const source = reinterpret_cast<const std::byte*>(from);
      auto* const target = reinterpret_cast<std::byte*>(to);
      const std::byte* characters;
      std::memcpy(&characters, source, sizeof(characters));
      const std::byte* const moved = characters == source + 16 ? target + 16 : characters;
      // Put together in one place, they would be loaded from there before they had arrived: 8 ns.
      std::byte length[8];
      std::byte room[16];
      std::memcpy(length, source + 8, sizeof(length));
      std::memcpy(room, source + 16, sizeof(room));
      std::memcpy(target, &moved, sizeof(moved));
      std::memcpy(target + 8, length, sizeof(length));
      std::memcpy(target + 16, room, sizeof(room));
      return;
    }
    std::construct_at(to, std::move(*from));
    std::destroy_at(from);
  }
};

template <>
struct tree_column<void> {
  struct stored {};

  static constexpr std::size_t size = 0;
  static constexpr std::size_t alignment = 1;
  static constexpr bool trivial = true;
};

/// Something that a column can take in, outside of it: one key, or one mapped value.
template <typename T, typename Allocator>
class tree_cell {
  using column = tree_column<T>;

 public:
  using stored = typename column::stored;

  template <typename... Args>
  DEFT_TAGGED explicit tree_cell(Allocator& allocator, Args&&... args) : allocator_(&allocator) {
    column::construct(allocator, std::addressof(stored_), std::forward<Args>(args)...);
  }

  /// Takes what is at `from` over, where nothing lives afterwards.
  DEFT_TAGGED tree_cell(Allocator& allocator, stored* from, std::nullptr_t) noexcept
      : allocator_(&allocator) {
    column::relocate(from, 1, std::addressof(stored_));
  }

  DEFT_TAGGED tree_cell(tree_cell&& other) noexcept : allocator_(std::exchange(other.allocator_, nullptr)) {
    if (allocator_ != nullptr) column::relocate(std::addressof(other.stored_), 1, std::addressof(stored_));
  }

  DEFT_TAGGED tree_cell& operator=(tree_cell&& other) noexcept {
    if (this == &other) return *this;
    if (allocator_ != nullptr) column::destroy_one(*allocator_, std::addressof(stored_));
    allocator_ = std::exchange(other.allocator_, nullptr);
    if (allocator_ != nullptr) column::relocate(std::addressof(other.stored_), 1, std::addressof(stored_));
    return *this;
  }

  DEFT_TAGGED ~tree_cell() {
    if (allocator_ != nullptr) column::destroy_one(*allocator_, std::addressof(stored_));
  }

  [[nodiscard]] DEFT_TAGGED T& value() noexcept { return column::at(std::addressof(stored_), 0); }

  [[nodiscard]] DEFT_TAGGED const T& value() const noexcept {
    return column::at(const_cast<stored*>(std::addressof(stored_)), 0);
  }

  /// Moves what it holds to where nothing lives.
  DEFT_TAGGED void release_to(stored* to) noexcept {
    column::relocate(std::addressof(stored_), 1, to);
    allocator_ = nullptr;
  }

 private:
  Allocator* allocator_;

  union {
    stored stored_;
  };
};

template <typename Allocator>
class tree_cell<void, Allocator> {
 public:
  using stored = typename tree_column<void>::stored;

  DEFT_TAGGED explicit tree_cell(Allocator& /*allocator*/) noexcept {}

  DEFT_TAGGED tree_cell(Allocator& /*allocator*/, stored* /*from*/, std::nullptr_t) noexcept {}
};

/// An element on its way into a tree or out of it. Moving it never fails. It refers to the tree's allocator.
template <typename Key, typename Mapped, typename Allocator>
struct tree_element {
  /// A set's: from the arguments of the key's constructor. A map's: from two tuples of arguments.
  template <typename... Args>
    requires std::is_void_v<Mapped>
  DEFT_TAGGED explicit tree_element(Allocator& allocator, Args&&... args)
      : key_cell(allocator, std::forward<Args>(args)...), mapped_cell(allocator) {}

  template <typename... KeyArgs, typename... MappedArgs>
  DEFT_TAGGED tree_element(Allocator& allocator, std::piecewise_construct_t, std::tuple<KeyArgs...> key_args,
                           std::tuple<MappedArgs...> mapped_args)
      : key_cell(made<Key>(allocator, std::move(key_args), std::index_sequence_for<KeyArgs...>())),
        mapped_cell(
            made<Mapped>(allocator, std::move(mapped_args), std::index_sequence_for<MappedArgs...>())) {}

  DEFT_TAGGED tree_element(tree_element&&) = default;
  DEFT_TAGGED tree_element& operator=(tree_element&&) = default;
  DEFT_TAGGED ~tree_element() = default;

  /// Takes over what lives at these places.
  DEFT_TAGGED tree_element(Allocator& allocator, typename tree_column<Key>::stored* key,
                           typename tree_column<Mapped>::stored* mapped) noexcept
      : key_cell(allocator, key, nullptr), mapped_cell(allocator, mapped, nullptr) {}

  [[nodiscard]] DEFT_TAGGED Key& key() noexcept { return key_cell.value(); }

  [[nodiscard]] DEFT_TAGGED const Key& key() const noexcept { return key_cell.value(); }

  [[nodiscard]] DEFT_TAGGED auto& mapped() noexcept
    requires(!std::is_void_v<Mapped>)
  {
    return mapped_cell.value();
  }

  tree_cell<Key, Allocator> key_cell;
  [[no_unique_address]] tree_cell<Mapped, Allocator> mapped_cell;

 private:
  template <typename T, typename Tuple, std::size_t... Index>
  DEFT_TAGGED static auto made(Allocator& allocator, [[maybe_unused]] Tuple args,
                               std::index_sequence<Index...>) -> tree_cell<T, Allocator> {
    return tree_cell<T, Allocator>(allocator, std::get<Index>(std::move(args))...);
  }
};

/// How many elements leaves have room for, and where their columns begin, counted from the leaf's header.
/// `Extra` bytes and then `ExtraEach` bytes per element lie before the keys.
template <typename Key, typename Mapped, std::size_t Extra, std::size_t ExtraEach>
struct tree_geometry {
  static constexpr std::size_t header = 32;
  static constexpr std::size_t element = tree_column<Key>::size + tree_column<Mapped>::size + ExtraEach;
  static constexpr std::size_t alignment =
      std::max({std::size_t{64}, tree_column<Key>::alignment, tree_column<Mapped>::alignment});

  /// Of a leaf of full size: about a KiB of elements; keys of 4 and of 8 bytes fill whole cache lines.
  static constexpr std::size_t full_capacity = [] {
    const std::size_t fit = tree_leaf_bytes / element;
    const std::size_t step = tree_column<Key>::size <= 8 ? 64 / tree_column<Key>::size : 8;
    const std::size_t capacity = fit / step * step;
    return std::min<std::size_t>(std::max(capacity, std::max<std::size_t>(step, 8)), 256);
  }();

  /// Of the smallest leaf, and then the next ones. Only a tree of one leaf has them.
  static constexpr bool has_small = alignment == 64 && tree_column<Key>::alignment <= 16 &&
                                    tree_column<Mapped>::alignment <= 16 && ExtraEach == 0;

  DEFT_TAGGED static constexpr std::size_t small_capacity(std::size_t bytes) noexcept {
    const std::size_t room = bytes - header;
    std::size_t capacity = room / element;
    while (capacity != 0 && leaf_bytes(capacity) > bytes) --capacity;
    return capacity;
  }

  /// The capacity of the leaf after one of `capacity`; 0 stands for none.
  DEFT_TAGGED static constexpr std::size_t next_capacity(std::size_t capacity) noexcept {
    if constexpr (!has_small) return full_capacity;
    for (std::size_t bytes = 64; bytes <= 512; bytes *= 2) {
      const std::size_t next = small_capacity(bytes);
      if (next > capacity && next < full_capacity) return next;
    }
    return full_capacity;
  }

  DEFT_TAGGED static constexpr std::size_t keys_at(std::size_t capacity) noexcept {
    const std::size_t behind_extra = Extra + ExtraEach * capacity;
    return header + (behind_extra + tree_column<Key>::alignment - 1) / tree_column<Key>::alignment *
                        tree_column<Key>::alignment;
  }

  DEFT_TAGGED static constexpr std::size_t mapped_at(std::size_t capacity) noexcept {
    const std::size_t keys_end = keys_at(capacity) - header + capacity * tree_column<Key>::size;
    return header + (keys_end + tree_column<Mapped>::alignment - 1) / tree_column<Mapped>::alignment *
                        tree_column<Mapped>::alignment;
  }

  /// From the header on.
  DEFT_TAGGED static constexpr std::size_t leaf_bytes(std::size_t capacity) noexcept {
    return mapped_at(capacity) + capacity * tree_column<Mapped>::size;
  }
};

}  // namespace deft::detail
