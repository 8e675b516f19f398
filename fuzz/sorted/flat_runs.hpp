// What the fuzz targets flat_set and flat_map, and tests/sorted/flat_model_test.cpp, apply operations to: one
// list for each container, of pairs of types that differ in how the container works with them.
#pragma once

#include <cstdint>
#include <span>

#include "fuzz/op_source.hpp"
#include "tests/support_types/faults.hpp"

namespace deft_fuzz {

struct flat_run {
  const char* name;
  /// @returns The number of operations applied.
  long (*run)(std::span<const std::uint8_t> operations);
};

std::span<const flat_run> flat_set_runs();
std::span<const flat_run> flat_multiset_runs();
std::span<const flat_run> flat_map_runs();
std::span<const flat_run> flat_multimap_runs();

template <typename Driver>
long run_flat(std::span<const std::uint8_t> bytes) {
  const long alive = deft_test::faults::alive;
  op_source in(bytes);
  const long count = Driver(in).run();
  DEFT_FUZZ_CHECK(deft_test::faults::alive == alive);
  return count;
}

}  // namespace deft_fuzz
