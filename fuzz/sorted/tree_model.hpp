// What deft's trees must do, as a plain vector that is kept sorted. tree_driver.hpp applies the same
// operations to both.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace deft_fuzz {

/// A key, a number that tells equal keys apart where their type has room for more than is compared, and what
/// a map's value is made of.
struct tree_row {
  int key;
  int serial;
  int value = serial;
};

/// Where a row is, and whether it came with the insertion.
struct tree_placed {
  std::size_t at;
  bool inserted;
};

/// The contract of all three containers, in the most obvious way that stands tens of thousands of rows.
struct tree_model {
  bool unique;
  std::vector<tree_row> rows{};

  std::size_t size() const { return rows.size(); }

  std::size_t left(int key) const {
    return static_cast<std::size_t>(std::ranges::lower_bound(rows, key, {}, &tree_row::key) - rows.begin());
  }

  std::size_t right(int key) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(rows, key, {}, &tree_row::key) - rows.begin());
  }

  bool holds(int key) const { return left(key) != right(key); }

  tree_placed insert(tree_row row) { return insert_near(size(), row); }

  tree_placed insert_near(std::size_t hint, tree_row row) {
    if (unique && holds(row.key)) return {left(row.key), false};
    const std::size_t at = std::clamp(hint, left(row.key), right(row.key));
    rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(at), row);
    return {at, true};
  }

  /// Inserts one after the other, each behind its equals.
  /// @returns How many went in.
  std::size_t insert_all(std::vector<tree_row> batch) {
    const std::size_t before = size();
    std::ranges::stable_sort(batch, {}, &tree_row::key);
    std::vector<tree_row> merged;
    merged.reserve(before + batch.size());
    std::ranges::merge(rows, batch, std::back_inserter(merged), {}, &tree_row::key, &tree_row::key);
    rows = std::move(merged);
    if (unique) {
      const auto repeated = std::ranges::unique(rows, {}, &tree_row::key);
      rows.erase(repeated.begin(), repeated.end());
    }
    return size() - before;
  }

  void erase(std::size_t first, std::size_t last) {
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(first),
               rows.begin() + static_cast<std::ptrdiff_t>(last));
  }

  std::vector<tree_row> part(std::size_t first, std::size_t last) const {
    return {rows.begin() + static_cast<std::ptrdiff_t>(first),
            rows.begin() + static_cast<std::ptrdiff_t>(last)};
  }

  void assign(const std::vector<tree_row>& from) {
    rows.clear();
    insert_all(from);
  }
};

}  // namespace deft_fuzz
