// Looks into a sorted_set, sorted_list or sorted_map: whether its nodes are as their headers say.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "deft/sorted/detail/tree_keys.hpp"
#include "deft/sorted/detail/tree_node.hpp"
#include "deft/sorted/detail/tree_string_keys.hpp"
#include "deft/sorted/sorted_tree_lookup.hpp"
#include "deft/sorted/tags.hpp"

namespace deft::detail {

/// The friend of the trees.
struct tree_inspector {
  template <bool Unique, typename Key, typename Mapped, typename Compare, typename Allocator>
  static const auto& engine(const sorted_tree_lookup<Unique, Key, Mapped, Compare, Allocator>& container) {
    return container.engine_;
  }

  template <typename Engine>
  static tree_node* root(const Engine& engine) {
    return engine.root_;
  }

  template <typename Engine>
  static unsigned height(const Engine& engine) {
    return engine.height_;
  }

  template <typename Engine>
  static tree_node* first(const Engine& engine) {
    return engine.first_;
  }

  template <typename Engine>
  static tree_node* last(const Engine& engine) {
    return engine.last_;
  }
};

/// Walks a tree, and remembers the first thing that is not as it should be.
template <typename Key, typename Compare, bool Unique>
class tree_walk {
  using keys = tree_keys<Key, Compare>;
  static constexpr key_kind kind = kind_of_key<Key, Compare>();

 public:
  explicit tree_walk(const Compare& comp) : comp_(comp) {}

  void check(tree_node* root, unsigned height, tree_node* first, tree_node* last, std::size_t size) {
    if (root == nullptr) {
      expect(size == 0 && first == nullptr && last == nullptr && height == 0, "no root, but elements");
      return;
    }
    expect(root->parent == nullptr, "the root has a parent");
    const std::size_t elements = walk(root, height);
    expect(elements == size, "size is not the number of elements");
    expect(height == 0 || root->count >= 2, "the root has one child");
    expect(first_leaf_ == first, "first is not the first leaf");
    expect(previous_leaf_ == last, "last is not the last leaf");
    expect(previous_leaf_ == nullptr || previous_leaf_->next == nullptr, "the last leaf has a next one");
  }

  const std::string& problem() const { return problem_; }

 private:
  void expect(bool holds, const char* what) {
    if (!holds && problem_.empty()) problem_ = what;
  }

  bool before(const Key& a, const Key& b) const { return static_cast<bool>(comp_(a, b)); }

  /// Whether a may be the next key before b.
  bool in_order(const Key& a, const Key& b) const { return Unique ? before(a, b) : !before(b, a); }

  /// @returns The number of elements below `node`.
  std::size_t walk(tree_node* node, unsigned height) {
    if (!problem_.empty()) return 0;
    return height == 0 ? walk_leaf(node) : walk_inner(static_cast<tree_inner*>(node), height);
  }

  std::size_t walk_leaf(tree_node* leaf) {
    expect(leaf->previous == previous_leaf_, "a leaf's link to the previous one is wrong");
    expect(previous_leaf_ == nullptr || previous_leaf_->next == leaf,
           "a leaf's link to the next one is wrong");
    expect(leaf->count != 0 || leaf->parent == nullptr, "a leaf is empty");
    expect(leaf->count <= leaf->capacity, "a leaf has more elements than room");
    if (first_leaf_ == nullptr) first_leaf_ = leaf;
    if (leaf->count != 0) {
      if (previous_leaf_ != nullptr)
        expect(in_order(keys::key(previous_leaf_, previous_leaf_->count - 1U), keys::key(leaf, 0)),
               "a leaf begins before the end of the previous one");
      if constexpr (kind == key_kind::string) walk_texts(leaf);
    }
    previous_leaf_ = leaf;
    return leaf->count;
  }

  std::size_t walk_inner(tree_inner* inner, unsigned height) {
    expect(inner->count != 0 && inner->count <= tree_fanout,
           "an inner node has too many or too few children");
    std::size_t sum = 0;
    for (unsigned i = 0; i != inner->count && problem_.empty(); ++i) {
      expect(inner->children[i]->parent == inner, "a child's parent is another node");
      tree_node* const last_before = previous_leaf_;
      sum += walk(inner->children[i], height - 1);
      expect(inner->counts[i] == sum, "a count is not the sum of the elements so far");
      if (i != 0 && problem_.empty())
        walk_separator(inner, i, last_before, leftmost(inner->children[i], height - 1));
    }
    if constexpr (kind == key_kind::string) {
      if (problem_.empty()) walk_separator_texts(inner);
    }
    return sum;
  }

  static tree_node* leftmost(tree_node* node, unsigned height) {
    for (; height != 0; --height) node = static_cast<tree_inner*>(node)->children[0];
    return node;
  }

  /// Separator `i` between the leaf before it and the first one of its child.
  void walk_separator(tree_inner* inner, unsigned i, tree_node* left, tree_node* right) {
    if constexpr (kind == key_kind::number || kind == key_kind::small) {
      const Key& separator = keys::separators(inner)[i];
      expect(in_order(keys::key(left, left->count - 1U), separator),
             "a separator is before what is left of it");
      expect(!before(keys::key(right, 0), separator), "a separator is after what is right of it");
    } else {
      expect(keys::separators(inner)[i] == right,
             "a separator stands for another leaf than its child's first");
    }
  }

  void walk_texts(tree_node* leaf) {
    const shared_text& shared = keys::text(leaf);
    for (unsigned i = 0; i != leaf->count; ++i) {
      const Key& key = keys::key(leaf, i);
      expect(begins_with(key, shared), "a string does not begin with what its leaf shares");
      expect(keys::words(leaf)[i] == detail::characters_from(key, shared.size),
             "a leaf's word is not its string's");
    }
  }

  void walk_separator_texts(tree_inner* inner) {
    const shared_text& shared = keys::inner_text(inner);
    for (unsigned i = 1; i < inner->count; ++i) {
      const Key& key = keys::key(keys::separators(inner)[i], 0);
      expect(begins_with(key, shared), "a separator does not begin with what its node shares");
      expect(keys::inner_words(inner)[i] == detail::characters_from(key, shared.size),
             "a separator's word is not its string's");
    }
  }

  static bool begins_with(const Key& key, const shared_text& shared) {
    return shared.size <= shared_text::most && key.size() >= shared.size &&
           std::equal(shared.characters, shared.characters + shared.size, key.data());
  }

  const Compare& comp_;
  std::string problem_;
  tree_node* first_leaf_ = nullptr;
  tree_node* previous_leaf_ = nullptr;
};

}  // namespace deft::detail

namespace deft_test {

/// @returns What is wrong with the nodes of a tree; nothing if all is well.
template <typename Container>
std::string tree_problem(const Container& container) {
  using inspector = deft::detail::tree_inspector;
  constexpr bool unique = std::is_same_v<typename Container::sorted_tag, deft::sorted_unique_t>;
  const auto& engine = inspector::engine(container);
  const auto comp = container.key_comp();
  deft::detail::tree_walk<typename Container::key_type, typename Container::key_compare, unique> walk(comp);
  walk.check(inspector::root(engine), inspector::height(engine), inspector::first(engine),
             inspector::last(engine), container.size());
  return walk.problem();
}

}  // namespace deft_test
