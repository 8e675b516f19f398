/// @file
/// How a counted tree makes room and closes gaps: leaves share with their neighbours before they split in two
/// or two into three, and merge when they are nearly empty (Bayer and McCreight, "Organization and
/// maintenance of large ordered indexes", 1972; Knuth's B*-trees, The Art of Computer Programming 3, 6.2.4).
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/tree_nodes.hpp"

namespace deft::detail {

/// Changes of shape. None of these functions compares keys, and none fails once it has changed something.
template <typename Types>
class tree_shape : public tree_nodes<Types> {
  using nodes = tree_nodes<Types>;

 protected:
  using nodes::first_;
  using nodes::height_;
  using nodes::last_;
  using nodes::root_;
  using nodes::size_;
  using typename nodes::element;
  using typename nodes::geometry;
  using typename nodes::keys;

  using nodes::full_capacity;
  using nodes::inner;
  using nodes::slot_of;

  DEFT_TAGGED explicit tree_shape(const typename nodes::allocator_type& allocator) : nodes(allocator) {}

  DEFT_TAGGED ~tree_shape() = default;

  /// Leaves below this merge with a neighbour, or take from it.
  static constexpr std::uint32_t low_count = full_capacity / 4;
  /// Elements that come before all others move all of the first leaf, so it is halved when it gets to this
  /// many. One that has more has grown by others, and is left to be filled.
  static constexpr std::uint32_t front_count = std::max<std::uint32_t>(low_count, 8);
  /// A neighbour with less room than this is not worth sharing with.
  static constexpr std::uint32_t sharing_room = std::max<std::uint32_t>(full_capacity / 8, 2);

  /// Nodes that a change is going to need, had beforehand so that it cannot fail halfway.
  class reserve {
   public:
    DEFT_TAGGED explicit reserve(tree_shape& tree) : tree_(&tree) {}

    reserve(const reserve&) = delete;
    reserve& operator=(const reserve&) = delete;

    DEFT_TAGGED ~reserve() {
      while (inner_count_ != 0) tree_->free_inner(inners_[--inner_count_]);
      if (leaf_ != nullptr) tree_->free_leaf(leaf_);
    }

    DEFT_TAGGED void add_leaf() { leaf_ = tree_->new_leaf(full_capacity); }

    DEFT_TAGGED void add_inner() {
      inners_[inner_count_] = tree_->new_inner();
      ++inner_count_;
    }

    /// For a child next to `node`: one for every full node above it, and perhaps a root.
    DEFT_TAGGED void add_inners_above(tree_node* node) {
      for (tree_inner* above = node->parent;; above = above->parent) {
        if (above == nullptr) return add_inner();
        if (above->count != tree_fanout) return;
        add_inner();
      }
    }

    DEFT_TAGGED tree_node* take_leaf() noexcept { return std::exchange(leaf_, nullptr); }

    DEFT_TAGGED tree_inner* take_inner() noexcept { return inners_[--inner_count_]; }

   private:
    tree_shape* tree_;
    tree_node* leaf_ = nullptr;
    tree_inner* inners_[tree_height_limit];
    std::uint32_t inner_count_ = 0;
  };

  /// Room for one more element at a place whose leaf is full, or in an empty tree.
  /// @returns Where that place is now. Whoever fills it calls first_changed() where its slot is 0.
  DEFT_TAGGED tree_place make_room(tree_place at) {
    if (at.leaf == nullptr) {
      root_ = first_ = last_ = this->new_leaf(next_capacity(0));
      return {root_, 0};
    }
    if (at.leaf->capacity != full_capacity) return grow(at);
    tree_inner* const parent = at.leaf->parent;
    const bool at_end = at.leaf == last_ && at.slot == at.leaf->count;
    const bool at_begin = at.leaf == first_ && at.slot == 0;
    if (parent == nullptr || at_end || at_begin) return split(at, at_end, at_begin);
    const std::uint32_t slot = slot_of(at.leaf);
    tree_node* const left = slot == 0 ? nullptr : parent->children[slot - 1];
    tree_node* const right = slot + 1U == parent->count ? nullptr : parent->children[slot + 1];
    const std::uint32_t left_room = left == nullptr ? 0 : full_capacity - left->count;
    const std::uint32_t right_room = right == nullptr ? 0 : full_capacity - right->count;
    if (std::max(left_room, right_room) >= sharing_room) {
      if (left_room >= right_room) return share(parent, slot - 1, left->count + at.slot);
      return share(parent, slot, at.slot);
    }
    if (right != nullptr) return split_two(parent, slot, at.slot);
    if (left != nullptr) return split_two(parent, slot - 1, left->count + at.slot);
    return split(at, false, false);
  }

