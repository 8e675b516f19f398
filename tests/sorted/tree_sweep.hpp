// Every allocation, comparison, copy and move that can fail does so once, in every function that changes a
// tree. What is the same for sets, lists and maps; the rest is in tree_sweep_sets.hpp and
// tree_sweep_maps.hpp.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/tags.hpp"

#include "tests/sorted/flat_sweep.hpp"
#include "tests/sorted/tree_structure.hpp"

namespace deft_test {

template <typename Container>
struct tree_sweep_traits {
  using key_type = typename Container::key_type;
  using value_type = typename Container::value_type;
  static constexpr bool is_map = requires { typename Container::mapped_type; };
  static constexpr bool is_unique = std::is_same_v<typename Container::sorted_tag, deft::sorted_unique_t>;
  static constexpr bool copyable = std::is_copy_constructible_v<value_type>;
  using order = typename Container::key_compare;
  static constexpr bool transparent = requires { typename order::is_transparent; };

  static constexpr auto sorted_tag() {
    if constexpr (is_unique) {
      return deft::sorted_unique;
    } else {
      return deft::sorted_equivalent;
    }
  }

  static key_type key(int k, int serial) { return sweep_type<key_type>::make(k, serial); }

  /// What is inserted: a key, or a pair whose key can be moved.
  static auto make(int k, int serial) {
    if constexpr (is_map) {
      using mapped_type = typename Container::mapped_type;
      return std::pair<key_type, mapped_type>(key(k, serial), sweep_type<mapped_type>::make(serial, serial));
    } else {
      return key(k, serial);
    }
  }

  using made_type = decltype(make(0, 0));

  static std::vector<made_type> batch(const std::vector<int>& keys, int serial) {
    std::vector<made_type> values;
    values.reserve(keys.size());
    for (const int k : keys) {
      ++serial;
      values.push_back(make(k, serial));
    }
    return values;
  }

  static sweep_row row(const auto& element) {
    using key_traits = sweep_type<key_type>;
    if constexpr (is_map) {
      return {key_traits::key(element.first), key_traits::serial(element.first),
              sweep_type<typename Container::mapped_type>::key(element.second)};
    } else {
      return {key_traits::key(element), key_traits::serial(element), 0};
    }
  }

  static std::vector<sweep_row> rows(const Container& c) {
    std::vector<sweep_row> all;
    for (const auto& element : c) all.push_back(row(element));
    return all;
  }
};

/// What an operation works on, all made before the first failure: the odd numbers in `c`, with equals where
/// it takes them, some even ones in `other`, and some of both, in any order, in `values`.
template <typename Container>
struct tree_sweep_state {
  using traits = tree_sweep_traits<Container>;
  using values_type = std::vector<typename traits::made_type>;

  Container c;
  Container other;
  int end;  // behind the last key
  values_type values;
  values_type sorted;
  values_type behind;

