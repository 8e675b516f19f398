/// @file
/// How counted trees are cut in two and joined, by their nodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/tree_frame.hpp"

namespace deft::detail {

template <typename Types>
class tree_splice : public tree_frame<Types> {
  using frame_base = tree_frame<Types>;

 protected:
  using frame_base::elements_of;
  using frame_base::first_;
  using frame_base::height_;
  using frame_base::inner;
  using frame_base::last_;
  using frame_base::root_;
  using frame_base::size_;
  using frame_base::slot_of;
  using typename frame_base::keys;

  DEFT_TAGGED explicit tree_splice(const typename frame_base::allocator_type& allocator)
      : frame_base(allocator) {}

  /// Moves the elements from position `at` on, which is neither the first nor behind the last, to an empty
  /// tree of an equal allocator. Cuts one node on each level.
  DEFT_TAGGED void split_to(std::size_t position, tree_splice& tail) {
    const tree_place at = this->nth(position);
    typename frame_base::reserve more(*this);
    if (at.slot != 0) more.add_leaf();
    for (std::uint32_t level = 0; level != height_; ++level) more.add_inner();

    tree_node* left = at.slot == 0 ? nullptr : at.leaf;
    tree_node* right = at.leaf;
    tree_node* const last_here = at.slot == 0 ? at.leaf->previous : at.leaf;
    tree_inner* above = at.leaf->parent;
    std::uint32_t slot = above == nullptr ? 0 : slot_of(at.leaf);
    if (left != nullptr) {
      right = cut_leaf(at, more.take_leaf());
    }
    tree_node* const first_there = right;
    for (std::uint32_t level = 1; level <= height_; ++level) {
      tree_inner* const node = above;
      above = node->parent;
      const std::uint32_t next_slot = above == nullptr ? 0 : slot_of(node);
      if (slot == 0 && left == nullptr) {
        right = node;
      } else {
        right = cut_inner(node, slot, left, right, level, more.take_inner());
        left = node;
      }
      slot = next_slot;
    }

    tail.root_ = right;
    tail.height_ = height_;
    right->parent = nullptr;
    tail.first_ = first_there;
    tail.last_ = last_;
    tail.size_ = size_ - position;
    first_there->previous = nullptr;
    last_ = last_here;
    last_here->next = nullptr;
    size_ = position;
    this->lower_root();
    tail.lower_root();
  }

  /// Puts all elements of `other`, which has some and has an equal allocator, behind those of this tree,
  /// which has some.
  DEFT_TAGGED void join(tree_splice& other) {
    enlarge_only_leaf();
    other.enlarge_only_leaf();
    typename frame_base::reserve more(*this);
    tree_node* const last = last_;
    tree_node* const first = other.first_;
    if (height_ >= other.height_) {
      // The other's root goes behind the last node of its level.
      tree_node* const beside = edge(root_, height_ - other.height_, true);
      more.add_inners_above(beside);
      for (tree_inner* above = beside->parent; above != nullptr; above = above->parent)
        above->counts[above->count - 1] += static_cast<std::uint32_t>(other.size_);
      this->insert_child(beside, other.root_, other.height_, more);
    } else {
      tree_node* const beside = edge(other.root_, other.height_ - height_, false);
      more.add_inners_above(beside);
      for (tree_inner* above = beside->parent; above != nullptr; above = above->parent) {
        for (std::uint32_t i = 0; i < above->count; ++i)
          above->counts[i] += static_cast<std::uint32_t>(size_);
      }
      tree_node* const front = root_;
      const std::uint32_t level = height_;
      root_ = other.root_;
      height_ = other.height_;
      put_in_front(beside, front, level, more);
    }
    last->next = first;
    first->previous = last;
    if (other.last_ != nullptr) last_ = other.last_;
    size_ += other.size_;
    other.forget();
  }

 private:
  DEFT_TAGGED tree_node* cut_leaf(tree_place at, tree_node* added) noexcept {
    const std::uint32_t n = at.leaf->count - at.slot;
    this->link_after(at.leaf, added);
    frame_base::move_back_to_front(at.leaf, added, n);
    return added;
  }

  /// Cuts an inner node whose child `slot` has become `left`, which may be nothing, and `right`.
  /// @returns What begins with `right`.
  DEFT_TAGGED static tree_inner* cut_inner(tree_inner* node, std::uint32_t slot, tree_node* left,
                                           tree_node* right, std::uint32_t level,
                                           tree_inner* added) noexcept {
    const std::uint32_t n = node->count - slot;
    const std::uint32_t before = slot == 0 ? 0 : node->counts[slot - 1];
    const std::uint32_t lost = node->counts[slot] - before - elements_of(right, level - 1);
    std::memcpy(added->children, node->children + slot, n * sizeof(tree_node*));
    added->children[0] = right;
    for (std::uint32_t i = 0; i < n; ++i) {
      added->counts[i] = node->counts[slot + i] - before - lost;
      added->children[i]->parent = added;
    }
    added->count = static_cast<std::uint16_t>(n);
    keys::move_separators(node, slot + 1, n - 1, added, 1);
    node->count = static_cast<std::uint16_t>(slot);
    if (left != nullptr) {
      node->counts[slot] = before + elements_of(left, level - 1);
      node->count = static_cast<std::uint16_t>(slot + 1);
    }
    keys::separators_rebuilt(added);
    keys::separators_rebuilt(node);
    return added;
  }

  DEFT_TAGGED static tree_node* edge(tree_node* node, std::uint32_t levels, bool last) noexcept {
    for (; levels != 0; --levels) node = inner(node)->children[last ? node->count - 1 : 0];
    return node;
  }

  /// Puts `added` before the first node of its level.
  DEFT_TAGGED void put_in_front(tree_node* beside, tree_node* added, std::uint32_t level,
                                typename frame_base::reserve& more) noexcept {
    // insert_child() puts behind: let the two change places afterwards.
    tree_inner* const parent = beside->parent;
    parent->children[0] = added;
    added->parent = parent;
    beside->parent = nullptr;
    this->insert_child(added, beside, level, more);
  }

  /// A small leaf, of a tree of one leaf, cannot go into a larger tree.
  DEFT_TAGGED void enlarge_only_leaf() {
    if (height_ != 0 || root_->capacity == frame_base::full_capacity) return;
    tree_node* const larger = this->new_leaf(frame_base::full_capacity);
    larger->generation = root_->generation + 1;
    frame_base::relocate(root_, 0, root_->count, larger, 0);
    larger->count = root_->count;
    root_->count = 0;
    keys::rebuilt(larger);
    this->free_leaf(root_);
    root_ = first_ = last_ = larger;
  }
};

}  // namespace deft::detail
