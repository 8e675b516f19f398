#include "tests/core/mixed_flags.hpp"

#include <vector>

#include <gtest/gtest.h>

namespace {

const std::vector<int> sorted{1, 3, 5, 7, 9};
const std::vector<int> unsorted{9, 1, 7, 3, 5};

TEST(MixedFlags, AreWhatTheTestIsAbout) {
  EXPECT_EQ(compiled_none().hardening_level, 0);
  EXPECT_EQ(compiled_fast().hardening_level, 1);
  EXPECT_EQ(compiled_debug().hardening_level, 2);
}

TEST(MixedFlags, GiveTheSameAnswers) {
#ifdef __x86_64__
  const bool runs_avx512 = __builtin_cpu_supports("avx512f");
  const bool runs_avx2 = __builtin_cpu_supports("avx2");
#else
  const bool runs_avx512 = false;
  const bool runs_avx2 = false;
#endif
  for (int x = 0; x <= 10; ++x) {
    const std::size_t expected = bisect_fast(sorted, x, {1, 4});
    if (runs_avx512 || !compiled_none().has_avx512) {
      EXPECT_EQ(bisect_none(sorted, x, {1, 4}), expected);
    }
    if (runs_avx2 || !compiled_debug().has_avx2) {
      EXPECT_EQ(bisect_debug(sorted, x, {1, 4}), expected);
    }
  }
}

TEST(MixedFlagsDeathTest, CheckBoundsAtTheirOwnLevel) {
  EXPECT_DEATH(bisect_fast(sorted, 5, {4, 2}), "lo <= hi <= size");
  EXPECT_DEATH(bisect_fast(sorted, 5, {0, 6}), "lo <= hi <= size");
  EXPECT_DEATH(bisect_debug(sorted, 5, {0, 6}), "lo <= hi <= size");
}

TEST(MixedFlagsDeathTest, LookAtTheOrderInDebugAlone) {
  EXPECT_LE(bisect_none(unsorted, 5, {}), unsorted.size());
  EXPECT_LE(bisect_fast(unsorted, 5, {}), unsorted.size());
  EXPECT_DEATH(bisect_debug(unsorted, 5, {}), "must be sorted");
}

TEST(MixedFlagsDeathTest, CheckInInheritedConstructorsAtTheirOwnLevel) {
  EXPECT_EQ(flat_set_none(unsorted).size(), unsorted.size());
  EXPECT_DEATH(static_cast<void>(flat_set_debug(unsorted)), "sorted");
  EXPECT_EQ(flat_map_none(unsorted).size(), unsorted.size());
  EXPECT_DEATH(static_cast<void>(flat_map_debug(unsorted)), "sorted");
}

}  // namespace
