#include "count/counting_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "count/counter.hpp"

namespace deft::count {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(IterationsOfRuns, AreTenTimesThoseOfTheRunBefore) {
  EXPECT_THAT(iterations_of_runs("find", 1, 1), ElementsAre(1));
  EXPECT_THAT(iterations_of_runs("find", 2, 10), ElementsAre(1, 10));
  EXPECT_THAT(iterations_of_runs("find/threads:1", 4, 1000), ElementsAre(1, 10, 100, 1000));
}

TEST(IterationsOfRuns, AreThoseOfTheNameWhereItSetsThem) {
  EXPECT_THAT(iterations_of_runs("find/iterations:10", 1, 10), ElementsAre(10));
  EXPECT_THAT(iterations_of_runs("find/iterations:10/repeats:2", 2, 10), ElementsAre(10));
}

TEST(IterationsOfRuns, AreNotKnownWhereTheLastDoesNotFit) {
  EXPECT_THAT(iterations_of_runs("find", 2, 100), IsEmpty());
  EXPECT_THAT(iterations_of_runs("find", 3, 10), IsEmpty());
  EXPECT_THAT(iterations_of_runs("find", 2, 7), IsEmpty());
  EXPECT_THAT(iterations_of_runs("find", 0, 1), IsEmpty());
  EXPECT_THAT(iterations_of_runs("find", 1, 0), IsEmpty());
  EXPECT_THAT(iterations_of_runs("find", 8, UINT64_MAX), IsEmpty());
}

TEST(RunsFor, AreFewerForBenchmarksThatTakeLong) {
  EXPECT_EQ(runs_for(10), 4U);
  EXPECT_EQ(runs_for(80'000), 4U);
  EXPECT_EQ(runs_for(100'000), 3U);
  EXPECT_EQ(runs_for(1e6), 2U);
  EXPECT_EQ(runs_for(1e12), 2U);
}

}  // namespace
}  // namespace deft::count
