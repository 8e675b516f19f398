#include "tests/core/mixed_flags.hpp"

auto compiled_none() -> mixed_flags {
  return compiled();
}

auto bisect_none(const std::vector<int>& sorted, int x, deft::bounds within) -> std::size_t {
  return deft::bisect_left(sorted, x, within);
}
