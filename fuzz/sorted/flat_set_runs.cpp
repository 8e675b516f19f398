#include <cstdint>
#include <span>
#include <vector>

#include "deft/sorted/flat_set.hpp"

#include "fuzz/sorted/each_isa.hpp"
#include "fuzz/sorted/flat_driver.hpp"
#include "fuzz/sorted/flat_runs.hpp"

namespace deft_fuzz {
namespace {

template <typename Keys>
using driver = flat_driver<deft::flat_set<typename Keys::type, typename Keys::compare>, Keys>;

template <typename Keys>
long run(std::span<const std::uint8_t> bytes) {
  return run_flat<driver<Keys>>(bytes);
}

template <typename Number>
long run_numbers(std::span<const std::uint8_t> bytes) {
  long count = 0;
  for_each_isa([&] { count = run<number_keys<Number>>(bytes); });
  return count;
}

constexpr flat_run runs[] = {{"u64", run_numbers<std::uint64_t>},
                             {"double", run_numbers<double>},
                             {"text", run<text_keys>},
                             {"throwing_move_only", run<hard_keys<deft_test::throwing_move_only>>}};

}  // namespace

std::span<const flat_run> flat_set_runs() {
  return runs;
}

}  // namespace deft_fuzz
