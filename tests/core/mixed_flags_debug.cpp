#include "tests/core/mixed_flags.hpp"

auto compiled_debug() -> mixed_flags {
  return compiled();
}

auto bisect_debug(const std::vector<int>& sorted, int x, deft::bounds within) -> std::size_t {
  return deft::bisect_left(sorted, x, within);
}

// Constructors that these classes inherit, one a template, one not.
auto flat_set_debug(const std::vector<int>& sorted) -> deft::flat_set<int> {
  return {deft::sorted_unique, sorted.begin(), sorted.end()};
}

auto flat_map_debug(const std::vector<int>& sorted) -> deft::flat_map<int, int> {
  return {deft::sorted_unique, sorted, sorted};
}
