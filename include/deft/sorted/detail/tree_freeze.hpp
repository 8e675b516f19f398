/// @file
/// From the leaves of a counted tree to the arrays of a flat container: what freeze() does.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/sorted_concepts.hpp"
#include "deft/sorted/detail/tree_columns.hpp"
#include "deft/sorted/detail/tree_node.hpp"
#include "deft/sorted/frozen.hpp"

namespace deft::detail {

/// An array of T under the allocator, of bools something that is one.
template <typename T, typename Allocator>
using frozen_column = std::conditional_t<std::is_same_v<T, bool>, std::deque<T, rebound<Allocator, T>>,
                                         std::vector<T, rebound<Allocator, T>>>;

/// Empties a tree whose elements are moved out, also where that fails: what is left would be in no order.
template <typename Engine>
struct tree_emptied {
  DEFT_TAGGED ~tree_emptied() { engine.clear(); }

  Engine& engine;
};

inline namespace DEFT_TAG {

/// Appends what a leaf has of one column: copies, or the elements themselves.
template <bool Move, typename T, typename To>
void thaw_column(To& to, typename tree_column<T>::stored* from, std::size_t n) {
  if constexpr (!kept_in_box<T> && !Move) {
    to.insert(to.end(), from, from + n);
  } else {
    for (std::size_t i = 0; i != n; ++i) {
      T& x = tree_column<T>::at(from, i);
      if constexpr (Move) {
        to.push_back(std::move(x));
      } else {
        to.push_back(std::as_const(x));
      }
    }
  }
}

/// A tree's elements in a flat container, frozen.
template <typename Flat, bool Move, typename SortedTag, typename Engine>
frozen<Flat> frozen_of(const Engine& engine) {
  using key_type = typename Engine::key_type;
  using mapped_type = typename Engine::mapped_type;
  if constexpr (std::is_void_v<mapped_type>) {
    typename Flat::container_type keys(typename Flat::container_type::allocator_type(engine.allocator()));
    keys.reserve(engine.size());
    for (tree_node* leaf = engine.first_leaf(); leaf != nullptr; leaf = leaf->next)
      detail::thaw_column<Move, key_type>(keys, Engine::keys_of(leaf), leaf->count);
    return frozen<Flat>(Flat(SortedTag(), std::move(keys), engine.comp()));
  } else {
    typename Flat::key_container_type keys(
        typename Flat::key_container_type::allocator_type(engine.allocator()));
    typename Flat::mapped_container_type values(
        typename Flat::mapped_container_type::allocator_type(engine.allocator()));
    keys.reserve(engine.size());
    if constexpr (requires { values.reserve(engine.size()); }) values.reserve(engine.size());
    for (tree_node* leaf = engine.first_leaf(); leaf != nullptr; leaf = leaf->next) {
      detail::thaw_column<Move, key_type>(keys, Engine::keys_of(leaf), leaf->count);
      detail::thaw_column<Move, mapped_type>(values, Engine::mapped_of(leaf), leaf->count);
    }
    return frozen<Flat>(Flat(SortedTag(), std::move(keys), std::move(values), engine.comp()));
  }
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
