/// @file
/// How a counted tree is built all at once: first its nodes, then its elements in order, then the separators.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/tree_shape.hpp"

namespace deft::detail {

template <typename Types>
class tree_frame : public tree_shape<Types> {
  using shape = tree_shape<Types>;

 public:
  using typename shape::geometry;
  using typename shape::key_column;
  using typename shape::keys;
  using typename shape::mapped_column;
  using typename shape::stored_key;
  using typename shape::stored_mapped;

  /// Where the elements of a tree go one after the other. Whoever puts one there says so.
  class filler {
   public:
    DEFT_TAGGED explicit filler(tree_node* first) noexcept : leaf_(first) { start(); }

    [[nodiscard]] DEFT_TAGGED stored_key* key() const noexcept { return keys_ + leaf_->count; }

    [[nodiscard]] DEFT_TAGGED stored_mapped* mapped() const noexcept { return mapped_ + leaf_->count; }

    /// How many fit into the leaf.
    [[nodiscard]] DEFT_TAGGED std::uint32_t room() const noexcept { return planned_ - leaf_->count; }

    DEFT_TAGGED void filled(std::uint32_t n) noexcept {
      leaf_->count = static_cast<std::uint16_t>(leaf_->count + n);
      if (leaf_->count == planned_ && leaf_->next != nullptr) {
        leaf_ = leaf_->next;
        start();
      }
    }

   private:
    DEFT_TAGGED void start() noexcept {
      if (leaf_ == nullptr) return;
      planned_ = leaf_->generation;
      keys_ = shape::keys_of(leaf_);
      if constexpr (Types::is_map) mapped_ = shape::mapped_of(leaf_);
    }

    tree_node* leaf_;
    std::uint32_t planned_ = 0;
    stored_key* keys_ = nullptr;
    stored_mapped* mapped_ = nullptr;
  };

 protected:
  using shape::first_;
  using shape::full_capacity;
  using shape::height_;
  using shape::last_;
  using shape::root_;
  using shape::size_;

  DEFT_TAGGED explicit tree_frame(const typename shape::allocator_type& allocator) : shape(allocator) {}

  /// The nodes of a tree of n elements, each of which is owned by a tree that has no root yet.
  class frame {
   public:
    /// All that is going to be allocated.
    DEFT_TAGGED frame(tree_frame& tree, std::size_t n) : tree_(&tree), elements_(n) {
      if (n > shape::max_size) detail::throw_length_error("deft: a tree holds 2^32 - 1 elements at most");
      if (n == 0) return;
      std::uint32_t capacity = 0;
      do capacity = static_cast<std::uint32_t>(geometry::next_capacity(capacity));
      while (capacity < n && capacity != full_capacity);
      const std::size_t leaves = (n + capacity - 1) / capacity;
      std::size_t inners = 0;
      for (std::size_t level = leaves; level != 1;) inners += level = (level + tree_fanout - 1) / tree_fanout;
      nodes_.reserve(leaves);
      inners_.reserve(inners);
      const guard giving_back{this};
      for (std::size_t i = 0; i < leaves; ++i) {
        tree_node* const leaf = tree.new_leaf(capacity);
        // For now: how many elements it is going to have. The last two share what is left.
        std::size_t planned = capacity;
        if (leaves > 1 && i + 2 >= leaves) {
          const std::size_t left = n - (leaves - 2) * capacity;
          planned = i + 2 == leaves ? (left + 1) / 2 : left / 2;
        } else if (leaves == 1) {
          planned = n;
        }
        leaf->generation = static_cast<std::uint32_t>(planned);
        if (i != 0) {
          leaf->previous = nodes_.back();
          nodes_.back()->next = leaf;
        }
        nodes_.push_back(leaf);
      }
      for (std::size_t i = 0; i < inners; ++i) inners_.push_back(tree.new_inner());
      giving_back.frame_ = nullptr;
    }

    frame(const frame&) = delete;
    frame& operator=(const frame&) = delete;

    DEFT_TAGGED ~frame() { give_back(); }

    [[nodiscard]] DEFT_TAGGED filler fill() const noexcept {
      return filler(nodes_.empty() ? nullptr : nodes_.front());
    }

    /// Hands the nodes, with all their elements, to the tree, which is empty.
    DEFT_TAGGED void install() noexcept {
      if (elements_ == 0) return;
      tree_frame& tree = *tree_;
      for (tree_node* leaf : nodes_) keys::rebuilt(leaf);
      tree.first_ = nodes_.front();
      tree.last_ = nodes_.back();
      tree.size_ = elements_;
      std::size_t used = 0;
      std::uint32_t level = 0;
      for (; nodes_.size() != 1; ++level) {
        const std::size_t below = nodes_.size();
        const std::size_t here = (below + tree_fanout - 1) / tree_fanout;
        std::size_t child = 0;
        for (std::size_t i = 0; i < here; ++i) {
          tree_inner* const inner = inners_[used++];
          const std::size_t end = (i + 1) * below / here;
          std::uint32_t counted = 0;
          while (child != end) {
            tree_node* const node = nodes_[child++];
            node->parent = inner;
            counted += shape::elements_of(node, level);
            inner->children[inner->count] = node;
            inner->counts[inner->count] = counted;
            ++inner->count;
            if (inner->count > 1)
              keys::set_separator(inner, inner->count - 1U, shape::leftmost_leaf(node, level));
          }
          keys::separators_rebuilt(inner);
          nodes_[i] = inner;
        }
        nodes_.resize(here);
      }
      tree.root_ = nodes_.front();
      tree.height_ = level;
      nodes_.clear();
      inners_.clear();
    }

