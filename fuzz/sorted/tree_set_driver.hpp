// What tree_driver.hpp leaves to sorted_set and sorted_list.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/set_algebra.hpp"

#include "fuzz/sorted/tree_driver.hpp"

namespace deft_fuzz {

template <typename Container, typename Keys>
class tree_set_driver : public tree_driver<Container, Keys> {
  using base = tree_driver<Container, Keys>;
  using base::c_, base::in_, base::model_, base::is_unique, base::same;
  using questions = typename base::questions;
  static constexpr int set_operations = 4;

 public:
  using base::base;

  /// @returns The number of operations applied.
  long run() {
    return base::apply([this] {
      const int operation = in_.below(base::operations + set_operations);
      if (operation < base::operations) {
        base::change(operation);
      } else if (operation == base::operations) {
        pop();
      } else if (operation == base::operations + 1) {
        if constexpr (!is_unique) remove();
      } else if constexpr (base::copyable) {
        combine(operation == base::operations + 2);
      }
    });
  }

 private:
  void pop() {
    if (model_.size() == 0) return;
    const std::size_t i = base::below(model_.size());
    if (i % 4 == 0) {
      DEFT_FUZZ_CHECK(same(c_.pop(), model_.rows.back()));
      model_.rows.pop_back();
    } else {
      DEFT_FUZZ_CHECK(same(c_.pop(i), model_.rows[i]));
      model_.erase(i, i + 1);
    }
  }

  /// One of the equals, the first.
  void remove() {
    const int key = base::next_row().key;
    const std::size_t i = model_.left(key);
    DEFT_FUZZ_CHECK(c_.remove(Keys::make({key, 0})) == model_.holds(key));
    if (model_.holds(key)) model_.erase(i, i + 1);
  }

  /// Set algebra, into a third container or in place; with a copy every now and then.
  void combine(bool in_place) {
    const int which = in_.below(4);
    auto [other, rows] = base::another();
    const auto before = [](tree_row a, tree_row b) { return a.key < b.key; };
    std::vector<tree_row> result;
    const auto into = std::back_inserter(result);
    const auto& mine = model_.rows;
    if (which == 0) std::ranges::set_union(mine, rows, into, before);
    if (which == 1) std::ranges::set_intersection(mine, rows, into, before);
    if (which == 2) std::ranges::set_difference(mine, rows, into, before);
    if (which == 3) std::ranges::set_symmetric_difference(mine, rows, into, before);
    DEFT_FUZZ_CHECK(is_subset(other, c_) == std::ranges::includes(mine, rows, before));
    DEFT_FUZZ_CHECK(is_subset(c_, other) == std::ranges::includes(rows, mine, before));
    const bool disjoint = std::ranges::none_of(rows, [&](tree_row row) { return model_.holds(row.key); });
    DEFT_FUZZ_CHECK(is_disjoint(c_, other) == disjoint);
    if (in_place) {
      if (which == 0) c_ |= other;
      if (which == 1) c_ &= other;
      if (which == 2) c_ -= other;
      if (which == 3) c_ ^= other;
    } else {
      const Container combined = which == 0   ? c_ | other
                                 : which == 1 ? c_ & other
                                 : which == 2 ? c_ - other
                                              : c_ ^ other;
      questions::check_structure(combined);
      questions::check_rows(combined, result);
      c_ = combined;
    }
    questions::check_rows(other, rows);
    model_.rows = std::move(result);
  }
};

}  // namespace deft_fuzz
