#include <cstddef>
#include <cstdint>
#include <span>

#include "deft/sorted/sorted_set.hpp"

#include "fuzz/sorted/tree_runs.hpp"
#include "fuzz/sorted/tree_set_driver.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using set = deft::sorted_set<typename Keys::type, typename Keys::compare>;
  return run_tree<tree_set_driver<set, Keys>>(bytes, most);
}

}  // namespace

long set_of_records(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_records>(bytes, most);
}

long set_of_throwing_move_only(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_hard_keys<deft_test::throwing_move_only>>(bytes, most);
}

}  // namespace deft_fuzz