  /// Puts an element before all others of a tree of several leaves, the first of which is not full.
  DEFT_TAGGED tree_place put_first(element& e) {
    static constexpr std::uint8_t first_children[tree_height_limit]{};
    if (first_->count == front_count) halve_first();
    nodes::place_in(first_, 0, e);
    nodes::counting_->add(first_, height_, first_children, 1);
    ++size_;
    return {first_, 0};
  }

  /// Removes n elements of a leaf, and mends the tree.
  /// @returns The place of the element behind them.
  DEFT_TAGGED tree_place remove(tree_place at, std::uint32_t n) noexcept {
    this->destroy_elements(at.leaf, at.slot, n);
    return removed(at, n);
  }

  /// As remove(), for elements that are gone already.
  DEFT_TAGGED tree_place removed(tree_place at, std::uint32_t n) noexcept {
    nodes::close_gap(at.leaf, at.slot, n);
    nodes::add_above(at.leaf, 0U - n);
    size_ -= n;
    return mend(at);
  }

  /// Puts the leaf of a place, some of whose elements are gone, in order.
  DEFT_TAGGED tree_place mend(tree_place at) noexcept {
    tree_node* const leaf = at.leaf;
    tree_inner* const parent = leaf->parent;
    if (leaf->count == 0) return remove_leaf(leaf);
    if (at.slot == 0 && keys::separators_follow) first_changed(leaf);
    // The first leaf may be small: what is taken from its front would have it filled again and again.
    const bool at_begin = leaf == first_ && at.slot == 0;
    if (leaf->count >= low_count || at_begin || parent == nullptr || parent->count == 1)
      return nodes::normal(at);
    const std::uint32_t own_slot = slot_of(leaf);
    const std::uint32_t slot = own_slot == 0 ? 0 : own_slot - 1;
    tree_node* const left = parent->children[slot];
    tree_node* const right = parent->children[slot + 1];
    const std::uint32_t position = leaf == left ? at.slot : left->count + at.slot;
    if (left->count + right->count > full_capacity / 4 * 3) {
      even_out(parent, slot);
      if (position < left->count) return {left, position};
      return nodes::normal({right, position - left->count});
    }
    nodes::move_front_to_back(right, left, right->count);
    this->unlink(right);
    this->free_leaf(right);
    remove_child(parent, slot + 1);
    return nodes::normal({left, position});
  }

  /// After the first key of `node` became another one.
  DEFT_TAGGED void first_changed(tree_node* node) noexcept {
    tree_node* leaf = node;
    while (node->parent != nullptr) {
      const std::uint32_t slot = slot_of(node);
      if (slot != 0) {
        keys::set_separator(node->parent, slot, leaf);
        return;
      }
      node = node->parent;
    }
  }

  /// Puts `added` behind the child `beside` of the same level, whose elements `beside` has been counted with.
  DEFT_TAGGED void insert_child(tree_node* beside, tree_node* added, std::uint32_t level,
                                reserve& more) noexcept {
    tree_inner* parent = beside->parent;
    if (parent == nullptr) return new_root(beside, added, level, more);
    std::uint32_t slot = slot_of(beside);
    if (parent->count == tree_fanout) {
      split_inner(parent, slot, level + 1, more);
      if (slot >= parent->count) {
        slot -= parent->count;
        parent = beside->parent;
      }
    }
    const std::uint32_t before = slot == 0 ? 0 : parent->counts[slot - 1];
    const std::uint32_t moved = parent->count - slot - 1U;
    std::memmove(parent->children + slot + 2, parent->children + slot + 1, moved * sizeof(tree_node*));
    keys::move_separators(parent, slot + 1, moved, parent, slot + 2);
    std::memmove(parent->counts + slot + 1, parent->counts + slot, (moved + 1) * sizeof(std::uint32_t));
    parent->counts[slot] = before + nodes::elements_of(beside, level);
    parent->children[slot + 1] = added;
    added->parent = parent;
    ++parent->count;
    keys::set_separator(parent, slot + 1, nodes::leftmost_leaf(added, level));
  }