  explicit tree_sweep_state(std::size_t size)
      : end(static_cast<int>(size) * 2 + 1),
        values(traits::batch({6, 3, 0, end, 6}, 10'000)),
        sorted(traits::batch({1, 2, end}, 20'000)),
        behind(traits::batch({end, end + 2, end + 4}, 30'000)) {
    // One after the other, so that nodes are as full as they get.
    for (int i = 0; i != static_cast<int>(size); ++i) c.insert(traits::make(2 * i + 1, i));
    for (const int k : {2, 3, 4, end, end + 3}) other.insert(traits::make(k, 40'000 + k));
    if (!traits::is_unique && size != 0) c.insert(traits::make(3, 50'000));
  }
};

/// What may be left after a failure in an operation.
enum class tree_left_over {
  everything,  ///< As it was before.
  exchanged,   ///< Everything, but elements may have gone over between the two containers.
  valid        ///< A tree that is whole; the function promises no more.
};

template <typename Container>
struct tree_sweep_operation {
  const char* member;
  void (*run)(tree_sweep_state<Container>&);
  tree_left_over leaves = tree_left_over::everything;
};

/// The smallest number of ascending elements, inserted one by one, after which one more makes a tree higher
/// than `height` levels of inner nodes: every node on the way to it is split.
template <typename Container>
std::size_t full_tree(unsigned height) {
  using inspector = deft::detail::tree_inspector;
  using traits = tree_sweep_traits<Container>;
  Container c;
  for (int i = 0;; ++i) {
    c.insert(traits::make(2 * i + 1, i));
    if (inspector::height(inspector::engine(c)) > height) return c.size() - 1;
  }
}

template <typename Container>
void tree_sweep_one(const tree_sweep_operation<Container>& operation, std::size_t size, sweep_table& table) {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  const auto all = [](const state& s) {
    auto rows = traits::rows(s.c);
    const auto more = traits::rows(s.other);
    rows.insert(rows.end(), more.begin(), more.end());
    std::ranges::sort(rows);
    return rows;
  };
  const state before(size);
  const auto old = traits::rows(before.c);
  const auto old_other = traits::rows(before.other);
  const auto old_all = all(before);
  long injected[fault_kinds];
  std::ranges::copy(faults::injected_by_kind, injected);
  const auto result =
      sweep([&] { return std::make_unique<state>(size); }, [&](auto& s) { operation.run(*s); },
            [&](auto& s, bool completed) {
              const auto now = traits::rows(s->c);
              ASSERT_EQ(tree_problem(s->c), "") << operation.member << " of " << size;
              ASSERT_EQ(tree_problem(s->other), "") << operation.member << " of " << size;
              ASSERT_EQ(s->c.size(), now.size()) << operation.member;
              ASSERT_TRUE(std::ranges::is_sorted(now, {}, &sweep_row::key)) << operation.member;
              for (const sweep_row& row : all(*s))
                ASSERT_TRUE(row.key >= 0 && row.value >= 0) << operation.member << ": a moved-from element";
              if (!completed && operation.leaves == tree_left_over::everything) {
                ASSERT_EQ(now, old) << operation.member << " of " << size;
                ASSERT_EQ(traits::rows(s->other), old_other) << operation.member << " of " << size;
              }
              if (!completed && operation.leaves == tree_left_over::exchanged) {
                ASSERT_EQ(all(*s), old_all) << operation.member << " of " << size;
              }
              // Still usable.
              s->c.insert(traits::make(1'000'000, 0));
              ASSERT_EQ(s->c.size(), now.size() + 1) << operation.member;
              ASSERT_EQ(tree_problem(s->c), "") << operation.member << " of " << size;
            });
  EXPECT_TRUE(result.completed) << operation.member;
  table.add(operation.member, injected);
}

/// Insertions of one element also where they split every node on their way.
template <typename Container>
void tree_sweep_all(const std::vector<tree_sweep_operation<Container>>& operations,
                    const std::vector<tree_sweep_operation<Container>>& single, sweep_table& table) {
  const long alive = faults::alive;
  const long allocated = faults::allocated;
  for (const std::size_t size : {std::size_t{5}, full_tree<Container>(0), full_tree<Container>(0) + 20}) {
    for (const auto& operation : operations) tree_sweep_one(operation, size, table);
    for (const auto& operation : single) tree_sweep_one(operation, size, table);
  }
  const std::size_t full = full_tree<Container>(1);
  for (const auto& operation : single) tree_sweep_one(operation, full, table);
  EXPECT_EQ(faults::alive, alive);
  EXPECT_EQ(faults::allocated, allocated);
}

/// Insertions of one element, of sets, lists and maps alike. values[0] comes in between, values[1] is there
/// already, values[2] comes first and values[3] last.
template <typename Container>
std::vector<tree_sweep_operation<Container>> single_operations() {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  std::vector<tree_sweep_operation<Container>> all = {
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[0])); }},
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[1])); }},
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[2])); }},
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[3])); }},
      {"insert(hint, value_type&&)", [](state& s) { s.c.insert(s.c.end(), std::move(s.values[3])); }},
      {"insert(hint, value_type&&)", [](state& s) { s.c.insert(s.c.end(), std::move(s.values[2])); }},
      {"emplace", [](state& s) { s.c.emplace(std::move(s.values[3])); }},
      {"emplace_hint", [](state& s) { s.c.emplace_hint(s.c.end(), std::move(s.values[3])); }},
  };
  if constexpr (traits::copyable) {
    using value_type = typename Container::value_type;
    const tree_sweep_operation<Container> copying[] = {
        {"insert(const value_type&)",
         [](state& s) {
           const value_type& value = s.values[3];
           s.c.insert(value);
         }},
        {"insert(const value_type&)", [](state& s) { s.c.insert(*s.c.nth(1)); }},
        {"insert(hint, const value_type&)",
         [](state& s) {
           const value_type& value = s.values[3];
           s.c.insert(s.c.end(), value);
         }},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  return all;
}

/// The other functions that sets, lists and maps all have.
template <typename Container>
std::vector<tree_sweep_operation<Container>> common_tree_operations() {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  using allocator = typename Container::allocator_type;
  using enum tree_left_over;
  std::vector<tree_sweep_operation<Container>> all = {
      {"insert(first, last)",
       [](state& s) {
         const auto range = moving(s.values);
         s.c.insert(range.begin(), range.end());
       }},
      {"insert(sorted, first, last)",
       [](state& s) {
         const auto range = moving(s.sorted);
         s.c.insert(traits::sorted_tag(), range.begin(), range.end());
       }},
      {"insert_range", [](state& s) { s.c.insert_range(moving(s.values)); }},
      {"insert_range(sorted)", [](state& s) { s.c.insert_range(traits::sorted_tag(), moving(s.sorted)); }},
      {"insert_range(sorted)", [](state& s) { s.c.insert_range(traits::sorted_tag(), moving(s.behind)); }},
      {"insert_many", [](state& s) { s.c.insert_many(moving(s.values)); }},
      {"insert_many",
       [](state& s) {
         // So many that leaves are split.
         auto many = traits::batch({8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}, 60'000);
         for (int k = 0; k != 80; ++k) many.push_back(traits::make(2 * k, 70'000 + k));
         s.c.insert_many(moving(many));
       }},
      {"update", [](state& s) { s.c.update(moving(s.values)); }},
      {"erase(position)", [](state& s) { s.c.erase(s.c.nth(1)); }},
      {"erase(first, last)", [](state& s) { s.c.erase(s.c.nth(1), s.c.nth(4)); }},
      {"erase(key)", [](state& s) { s.c.erase(traits::key(3, 0)); }},
      {"erase_range", [](state& s) { s.c.erase_range(1, s.c.size() - 2); }},
      {"erase_if",
       [](state& s) {
         erase_if(s.c,
                  [](const auto& element) { return (faults::point(), traits::row(element).key % 5 == 0); });
       }},
      {"find_many",
       [](state& s) {
         std::vector<typename Container::key_type> needles;
         needles.push_back(traits::key(3, 0));
         needles.push_back(traits::key(4, 0));
         std::vector<typename Container::iterator> places(2);
         s.c.find_many(needles, places);
       }},
      {"clear", [](state& s) { s.c.clear(); }},
      {"swap", [](state& s) { s.c.swap(s.other); }},
      {"swap(a, b)", [](state& s) { swap(s.c, s.other); }},
      {"merge(&)", [](state& s) { s.c.merge(s.other); }, exchanged},
      {"merge(&&)", [](state& s) { s.c.merge(std::move(s.other)); }, exchanged},
      {"split_at", [](state& s) { const Container tail = s.c.split_at(s.c.size() / 2); }},
      {"split_at", [](state& s) { const Container tail = s.c.split_at(0); }},
      {"concat",
       [](state& s) {
         s.other.erase_range(0, 3);
         s.c.concat(std::move(s.other));
       },
       valid},
      {"operator=(&&)", [](state& s) { s.c = std::move(s.other); }},
      {"operator=(&&)", [](state& s) { s.c = Container(std::move(s.other), allocator(7)); }, valid},
      {"constructor(&&)", [](state& s) { const Container to(std::move(s.other)); }},
      {"constructor(&&, allocator)", [](state& s) { const Container to(std::move(s.other), allocator(7)); },
       valid},
      {"constructor(first, last)",
       [](state& s) {
         const auto range = moving(s.values);
         const Container to(range.begin(), range.end());
       }},
      {"constructor(sorted, first, last)",
       [](state& s) {
         const auto range = moving(s.sorted);
         const Container to(traits::sorted_tag(), range.begin(), range.end());
       }},
      {"constructor(from_range)", [](state& s) { const Container to(deft::from_range, moving(s.values)); }},
  };
  if constexpr (traits::copyable) {
    const tree_sweep_operation<Container> copying[] = {
        {"insert(first, last)", [](state& s) { s.c.insert(s.other.begin(), s.other.end()); }},
        {"insert(list)", [](state& s) { s.c.insert({s.values[0], s.values[1]}); }},
        {"insert(sorted, list)",
         [](state& s) { s.c.insert(traits::sorted_tag(), {s.sorted[0], s.sorted[1]}); }},
        {"operator=(const&)", [](state& s) { s.c = s.other; }},
        {"operator=(const&)", [](state& s) { s.c = Container(s.other, allocator(7)); }},
        {"operator=(list)", [](state& s) { s.c = {s.values[0], s.values[1], s.values[2]}; }},
        {"constructor(const&)", [](state& s) { const Container to(s.c); }},
        {"constructor(const&, allocator)", [](state& s) { const Container to(s.c, allocator(7)); }},
        {"constructor(list)", [](state& s) { const Container to({s.values[0], s.values[1]}); }},
        {"constructor(sorted, list)",
         [](state& s) { const Container to(traits::sorted_tag(), {s.sorted[0], s.sorted[1]}); }},
        {"freeze() const&", [](state& s) { (void)std::as_const(s.c).freeze(); }},
        {"freeze() &&", [](state& s) { (void)std::move(s.other).freeze(); }, valid},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  if constexpr (traits::transparent) {
    all.push_back({"erase(K&&)", [](state& s) { s.c.erase(sweep_needle{3, 0}); }});
  }
  return all;
}

inline const std::set<std::string> common_tree_members = {"insert(const value_type&)",
                                                          "insert(value_type&&)",
                                                          "insert(hint, const value_type&)",
                                                          "insert(hint, value_type&&)",
                                                          "emplace",
                                                          "emplace_hint",
                                                          "insert(first, last)",
                                                          "insert(sorted, first, last)",
                                                          "insert_range",
                                                          "insert_range(sorted)",
                                                          "insert_many",
                                                          "update",
                                                          "insert(list)",
                                                          "insert(sorted, list)",
                                                          "erase(position)",
                                                          "erase(first, last)",
                                                          "erase(key)",
                                                          "erase(K&&)",
                                                          "erase_range",
                                                          "erase_if",
                                                          "find_many",
                                                          "clear",
                                                          "swap",
                                                          "swap(a, b)",
                                                          "merge(&)",
                                                          "merge(&&)",
                                                          "split_at",
                                                          "concat",
                                                          "freeze() const&",
                                                          "freeze() &&",
                                                          "operator=(const&)",
                                                          "operator=(&&)",
                                                          "operator=(list)",
                                                          "constructor(const&)",
                                                          "constructor(&&)",
                                                          "constructor(const&, allocator)",
                                                          "constructor(&&, allocator)",
                                                          "constructor(first, last)",
                                                          "constructor(sorted, first, last)",
                                                          "constructor(from_range)",
                                                          "constructor(list)",
                                                          "constructor(sorted, list)"};

}  // namespace deft_test
