// What the trees answer without changing, held against the model; see tree_driver.hpp.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <iterator>
#include <ranges>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/tags.hpp"

#include "fuzz/op_source.hpp"
#include "fuzz/sorted/element_parts.hpp"
#include "fuzz/sorted/tree_keys.hpp"
#include "fuzz/sorted/tree_model.hpp"
#include "tests/sorted/tree_structure.hpp"

namespace deft_fuzz {

template <typename Container, typename Keys>
struct tree_questions : element_parts<Container, Keys> {
  using parts = element_parts<Container, Keys>;
  using parts::is_map, parts::key_in, parts::same;
  using typename parts::key_type;
  using compare_type = typename Container::key_compare;
  static constexpr bool is_unique = std::is_same_v<typename Container::sorted_tag, deft::sorted_unique_t>;
  static constexpr bool transparent = requires { typename compare_type::is_transparent; };
  static constexpr bool takes_views = transparent && std::is_same_v<key_type, std::string>;
  static constexpr bool takes_centuries =
      requires(const compare_type& comp, const key_type& x) { comp(century{}, x); };

  template <typename C>
  static auto at(C& c, std::size_t i) {
    return i == c.size() ? c.end() : c.nth(i);
  }

  static void check_structure(const Container& c) {
    const std::string problem = deft_test::tree_problem(c);
    if (!problem.empty()) differs(__FILE__, __LINE__, problem.c_str());
  }

  template <typename Range>
  static void check_rows(const Range& range, const std::vector<tree_row>& rows) {
    DEFT_FUZZ_CHECK(static_cast<std::size_t>(std::ranges::size(range)) == rows.size());
    std::size_t i = 0;
    for (auto it = range.begin(); it != range.end(); ++it) DEFT_FUZZ_CHECK(same(*it, rows[i++]));
    DEFT_FUZZ_CHECK(i == rows.size());
    for (auto it = range.end(); it != range.begin();) DEFT_FUZZ_CHECK(same(*--it, rows[--i]));
  }

  /// All lookups of `x`, which is equivalent to the keys in [left, right).
  template <typename C, typename Needle>
  static void check_lookups(C& c, const Needle& x, std::size_t left, std::size_t right) {
    DEFT_FUZZ_CHECK(c.rank(x) == left && c.bisect_left(x) == left);
    DEFT_FUZZ_CHECK(c.bisect_right(x) == right && c.bisect(x) == right);
    DEFT_FUZZ_CHECK(c.count(x) == right - left && c.contains(x) == (left != right));
    DEFT_FUZZ_CHECK(c.lower_bound(x) == at(c, left) && c.upper_bound(x) == at(c, right));
    DEFT_FUZZ_CHECK(c.equal_range(x) == std::pair(at(c, left), at(c, right)));
    DEFT_FUZZ_CHECK(c.find(x) == (left != right ? at(c, left) : c.end()));
    DEFT_FUZZ_CHECK(c.index_of(c.lower_bound(x)) == left && c.index_of(c.upper_bound(x)) == right);
    try {
      DEFT_FUZZ_CHECK(c.index(x) == left && left != right);
    } catch (const std::out_of_range&) {
      DEFT_FUZZ_CHECK(left == right);
    }
  }

  static void ask(Container& c, const tree_model& model, tree_row wanted) {
    const key_type x = Keys::make(wanted);
    const std::size_t left = model.left(wanted.key);
    const std::size_t right = model.right(wanted.key);
    check_lookups(c, x, left, right);
    check_lookups(std::as_const(c), x, left, right);
    if constexpr (takes_views) check_lookups(std::as_const(c), std::string_view(x), left, right);
    if constexpr (takes_centuries) {
      const int number = wanted.key / 100;
      check_lookups(std::as_const(c), century{number}, model.left(number * 100),
                    model.left(number * 100 + 100));
    }
    if constexpr (requires { c <=> c; }) {
      DEFT_FUZZ_CHECK(c == c && std::is_eq(c <=> c));
    }
  }

