#include "store/utc.hpp"

#include <chrono>
#include <cstdlib>

#include <gtest/gtest.h>

using deft::store::to_utc;
using std::chrono::system_clock;

TEST(Utc, IsIso8601WithoutFractions) {
  using namespace std::chrono_literals;
  EXPECT_EQ(to_utc(system_clock::time_point{}), "1970-01-01T00:00:00Z");
  EXPECT_EQ(to_utc(system_clock::time_point{1'795'332'600s + 900ms}), "2026-11-22T07:30:00Z");
  EXPECT_EQ(to_utc(system_clock::time_point{951'782'400s}), "2000-02-29T00:00:00Z");
}

TEST(Utc, DoesNotDependOnTheTimeZone) {
  ::setenv("TZ", "Asia/Tokyo", 1);
  EXPECT_EQ(to_utc(system_clock::time_point{}), "1970-01-01T00:00:00Z");
  ::unsetenv("TZ");
}

TEST(Utc, IsReadAsItIsWritten) {
  for (const char* text :
       {"1970-01-01T00:00:00Z", "2026-11-22T07:30:59Z", "2000-02-29T00:00:00Z", "2199-12-31T23:59:59Z"}) {
    const auto time = deft::store::from_utc(text);
    ASSERT_TRUE(time) << text;
    EXPECT_EQ(to_utc(*time), text);
  }
  for (const char* text :
       {"", "2026-11-22", "2026-11-22T07:30:00", "2026-11-22 07:30:00Z", "2026-02-29T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T07:60:00Z", "2026-11-22T07:30:00+",
        "-026-11-22T07:30:00Z", "2026-11-22T07:3x:00Z", "9999-11-22T07:30:00Z"})
    EXPECT_FALSE(deft::store::from_utc(text)) << text;
}

TEST(Utc, KnowsThePresent) {
  const std::string now = deft::store::utc_now();
  ASSERT_EQ(now.size(), 20U);
  EXPECT_GT(now, "2026");
}
