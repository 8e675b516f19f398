/// @file
/// The nodes that a counted tree owns, and the ways from one to another.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/tree_columns.hpp"
#include "deft/sorted/detail/tree_kernels.hpp"
#include "deft/sorted/detail/tree_keys.hpp"
#include "deft/sorted/detail/tree_node.hpp"
#include "deft/sorted/detail/tree_string_keys.hpp"

namespace deft::detail {

struct tree_inspector;  // looks inside, for tests

/// A cache line, or as much as elements ask to be aligned to: what full-size nodes are counted in.
template <std::size_t Alignment>
struct alignas(Alignment) tree_line {
  std::byte bytes[Alignment];
};

/// What a tree is made of.
template <typename KeyType, typename MappedType, typename CompareType, typename AllocatorType, bool IsUnique>
struct tree_types {
  using key_type = KeyType;
  using mapped_type = MappedType;
  using compare = CompareType;
  using allocator = AllocatorType;
  using keys = tree_keys<KeyType, CompareType>;
  using key_column = tree_column<KeyType>;
  using mapped_column = tree_column<MappedType>;
  using stored_key = typename key_column::stored;
  using stored_mapped = typename mapped_column::stored;
  using geometry = tree_geometry<KeyType, MappedType, keys::extra, keys::extra_each>;
  using element = tree_element<KeyType, MappedType, AllocatorType>;
  static constexpr bool unique = IsUnique;
  static constexpr bool is_map = !std::is_void_v<MappedType>;
  static constexpr key_kind kind = kind_of_key<KeyType, CompareType>();
};

/// Allocation, columns and navigation, without an idea of order.
template <typename Types>
class tree_nodes {
 public:
  using types = Types;
  using allocator_type = typename Types::allocator;
  using keys = typename Types::keys;
  using geometry = typename Types::geometry;
  using key_column = typename Types::key_column;
  using mapped_column = typename Types::mapped_column;
  using element = typename Types::element;
  using key_type = typename Types::key_type;
  using mapped_type = typename Types::mapped_type;
  using stored_key = typename Types::stored_key;
  using stored_mapped = typename Types::stored_mapped;
  static constexpr std::uint32_t full_capacity = geometry::full_capacity;
  static constexpr std::size_t max_size = std::numeric_limits<std::uint32_t>::max();

  tree_nodes(const tree_nodes&) = delete;
  tree_nodes& operator=(const tree_nodes&) = delete;

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return size_; }

  [[nodiscard]] DEFT_TAGGED const allocator_type& allocator() const noexcept { return allocator_; }

  [[nodiscard]] DEFT_TAGGED allocator_type& allocator() noexcept { return allocator_; }

  /// Of the nodes and boxes. O(n / 1,000).
  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept {
    std::size_t boxes = 0;
    if constexpr (kept_in_box<key_type>) boxes += sizeof(key_type);
    if constexpr (Types::is_map) {
      if constexpr (kept_in_box<mapped_type>) boxes += sizeof(mapped_type);
    }
    return (root_ == nullptr ? 0 : memory_below(root_, height_)) + boxes * size_;
  }

  [[nodiscard]] DEFT_TAGGED tree_node* first_leaf() const noexcept { return first_; }

  [[nodiscard]] DEFT_TAGGED tree_place begin_place() const noexcept { return {first_, 0}; }

  [[nodiscard]] DEFT_TAGGED tree_place end_place() const noexcept {
    return {last_, last_ == nullptr ? 0U : last_->count};
  }

  [[nodiscard]] DEFT_TAGGED static const key_type& key(tree_place at) noexcept {
    return keys::key(at.leaf, at.slot);
  }

  [[nodiscard]] DEFT_TAGGED static auto& mapped(tree_place at) noexcept
    requires Types::is_map
  {
    return mapped_column::at(mapped_of(at.leaf), at.slot);
  }

  /// The keys of a leaf, one after the other, unless they are kept in boxes.
  [[nodiscard]] DEFT_TAGGED static stored_key* keys_of(tree_node* leaf) noexcept { return keys::keys(leaf); }

  [[nodiscard]] DEFT_TAGGED static stored_mapped* mapped_of(tree_node* leaf) noexcept {
    return node_bytes<stored_mapped>(leaf, geometry::mapped_at(leaf->capacity));
  }