  /// Takes a child out of its parent, whose elements are gone or went to the child before it. Parents without
  /// children go, too.
  DEFT_TAGGED void remove_child(tree_inner* parent, std::uint32_t slot) noexcept {
    const std::uint32_t moved = parent->count - slot - 1U;
    const std::uint32_t counted = slot == 0 ? 0 : slot - 1;
    std::memmove(parent->children + slot, parent->children + slot + 1, moved * sizeof(tree_node*));
    keys::move_separators(parent, slot + 1, moved, parent, slot);
    std::memmove(parent->counts + counted, parent->counts + counted + 1,
                 (parent->count - counted - 1U) * sizeof(std::uint32_t));
    --parent->count;
    if (parent->count == 0) {
      tree_inner* const above = parent->parent;
      const std::uint32_t above_slot = above == nullptr ? 0 : slot_of(parent);
      this->free_inner(parent);
      if (above != nullptr) return remove_child(above, above_slot);
      root_ = nullptr;
      height_ = 0;
      return;
    }
    if (slot == 0) first_changed(leftmost_of(parent));
    if (parent->parent == nullptr) {
      lower_root();
    } else {
      merge_inner(parent);
    }
  }

  /// A root with one child makes room for it.
  DEFT_TAGGED void lower_root() noexcept {
    while (height_ != 0 && root_->count == 1) {
      tree_node* const child = inner(root_)->children[0];
      this->free_inner(root_);
      child->parent = nullptr;
      root_ = child;
      --height_;
    }
  }

 private:
  DEFT_TAGGED static std::uint32_t next_capacity(std::uint32_t capacity) noexcept {
    return static_cast<std::uint32_t>(geometry::next_capacity(capacity));
  }

  DEFT_TAGGED tree_place grow(tree_place at) {
    tree_node* const old = at.leaf;
    tree_node* const larger = this->new_leaf(next_capacity(old->capacity));
    larger->generation = old->generation + 1;
    nodes::relocate(old, 0, old->count, larger, 0);
    larger->count = old->count;
    old->count = 0;
    keys::rebuilt(larger);
    this->free_leaf(old);
    root_ = first_ = last_ = larger;
    return {larger, at.slot};
  }

  /// The back of the first leaf of several goes to the next leaf, or becomes one.
  DEFT_TAGGED void halve_first() {
    tree_node* const leaf = first_;
    tree_node* const next = leaf->next;
    if (next->parent == leaf->parent && next->count + leaf->count / 2U <= full_capacity) {
      const std::uint32_t n = leaf->count / 2U;
      nodes::move_back_to_front(leaf, next, n);
      leaf->parent->counts[0] -= n;
      first_changed(next);
    } else {
      split({leaf, 0}, false, false);
    }
  }

  /// In two, in the middle; where elements come in order, with all but one on the side that is full for good.
  DEFT_TAGGED tree_place split(tree_place at, bool at_end, bool at_begin) {
    reserve more(*this);
    more.add_leaf();
    more.add_inners_above(at.leaf);
    tree_node* const added = more.take_leaf();
    const std::uint32_t n = at.leaf->count;
    const std::uint32_t kept = at_end ? n - 1 : at_begin ? 1 : n / 2;
    nodes::move_back_to_front(at.leaf, added, n - kept);
    this->link_after(at.leaf, added);
    insert_child(at.leaf, added, 0, more);
    return place_of(at.leaf, added, at.slot);
  }

  /// Two neighbours, nearly full, become three.
  DEFT_TAGGED tree_place split_two(tree_inner* parent, std::uint32_t slot, std::uint32_t position) {
    tree_node* const left = parent->children[slot];
    tree_node* const right = parent->children[slot + 1];
    reserve more(*this);
    more.add_leaf();
    more.add_inners_above(left);
    tree_node* const middle = more.take_leaf();
    const std::uint32_t all = left->count + right->count;
    const std::uint32_t kept_left = std::min<std::uint32_t>((all + 2) / 3, left->count);
    const std::uint32_t kept_right = std::min<std::uint32_t>((all + 1) / 3, right->count);
    const std::uint32_t from_left = left->count - kept_left;
    const std::uint32_t from_right = right->count - kept_right;
    nodes::move_back_to_front(left, middle, from_left);
    nodes::move_front_to_back(right, middle, from_right);
    parent->counts[slot] += from_right;
    this->link_after(left, middle);
    first_changed(right);
    insert_child(left, middle, 0, more);
    if (position <= left->count) return {left, position};
    return place_of(middle, right, position - left->count);
  }

  /// Evens two neighbours out.
  DEFT_TAGGED tree_place share(tree_inner* parent, std::uint32_t slot, std::uint32_t position) noexcept {
    tree_node* const left = parent->children[slot];
    tree_node* const right = parent->children[slot + 1];
    even_out(parent, slot);
    return place_of(left, right, position);
  }

