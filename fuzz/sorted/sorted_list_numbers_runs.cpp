#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "deft/sorted/sorted_list.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/tree_runs.hpp"
#include "fuzz/sorted/tree_set_driver.hpp"

namespace deft_fuzz {

namespace {

template <typename Keys>
long run(std::span<const std::uint8_t> bytes, std::size_t most) {
  using list = deft::sorted_list<typename Keys::type, typename Keys::compare>;
  long count = 0;
  for_each_isa([&] { count = run_tree<tree_set_driver<list, Keys>>(bytes, most); });
  return count;
}

}  // namespace

long list_of_double(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_numbers<double>>(bytes, most);
}

long list_of_i32_descending(std::span<const std::uint8_t> bytes, std::size_t most) {
  return run<tree_numbers<std::int32_t, std::greater<std::int32_t>>>(bytes, most);
}

}  // namespace deft_fuzz
