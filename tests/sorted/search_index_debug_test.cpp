// What level `debug` adds: the array is looked at when the index is built.
#define DEFT_HARDENING debug
#include <functional>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/search_index.hpp"

namespace {

TEST(SearchIndexDebugDeathTest, FindsAnArrayThatIsNotSorted) {
  const std::vector<int> keys{1, 3, 2};
  EXPECT_DEATH(deft::search_index<int>{keys}, "must be sorted");
  const std::vector<std::string> strings{"b", "a"};
  EXPECT_DEATH(deft::search_index<std::string>{strings}, "must be sorted");
}

TEST(SearchIndexDebugDeathTest, FindsNanAmongTheElements) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> between{1, nan, 2};
  EXPECT_DEATH(deft::search_index<double>{between}, "without NaN");
  const std::vector<double> alone{nan};
  EXPECT_DEATH(deft::search_index<double>{alone}, "without NaN");
}

TEST(SearchIndexDebug, AcceptsDuplicatesAndOtherOrders) {
  const std::vector<int> keys{3, 3, 2, 2, 1};
  const deft::search_index index(keys, std::greater<>());
  EXPECT_EQ(index.count(2), 2U);
}

}  // namespace
