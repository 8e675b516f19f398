// What flat_sweep.hpp leaves to maps.
#pragma once

#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "tests/sorted/flat_sweep.hpp"

namespace deft_test {

template <typename Container>
void fill_columns(std::vector<typename Container::value_type>& rows,
                  typename Container::key_container_type& keys,
                  typename Container::mapped_container_type& values) {
  for (auto& row : rows) {
    keys.push_back(std::move(row.first));
    values.push_back(std::move(row.second));
  }
}

template <typename Container>
std::vector<sweep_operation<Container>> map_operations() {
  using state = sweep_state<Container>;
  using traits = sweep_traits<Container>;
  using keys_type = typename Container::key_container_type;
  using values_type = typename Container::mapped_container_type;
  using allocator = typename keys_type::allocator_type;
  using values_allocator = typename values_type::allocator_type;
  std::vector<sweep_operation<Container>> all = common_operations<Container>();
  const sweep_operation<Container> of_maps[] = {
      {"extract", [](state& s) { const auto taken = std::move(s.other).extract(); }},
      {"replace",
       [](state& s) {
         auto taken = std::move(s.other).extract();
         s.c.replace(std::move(taken.keys), std::move(taken.values));
       }},
      {"replace",
       [](state& s) {
         // To another allocator, so row by row.
         keys_type keys(allocator(7));
         values_type values(values_allocator(7));
         fill_columns<Container>(s.sorted, keys, values);
         s.c.replace(std::move(keys), std::move(values));
       },
       left_over::prefix},
      {"constructor(containers)",
       [](state& s) {
         keys_type keys;
         values_type values;
         fill_columns<Container>(s.values, keys, values);
         const Container to(std::move(keys), std::move(values));
       }},
      {"constructor(sorted, containers)",
       [](state& s) {
         auto taken = std::move(s.other).extract();
         const Container to(traits::sorted_tag(), std::move(taken.keys), std::move(taken.values));
       }},
      {"constructor(&&, allocator)", [](state& s) { const Container to(std::move(s.other), allocator(7)); }},
      {"operator=(&&)", [](state& s) { s.c = Container(std::move(s.other), allocator(7)); }},
      {"emplace",
       [](state& s) {
         s.c.emplace(std::piecewise_construct, std::forward_as_tuple(std::move(s.values[0].first)),
                     std::forward_as_tuple(std::move(s.values[0].second)));
       }},
      {"insert(P&&)",
       [](state& s) {
         using parts = std::pair<typename Container::key_type&&, typename Container::mapped_type&&>;
         s.c.insert(parts(std::move(s.values[0].first), std::move(s.values[0].second)));
       }},
  };
  all.insert(all.end(), std::begin(of_maps), std::end(of_maps));
  if constexpr (traits::copyable) {
    all.push_back(
        {"constructor(const&, allocator)", [](state& s) { const Container to(s.other, allocator(7)); }});
    all.push_back({"operator=(const&)", [](state& s) { s.c = Container(s.other, allocator(7)); }});
  }
  return all;
}

/// values[0] goes in between, values[1] is there already.
template <typename Container>
std::vector<sweep_operation<Container>> unique_map_operations() {
  using state = sweep_state<Container>;
  using traits = sweep_traits<Container>;
  using key_type = typename Container::key_type;
  std::vector<sweep_operation<Container>> all = map_operations<Container>();
  const sweep_operation<Container> by_key[] = {
      {"try_emplace(key&&)",
       [](state& s) { s.c.try_emplace(std::move(s.values[0].first), std::move(s.values[0].second)); }},
      {"try_emplace(hint, key&&)",
       [](state& s) {
         s.c.try_emplace(s.c.nth(1), std::move(s.values[0].first), std::move(s.values[0].second));
       }},
      {"insert_or_assign(key&&)",
       [](state& s) { s.c.insert_or_assign(std::move(s.values[0].first), std::move(s.values[0].second)); }},
      {"insert_or_assign(key&&)",
       [](state& s) { s.c.insert_or_assign(std::move(s.values[1].first), std::move(s.values[1].second)); }},
      {"insert_or_assign(hint, key&&)",
       [](state& s) {
         s.c.insert_or_assign(s.c.nth(3), std::move(s.values[0].first), std::move(s.values[0].second));
       }},
      {"insert_or_assign(hint, key&&)",
       [](state& s) {
         s.c.insert_or_assign(s.c.nth(1), std::move(s.values[1].first), std::move(s.values[1].second));
       }},
  };
  all.insert(all.end(), std::begin(by_key), std::end(by_key));
  if constexpr (std::is_copy_constructible_v<key_type>) {
    const sweep_operation<Container> by_copy[] = {
        {"try_emplace(const key&)",
         [](state& s) { s.c.try_emplace(s.values[0].first, std::move(s.values[0].second)); }},
        {"try_emplace(hint, const key&)",
         [](state& s) { s.c.try_emplace(s.c.nth(1), s.values[0].first, std::move(s.values[0].second)); }},
        {"insert_or_assign(const key&)",
         [](state& s) { s.c.insert_or_assign(s.values[0].first, std::move(s.values[0].second)); }},
        {"insert_or_assign(hint, const key&)",
         [](state& s) {
           s.c.insert_or_assign(s.c.nth(3), s.values[0].first, std::move(s.values[0].second));
         }},
    };
    all.insert(all.end(), std::begin(by_copy), std::end(by_copy));
  }
  if constexpr (std::is_default_constructible_v<typename Container::mapped_type>) {
    all.push_back({"operator[](key&&)", [](state& s) { s.c[std::move(s.values[0].first)]; }});
    if constexpr (std::is_copy_constructible_v<key_type>)
      all.push_back({"operator[](const key&)", [](state& s) { s.c[s.values[0].first]; }});
    if constexpr (traits::transparent)
      all.push_back({"operator[](K&&)", [](state& s) { s.c[sweep_needle{4, 200}]; }});
  }
  add_needle_operations(all);
  return all;
}

}  // namespace deft_test
