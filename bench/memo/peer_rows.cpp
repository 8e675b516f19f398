// The rows of everybody else's caches; deft's are in deft_rows.cpp.
#include "bench/memo/rows.hpp"

namespace {

using namespace deft_bench;

template <typename V>
void register_limit() {
  using all = rows<absl_unlocked<std::uint64_t, V>, std::uint64_t, V>;
  register_rows<std::uint64_t, V>("absl_unlocked", {{"hit", all::hit}}, 0, 1'000'000);
  using of_strings = rows<absl_unlocked<std::string, V>, std::string, V>;
  register_rows<std::string, V>("absl_unlocked", {{"hit", of_strings::hit}}, 0, 1'000'000);
}

auto register_all() -> bool {
  register_cache<mutex_list>("mutex_list");
  register_cache<sharded_list>("sharded_list");
#if DEFT_BENCH_TBB
  register_cache<tbb_lru>("tbb_lru");
#endif
#if DEFT_BENCH_ROCKSDB
  register_cache<hyper_clock, false>("hyper_clock");  // its keys have 16 bytes
#endif
  register_limit<std::uint64_t>();
  register_limit<block<1024>>();
  return true;
}

[[maybe_unused]] const bool registered = register_all();

}  // namespace
