// Benchmarks of deft::measure's own. DEFT_SLOWDOWN=1.05 makes `hash` do 5 % more of the same work.

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <vector>

#include "deft/measure.hpp"

namespace {

int set_ups = 0;

void hash(deft::measure::state& state) {
  const char* scale = std::getenv("DEFT_SLOWDOWN");
  const auto work = static_cast<std::uint64_t>(8000 * (scale != nullptr ? std::strtod(scale, nullptr) : 1.0));
  for (auto _ : state) {
    std::uint64_t value = 1469598103934665603U;
    for (std::uint64_t i = 0; i < work; ++i) value = (value ^ i) * 1099511628211U;
    deft::measure::do_not_optimize(value);
  }
}

void sum(deft::measure::state& state) {
  const std::vector<std::uint64_t> values(16'000, 3);
  for (auto _ : state) {
    std::uint64_t total = 0;
    for (const std::uint64_t value : values) total += value;
    deft::measure::do_not_optimize(total);
  }
}

// Fails where a process sets it up more than once without anything else in between. Adds a dot to the file
// DEFT_TEST_SET_UPS for each.
void set_up_once(deft::measure::state& state) {
  if (const char* path = std::getenv("DEFT_TEST_SET_UPS")) std::ofstream(path, std::ios::app) << '.';
  if (++set_ups > 1) return state.fail("set up twice");
  for (auto _ : state) {
    for (int i = 0; i < 500; ++i) deft::measure::do_not_optimize(i);
  }
}

void skips(deft::measure::state& state) {
  state.skip("not on this machine");
}

void fails(deft::measure::state& state) {
  for (auto _ : state) return state.fail("no input file");
}

void throws(deft::measure::state&) {
  throw std::runtime_error("out of luck");
}

void does_nothing(deft::measure::state&) {}

void leaves_its_loop(deft::measure::state& state) {
  for (auto _ : state) break;
}

DEFT_BENCHMARK(hash)
DEFT_BENCHMARK(sum)
DEFT_BENCHMARK(set_up_once)
DEFT_BENCHMARK(skips)
DEFT_BENCHMARK(fails)
DEFT_BENCHMARK(throws)
DEFT_BENCHMARK(does_nothing)
DEFT_BENCHMARK(leaves_its_loop)

}  // namespace

DEFT_MEASURE_MAIN()
