// What flat_sweep.hpp leaves to sets.
#pragma once

#include <utility>
#include <vector>

#include "tests/sorted/flat_sweep.hpp"

namespace deft_test {

template <typename Container>
std::vector<sweep_operation<Container>> set_operations() {
  using state = sweep_state<Container>;
  using traits = sweep_traits<Container>;
  using keys = typename Container::container_type;
  using allocator = typename keys::allocator_type;
  std::vector<sweep_operation<Container>> all = common_operations<Container>();
  const sweep_operation<Container> of_sets[] = {
      {"extract", [](state& s) { const keys taken = std::move(s.other).extract(); }},
      {"replace", [](state& s) { s.c.replace(std::move(s.other).extract()); }},
      {"replace",
       [](state& s) {
         // To another allocator, so key by key.
         keys from(allocator(7));
         for (auto& key : s.sorted) from.push_back(std::move(key));
         s.c.replace(std::move(from));
       },
       left_over::prefix},
      {"constructor(containers)",
       [](state& s) {
         keys from;
         for (auto& key : s.values) from.push_back(std::move(key));
         const Container to(std::move(from));
       }},
      {"constructor(sorted, containers)",
       [](state& s) { const Container to(traits::sorted_tag(), std::move(s.other).extract()); }},
      {"constructor(&&, allocator)", [](state& s) { const Container to(std::move(s.other), allocator(7)); }},
      {"operator=(&&)", [](state& s) { s.c = Container(std::move(s.other), allocator(7)); }},
      {"emplace", [](state& s) { s.c.emplace(traits::key(4, 200)); }},
  };
  all.insert(all.end(), std::begin(of_sets), std::end(of_sets));
  if constexpr (traits::copyable) {
    all.push_back(
        {"constructor(const&, allocator)", [](state& s) { const Container to(s.other, allocator(7)); }});
    all.push_back({"operator=(const&)", [](state& s) { s.c = Container(s.other, allocator(7)); }});
  }
  if constexpr (traits::transparent && traits::is_unique) {
    all.push_back({"insert(K&&)", [](state& s) { s.c.insert(sweep_needle{4, 200}); }});
    all.push_back({"insert(hint, K&&)", [](state& s) { s.c.insert(s.c.nth(1), sweep_needle{4, 200}); }});
  }
  return all;
}

}  // namespace deft_test
