// What tree_sweep.hpp leaves to sorted_set and sorted_list.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "deft/sorted/set_algebra.hpp"

#include "tests/sorted/tree_sweep.hpp"

namespace deft_test {

template <typename Container>
std::vector<tree_sweep_operation<Container>> set_tree_operations() {
  using state = tree_sweep_state<Container>;
  using traits = tree_sweep_traits<Container>;
  std::vector<tree_sweep_operation<Container>> all = common_tree_operations<Container>();
  all.push_back({"pop(i)", [](state& s) { (void)s.c.pop(1); }, tree_left_over::one_gone});
  all.push_back({"pop", [](state& s) { (void)s.c.pop(); }, tree_left_over::one_gone});
  if constexpr (!traits::is_unique)
    all.push_back({"remove", [](state& s) { s.c.remove(traits::key(3, 0)); }});
  if constexpr (traits::copyable) {
    const tree_sweep_operation<Container> copying[] = {
        {"|", [](state& s) { (void)(s.c | s.other); }}, {"&", [](state& s) { (void)(s.c & s.other); }},
        {"-", [](state& s) { (void)(s.c - s.other); }}, {"^", [](state& s) { (void)(s.c ^ s.other); }},
        {"|=", [](state& s) { s.c |= s.other; }},       {"&=", [](state& s) { s.c &= s.other; }},
        {"-=", [](state& s) { s.c -= s.other; }},       {"^=", [](state& s) { s.c ^= s.other; }},
    };
    all.insert(all.end(), std::begin(copying), std::end(copying));
  }
  return all;
}

inline const std::set<std::string> set_tree_members = {"pop(i)", "pop", "|",  "&",  "-",
                                                       "^",      "|=",  "&=", "-=", "^="};

}  // namespace deft_test