  /// The place after `at`, which is an element's.
  [[nodiscard]] DEFT_TAGGED static tree_place next(tree_place at) noexcept {
    ++at.slot;
    if (at.slot == at.leaf->count && at.leaf->next != nullptr) return {at.leaf->next, 0};
    return at;
  }

  /// The place before `at`, which is not the first.
  [[nodiscard]] DEFT_TAGGED static tree_place previous(tree_place at) noexcept {
    if (at.slot != 0) return {at.leaf, at.slot - 1};
    return {at.leaf->previous, at.leaf->previous->count - 1U};
  }

  /// An element's place for one that may be the end of its leaf; the end of the last leaf stays.
  [[nodiscard]] DEFT_TAGGED static tree_place normal(tree_place at) noexcept {
    if (at.leaf != nullptr && at.slot == at.leaf->count && at.leaf->next != nullptr)
      return {at.leaf->next, 0};
    return at;
  }

  /// How many elements precede `at`.
  [[nodiscard]] DEFT_TAGGED static std::size_t position(tree_place at) noexcept {
    std::size_t before = at.slot;
    for (tree_node* node = at.leaf; node != nullptr && node->parent != nullptr; node = node->parent) {
      const std::uint32_t slot = slot_of(node);
      if (slot != 0) before += node->parent->counts[slot - 1];
    }
    return before;
  }

  /// The place of element `i`, or the end.
  [[nodiscard]] DEFT_TAGGED tree_place nth(std::size_t i) const noexcept {
    if (i >= size_) return end_place();
    if (height_ == 0) return {root_, static_cast<std::uint32_t>(i)};
    return counting_->nth(root_, height_, i);
  }

 protected:
  DEFT_TAGGED explicit tree_nodes(const allocator_type& allocator)
      : allocator_(allocator), counting_(&tree_count_kernels_now()) {}

  DEFT_TAGGED ~tree_nodes() { drop(); }

  DEFT_TAGGED static tree_inner* inner(tree_node* node) noexcept { return static_cast<tree_inner*>(node); }

  DEFT_TAGGED static std::uint32_t slot_of(const tree_node* node) noexcept {
    std::uint32_t slot = 0;
    while (node->parent->children[slot] != node) ++slot;
    return slot;
  }

  /// How many elements lie below a node `level` levels above the leaves.
  DEFT_TAGGED static std::uint32_t elements_of(tree_node* node, std::uint32_t level) noexcept {
    return level == 0 ? node->count : inner(node)->counts[node->count - 1];
  }

  DEFT_TAGGED static tree_node* leftmost_leaf(tree_node* node, std::uint32_t level) noexcept {
    for (; level != 0; --level) node = inner(node)->children[0];
    return node;
  }

  // Memory. Nothing but these functions knows that full-size nodes begin behind a block's first bytes.

  static constexpr std::size_t full_alignment = geometry::alignment;
  using full_line = tree_line<full_alignment>;
  using inner_line = tree_line<64>;
  using small_line = tree_line<16>;

  template <typename Line>
  DEFT_TAGGED static constexpr std::size_t lines(std::size_t bytes) noexcept {
    return (bytes + sizeof(Line) - 1) / sizeof(Line);
  }

  DEFT_TAGGED static constexpr std::size_t lead(std::size_t alignment) noexcept {
    return alignment - sizeof(tree_node);
  }

  template <typename Line>
  DEFT_TAGGED std::byte* allocate(std::size_t bytes) {
    using traits = typename std::allocator_traits<allocator_type>::template rebind_traits<Line>;
    static_assert(std::is_pointer_v<typename traits::pointer>,
                  "deft's trees take allocators whose pointer is a plain pointer");
    typename traits::allocator_type own(allocator_);
    Line* const block = traits::allocate(own, lines<Line>(bytes));
    return reinterpret_cast<std::byte*>(block);
  }

  template <typename Line>
  DEFT_TAGGED void deallocate(std::byte* block, std::size_t bytes) noexcept {
    using traits = typename std::allocator_traits<allocator_type>::template rebind_traits<Line>;
    typename traits::allocator_type own(allocator_);
    traits::deallocate(own, reinterpret_cast<Line*>(block), lines<Line>(bytes));
  }

