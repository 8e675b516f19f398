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

#include "tests/support_types/allocators.hpp"
#include "tests/support_types/elements.hpp"

namespace deft_test {

/// What a transparent comparator takes in place of a key, and what a key can be made of.
struct sweep_needle {
  int key;
  int serial;

  template <std::derived_from<tracked> T>
  operator T() const {
    return T(key, serial);
  }
};

/// Transparent; every comparison may fail.
struct sweep_order {
  using is_transparent = void;

  bool operator()(const auto& a, const auto& b) const {
    faults::point(fault_kind::comparison);
    return a.key < b.key;
  }
};

template <typename T>
struct sweep_type {
  using compare = sweep_order;

  static T make(int key, int serial) { return T(key, serial); }

  static int key(const T& x) { return x.key; }

  static int serial(const T& x) { return x.serial; }
};

/// Numbers go through the kernels, and only allocations fail.
template <>
struct sweep_type<int> {
  using compare = std::less<int>;

  static int make(int key, int /*serial*/) { return key; }

  static int key(int x) { return x; }

  static int serial(int /*x*/) { return 0; }
};

template <typename T>
inline constexpr bool never_lost =
    std::is_copy_constructible_v<T> ||
    (std::is_nothrow_move_constructible_v<T> && std::is_nothrow_move_assignable_v<T>);

/// What can be compared of a row.
struct sweep_row {
  int key;
  int serial;
  int value;

  auto operator<=>(const sweep_row&) const = default;
};

template <typename Container>
struct sweep_traits {
  using key_type = typename Container::key_type;
  using value_type = typename Container::value_type;
  static constexpr bool is_map = requires { typename Container::mapped_type; };
  static constexpr bool is_unique =
      !std::is_same_v<decltype(std::declval<Container&>().emplace(std::declval<value_type>())),
                      typename Container::iterator>;
  static constexpr bool copyable = std::is_copy_constructible_v<value_type>;
  using order = typename Container::key_compare;
  static constexpr bool transparent = requires { typename order::is_transparent; };

  static constexpr bool strong() {
    if constexpr (is_map) {
      return never_lost<key_type> && never_lost<typename Container::mapped_type>;
    } else {
      return never_lost<key_type>;
    }
  }

  static constexpr auto sorted_tag() {
    if constexpr (is_unique) {
      return deft::sorted_unique;
    } else {
      return deft::sorted_equivalent;
    }
  }

  static key_type key(int k, int serial) { return sweep_type<key_type>::make(k, serial); }

  static value_type make(int k, int serial) {
    if constexpr (is_map) {
      return value_type(key(k, serial), sweep_type<typename Container::mapped_type>::make(serial, serial));
    } else {
      return key(k, serial);
    }
  }

  static sweep_row row(const auto& element) {
    if constexpr (is_map) {
      using key_traits = sweep_type<key_type>;
      return {key_traits::key(element.first), key_traits::serial(element.first),
              sweep_type<typename Container::mapped_type>::key(element.second)};
    } else {
      return {sweep_type<key_type>::key(element), sweep_type<key_type>::serial(element), 0};
    }
  }

