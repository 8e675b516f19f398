#pragma once

#include <vector>

#include "deft/sorted/bisect.hpp"
#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_set.hpp"

struct mixed_flags {
  int hardening_level;
  bool has_avx2;
  bool has_avx512;
};

// A public type crosses the borders between the translation units.
auto compiled_none() -> mixed_flags;
auto compiled_fast() -> mixed_flags;
auto compiled_debug() -> mixed_flags;
auto bisect_none(const std::vector<int>& sorted, int x, deft::bounds within) -> std::size_t;
auto bisect_fast(const std::vector<int>& sorted, int x, deft::bounds within) -> std::size_t;
auto bisect_debug(const std::vector<int>& sorted, int x, deft::bounds within) -> std::size_t;
auto flat_set_none(const std::vector<int>& sorted) -> deft::flat_set<int>;
auto flat_set_debug(const std::vector<int>& sorted) -> deft::flat_set<int>;
auto flat_map_none(const std::vector<int>& sorted) -> deft::flat_map<int, int>;
auto flat_map_debug(const std::vector<int>& sorted) -> deft::flat_map<int, int>;

namespace {

inline auto compiled() -> mixed_flags {
  mixed_flags flags{DEFT_HARDENING_LEVEL, false, false};
#ifdef __AVX2__
  flags.has_avx2 = true;
#endif
#ifdef __AVX512F__
  flags.has_avx512 = true;
#endif
  return flags;
}

}  // namespace