  DEFT_TAGGED tree_node* new_leaf(std::uint32_t capacity) {
    const std::size_t bytes = geometry::leaf_bytes(capacity);
    std::byte* where;
    if (capacity == full_capacity) {
      where = allocate<full_line>(lead(full_alignment) + bytes) + lead(full_alignment);
    } else {
      where = allocate<small_line>(bytes);
    }
    return ::new (static_cast<void*>(where))
        tree_node{nullptr, 0, static_cast<std::uint16_t>(capacity), 0, nullptr, nullptr};
  }

  /// Of a leaf without elements.
  DEFT_TAGGED void free_leaf(tree_node* leaf) noexcept {
    const std::size_t bytes = geometry::leaf_bytes(leaf->capacity);
    auto* const where = reinterpret_cast<std::byte*>(leaf);
    if (leaf->capacity == full_capacity) {
      deallocate<full_line>(where - lead(full_alignment), lead(full_alignment) + bytes);
    } else {
      deallocate<small_line>(where, bytes);
    }
  }

  static constexpr std::size_t inner_bytes = lead(64) + sizeof(tree_inner) + keys::separator_bytes;

  DEFT_TAGGED tree_inner* new_inner() {
    auto* const node = ::new (static_cast<void*>(allocate<inner_line>(inner_bytes) + lead(64))) tree_inner;
    node->parent = nullptr;
    node->count = 0;
    node->capacity = 0;
    node->generation = 0;
    node->previous = nullptr;
    node->next = nullptr;
    return node;
  }

  DEFT_TAGGED void free_inner(tree_node* node) noexcept {
    deallocate<inner_line>(reinterpret_cast<std::byte*>(node) - lead(64), inner_bytes);
  }

  // Elements of leaves.

  /// Makes room at `slot` of a leaf that has some, and puts the element there. Counts nothing further up.
  DEFT_TAGGED static void place_in(tree_node* leaf, std::uint32_t slot, element& e) noexcept {
    stored_key* const all = keys_of(leaf);
    const std::uint32_t behind = leaf->count - slot;
    key_column::relocate(all + slot, behind, all + slot + 1);
    if constexpr (Types::is_map) {
      stored_mapped* const values = mapped_of(leaf);
      mapped_column::relocate(values + slot, behind, values + slot + 1);
      e.mapped_cell.release_to(values + slot);
    }
    keys::opened(leaf, slot);
    e.key_cell.release_to(all + slot);
    ++leaf->count;
    ++leaf->generation;
    keys::inserted(leaf, slot);
  }

  /// Closes the gap of n elements at `slot` that are gone already.
  DEFT_TAGGED static void close_gap(tree_node* leaf, std::uint32_t slot, std::uint32_t n) noexcept {
    stored_key* const all = keys_of(leaf);
    const std::uint32_t behind = leaf->count - slot - n;
    key_column::relocate(all + slot + n, behind, all + slot);
    if constexpr (Types::is_map) {
      stored_mapped* const values = mapped_of(leaf);
      mapped_column::relocate(values + slot + n, behind, values + slot);
    }
    keys::closed(leaf, slot, n);
    leaf->count = static_cast<std::uint16_t>(leaf->count - n);
    ++leaf->generation;
  }

  /// Moves n elements from `slot` of one leaf to `to_slot` of another, which has nothing living there. Counts
  /// are the caller's.
  DEFT_TAGGED static void relocate(tree_node* from, std::uint32_t slot, std::uint32_t n, tree_node* to,
                                   std::uint32_t to_slot) noexcept {
    key_column::relocate(keys_of(from) + slot, n, keys_of(to) + to_slot);
    if constexpr (Types::is_map) mapped_column::relocate(mapped_of(from) + slot, n, mapped_of(to) + to_slot);
  }

  /// Moves the last n elements of a leaf to the front of another.
  DEFT_TAGGED static void move_back_to_front(tree_node* from, tree_node* to, std::uint32_t n) noexcept {
    relocate(to, 0, to->count, to, n);
    relocate(from, from->count - n, n, to, 0);
    finish_move(from, to, n);
  }

