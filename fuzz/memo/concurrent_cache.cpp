// concurrent_cache against the model, over policies and kinds of keys and values.
//
// Input: one byte chooses policy and types, the rest are options and operations; see
// concurrent_cache_model.hpp.
#include <cstdint>
#include <span>
#include <string>
#include <tuple>

#include "fuzz/memo/concurrent_cache_model.hpp"
#include "tests/support_types/elements.hpp"

namespace {

template <typename K, typename V, typename Policy>
void run(std::span<const std::uint8_t> bytes) {
  const long alive = deft_test::faults::alive;
  {
    deft_fuzz::op_source in(bytes);
    deft_fuzz::concurrent_cache_driver<K, V, Policy>(in).run();
  }
  DEFT_FUZZ_CHECK(deft_test::faults::alive == alive);
}

using u64 = std::uint64_t;
using string = std::string;
using tuple = std::tuple<std::uint32_t, std::string>;
namespace policy = deft::policy;

constexpr void (*kinds[])(std::span<const std::uint8_t>) = {
    run<u64, u64, policy::fifo>,
    run<u64, u64, policy::lru>,
    run<u64, u64, policy::clock>,
    run<u64, u64, policy::sieve>,
    run<u64, u64, policy::s3_fifo>,
    run<u64, u64, policy::tiny_lfu>,
    run<u64, u64, policy::unbounded>,
    run<string, string, policy::lru>,
    run<string, string, policy::clock>,
    run<string, string, policy::s3_fifo>,
    run<string, string, policy::tiny_lfu>,
    run<tuple, deft_test::throwing_copy, policy::sieve>,
    run<tuple, deft_test::throwing_copy, policy::s3_fifo>,
    run<u64, deft_test::move_only, policy::fifo>,
    run<u64, deft_test::over_aligned, policy::lru>,
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  kinds[data[0] % std::size(kinds)]({data + 1, size - 1});
  return 0;
}
