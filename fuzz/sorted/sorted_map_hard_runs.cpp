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

long map_of_records(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_records, deft_test::throwing_move>(bytes, most);
}

long map_of_throwing_move_only(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_hard_keys<deft_test::throwing_move_only>, int>(bytes, most);
}

}  // namespace deft_fuzz