  /// Moves the first n elements of a leaf to the back of another.
  DEFT_TAGGED static void move_front_to_back(tree_node* from, tree_node* to, std::uint32_t n) noexcept {
    relocate(from, 0, n, to, to->count);
    relocate(from, n, from->count - n, from, 0);
    finish_move(from, to, n);
  }

  DEFT_TAGGED void destroy_elements(tree_node* leaf, std::uint32_t slot, std::uint32_t n) noexcept {
    key_column::destroy(allocator_, keys_of(leaf) + slot, n);
    if constexpr (Types::is_map) mapped_column::destroy(allocator_, mapped_of(leaf) + slot, n);
  }

  DEFT_TAGGED void link_after(tree_node* leaf, tree_node* added) noexcept {
    added->previous = leaf;
    added->next = leaf->next;
    (leaf->next == nullptr ? last_ : leaf->next->previous) = added;
    leaf->next = added;
  }

  DEFT_TAGGED void unlink(tree_node* leaf) noexcept {
    (leaf->previous == nullptr ? first_ : leaf->previous->next) = leaf->next;
    (leaf->next == nullptr ? last_ : leaf->next->previous) = leaf->previous;
  }

  /// Adds to the counts on the way up from a leaf whose slots are not known.
  DEFT_TAGGED static void add_above(tree_node* leaf, std::uint32_t change) noexcept {
    for (tree_node* node = leaf; node->parent != nullptr; node = node->parent) {
      tree_inner* const parent = node->parent;
      for (std::uint32_t i = slot_of(node); i < parent->count; ++i) parent->counts[i] += change;
    }
  }

  /// Frees everything; the tree is empty then.
  DEFT_TAGGED void drop() noexcept {
    if (root_ != nullptr) drop_below(root_, height_);
    forget();
  }

  DEFT_TAGGED void forget() noexcept {
    root_ = first_ = last_ = nullptr;
    size_ = 0;
    height_ = 0;
  }

  /// Frees a subtree with its elements.
  DEFT_TAGGED void drop_below(tree_node* node, std::uint32_t level) noexcept {
    if (level == 0) {
      destroy_elements(node, 0, node->count);
      free_leaf(node);
      return;
    }
    for (std::uint32_t i = 0; i < node->count; ++i) drop_below(inner(node)->children[i], level - 1);
    free_inner(node);
  }

  /// Takes all that `other` owns, which this tree's allocator can free. This tree is empty.
  DEFT_TAGGED void take(tree_nodes& other) noexcept {
    root_ = other.root_;
    first_ = other.first_;
    last_ = other.last_;
    size_ = other.size_;
    height_ = other.height_;
    other.forget();
  }

  DEFT_TAGGED void exchange_nodes(tree_nodes& other) noexcept {
    std::swap(root_, other.root_);
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(size_, other.size_);
    std::swap(height_, other.height_);
  }

  tree_node* root_ = nullptr;
  tree_node* first_ = nullptr;
  tree_node* last_ = nullptr;
  std::size_t size_ = 0;
  std::uint32_t height_ = 0;
  [[no_unique_address]] allocator_type allocator_;
  const tree_count_kernels* counting_;

 private:
  friend tree_inspector;

  DEFT_TAGGED static std::size_t memory_below(tree_node* node, std::uint32_t level) noexcept {
    if (level == 0) {
      const std::size_t bytes = geometry::leaf_bytes(node->capacity);
      if (node->capacity != full_capacity) return lines<small_line>(bytes) * sizeof(small_line);
      return lines<full_line>(lead(full_alignment) + bytes) * sizeof(full_line);
    }
    std::size_t all = lines<inner_line>(inner_bytes) * sizeof(inner_line);
    if (level == 1) return all + node->count * memory_below(inner(node)->children[0], 0);
    for (std::uint32_t i = 0; i < node->count; ++i) all += memory_below(inner(node)->children[i], level - 1);
    return all;
  }

  DEFT_TAGGED static void finish_move(tree_node* from, tree_node* to, std::uint32_t n) noexcept {
    from->count = static_cast<std::uint16_t>(from->count - n);
    to->count = static_cast<std::uint16_t>(to->count + n);
    ++from->generation;
    ++to->generation;
    keys::rebuilt(from);
    keys::rebuilt(to);
  }
};

}  // namespace deft::detail
