#include <cstddef>
#include <cstdint>
#include <span>

#include "deft/sorted/sorted_list.hpp"

#include "fuzz/sorted/tree_runs.hpp"
#include "fuzz/sorted/tree_set_driver.hpp"
#include "tests/support_types/allocators.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using list = deft::sorted_list<typename Keys::type, typename Keys::compare,
                                 deft_test::test_allocator<typename Keys::type>>;
  return run_tree<tree_set_driver<list, Keys>>(bytes, most);
}

}  // namespace

long list_of_over_aligned(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_hard_keys<deft_test::over_aligned>>(bytes, most);
}

long list_of_throwing_move(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_hard_keys<deft_test::throwing_move>>(bytes, most);
}

}  // namespace deft_fuzz
