// Every allocation, comparison, copy and move that can fail does so once, in every function that changes a
// flat container. What is the same for sets and maps; the functions themselves are in flat_sweep_sets.hpp and
// flat_sweep_maps.hpp.
#pragma once

#include <algorithm>
#include <compare>
#include <concepts>
#include <cstdio>
#include <initializer_list>
#include <iterator>
#include <map>
#include <memory>
#include <ranges>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/tags.hpp"

#include "tests/sorted/sweep_parts.hpp"

namespace deft_test {

template <typename T>
inline constexpr bool never_lost =
    std::is_copy_constructible_v<T> ||
    (std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>);

template <typename Container>
using flat_rows = swept_rows<Container, !std::is_same_v<decltype(std::declval<Container&>().emplace(
                                                            std::declval<typename Container::value_type>())),
                                                        typename Container::iterator>>;

template <typename Container>
struct sweep_traits : flat_rows<Container> {
  using typename flat_rows<Container>::key_type;
  using typename flat_rows<Container>::value_type;
  using flat_rows<Container>::is_map, flat_rows<Container>::key;

  static constexpr bool strong() {
    if constexpr (is_map) {
      return never_lost<key_type> && never_lost<typename Container::mapped_type>;
    } else {
      return never_lost<key_type>;
    }
  }

  static value_type make(int k, int serial) {
    if constexpr (is_map) {
      return value_type(key(k, serial), sweep_type<typename Container::mapped_type>::make(serial, serial));
    } else {
      return key(k, serial);
    }
  }

  static std::vector<value_type> batch(std::initializer_list<int> keys) {
    std::vector<value_type> values;
    values.reserve(keys.size());
    int serial = 100;
    for (const int k : keys) {
      ++serial;
      values.push_back(make(k, serial));
    }
    return values;
  }
};

/// What an operation works on, all made before the first failure.
template <typename Container>
struct sweep_state {
  using traits = sweep_traits<Container>;

  Container c;
  Container other;
  std::vector<typename traits::value_type> values = traits::batch({6, 3, 0, 12, 6});
  std::vector<typename traits::value_type> sorted = traits::batch({1, 2, 10});

  explicit sweep_state(std::size_t spare) {
    // With equals where the container takes them.
    auto first = traits::is_unique ? traits::batch({1, 3, 5, 7, 9}) : traits::batch({1, 3, 3, 5, 7, 9});
    auto second = traits::batch({2, 4, 6});
    c.insert_range(moving(first));
    other.insert_range(moving(second));
    if constexpr (requires { c.reserve(spare); }) {
      if (spare != 0) c.reserve(c.size() + spare);
    }
  }
};

/// What may be left after a failure in an operation.
enum class left_over {
  as_promised,  ///< Everything, or a sorted prefix where the guarantee is basic.
  prefix        ///< A sorted prefix whatever the type: the function promises no more.
};

template <typename Container>
struct sweep_operation {
  using container = Container;
  using state = sweep_state<Container>;

  const char* member;
  void (*run)(state&);
  left_over leaves = left_over::as_promised;
};

template <typename Container>
void sweep_one(const sweep_operation<Container>& operation, sweep_table& table) {
  using state = sweep_state<Container>;
  using traits = sweep_traits<Container>;
  for (const std::size_t spare : {0, 20}) {
    const auto old = traits::rows(state(spare).c);
    long before[fault_kinds];
    std::ranges::copy(faults::injected_by_kind, before);
    const auto result =
        sweep([&] { return std::make_unique<state>(spare); }, [&](auto& s) { operation.run(*s); },
              [&](auto& s, bool completed) {
                const auto now = traits::rows(s->c);
                ASSERT_TRUE(std::ranges::is_sorted(now, {}, &sweep_row::key)) << operation.member;
                for (const sweep_row& row : now)
                  ASSERT_TRUE(row.key >= 0 && row.value >= 0) << operation.member << ": a moved-from element";
                if constexpr (traits::is_map) {
                  ASSERT_EQ(s->c.keys().size(), s->c.values().size()) << operation.member;
                }
                if (!completed) {
                  if (traits::strong() && operation.leaves == left_over::as_promised) {
                    ASSERT_EQ(now, old) << operation.member;
                  } else {
                    ASSERT_TRUE(now.size() <= old.size() && std::equal(now.begin(), now.end(), old.begin()))
                        << operation.member;
                  }
                }
                for (const sweep_row& row : traits::rows(s->other))
                  ASSERT_TRUE(row.key >= 0 && row.value >= 0) << operation.member << ": a moved-from element";
                // Still usable.
                const auto size = s->c.size();
                s->c.insert(traits::make(1000, 0));
                ASSERT_EQ(s->c.size(), size + 1) << operation.member;
              });
    EXPECT_TRUE(result.completed) << operation.member;
    table.add(operation.member, before);
  }
}

template <typename Container>
void sweep_all(const std::vector<sweep_operation<Container>>& operations, sweep_table& table) {
  const long alive = faults::alive;
  const long allocated = faults::allocated;
  for (const auto& operation : operations) sweep_one(operation, table);
  EXPECT_EQ(faults::alive, alive);
  EXPECT_EQ(faults::allocated, allocated);
}

/// Sets and maps alike.
template <typename Container>
std::vector<sweep_operation<Container>> common_operations() {
  using state = sweep_state<Container>;
  using traits = sweep_traits<Container>;
  auto all = shared_operations<sweep_operation<Container>>();
  const sweep_operation<Container> moving_ones[] = {
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[0])); }},
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[3])); }},
      {"insert(hint, value_type&&)", [](state& s) { s.c.insert(s.c.nth(2), std::move(s.values[2])); }},
      {"emplace", [](state& s) { s.c.emplace(std::move(s.values[0])); }},
      {"emplace_hint", [](state& s) { s.c.emplace_hint(s.c.nth(3), std::move(s.values[0])); }},
  };
  all.insert(all.end(), std::begin(moving_ones), std::end(moving_ones));
  if constexpr (traits::copyable) {
    const sweep_operation<Container> copying[] = {
        {"insert(const value_type&)", [](state& s) { s.c.insert(s.values[0]); }},
        {"insert(const value_type&)", [](state& s) { s.c.insert(*s.c.nth(1)); }},
        {"insert(hint, const value_type&)", [](state& s) { s.c.insert(s.c.nth(2), s.values[2]); }},
        {"insert(first, last)", [](state& s) { s.c.insert(s.c.begin(), s.c.end()); }},
        {"constructor(const&)", [](state& s) { const Container to(s.other); }},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  if constexpr (requires(Container& c) { c.reserve(1); }) {
    all.push_back({"reserve", [](state& s) { s.c.reserve(100); }});
  }
  if constexpr (requires(Container& c) { c.shrink_to_fit(); }) {
    all.push_back({"shrink_to_fit", [](state& s) { s.c.shrink_to_fit(); }});
  }
  return all;
}

inline const std::set<std::string> common_members = and_shared(
    {"reserve", "extract", "replace", "constructor(containers)", "constructor(sorted, containers)"});

}  // namespace deft_test
