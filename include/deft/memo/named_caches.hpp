/// @file
/// deft::named_caches: the statistics of all caches that have a name.
#pragma once

#include <string>
#include <vector>

#include "deft/memo/options.hpp"

namespace deft {

/// A cache's name and what it has seen.
struct named_cache {
  std::string name;
  cache_info info;
};

/// Lists the living caches and memoized functions whose memo_options::name is not empty.
/// @returns     In the order in which they were made; several may have the same name.
/// @throws      std::bad_alloc.
/// @complexity  O(caches). @concurrency Safe; no cache is made or destroyed meanwhile.
[[nodiscard]] std::vector<named_cache> named_caches();

}  // namespace deft
