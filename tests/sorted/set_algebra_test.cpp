// The set operators against the standard algorithms, and what they promise beyond those.
#include "deft/sorted/set_algebra.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <memory_resource>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"
#include "deft/sorted/sorted_vector.hpp"

#include "tests/support_types/elements.hpp"

namespace {

using deft::flat_multiset;
using deft::flat_set;

static_assert(deft::sorted_set_like<flat_set<int>> && deft::sorted_set_like<deft::sorted_vector<int>>);
static_assert(!deft::sorted_set_like<std::vector<int>>);

/// `a OP b`, and `a OP= b`, are what the standard algorithm makes of the same elements.
template <typename Set>
void agrees_with_the_standard(const Set& a, const Set& b) {
  const auto comp = a.key_comp();
  using keys = std::vector<typename Set::value_type>;
  const auto expect = [&](auto algorithm, const Set& result, auto change, const char* name) {
    keys model;
    algorithm(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(model), comp);
    EXPECT_TRUE(std::equal(result.begin(), result.end(), model.begin(), model.end())) << name;
    Set changed(a);
    change(changed);
    EXPECT_TRUE(std::equal(changed.begin(), changed.end(), model.begin(), model.end())) << name << '=';
  };
  expect([](auto... x) { std::set_union(x...); }, a | b, [&](Set& x) { x |= b; }, "|");
  expect([](auto... x) { std::set_intersection(x...); }, a & b, [&](Set& x) { x &= b; }, "&");
  expect([](auto... x) { std::set_difference(x...); }, a - b, [&](Set& x) { x -= b; }, "-");
  expect([](auto... x) { std::set_symmetric_difference(x...); }, a ^ b, [&](Set& x) { x ^= b; }, "^");
  EXPECT_EQ(is_subset(a, b), std::includes(b.begin(), b.end(), a.begin(), a.end(), comp));
  EXPECT_EQ(is_superset(a, b), std::includes(a.begin(), a.end(), b.begin(), b.end(), comp));
  EXPECT_EQ(is_disjoint(a, b), (a & b).empty());
  EXPECT_TRUE(is_subset(a & b, a) && is_superset(a | b, b) && is_disjoint(a ^ b, a & (b & Set())));
}

template <typename Set>
void agrees_with_the_standard_on_random_sets() {
  std::mt19937 random(5);
  const auto some = [&](std::size_t n, std::uint32_t range) {
    std::vector<typename Set::value_type> keys;
    for (std::size_t i = 0; i < n; ++i)
      keys.push_back(static_cast<typename Set::value_type>(random() % range));
    return Set(deft::from_range, keys);
  };
  for (const std::size_t n : {0u, 1u, 3u, 40u, 500u}) {
    for (const std::size_t m : {0u, 1u, 7u, 60u, 4000u}) {
      for (const std::uint32_t range : {2u, 50u, 100'000u}) {
        agrees_with_the_standard(some(n, range), some(m, range));
        agrees_with_the_standard(some(m, range), some(n, range));
      }
    }
  }
}

TEST(SetAlgebra, OfFlatSetsIsThatOfTheStandard) {
  agrees_with_the_standard_on_random_sets<flat_set<std::uint32_t>>();
}

TEST(SetAlgebra, OfFlatMultisetsIsThatOfTheStandard) {
  agrees_with_the_standard_on_random_sets<flat_multiset<int, std::greater<>, std::deque<int>>>();
}

TEST(SetAlgebra, OfSortedVectorsIsThatOfTheStandard) {
  agrees_with_the_standard_on_random_sets<deft::sorted_vector<int>>();
}

TEST(SetAlgebra, ReadsAsInPython) {
  const flat_set<std::string> a{"a", "b", "c"};
  const flat_set<std::string> b{"b", "c", "d"};
  EXPECT_EQ(a | b, (flat_set<std::string>{"a", "b", "c", "d"}));
  EXPECT_EQ(a & b, (flat_set<std::string>{"b", "c"}));
  EXPECT_EQ(a - b, (flat_set<std::string>{"a"}));
  EXPECT_EQ(a ^ b, (flat_set<std::string>{"a", "d"}));
  EXPECT_TRUE(is_subset(a & b, a) && is_superset(a, a) && is_disjoint(a - b, b));
}

TEST(SetAlgebra, TakesElementsOfBothFromTheLeft) {
  using set = flat_multiset<deft_test::tracked, deft_test::by_key>;
  const std::vector<deft_test::tracked> left{{1, 0}, {2, 1}, {2, 2}};
  const std::vector<deft_test::tracked> right{{2, 10}, {2, 11}, {2, 12}, {3, 13}};
  const set a(left);
  const set b(right);
  const auto serials = [](const set& s) {
    std::vector<int> out;
    for (const auto& x : s) out.push_back(x.serial);
    return out;
  };
  EXPECT_EQ(serials(a | b), (std::vector<int>{0, 1, 2, 12, 13}));
  EXPECT_EQ(serials(a & b), (std::vector<int>{1, 2}));
  EXPECT_EQ(serials(b & a), (std::vector<int>{10, 11}));
  EXPECT_EQ(serials(a ^ b), (std::vector<int>{0, 12, 13}));
  set changed(a);
  changed |= b;
  EXPECT_EQ(serials(changed), (std::vector<int>{0, 1, 2, 12, 13}));
}

TEST(SetAlgebra, TakesASetWithItself) {
  flat_set<int> s{1, 2, 3};
  EXPECT_EQ(s | s, s);
  EXPECT_EQ(s & s, s);
  EXPECT_TRUE((s - s).empty() && (s ^ s).empty() && is_subset(s, s));
  const flat_set<int>& itself = s;
  s |= itself;
  s &= itself;
  EXPECT_EQ(s.size(), 3u);
  s -= itself;
  EXPECT_TRUE(s.empty());
}

/// Less, and counts how often it is asked, wherever it is copied to.
struct counting_less {
  using is_transparent = void;
  long* asked;

  bool operator()(int a, int b) const {
    ++*asked;
    return a < b;
  }
};

TEST(SetAlgebra, GallopsOverTheLongerSide) {
  long asked = 0;
  const counting_less comp{&asked};
  std::vector<int> many(100'000);
  for (int i = 0; i < 100'000; ++i) many[static_cast<std::size_t>(i)] = i;
  const flat_set<int, counting_less> a(deft::sorted_unique, many, comp);
  const flat_set<int, counting_less> b(deft::sorted_unique, {5, 30'000, 70'000, 99'999, 200'000}, comp);
  asked = 0;
  EXPECT_EQ((a & b).size(), 4u);
  EXPECT_FALSE(is_disjoint(a, b));
  EXPECT_EQ((b - a).size(), 1u);
  EXPECT_LT(asked, 3 * 5 * 2 * 20);
}

TEST(SetAlgebra, ResultsHaveTheAllocatorOfACopy) {
  std::pmr::monotonic_buffer_resource arena;
  deft::pmr::flat_set<int> a({1, 2}, &arena);
  const deft::pmr::flat_set<int> b({2, 3}, &arena);
  EXPECT_EQ((a | b).extract().get_allocator().resource(), std::pmr::get_default_resource());
  a ^= b;
  a |= b;
  EXPECT_EQ(a, (deft::pmr::flat_set<int>{1, 2, 3}));
  EXPECT_EQ(std::move(a).extract().get_allocator().resource(), &arena);
}

TEST(SetAlgebra, RemovesFromSetsOfMoveOnlyKeys) {
  flat_set<std::unique_ptr<int>> s;
  s.insert(nullptr);
  s.insert(std::make_unique<int>(1));
  flat_set<std::unique_ptr<int>> none;
  none.insert(nullptr);
  s -= none;
  EXPECT_EQ(s.size(), 1u);
  EXPECT_TRUE(is_disjoint(s, none));
  s &= none;
  EXPECT_TRUE(s.empty());
}

}  // namespace
