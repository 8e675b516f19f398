// counter against counting in a std::map, and against what Python's Counter says.
#include "deft/sorted/counter.hpp"

#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support_types/faults.hpp"

namespace {

using deft::counter;
using letters = counter<char>;
using model = std::map<int, std::int64_t>;

model as_model(const counter<int>& c) {
  model out;
  for (const auto& [key, count] : c) out.emplace(key, count);
  return out;
}

std::vector<int> some_keys(std::mt19937& random, std::size_t n) {
  std::vector<int> keys(n);
  for (int& key : keys) key = static_cast<int>(random() % 200);
  return keys;
}

TEST(Counter, CountsAsAMapDoes) {
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    counter<int> c;
    model expected;
    for (const std::size_t n : {0u, 1u, 5u, 400u, 3u}) {
      const std::vector<int> keys = some_keys(random, n);
      const bool away = random() % 2 == 0;
      away ? c.subtract(keys) : c.update(keys);
      for (const int key : keys) expected[key] += away ? -1 : 1;
      const int key = static_cast<int>(random() % 250);
      EXPECT_EQ(c.add(key, 3), expected[key] += 3);
      c.set(key + 1, -7);
      expected[key + 1] = -7;
      EXPECT_EQ(c.erase(key + 2), expected.erase(key + 2));
      ASSERT_EQ(as_model(c), expected);
    }
    std::int64_t total = 0;
    for (const auto& [key, count] : expected) {
      total += count;
      EXPECT_EQ(c[key], count);
    }
    EXPECT_EQ(c.total(), total);
  }
}

TEST(Counter, OperatorsKeepPositiveCountsOnly) {
  std::mt19937 random(4);
  for (int round = 0; round < 20; ++round) {
    counter<int> a(deft::from_range, some_keys(random, 300));
    counter<int> b(deft::from_range, some_keys(random, round % 2 == 0 ? 400 : 4));
    a.subtract(some_keys(random, 150));
    b.subtract(some_keys(random, 100));
    const auto expect = [&](const counter<int>& result, auto combine) {
      model expected;
      for (int key = 0; key < 200; ++key) {
        if (const std::int64_t count = combine(a[key], b[key]); count > 0) expected[key] = count;
      }
      EXPECT_EQ(as_model(result), expected);
    };
    expect(a + b, [](auto x, auto y) { return x + y; });
    expect(a - b, [](auto x, auto y) { return x - y; });
    expect(a & b, [](auto x, auto y) { return std::min(x, y); });
    expect(a | b, [](auto x, auto y) { return std::max(x, y); });
    expect(+a, [](auto x, auto) { return x; });
    expect(-a, [](auto x, auto) { return -x; });
    auto c = a;
    c += b;
    EXPECT_EQ(as_model(c), as_model(a + b));
    c = a;
    c -= b;
    EXPECT_EQ(as_model(c), as_model(a - b));
    c = a;
    c &= b;
    EXPECT_EQ(as_model(c), as_model(a & b));
    c = a;
    c |= b;
    EXPECT_EQ(as_model(c), as_model(a | b));
    c = a;
    c.update(b);
    c.subtract(c);
    EXPECT_EQ(c.total(), 0);
    EXPECT_FALSE(c.empty()) << "counts of 0 stay";
  }
}

TEST(Counter, MostCommonBreaksTiesInKeyOrder) {
  const letters c(deft::from_range, std::string("abracadabra"));
  using rows = std::vector<std::pair<char, std::int64_t>>;
  EXPECT_EQ(c.most_common(3), (rows{{'a', 5}, {'b', 2}, {'r', 2}}));
  EXPECT_EQ(c.most_common(), (rows{{'a', 5}, {'b', 2}, {'r', 2}, {'c', 1}, {'d', 1}}));
  EXPECT_TRUE(c.most_common(0).empty());
  EXPECT_EQ(c.most_common(99).size(), 5u);
}

TEST(Counter, ReadingAMissingKeyInsertsNothing) {
  letters c{'a'};
  EXPECT_EQ(c['b'], 0);
  EXPECT_FALSE(c.contains('b'));
  EXPECT_EQ(c.size(), 1u);
}

TEST(Counter, ElementsRepeatsKeysAsOftenAsCounted) {
  letters c{'b', 'a', 'b'};
  c.set('c', 0);
  c.set('A', -3);
  c.set('d', 2);
  const auto elements = c.elements();
  static_assert(std::ranges::forward_range<decltype(elements)>);
  EXPECT_EQ(std::string(elements.begin(), elements.end()), "abbdd");
  EXPECT_EQ(letters(deft::from_range, elements), +c);
  c.update(c.elements());
  EXPECT_EQ(c['b'], 4);
  EXPECT_TRUE(letters().elements().empty());
}

TEST(Counter, ComparesCountsWithMissingOnesAsZero) {
  letters a{'a', 'b'};
  letters b{'a', 'a', 'b'};
  EXPECT_TRUE(a < b && a <= b && b > a && a != b);
  a.set('z', 0);
  EXPECT_TRUE(a < b && a == a);
  a.add('z');
  EXPECT_TRUE(!(a <= b) && !(a >= b) && (a <=> b) == std::partial_ordering::unordered);
  b.clear();
  a.clear();
  a.set('q', 0);
  EXPECT_EQ(a, b);
}

TEST(Counter, TakesStringsByView) {
  counter<std::string, std::less<>> c{"to", "be", "or", "not", "to", "be"};
  EXPECT_EQ(c[std::string_view("be")], 2);
  EXPECT_TRUE(c.contains("or"));
  EXPECT_EQ(c.erase(std::string_view("not")), 1u);
  EXPECT_EQ(c.total(), 5);
  c.update({"be"});
  c.subtract({"to", "to", "to"});
  EXPECT_EQ(c["to"], -1);
  EXPECT_EQ((+c).as_map().keys(), (std::vector<std::string>{"be", "or"}));
}

TEST(Counter, ACountThatDoesNotFitThrowsAndChangesNothing) {
  counter<int> c{1, 1, 2};
  c.set(2, std::numeric_limits<std::int64_t>::max());
  const auto before = as_model(c);
  EXPECT_THROW(c.add(2), std::out_of_range);
  EXPECT_THROW(c.update({0, 1, 2, 3}), std::out_of_range);
  EXPECT_THROW((void)(c + c), std::out_of_range);
  EXPECT_THROW((void)c.total(), std::out_of_range);
  EXPECT_EQ(as_model(c), before);
}

struct failing_less {
  bool operator()(int a, int b) const {
    deft_test::faults::point();
    return a < b;
  }
};

TEST(Counter, AFailedUpdateChangesNothing) {
  const auto setup = [] { return counter<int, failing_less>{5, 1, 3, 5}; };
  const auto result = deft_test::sweep(
      setup, [](auto& c) { c.update({2, 5, 9, 2, 0}); },
      [](const auto& c, bool completed) {
        EXPECT_EQ(c.size(), completed ? 6u : 3u);
        EXPECT_EQ(c.total(), completed ? 9 : 4);
      });
  EXPECT_TRUE(result.completed);
  EXPECT_GT(result.failures, 5);
}

}  // namespace
