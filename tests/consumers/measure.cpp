// What consumer projects build of deft::measure: a benchmark of its own.
#include "deft/measure.hpp"

static void count(deft::measure::state& state) {
  unsigned long number = 0;
  for (auto _ : state) deft::measure::do_not_optimize(++number);
}
DEFT_BENCHMARK(count)
DEFT_MEASURE_MAIN()