   private:
    struct guard {
      DEFT_TAGGED ~guard() {
        if (frame_ != nullptr) frame_->give_back();
      }

      mutable frame* frame_;
    };

    DEFT_TAGGED void give_back() noexcept {
      for (tree_node* leaf : nodes_) {
        tree_->destroy_elements(leaf, 0, leaf->count);
        tree_->free_leaf(leaf);
      }
      for (tree_inner* inner : inners_) tree_->free_inner(inner);
      nodes_.clear();
      inners_.clear();
    }

    tree_frame* tree_;
    std::size_t elements_;
    std::vector<tree_node*> nodes_;
    std::vector<tree_inner*> inners_;
  };

  /// Walks through the elements of a tree that are on their way into another.
  class source {
   public:
    DEFT_TAGGED explicit source(tree_node* first) noexcept : at_{first, 0} {}

    [[nodiscard]] DEFT_TAGGED tree_place place() const noexcept { return at_; }

    /// Moves the next n to `to`, whose memory nothing lives in. What they leave is dead.
    DEFT_TAGGED void move(std::size_t n, filler& to) noexcept {
      while (n != 0) {
        const auto here = static_cast<std::uint32_t>(
            std::min({n, std::size_t{at_.leaf->count} - at_.slot, std::size_t{to.room()}}));
        key_column::relocate(shape::keys_of(at_.leaf) + at_.slot, here, to.key());
        if constexpr (Types::is_map)
          mapped_column::relocate(shape::mapped_of(at_.leaf) + at_.slot, here, to.mapped());
        to.filled(here);
        n -= here;
        advance(here);
      }
    }

    DEFT_TAGGED void advance(std::uint32_t n) noexcept {
      at_.slot += n;
      if (at_.slot == at_.leaf->count && at_.leaf->next != nullptr) at_ = {at_.leaf->next, 0};
    }

   private:
    tree_place at_;
  };

  /// After all elements were moved out by a source.
  DEFT_TAGGED void drop_moved() noexcept {
    for (tree_node* leaf = first_; leaf != nullptr; leaf = leaf->next) leaf->count = 0;
    this->drop();
  }

  DEFT_TAGGED void copy_elements(const tree_frame& other) {
    frame built(*this, other.size_);
    filler to = built.fill();
    for (tree_node* leaf = other.first_; leaf != nullptr; leaf = leaf->next) {
      for (std::uint32_t i = 0; i < leaf->count;) {
        if constexpr (key_column::trivial && !kept_in_box<typename Types::key_type> && mapped_is_trivial) {
          const std::uint32_t n = std::min<std::uint32_t>(leaf->count - i, to.room());
          key_column::relocate(shape::keys_of(leaf) + i, n, to.key());
          if constexpr (Types::is_map) mapped_column::relocate(shape::mapped_of(leaf) + i, n, to.mapped());
          to.filled(n);
          i += n;
        } else {
          construct_copy<false>(leaf, i, to);
          ++i;
        }
      }
    }
    built.install();
  }

  /// Makes elements of those of a tree whose memory this tree's allocator cannot give back; it has none
  /// afterwards, nor where that fails halfway.
  DEFT_TAGGED void move_elements(tree_frame& other) {
    frame built(*this, other.size_);

    // What is left after a failure would be in no order.
    struct guard {
      DEFT_TAGGED ~guard() { from.drop(); }

      tree_frame& from;
    } const emptied{other};

    filler to = built.fill();
    for (tree_node* leaf = other.first_; leaf != nullptr; leaf = leaf->next) {
      for (std::uint32_t i = 0; i < leaf->count; ++i) construct_copy<true>(leaf, i, to);
    }
    built.install();
  }

 private:
  static constexpr bool mapped_is_trivial = [] {
    if constexpr (Types::is_map) {
      return mapped_column::trivial && !kept_in_box<typename Types::mapped_type>;
    } else {
      return true;
    }
  }();

  template <bool Move>
  DEFT_TAGGED void construct_copy(tree_node* leaf, std::uint32_t i, filler& to) {
    auto& key = keys::key(leaf, i);
    if constexpr (Move) {
      key_column::construct(this->allocator_, to.key(), std::move(key));
    } else {
      key_column::construct(this->allocator_, to.key(), std::as_const(key));
    }
    if constexpr (Types::is_map) {
      struct guard {
        DEFT_TAGGED ~guard() {
          if (key != nullptr) key_column::destroy_one(tree->allocator_, key);
        }

        tree_frame* tree;
        stored_key* key;
      } undo{this, to.key()};

      auto& value = mapped_column::at(shape::mapped_of(leaf), i);
      if constexpr (Move) {
        mapped_column::construct(this->allocator_, to.mapped(), std::move(value));
      } else {
        mapped_column::construct(this->allocator_, to.mapped(), std::as_const(value));
      }
      undo.key = nullptr;
    }
    to.filled(1);
  }
};

}  // namespace deft::detail
