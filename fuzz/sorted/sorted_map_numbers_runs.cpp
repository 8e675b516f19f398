#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "deft/sorted/sorted_map.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/tree_map_driver.hpp"
#include "fuzz/sorted/tree_runs.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys, typename T>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using map = deft::sorted_map<typename Keys::type, T, typename Keys::compare>;
  long count = 0;
  for_each_isa([&] { count = run_tree<tree_map_driver<map, Keys>>(bytes, most); });
  return count;
}

}  // namespace

long map_of_u64(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_numbers<std::uint64_t>, std::string>(bytes, most);
}

long map_of_i32(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_numbers<std::int32_t>, int>(bytes, most);
}

}  // namespace deft_fuzz
