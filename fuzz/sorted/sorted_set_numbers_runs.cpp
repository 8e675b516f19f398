#include <cstddef>
#include <cstdint>
#include <span>

#include "deft/sorted/sorted_set.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/tree_runs.hpp"
#include "fuzz/sorted/tree_set_driver.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using set = deft::sorted_set<typename Keys::type, typename Keys::compare>;
  long count = 0;
  for_each_isa([&] { count = run_tree<tree_set_driver<set, Keys>>(bytes, most); });
  return count;
}

}  // namespace

long set_of_u64(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_numbers<std::uint64_t>>(bytes, most);
}

}  // namespace deft_fuzz
