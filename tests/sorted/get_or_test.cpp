// get_or and get_or_emplace over the maps of the standard library and deft's.
#include "deft/sorted/get_or.hpp"

#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"

namespace {

using deft::get_or;
using deft::get_or_emplace;

template <typename Map>
class GetOr : public testing::Test {};

using maps = testing::Types<std::map<std::string, int>, std::map<std::string, int, std::less<>>,
                            std::unordered_map<std::string, int>, deft::flat_map<std::string, int>,
                            deft::flat_map<std::string, int, std::less<>>>;
TYPED_TEST_SUITE(GetOr, maps);

TYPED_TEST(GetOr, GivesTheValueOrTheFallbackAndInsertsNothing) {
  const TypeParam m{{"a", 1}};
  EXPECT_EQ(get_or(m, "a", 7), 1);
  EXPECT_EQ(get_or(m, "b", 7), 7);
  EXPECT_EQ(get_or(m, std::string("b"), {}), 0);
  EXPECT_EQ(get_or(m, {}, 3), 3);
  static_assert(std::same_as<decltype(get_or(m, "a", short(7))), int>);
}

TYPED_TEST(GetOr, EmplacesWhatTheFactoryMakesOnlyIfTheKeyIsNotThere) {
  TypeParam m{{"a", 1}};
  EXPECT_EQ(get_or_emplace(m, "a", []() -> int { throw std::logic_error("not called"); }), 1);
  EXPECT_EQ(get_or_emplace(m, "b", [] { return 2; }) += 10, 12);
  EXPECT_EQ(m.at("b"), 12);
  const std::string key = "c";
  EXPECT_EQ(get_or_emplace(m, key, [] { return short{3}; }), 3);
  EXPECT_EQ(m.size(), 3u);
}

TYPED_TEST(GetOr, AFactoryThatThrowsChangesNothing) {
  TypeParam m{{"a", 1}};
  std::string key = "a key that is on the heap, not in the string";
  EXPECT_THROW(get_or_emplace(m, std::move(key), []() -> int { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_EQ(m.size(), 1u);
  EXPECT_EQ(key, "a key that is on the heap, not in the string");
}

TYPED_TEST(GetOr, AFactoryMayUseTheMap) {
  TypeParam m;
  std::function<int(int)> fibonacci = [&](int n) {
    return get_or_emplace(m, std::to_string(n),
                          [&] { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); });
  };
  EXPECT_EQ(fibonacci(30), 832040);
  EXPECT_EQ(m.size(), 31u);
  EXPECT_EQ(get_or_emplace(m, "self",
                           [&] {
                             m["self"] = 1;
                             return 2;
                           }),
            1)
      << "what it inserted itself stays";
}

TEST(GetOrEmplace, ValuesMayBeMovableOnly) {
  deft::flat_map<int, std::unique_ptr<int>> m;
  EXPECT_EQ(*get_or_emplace(m, 1, [] { return std::make_unique<int>(5); }), 5);
  EXPECT_EQ(*get_or_emplace(m, 1, [] { return std::make_unique<int>(6); }), 5);
}

TEST(GetOrEmplace, ANeedleOfAnotherTypeMakesAKeyOnlyIfInserted) {
  std::map<std::string, int, std::less<>> m;
  EXPECT_EQ(get_or_emplace(m, std::string_view("a"), [] { return 1; }), 1);
  EXPECT_EQ(get_or(m, std::string_view("a"), 0), 1);
}

}  // namespace
