#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "deft/sorted/flat_multimap.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/flat_map_driver.hpp"
#include "fuzz/sorted/flat_runs.hpp"

namespace deft_fuzz {
namespace {

template <typename Keys, typename KeyContainer, typename MappedContainer>
long run(std::span<const std::uint8_t> bytes) {
  using map = deft::flat_multimap<typename Keys::type, typename MappedContainer::value_type,
                                  typename Keys::compare, KeyContainer, MappedContainer>;
  return run_flat<flat_map_driver<map, Keys>>(bytes);
}

long run_numbers(std::span<const std::uint8_t> bytes) {
  long count = 0;
  for_each_isa([&] { count = run<number_keys<double>, std::vector<double>, std::vector<int>>(bytes); });
  return count;
}

using deft_test::throwing_move;

constexpr flat_run runs[] = {
    {"double", run_numbers},
    {"text_deque", run<text_keys, std::deque<std::string>, std::vector<std::string>>},
    {"throwing_move", run<hard_keys<throwing_move>, std::vector<throwing_move>, std::vector<throwing_move>>}};

}  // namespace

std::span<const flat_run> flat_multimap_runs() {
  return runs;
}

}  // namespace deft_fuzz