  DEFT_TAGGED void even_out(tree_inner* parent, std::uint32_t slot) noexcept {
    tree_node* const left = parent->children[slot];
    tree_node* const right = parent->children[slot + 1];
    const std::uint32_t kept = (left->count + right->count) / 2U;
    if (left->count > kept) {
      const std::uint32_t n = left->count - kept;
      nodes::move_back_to_front(left, right, n);
      parent->counts[slot] -= n;
    } else if (left->count < kept) {
      const std::uint32_t n = kept - left->count;
      nodes::move_front_to_back(right, left, n);
      parent->counts[slot] += n;
    }
    first_changed(right);
  }

  /// A place in two leaves, counted from the first. Between them it is the left one's end, because what comes
  /// there is before the right one's first, its separator.
  DEFT_TAGGED static tree_place place_of(tree_node* left, tree_node* right, std::uint32_t position) noexcept {
    if (position <= left->count) return {left, position};
    return {right, position - left->count};
  }

  DEFT_TAGGED void new_root(tree_node* left, tree_node* right, std::uint32_t level, reserve& more) noexcept {
    tree_inner* const root = more.take_inner();
    root->children[0] = left;
    root->children[1] = right;
    root->counts[0] = nodes::elements_of(left, level);
    root->counts[1] = root->counts[0] + nodes::elements_of(right, level);
    root->count = 2;
    left->parent = right->parent = root;
    keys::set_separator(root, 1, nodes::leftmost_leaf(right, level));
    root_ = root;
    ++height_;
  }

  /// Splits a full inner node, next to whose child `slot` a child is coming.
  DEFT_TAGGED void split_inner(tree_inner* node, std::uint32_t slot, std::uint32_t level,
                               reserve& more) noexcept {
    tree_inner* const right = more.take_inner();
    // Where children come in order, the left node stays full. One that comes behind the last kept one stays
    // left.
    const std::uint32_t kept = slot + 1 == tree_fanout ? tree_fanout - 1 : tree_fanout / 2;
    const std::uint32_t moved = tree_fanout - kept;
    const std::uint32_t before = node->counts[kept - 1];
    std::memcpy(right->children, node->children + kept, moved * sizeof(tree_node*));
    keys::move_separators(node, kept, moved, right, 0);
    for (std::uint32_t i = 0; i < moved; ++i) {
      right->counts[i] = node->counts[kept + i] - before;
      right->children[i]->parent = right;
    }
    node->count = static_cast<std::uint16_t>(kept);
    right->count = static_cast<std::uint16_t>(moved);
    keys::separators_rebuilt(node);
    keys::separators_rebuilt(right);
    insert_child(node, right, level, more);
  }

  DEFT_TAGGED tree_place remove_leaf(tree_node* leaf) noexcept {
    tree_inner* const parent = leaf->parent;
    const tree_place behind{leaf->next, 0};
    this->unlink(leaf);
    const std::uint32_t slot = parent == nullptr ? 0 : slot_of(leaf);
    this->free_leaf(leaf);
    if (parent == nullptr) {
      root_ = nullptr;
    } else {
      remove_child(parent, slot);
    }
    return behind.leaf == nullptr ? this->end_place() : behind;
  }

  DEFT_TAGGED static tree_node* leftmost_of(tree_inner* node) noexcept {
    // Leaves are the nodes that have room for elements.
    tree_node* below = node;
    while (below->capacity == 0) below = inner(below)->children[0];
    return below;
  }

  /// Merges an inner node with few children with one beside it, if both fit into one.
  DEFT_TAGGED void merge_inner(tree_inner* node) noexcept {
    tree_inner* const parent = node->parent;
    if (node->count >= tree_fanout / 4 || parent->count == 1) return;
    const std::uint32_t own_slot = slot_of(node);
    const std::uint32_t slot = own_slot == 0 ? 0 : own_slot - 1;
    tree_inner* const left = inner(parent->children[slot]);
    tree_inner* const right = inner(parent->children[slot + 1]);
    if (left->count + right->count > tree_fanout / 8 * 7) return;
    const std::uint32_t n = left->count;
    const std::uint32_t before = left->counts[n - 1];
    std::memcpy(left->children + n, right->children, right->count * sizeof(tree_node*));
    keys::move_separators(right, 1, right->count - 1U, left, n + 1);
    for (std::uint32_t i = 0; i < right->count; ++i) {
      left->counts[n + i] = before + right->counts[i];
      left->children[n + i]->parent = left;
    }
    left->count = static_cast<std::uint16_t>(n + right->count);
    keys::set_separator(left, n, leftmost_of(right));
    keys::separators_rebuilt(left);
    this->free_inner(right);
    remove_child(parent, slot + 1);
  }
};

}  // namespace deft::detail
