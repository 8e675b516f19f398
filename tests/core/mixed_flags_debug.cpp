#include "tests/core/mixed_flags.hpp"

auto compiled_debug() -> mixed_flags {
  return compiled();
}

auto bisect_debug(const std::vector<int>& sorted, int x, deft::bounds within) -> std::size_t {
  return deft::bisect_left(sorted, x, within);
}
