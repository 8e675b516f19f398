#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <span>

#include "deft/sorted/sorted_list.hpp"

#include "fuzz/sorted/tree_runs.hpp"
#include "fuzz/sorted/tree_set_driver.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using list = deft::sorted_list<typename Keys::type, typename Keys::compare,
                                 std::pmr::polymorphic_allocator<typename Keys::type>>;
  return run_tree<tree_set_driver<list, Keys>>(bytes, most);
}

}  // namespace

long list_of_views(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_views>(bytes, most);
}

long list_of_long_text(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_long_text>(bytes, most);
}

}  // namespace deft_fuzz
