#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <vector>

#include "deft/sorted/flat_map.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/flat_map_driver.hpp"
#include "fuzz/sorted/flat_runs.hpp"

namespace deft_fuzz {
namespace {

template <typename Keys, typename KeyContainer, typename MappedContainer>
long run(std::span<const std::uint8_t> bytes) {
  using map = deft::flat_map<typename Keys::type, typename MappedContainer::value_type,
                             typename Keys::compare, KeyContainer, MappedContainer>;
  return run_flat<flat_map_driver<map, Keys>>(bytes);
}

long run_numbers(std::span<const std::uint8_t> bytes) {
  long count = 0;
  for_each_isa([&] {
    count = run<number_keys<std::uint64_t>, std::vector<std::uint64_t>, std::vector<std::string>>(bytes);
  });
  return count;
}

using deft_test::throwing_move_only;

constexpr flat_run runs[] = {
    {"u64", run_numbers},
    {"text", run<text_keys, std::vector<std::string>, std::deque<int>>},
    {"prefix_deque", run<prefix_keys, std::deque<std::string>, std::deque<std::string>>},
    {"throwing_move_only",
     run<hard_keys<throwing_move_only>, std::vector<throwing_move_only>, std::vector<int>>}};

}  // namespace

std::span<const flat_run> flat_map_runs() {
  return runs;
}

}  // namespace deft_fuzz
