#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "deft/sorted/flat_multiset.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/flat_driver.hpp"
#include "fuzz/sorted/flat_runs.hpp"

namespace deft_fuzz {
namespace {

template <typename Keys, typename KeyContainer = std::vector<typename Keys::type>>
long run(std::span<const std::uint8_t> bytes) {
  return run_flat<
      flat_driver<deft::flat_multiset<typename Keys::type, typename Keys::compare, KeyContainer>, Keys>>(
      bytes);
}

template <typename Number>
long run_numbers(std::span<const std::uint8_t> bytes) {
  long count = 0;
  for_each_isa([&] { count = run<number_keys<Number>>(bytes); });
  return count;
}

constexpr flat_run runs[] = {{"double", run_numbers<double>},
                             {"prefix_deque", run<prefix_keys, std::deque<std::string>>},
                             {"throwing_move", run<hard_keys<deft_test::throwing_move>>}};

}  // namespace

std::span<const flat_run> flat_multiset_runs() {
  return runs;
}

}  // namespace deft_fuzz
