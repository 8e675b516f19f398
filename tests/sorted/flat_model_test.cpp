// The flat containers against a plain vector with linear searches: random operations, at least 100,000 on
// each container, or as many as DEFT_FLAT_OPERATIONS says. The drivers are the fuzz targets'.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/sorted/flat_runs.hpp"

namespace {

using deft_fuzz::flat_run;

long wanted() {
  const char* const asked = std::getenv("DEFT_FLAT_OPERATIONS");
  return asked == nullptr ? 100'000 : std::atol(asked);
}

void apply_operations(std::span<const flat_run> runs) {
  const long each = wanted() / static_cast<long>(runs.size()) + 1;
  long all = 0;
  for (const flat_run& run : runs) {
    long applied = 0;
    for (unsigned seed = 1; applied < each; ++seed) {
      std::mt19937 random(seed);
      std::vector<std::uint8_t> bytes(4096);
      for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
      applied += run.run(bytes);
    }
    std::printf("%s: %ld operations\n", run.name, applied);
    all += applied;
  }
  EXPECT_GE(all, wanted());
}

TEST(FlatModel, FlatSetAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::flat_set_runs());
}

TEST(FlatModel, FlatMultisetAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::flat_multiset_runs());
}

TEST(FlatModel, FlatMapAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::flat_map_runs());
}

TEST(FlatModel, FlatMultimapAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::flat_multimap_runs());
}

}  // namespace
