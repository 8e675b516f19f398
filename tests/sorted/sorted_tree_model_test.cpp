// The trees against a vector that is kept sorted: random operations on trees of up to 20,000 elements, at
// least 10,000 on each container, or as many as DEFT_TREE_OPERATIONS says. The drivers are the fuzz targets'.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "fuzz/sorted/tree_runs.hpp"

namespace {

using deft_fuzz::tree_run;

long wanted() {
  const char* const asked = std::getenv("DEFT_TREE_OPERATIONS");
  return asked == nullptr ? 10'000 : std::atol(asked);
}

void apply_operations(std::span<const tree_run> runs) {
  // Small trees change their shape most often, large ones have more levels.
  constexpr std::size_t sizes[] = {300, 2'000, 300, 20'000};
  const long each = wanted() / static_cast<long>(runs.size()) + 1;
  long all = 0;
  for (const tree_run& run : runs) {
    long applied = 0;
    for (unsigned seed = 1; applied < each; ++seed) {
      std::mt19937 random(seed);
      std::vector<std::uint8_t> bytes(2048);
      for (auto& b : bytes) b = static_cast<std::uint8_t>(random());
      applied += run.run(bytes, sizes[seed % std::size(sizes)]);
    }
    std::printf("%s: %ld operations\n", run.name, applied);
    all += applied;
  }
  EXPECT_GE(all, wanted());
}

TEST(TreeModel, SortedSetAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::sorted_set_runs);
}

TEST(TreeModel, SortedListAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::sorted_list_runs);
}

TEST(TreeModel, SortedMapAgreesOverRandomOperations) {
  apply_operations(deft_fuzz::sorted_map_runs);
}

}  // namespace
