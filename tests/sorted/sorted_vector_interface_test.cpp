// What a caller relies on without thinking: types, construction, traits, views, comparisons.
#include <array>
#include <functional>
#include <iterator>
#include <list>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_vector.hpp"

#include "tests/support_types/allocators.hpp"
#include "tests/support_types/elements.hpp"

namespace {

using deft::sorted_vector;
using numbers = sorted_vector<int>;

static_assert(std::ranges::contiguous_range<numbers>);
static_assert(std::is_same_v<numbers::iterator, numbers::const_iterator>);
static_assert(std::is_same_v<decltype(*std::declval<numbers&>().begin()), const int&>);
static_assert(std::is_nothrow_move_constructible_v<numbers> && std::is_nothrow_move_assignable_v<numbers>);
static_assert(std::is_nothrow_swappable_v<numbers>);
static_assert(!std::is_nothrow_move_assignable_v<deft::pmr::sorted_vector<int>>);
static_assert(sizeof(numbers) == sizeof(std::vector<int>));
static_assert(std::uses_allocator_v<deft::pmr::sorted_vector<int>, std::pmr::polymorphic_allocator<>>);

// Readable constraints: what cannot be looked up, cannot be called.
template <typename V, typename X>
concept finds = requires(const V& v, const X& x) { v.find(x); };
static_assert(finds<sorted_vector<std::string>, const char*>);
static_assert(!finds<sorted_vector<std::string>, std::string_view>);
static_assert(finds<sorted_vector<std::string, std::less<>>, std::string_view>);
static_assert(!finds<numbers, std::string>);
template <typename V>
concept inserts_text = requires(V& v) { v.insert_range(std::vector<std::string>()); };
static_assert(!inserts_text<numbers>);

TEST(SortedVector, IsMadeFromWhateverAMultisetIs) {
  const std::list<int> source{3, 1, 2, 1};
  const numbers sorted{1, 1, 2, 3};
  EXPECT_EQ(numbers(source.begin(), source.end()), sorted);
  EXPECT_EQ(numbers(deft::from_range, source), sorted);
  EXPECT_EQ(numbers(std::vector<int>{3, 1, 2, 1}), sorted);
  EXPECT_EQ(numbers(deft::sorted_equivalent, std::vector<int>{1, 1, 2, 3}), sorted);
  EXPECT_EQ(numbers(deft::sorted_equivalent, sorted.begin(), sorted.end()), sorted);
  EXPECT_EQ(numbers(deft::sorted_equivalent, {1, 1, 2, 3}), sorted);
  std::istringstream text("3 1 2 1");
  EXPECT_EQ(numbers(std::istream_iterator<int>(text), std::istream_iterator<int>()), sorted);
  numbers assigned;
  assigned = {1, 3, 2, 1};
  EXPECT_EQ(assigned, sorted);
}

TEST(SortedVector, DeducesItsParameters) {
  const std::vector<int> source{2, 1};
  static_assert(std::is_same_v<decltype(sorted_vector{2, 1}), numbers>);
  static_assert(std::is_same_v<decltype(sorted_vector(source)), numbers>);
  static_assert(std::is_same_v<decltype(sorted_vector(source.begin(), source.end())), numbers>);
  static_assert(std::is_same_v<decltype(sorted_vector(deft::from_range, source)), numbers>);
  static_assert(
      std::is_same_v<decltype(sorted_vector({2, 1}, std::greater<>())), sorted_vector<int, std::greater<>>>);
  static_assert(std::is_same_v<decltype(sorted_vector({2, 1}, std::pmr::polymorphic_allocator<int>())),
                               deft::pmr::sorted_vector<int>>);
  const sorted_vector descending({1, 2}, std::greater<>());
  EXPECT_EQ(descending.front(), 2);
}

TEST(SortedVector, SlicesAreSpansThatClamp) {
  const numbers v{10, 20, 20, 30};
  EXPECT_TRUE(std::ranges::equal(v.islice(1, 3), std::array{20, 20}));
  EXPECT_TRUE(std::ranges::equal(v.islice(2, 99), std::array{20, 30}));
  EXPECT_TRUE(v.islice(3, 2).empty() && v.islice(9).empty());
  EXPECT_TRUE(std::ranges::equal(v.irange(10, 20), std::array{10, 20, 20}));
  EXPECT_TRUE(std::ranges::equal(v.irange(10, 20, {.lo = false, .hi = false}), std::array<int, 0>{}));
  EXPECT_TRUE(v.irange(30, 10).empty());
  EXPECT_EQ(v.as_span().data(), v.data());
}

TEST(SortedVector, PositionsOutsideThrowFromAtAndIndex) {
  const numbers v{1, 2};
  EXPECT_EQ(v.at(1), 2);
  EXPECT_THROW((void)v.at(2), std::out_of_range);
  EXPECT_EQ(v.index(2), 1u);
  EXPECT_THROW((void)v.index(3), std::out_of_range);
}

TEST(SortedVector, GrowthBeyondMaxSizeThrowsLengthError) {
  sorted_vector<int, std::less<int>, deft_test::tiny_allocator<int>> v{1, 2, 3, 4, 5, 6, 7, 8};
  const std::vector<int> more{9, 10};
  EXPECT_THROW(v.insert(0), std::length_error);
  EXPECT_THROW(v.insert_range(more), std::length_error);
  EXPECT_THROW(v.reserve(9), std::length_error);
  EXPECT_EQ(v.size(), 8u);
}

TEST(SortedVector, AllocatorsPropagateAsTheirTraitsSay) {
  using staying = deft_test::test_allocator<int>;
  using moving = deft_test::test_allocator<int, true>;
  sorted_vector<int, std::less<int>, staying> a({1, 2}, staying(1));
  sorted_vector<int, std::less<int>, staying> b({3}, staying(2));
  b = a;
  EXPECT_EQ(b.get_allocator().id, 2);
  b = std::move(a);
  EXPECT_EQ(b.get_allocator().id, 2);
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(b.size(), 2u);
  sorted_vector<int, std::less<int>, moving> c({1, 2}, moving(1));
  sorted_vector<int, std::less<int>, moving> d({3}, moving(2));
  d = c;
  EXPECT_EQ(d.get_allocator().id, 1);
  c = std::move(d);
  EXPECT_TRUE(d.empty());
  const sorted_vector<int, std::less<int>, moving> e(c, moving(5));
  EXPECT_EQ(e.get_allocator().id, 5);
  EXPECT_EQ(e, c);
  const sorted_vector<int, std::less<int>, moving> f(std::move(c), moving(6));
  EXPECT_EQ(f.get_allocator().id, 6);
  EXPECT_EQ(f, e);
  EXPECT_TRUE(c.empty());
}

TEST(SortedVector, ElementsLiveInTheMemoryResourceOfTheSequence) {
  std::pmr::monotonic_buffer_resource arena;
  deft::pmr::sorted_vector<std::pmr::string, std::less<>> v(&arena);
  v.insert(std::pmr::string("a string too long to be stored inside"));
  v.emplace("another string too long to be stored inside");
  for (const auto& text : v) EXPECT_EQ(text.get_allocator().resource(), &arena);
  EXPECT_TRUE(v.contains(std::string_view("another string too long to be stored inside")));
}

TEST(SortedVector, OverAlignedElementsAreAligned) {
  sorted_vector<deft_test::over_aligned, deft_test::by_key> v;
  for (int i = 0; i < 20; ++i) v.emplace(i * 7 % 20, i);
  for (const auto& x : v) EXPECT_TRUE(x.is_aligned());
}

// Found by fuzzing: the buffer of libstdc++ 12's stable_sort is not aligned for such types.
TEST(SortedVector, OverAlignedElementsAreAlignedWhileABatchIsSorted) {
  struct aligned_by_key {
    bool operator()(const deft_test::over_aligned& a, const deft_test::over_aligned& b) const {
      EXPECT_TRUE(a.is_aligned() && b.is_aligned());
      return a.key < b.key;
    }
  };

  std::vector<deft_test::over_aligned> batch;
  for (int i = 0; i < 100; ++i) batch.emplace_back(i * 37 % 100, i);
  sorted_vector<deft_test::over_aligned, aligned_by_key> v;
  v.update(batch);
  EXPECT_EQ(v.size(), 100u);
}

TEST(SortedVector, StatefulComparatorsAreCopiedAndStayWithTheMovedFrom) {
  const std::function<bool(int, int)> by_last_digit = [](int a, int b) { return a % 10 < b % 10; };
  sorted_vector<int, std::function<bool(int, int)>> v(by_last_digit);
  v.update({21, 13, 2});
  auto moved = std::move(v);
  v.insert(5);
  v.insert(31);
  EXPECT_EQ(v.front(), 31);
  EXPECT_EQ(moved.back(), 13);
}

TEST(SortedVector, LooksMoveOnlyElementsUpThroughWhatRefersToThem) {
  sorted_vector<std::unique_ptr<int>> v;
  for (int i = 0; i < 3; ++i) v.insert(std::make_unique<int>(i));
  for (std::size_t i = 0; i < v.size(); ++i) EXPECT_EQ(v.index(std::cref(v[i])), i);
  EXPECT_EQ(v.erase(std::cref(v[1])), 1u);
}

TEST(SortedVector, ZerosOfEitherSignKeepTheirOrder) {
  sorted_vector<double> v;
  v.update({0.0, -0.0, 1.0, -1.0, -0.0, 0.0});
  EXPECT_FALSE(std::signbit(v[1]));
  EXPECT_TRUE(std::signbit(v[2]));
  EXPECT_TRUE(std::signbit(v[3]));
  EXPECT_FALSE(std::signbit(v[4]));
}

TEST(SortedVector, ComparesAsASequence) {
  const numbers a{1, 2};
  const numbers b{1, 3};
  EXPECT_TRUE(a < b && b > a && a != b && (a <=> a) == 0);
}

TEST(SortedVector, SortsLargeBatchesOfEveryNumberType) {
  const auto check = []<typename T>(T) {
    std::vector<T> source;
    std::uint64_t x = 1;
    for (int i = 0; i < 5000; ++i) {
      x = x * 6364136223846793005u + 1442695040888963407u;
      source.push_back(static_cast<T>(static_cast<std::int64_t>(x >> 33) - (1 << 30)));
    }
    sorted_vector<T> v(deft::from_range, source);
    v.update(source);
    auto twice = source;
    twice.insert(twice.end(), source.begin(), source.end());
    std::ranges::sort(twice);
    EXPECT_TRUE(std::ranges::equal(v, twice));
  };
  check(std::int8_t{});
  check(std::uint16_t{});
  check(std::int32_t{});
  check(std::uint32_t{});
  check(0LL);
  check(0ULL);
  check(0L);
  check(0.0F);
  check(0.0);
  check(0.0L);
}

}  // namespace
