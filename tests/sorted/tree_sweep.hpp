// Every allocation, comparison, copy and move that can fail does so once, in every function that changes a
// tree. What is the same for sets, lists and maps; the rest is in tree_sweep_sets.hpp and
// tree_sweep_maps.hpp.
#pragma once

#include <algorithm>
#include <array>
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

#include "tests/sorted/sweep_parts.hpp"
#include "tests/sorted/tree_structure.hpp"

namespace deft_test {

template <typename Container>
using tree_rows =
    swept_rows<Container, std::is_same_v<typename Container::sorted_tag, deft::sorted_unique_t>>;

template <typename Container>
struct tree_sweep_traits : tree_rows<Container> {
  using typename tree_rows<Container>::key_type;
  using tree_rows<Container>::is_map, tree_rows<Container>::key;

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
};

/// What an operation works on, all made before the first failure: the odd numbers in `c`, with equals where
/// it takes them, what comes before and behind them in `front` and `tail`, and some of both kinds in `other`
/// and, in any order, in `values`.
template <typename Container>
struct tree_sweep_state {
  using traits = tree_sweep_traits<Container>;
  using values_type = std::vector<typename traits::made_type>;

  int end;  // behind the last key
  Container c;
  Container other = of({2, 3, 4, end, end + 3}, 40'000);
  Container front = of({0}, 50'000);
  Container tail = of({end, end + 1, end + 2}, 60'000);
  values_type values = traits::batch({6, 3, 0, end, 6}, 10'000);
  values_type sorted = traits::batch({1, 2, end}, 20'000);
  values_type behind = traits::batch({end, end + 2, end + 4}, 30'000);

  explicit tree_sweep_state(std::size_t size) : end(static_cast<int>(size) * 2 + 1) {
    // One after the other, so that nodes are as full as they get.
    for (int i = 0; i != static_cast<int>(size); ++i) c.insert(traits::make(2 * i + 1, i));
    if (!traits::is_unique) c.insert(traits::make(3, 9'999));
  }

  static Container of(const std::vector<int>& keys, int serial) {
    Container made;
    auto rows = traits::batch(keys, serial);
    for (auto& row : rows) made.insert(std::move(row));
    return made;
  }

  auto containers() const { return std::array{&c, &other, &front, &tail}; }
};

/// What may be left after a failure in an operation.
enum class tree_left_over {
  everything,   ///< As it was before.
  one_gone,     ///< But one element, perhaps.
  other_empty,  ///< But `other`, perhaps, which has nothing then.
  exchanged     ///< But elements may have gone over from one container to another.
};

template <typename Container>
struct tree_sweep_operation {
  using container = Container;
  using state = tree_sweep_state<Container>;

  const char* member;
  void (*run)(state&);
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

using sweep_rows = std::vector<sweep_row>;

inline sweep_rows joined(const std::vector<sweep_rows>& parts) {
  sweep_rows all;
  for (const sweep_rows& part : parts) all.insert(all.end(), part.begin(), part.end());
  std::ranges::sort(all);
  return all;
}

inline bool is_left_over(const std::vector<sweep_rows>& now, const std::vector<sweep_rows>& old,
                         tree_left_over kind) {
  if (now == old) return true;
  if (kind == tree_left_over::everything) return false;
  if (kind == tree_left_over::exchanged) return joined(now) == joined(old);
  auto expected = old;
  if (kind == tree_left_over::other_empty) {
    expected[1].clear();
    return now == expected;
  }
  for (std::size_t i = 0; i != old[0].size(); ++i) {
    expected[0] = old[0];
    expected[0].erase(expected[0].begin() + static_cast<std::ptrdiff_t>(i));
    if (now == expected) return true;
  }
  return false;
}

template <typename Container>
void tree_sweep_one(const tree_sweep_operation<Container>& operation, std::size_t size, sweep_table& table) {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  const auto rows = [](const state& s) {
    std::vector<sweep_rows> all;
    for (const Container* container : s.containers()) all.push_back(traits::rows(*container));
    return all;
  };
  const auto old = rows(state(size));
  long injected[fault_kinds];
  std::ranges::copy(faults::injected_by_kind, injected);
  const auto result =
      sweep([&] { return std::make_unique<state>(size); }, [&](auto& s) { operation.run(*s); },
            [&](auto& s, bool completed) {
              SCOPED_TRACE(std::string(operation.member) + " of " + std::to_string(size) + " elements");
              for (const Container* container : s->containers()) {
                const auto now = traits::rows(*container);
                ASSERT_EQ(tree_problem(*container), "");
                ASSERT_EQ(container->size(), now.size());
                ASSERT_TRUE(std::ranges::is_sorted(now, {}, &sweep_row::key));
                for (const sweep_row& row : now) ASSERT_TRUE(row.key >= 0 && row.value >= 0) << "moved from";
              }
              if (!completed) {
                ASSERT_TRUE(is_left_over(rows(*s), old, operation.leaves));
              }
              // Still usable.
              const std::size_t left = s->c.size();
              s->c.insert(traits::make(1'000'000, 0));
              ASSERT_EQ(s->c.size(), left + 1);
              ASSERT_EQ(tree_problem(s->c), "");
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
  const std::size_t leaf = full_tree<Container>(0);
  for (const std::size_t size : {std::size_t{5}, leaf + 1})
    for (const auto& operation : operations) tree_sweep_one(operation, size, table);
  for (const std::size_t size : {std::size_t{5}, leaf, full_tree<Container>(1)})
    for (const auto& operation : single) tree_sweep_one(operation, size, table);
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
  auto all = shared_operations<tree_sweep_operation<Container>>();
  const tree_sweep_operation<Container> of_trees[] = {
      {"insert_range(sorted)", [](state& s) { s.c.insert_range(traits::sorted_tag(), moving(s.behind)); }},
      {"insert_many", [](state& s) { s.c.insert_many(moving(s.values)); }},
      {"insert_many",
       [](state& s) {
         // So many that leaves are split.
         auto many = traits::batch({8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30}, 60'000);
         for (int k = 0; k != 40; ++k) many.push_back(traits::make(2 * k, 70'000 + k));
         s.c.insert_many(moving(many));
       }},
      {"update", [](state& s) { s.c.update(moving(s.values)); }},
      {"erase_range", [](state& s) { s.c.erase_range(1, s.c.size() - 2); }},
      {"find_many",
       [](state& s) {
         std::vector<typename Container::key_type> needles;
         needles.push_back(traits::key(3, 0));
         needles.push_back(traits::key(4, 0));
         std::vector<typename Container::iterator> places(2);
         s.c.find_many(needles, places);
       }},
      {"merge(&)", [](state& s) { s.c.merge(s.other); }, exchanged},
      {"merge(&&)", [](state& s) { s.c.merge(std::move(s.other)); }, exchanged},
      {"split_at", [](state& s) { const Container tail = s.c.split_at(s.c.size() / 2); }},
      {"split_at", [](state& s) { const Container tail = s.c.split_at(0); }},
      {"concat", [](state& s) { s.c.concat(std::move(s.tail)); }},
      {"concat", [](state& s) { s.front.concat(std::move(s.c)); }},
      {"operator=(&&)", [](state& s) { s.c = Container(std::move(s.other), allocator(7)); }, other_empty},
      {"constructor(&&, allocator)", [](state& s) { const Container to(std::move(s.other), allocator(7)); },
       other_empty},
  };
  all.insert(all.end(), std::begin(of_trees), std::end(of_trees));
  if constexpr (traits::copyable) {
    const tree_sweep_operation<Container> copying[] = {
        {"insert(first, last)", [](state& s) { s.c.insert(s.other.begin(), s.other.end()); }},
        {"operator=(const&)", [](state& s) { s.c = Container(s.other, allocator(7)); }},
        {"constructor(const&)", [](state& s) { const Container to(s.c); }},
        {"constructor(const&, allocator)", [](state& s) { const Container to(s.c, allocator(7)); }},
        {"freeze() const&", [](state& s) { (void)std::as_const(s.c).freeze(); }},
        {"freeze() &&", [](state& s) { (void)std::move(s.other).freeze(); }, other_empty},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  return all;
}

inline const std::set<std::string> common_tree_members =
    and_shared({"insert_many", "update", "erase_range", "find_many", "merge(&)", "merge(&&)", "split_at",
                "concat", "freeze() const&", "freeze() &&"});

}  // namespace deft_test
