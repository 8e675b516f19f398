// What tree_sweep.hpp leaves to sorted_map.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/sorted/tree_sweep.hpp"

namespace deft_test {

/// Insertions of one element; values[1] is there already and values[3] comes last.
template <typename Container>
std::vector<tree_sweep_operation<Container>> single_map_operations() {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  using key_type = typename Container::key_type;
  std::vector<tree_sweep_operation<Container>> all = single_operations<Container>();
  const tree_sweep_operation<Container> by_key[] = {
      {"emplace",
       [](state& s) {
         s.c.emplace(std::piecewise_construct, std::forward_as_tuple(std::move(s.values[0].first)),
                     std::forward_as_tuple(std::move(s.values[0].second)));
       }},
      {"try_emplace(key&&)",
       [](state& s) { s.c.try_emplace(std::move(s.values[3].first), std::move(s.values[3].second)); }},
      {"try_emplace(hint, key&&)",
       [](state& s) {
         s.c.try_emplace(s.c.end(), std::move(s.values[3].first), std::move(s.values[3].second));
       }},
      {"insert_or_assign(key&&)",
       [](state& s) { s.c.insert_or_assign(std::move(s.values[3].first), std::move(s.values[3].second)); }},
      {"insert_or_assign(hint, key&&)",
       [](state& s) {
         s.c.insert_or_assign(s.c.end(), std::move(s.values[3].first), std::move(s.values[3].second));
       }},
  };
  all.insert(all.end(), std::begin(by_key), std::end(by_key));
  if constexpr (std::is_copy_constructible_v<key_type>) {
    const tree_sweep_operation<Container> by_copy[] = {
        {"try_emplace(const key&)",
         [](state& s) { s.c.try_emplace(s.values[3].first, std::move(s.values[3].second)); }},
        {"try_emplace(hint, const key&)",
         [](state& s) { s.c.try_emplace(s.c.end(), s.values[3].first, std::move(s.values[3].second)); }},
        {"insert_or_assign(const key&)",
         [](state& s) { s.c.insert_or_assign(s.values[3].first, std::move(s.values[3].second)); }},
        {"insert_or_assign(hint, const key&)",
         [](state& s) { s.c.insert_or_assign(s.c.end(), s.values[3].first, std::move(s.values[3].second)); }},
    };
    all.insert(all.end(), std::begin(by_copy), std::end(by_copy));
  }
  if constexpr (std::is_default_constructible_v<typename Container::mapped_type>) {
    all.push_back({"operator[](key&&)", [](state& s) { s.c[std::move(s.values[3].first)]; }});
    if constexpr (std::is_copy_constructible_v<key_type>)
      all.push_back({"operator[](const key&)", [](state& s) { s.c[s.values[3].first]; }});
    if constexpr (traits::transparent)
      all.push_back({"operator[](K&&)", [](state& s) { s.c[sweep_needle{4, 200}]; }});
  }
  add_needle_operations(all);
  return all;
}

template <typename Container>
std::vector<tree_sweep_operation<Container>> map_tree_operations() {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  std::vector<tree_sweep_operation<Container>> all = common_tree_operations<Container>();
  const tree_sweep_operation<Container> of_maps[] = {
      {"insert_or_assign(key&&)",
       [](state& s) { s.c.insert_or_assign(std::move(s.values[1].first), std::move(s.values[1].second)); }},
      {"insert_or_assign(hint, key&&)",
       [](state& s) {
         s.c.insert_or_assign(s.c.nth(1), std::move(s.values[1].first), std::move(s.values[1].second));
       }},
      {"popitem(i)", [](state& s) { (void)s.c.popitem(1); }, tree_left_over::one_gone},
      {"popitem", [](state& s) { (void)s.c.popitem(); }, tree_left_over::one_gone},
      {"pop(key)", [](state& s) { (void)s.c.pop(traits::key(3, 0)); }, tree_left_over::one_gone},
  };
  all.insert(all.end(), std::begin(of_maps), std::end(of_maps));
  return all;
}

inline const std::set<std::string> map_tree_members = {"popitem(i)", "popitem", "pop(key)"};

}  // namespace deft_test