  /// Single elements and slices.
  static void ask_positions(const Container& c, const tree_model& model, tree_row wanted, std::size_t i,
                            std::size_t j) {
    check_slice(c.islice(i, j), model, i, std::max(i, j));
    const tree_row low{wanted.key / 2, 0};
    const deft::inclusive ends{.lo = i % 2 == 0, .hi = j % 2 == 0};
    const std::size_t first = ends.lo ? model.left(low.key) : model.right(low.key);
    const std::size_t last = ends.hi ? model.right(wanted.key) : model.left(wanted.key);
    check_slice(c.irange(Keys::make(low), Keys::make(wanted), ends), model, first, std::max(first, last));
    if (model.size() == 0) {
      DEFT_FUZZ_CHECK(c.begin() == c.end() && c.rbegin() == c.rend());
      return;
    }
    DEFT_FUZZ_CHECK(same(*c.begin(), model.rows.front()) && same(*c.rbegin(), model.rows.back()));
    if (i == model.size()) return;
    DEFT_FUZZ_CHECK(same(*c.nth(i), model.rows[i]) && c.index_of(c.nth(i)) == i);
    if constexpr (is_map) {
      DEFT_FUZZ_CHECK(same(c.peekitem(i), model.rows[i]) && same(c.peekitem(), model.rows.back()));
    } else {
      DEFT_FUZZ_CHECK(same(c[i], model.rows[i]));
      DEFT_FUZZ_CHECK(same(c.front(), model.rows.front()) && same(c.back(), model.rows.back()));
    }
  }

  /// A slice is [first, last); of a long one the first and last hundred elements are compared.
  template <typename Slice>
  static void check_slice(const Slice& slice, const tree_model& model, std::size_t first, std::size_t last) {
    const std::size_t near = std::min(first + 100, last);
    auto it = slice.begin();
    for (std::size_t i = first; i != near; ++i, ++it) DEFT_FUZZ_CHECK(same(*it, model.rows[i]));
    DEFT_FUZZ_CHECK((it == slice.end()) == (near == last));
    it = slice.end();
    for (std::size_t i = last; i != first && i + 100 > last; --i)
      DEFT_FUZZ_CHECK(same(*--it, model.rows[i - 1]));
  }

  /// All needles at once.
  static void ask_many(Container& c, const tree_model& model, const std::vector<tree_row>& wanted) {
    std::vector<key_type> needles;
    needles.reserve(wanted.size());
    for (const tree_row row : wanted) needles.push_back(Keys::make(row));
    const auto check = [&](auto& container, auto places) {
      container.find_many(needles, places);
      for (std::size_t i = 0; i != wanted.size(); ++i) {
        DEFT_FUZZ_CHECK(places[i] == container.find(needles[i]));
        DEFT_FUZZ_CHECK((places[i] != container.end()) == model.holds(wanted[i].key));
      }
    };
    check(c, std::vector<typename Container::iterator>(wanted.size() + 1, c.end()));
    check(std::as_const(c), std::vector<typename Container::const_iterator>(wanted.size(), c.end()));
  }

  /// The chunks are all the elements, in order, and none of them is empty.
  static void check_chunks(const Container& c, const tree_model& model) {
    std::size_t i = 0;
    for (const auto chunk : c.chunks()) {
      if constexpr (is_map) {
        using values = mapped_values<typename Container::mapped_type>;
        DEFT_FUZZ_CHECK(std::ranges::size(chunk.keys) != 0);
        DEFT_FUZZ_CHECK(std::ranges::size(chunk.keys) == std::ranges::size(chunk.values));
        auto value = chunk.values.begin();
        for (const auto& key : chunk.keys) {
          DEFT_FUZZ_CHECK(i < model.size() && Keys::same(key, model.rows[i]));
          DEFT_FUZZ_CHECK(values::same(*value, model.rows[i].value));
          ++value;
          ++i;
        }
      } else {
        DEFT_FUZZ_CHECK(std::ranges::size(chunk) != 0);
        for (const auto& key : chunk) DEFT_FUZZ_CHECK(i < model.size() && Keys::same(key, model.rows[i++]));
      }
    }
    DEFT_FUZZ_CHECK(i == model.size());
  }

  /// The same elements in arrays, by a copy and by what moves them out; and the same answers.
  static void check_frozen(const Container& c, const tree_model& model, tree_row wanted) {
    Container moved(c);
    const auto frozen = wanted.serial % 2 == 0 ? c.freeze() : std::move(moved).freeze();
    check_rows(frozen, model.rows);
    const key_type x = Keys::make(wanted);
    const std::size_t left = model.left(wanted.key);
    const std::size_t right = model.right(wanted.key);
    DEFT_FUZZ_CHECK(frozen.rank(x) == left && frozen.bisect_right(x) == right);
    DEFT_FUZZ_CHECK(frozen.count(x) == right - left && frozen.contains(x) == (left != right));
    DEFT_FUZZ_CHECK(frozen.index_of(frozen.lower_bound(x)) == left);
    DEFT_FUZZ_CHECK(frozen.find(x) == (left != right ? frozen.nth(left) : frozen.end()));
    DEFT_FUZZ_CHECK(moved.empty() == (wanted.serial % 2 != 0 || model.size() == 0));
    check_structure(moved);
  }
};

}  // namespace deft_fuzz