  static std::vector<sweep_row> rows(const Container& c) {
    std::vector<sweep_row> all;
    for (const auto& element : c) all.push_back(row(element));
    return all;
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

template <typename T>
auto moving(std::vector<T>& values) {
  return std::ranges::subrange(std::move_iterator(values.begin()), std::move_iterator(values.end()));
}

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

/// How many failures each member has survived.
class sweep_table {
 public:
  void add(const std::string& member, const long (&before)[fault_kinds]) {
    auto& counts = members_[member];
    for (std::size_t i = 0; i < fault_kinds; ++i) counts[i] += faults::injected_by_kind[i] - before[i];
  }

  /// Prints it, and fails if one of `all` is missing or one is not among them.
  void check_off(const char* container, std::set<std::string> all) const {
    std::printf("%-40s %10s %10s %10s %10s\n", container, "allocation", "comparison", "copy", "move");
    for (const auto& [member, counts] : members_) {
      std::printf("  %-38s %10ld %10ld %10ld %10ld\n", member.c_str(), counts[1], counts[2], counts[3],
                  counts[4]);
      EXPECT_EQ(all.erase(member), 1u) << member << " is not in the list of members";
    }
    for (const std::string& member : all)
      ADD_FAILURE() << container << "::" << member << " has not been swept";
  }

 private:
  std::map<std::string, long[fault_kinds]> members_;
};

/// What may be left after a failure in an operation.
enum class left_over {
  as_promised,  ///< Everything, or a sorted prefix where the guarantee is basic.
  prefix        ///< A sorted prefix whatever the type: the function promises no more.
};

template <typename Container>
struct sweep_operation {
  const char* member;
  void (*run)(sweep_state<Container>&);
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
  std::vector<sweep_operation<Container>> all = {
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[0])); }},
      {"insert(value_type&&)", [](state& s) { s.c.insert(std::move(s.values[3])); }},
      {"insert(hint, value_type&&)", [](state& s) { s.c.insert(s.c.nth(2), std::move(s.values[2])); }},
      {"emplace", [](state& s) { s.c.emplace(std::move(s.values[0])); }},
      {"emplace_hint", [](state& s) { s.c.emplace_hint(s.c.nth(3), std::move(s.values[0])); }},
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
      {"erase(position)", [](state& s) { s.c.erase(s.c.nth(1)); }},
      {"erase(first, last)", [](state& s) { s.c.erase(s.c.nth(1), s.c.nth(4)); }},
      {"erase(key)", [](state& s) { s.c.erase(traits::key(3, 0)); }},
      {"erase_if",
       [](state& s) {
         erase_if(s.c,
                  [](const auto& element) { return (faults::point(), traits::row(element).key % 5 == 0); });
       }},
      {"clear", [](state& s) { s.c.clear(); }},
      {"swap", [](state& s) { s.c.swap(s.other); }},
      {"swap(a, b)", [](state& s) { swap(s.c, s.other); }},
      {"operator=(&&)", [](state& s) { s.c = std::move(s.other); }},
      {"constructor(&&)", [](state& s) { const Container to(std::move(s.other)); }},
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
    const sweep_operation<Container> copying[] = {
        {"insert(const value_type&)", [](state& s) { s.c.insert(s.values[0]); }},
        {"insert(const value_type&)", [](state& s) { s.c.insert(*s.c.nth(1)); }},
        {"insert(hint, const value_type&)", [](state& s) { s.c.insert(s.c.nth(2), s.values[2]); }},
        {"insert(first, last)", [](state& s) { s.c.insert(s.c.begin(), s.c.end()); }},
        {"insert(list)", [](state& s) { s.c.insert({s.values[0], s.values[1]}); }},
        {"insert(sorted, list)",
         [](state& s) { s.c.insert(traits::sorted_tag(), {s.sorted[0], s.sorted[1]}); }},
        {"operator=(const&)", [](state& s) { s.c = s.other; }},
        {"operator=(list)", [](state& s) { s.c = {s.values[0], s.values[1], s.values[2]}; }},
        {"constructor(const&)", [](state& s) { const Container to(s.other); }},
        {"constructor(list)", [](state& s) { const Container to({s.values[0], s.values[1]}); }},
        {"constructor(sorted, list)",
         [](state& s) { const Container to(traits::sorted_tag(), {s.sorted[0], s.sorted[1]}); }},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  if constexpr (traits::transparent) {
    all.push_back({"erase(K&&)", [](state& s) { s.c.erase(sweep_needle{3, 0}); }});
  }
  if constexpr (requires(Container& c) { c.reserve(1); }) {
    all.push_back({"reserve", [](state& s) { s.c.reserve(100); }});
  }
  if constexpr (requires(Container& c) { c.shrink_to_fit(); }) {
    all.push_back({"shrink_to_fit", [](state& s) { s.c.shrink_to_fit(); }});
  }
  return all;
}

inline const std::set<std::string> common_members = {"insert(const value_type&)",
                                                     "insert(value_type&&)",
                                                     "insert(hint, const value_type&)",
                                                     "insert(hint, value_type&&)",
                                                     "emplace",
                                                     "emplace_hint",
                                                     "insert(first, last)",
                                                     "insert(sorted, first, last)",
                                                     "insert_range",
                                                     "insert_range(sorted)",
                                                     "insert(list)",
                                                     "insert(sorted, list)",
                                                     "erase(position)",
                                                     "erase(first, last)",
                                                     "erase(key)",
                                                     "erase(K&&)",
                                                     "erase_if",
                                                     "clear",
                                                     "swap",
                                                     "swap(a, b)",
                                                     "operator=(const&)",
                                                     "operator=(&&)",
                                                     "operator=(list)",
                                                     "constructor(const&)",
                                                     "constructor(&&)",
                                                     "constructor(first, last)",
                                                     "constructor(sorted, first, last)",
                                                     "constructor(from_range)",
                                                     "constructor(list)",
                                                     "constructor(sorted, list)",
                                                     "reserve",
                                                     "extract",
                                                     "replace",
                                                     "constructor(containers)",
                                                     "constructor(sorted, containers)",
                                                     "constructor(const&, allocator)",
                                                     "constructor(&&, allocator)"};

}  // namespace deft_test
