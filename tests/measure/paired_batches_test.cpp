#include "measure/paired_batches.hpp"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace deft::measure {
namespace {

batch_block block(double base, double head, double control) {
  return {{base, 2 * base, 10}, {head, 2 * head, 11}, {control, 2 * control, 12}};
}

TEST(Combine, KeepsTheRatioThatAllBlocksHave) {
  // The machine becomes slower from block to block; head is 5 % slower than base throughout.
  std::vector<batch_block> blocks;
  for (const double level : {100.0, 110.0, 130.0, 150.0}) blocks.push_back(block(level, 1.05 * level, level));
  const auto all = combine(blocks);
  ASSERT_TRUE(all);
  EXPECT_NEAR(all->head.cpu_ns / std::sqrt(all->base.cpu_ns * all->control.cpu_ns), 1.05, 1e-12);
  EXPECT_NEAR(all->control.cpu_ns, all->base.cpu_ns, 1e-9);
  EXPECT_NEAR(all->base.cpu_ns, std::sqrt(110.0 * 130.0), 1e-9);
  EXPECT_NEAR(all->head.real_ns, 2 * all->head.cpu_ns, 1e-9);
  EXPECT_EQ(all->base.iterations, 40U);
  EXPECT_EQ(all->head.iterations, 44U);
  EXPECT_EQ(all->control.iterations, 48U);
}

TEST(Combine, IsNotMovedByBlocksInWhichOneArmWasDisturbed) {
  std::vector<batch_block> blocks(10, block(100, 100, 100));
  blocks[2] = block(100, 900, 100);
  blocks[5] = block(500, 100, 100);
  blocks[7] = block(100, 100, 3000);
  const auto all = combine(blocks);
  ASSERT_TRUE(all);
  EXPECT_NEAR(all->base.cpu_ns, 100, 1e-9);
  EXPECT_NEAR(all->head.cpu_ns, 100, 1e-9);
  EXPECT_NEAR(all->control.cpu_ns, 100, 1e-9);
}

TEST(Combine, LeavesOutBlocksWithoutATime) {
  const std::vector<batch_block> blocks{block(0, 100, 100), block(100, 100, 100), block(100, 0, 100)};
  const auto all = combine(blocks);
  ASSERT_TRUE(all);
  EXPECT_NEAR(all->head.cpu_ns, 100, 1e-9);
  const std::vector<batch_block> none{block(0, 100, 100)};
  EXPECT_FALSE(combine(none));
  EXPECT_FALSE(combine({}));
}

TEST(MeanOf, IsGeometric) {
  const repetition mean = mean_of({100, 400, 3}, {400, 100, 4});
  EXPECT_NEAR(mean.cpu_ns, 200, 1e-9);
  EXPECT_NEAR(mean.real_ns, 200, 1e-9);
  EXPECT_EQ(mean.iterations, 7U);
}

}  // namespace
}  // namespace deft::measure
