// What the sweeps of the flat containers and of the trees share: every allocation, comparison, copy and move
// that can fail does so once, in every function that changes a container.
#pragma once

#include <compare>
#include <concepts>
#include <cstdio>
#include <functional>
#include <iterator>
#include <map>
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

/// What can be compared of a row.
struct sweep_row {
  int key;
  int serial;
  int value;

  auto operator<=>(const sweep_row&) const = default;
};

/// What a container's rows are made from, and compared by.
template <typename Container, bool Unique>
struct swept_rows {
  using key_type = typename Container::key_type;
  using value_type = typename Container::value_type;
  using order = typename Container::key_compare;
  static constexpr bool is_map = requires { typename Container::mapped_type; };
  static constexpr bool is_unique = Unique;
  static constexpr bool copyable = std::is_copy_constructible_v<value_type>;
  static constexpr bool transparent = requires { typename order::is_transparent; };

  static constexpr auto sorted_tag() {
    if constexpr (is_unique) {
      return deft::sorted_unique;
    } else {
      return deft::sorted_equivalent;
    }
  }

  static key_type key(int k, int serial) { return sweep_type<key_type>::make(k, serial); }

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

template <typename T>
auto moving(std::vector<T>& values) {
  return std::ranges::subrange(std::move_iterator(values.begin()), std::move_iterator(values.end()));
}

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

/// What flat containers and trees do alike. `Operation` says what it works on as `state`, which has its
/// `traits`, the containers `c` and `other`, and rows: `values` in any order and `sorted` ones.
template <typename Operation>
std::vector<Operation> shared_operations() {
  using state = typename Operation::state;
  using traits = typename state::traits;
  using container = typename Operation::container;
  std::vector<Operation> all = {
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
      {"constructor(&&)", [](state& s) { const container to(std::move(s.other)); }},
      {"constructor(first, last)",
       [](state& s) {
         const auto range = moving(s.values);
         const container to(range.begin(), range.end());
       }},
      {"constructor(sorted, first, last)",
       [](state& s) {
         const auto range = moving(s.sorted);
         const container to(traits::sorted_tag(), range.begin(), range.end());
       }},
      {"constructor(from_range)", [](state& s) { const container to(deft::from_range, moving(s.values)); }},
  };
  if constexpr (traits::copyable) {
    const Operation copying[] = {
        {"insert(list)", [](state& s) { s.c.insert({s.values[0], s.values[1]}); }},
        {"insert(sorted, list)",
         [](state& s) { s.c.insert(traits::sorted_tag(), {s.sorted[0], s.sorted[1]}); }},
        {"operator=(const&)", [](state& s) { s.c = s.other; }},
        {"operator=(list)", [](state& s) { s.c = {s.values[0], s.values[1], s.values[2]}; }},
        {"constructor(list)", [](state& s) { const container to({s.values[0], s.values[1]}); }},
        {"constructor(sorted, list)",
         [](state& s) { const container to(traits::sorted_tag(), {s.sorted[0], s.sorted[1]}); }},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  if constexpr (traits::transparent) {
    all.push_back({"erase(K&&)", [](state& s) { s.c.erase(sweep_needle{3, 0}); }});
  }
  return all;
}

inline const std::set<std::string> shared_members = {"insert(const value_type&)",
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
                                                     "constructor(const&, allocator)",
                                                     "constructor(&&, allocator)"};

/// `shared_members` and these.
inline std::set<std::string> and_shared(std::set<std::string> members) {
  members.insert(shared_members.begin(), shared_members.end());
  return members;
}

/// Adds what maps with unique keys do alike with a needle of another type.
template <typename Operation>
void add_needle_operations(std::vector<Operation>& all) {
  using state = typename Operation::state;
  if constexpr (state::traits::transparent) {
    const Operation by_needle[] = {
        {"try_emplace(K&&)",
         [](state& s) { s.c.try_emplace(sweep_needle{4, 200}, std::move(s.values[0].second)); }},
        {"try_emplace(hint, K&&)",
         [](state& s) { s.c.try_emplace(s.c.nth(1), sweep_needle{4, 200}, std::move(s.values[0].second)); }},
        {"insert_or_assign(K&&)",
         [](state& s) { s.c.insert_or_assign(sweep_needle{4, 200}, std::move(s.values[0].second)); }},
        {"insert_or_assign(hint, K&&)",
         [](state& s) {
           s.c.insert_or_assign(s.c.nth(1), sweep_needle{4, 200}, std::move(s.values[0].second));
         }},
    };
    all.insert(all.end(), std::begin(by_needle), std::end(by_needle));
  }
}

/// What maps with unique keys have besides.
inline const std::set<std::string> unique_map_members = {"try_emplace(const key&)",
                                                         "try_emplace(key&&)",
                                                         "try_emplace(K&&)",
                                                         "try_emplace(hint, const key&)",
                                                         "try_emplace(hint, key&&)",
                                                         "try_emplace(hint, K&&)",
                                                         "insert_or_assign(const key&)",
                                                         "insert_or_assign(key&&)",
                                                         "insert_or_assign(K&&)",
                                                         "insert_or_assign(hint, const key&)",
                                                         "insert_or_assign(hint, key&&)",
                                                         "insert_or_assign(hint, K&&)",
                                                         "operator[](const key&)",
                                                         "operator[](key&&)",
                                                         "operator[](K&&)"};

}  // namespace deft_test
