#include <cstddef>
#include <cstdint>
#include <span>

#include "deft/sorted/sorted_map.hpp"

#include "fuzz/sorted/tree_map_driver.hpp"
#include "fuzz/sorted/tree_runs.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys, typename T>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using map = deft::sorted_map<typename Keys::type, T, typename Keys::compare>;
  return run_tree<tree_map_driver<map, Keys>>(bytes, most);
}

}  // namespace

long map_of_short_text(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_short_text, int>(bytes, most);
}

}  // namespace deft_fuzz
