// With AddressSanitizer: unused capacity must not be read, whatever has happened to the container before; and
// what may be changed must not be reported. The model test asks after every operation; here are the ways that
// it does not go.
#include <cstdint>
#include <memory>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/core/shared_buffer.hpp"
#include "deft/sorted/sorted_vector.hpp"

#include "tests/support_types/slack.hpp"

namespace {

using deft_test::slack_is_closed;
using ints = deft::sorted_vector<int>;

static_assert(!deft::detail::annotates_slack<std::vector<int, std::pmr::polymorphic_allocator<int>>>);

#if !DEFT_DETAIL_ANNOTATES_SLACK

TEST(SortedVectorSlack, CostsNothingWithoutAddressSanitizer) {
  static_assert(!deft::detail::annotates_slack<std::vector<int>>);
  static_assert(std::is_empty_v<deft::detail::open_slack<std::vector<int>>>);
  static_assert(std::is_trivially_destructible_v<deft::detail::open_slack<std::vector<int>>>);
}

#else

/// 0 .. 9 and room for more.
template <typename T = int>
deft::sorted_vector<T> with_slack() {
  deft::sorted_vector<T> v;
  v.reserve(64);
  for (int i = 0; i < 10; ++i) v.insert(static_cast<T>(i));
  return v;
}

template <typename Sequence>
[[gnu::noinline]] int read_behind(const Sequence& v) {
  const volatile auto* const first = v.data();
  return static_cast<int>(first[v.size()]);
}

TEST(SortedVectorSlackDeathTest, ReadingOneElementTooFarIsReported) {
  const ints v = with_slack();
  ASSERT_GT(v.capacity(), v.size());
  EXPECT_DEATH(read_behind(v), "container-overflow");
}

TEST(SortedVectorSlackDeathTest, SmallElementsAreToldApartWithinAGranule) {
  EXPECT_DEATH(read_behind(with_slack<std::uint8_t>()), "container-overflow");
  EXPECT_DEATH(read_behind(with_slack<std::uint16_t>()), "container-overflow");
}

TEST(SortedVectorSlackDeathTest, ErasedElementsMayNotBeRead) {
  ints v = with_slack();
  v.erase_range(3);
  EXPECT_DEATH(read_behind(v), "container-overflow");
  v.pop(0);
  EXPECT_DEATH(read_behind(v), "container-overflow");
  v.clear();
  EXPECT_DEATH(read_behind(v), "container-overflow");
}

TEST(SortedVectorSlackDeathTest, TheBooksMoveAlong) {
  ints from = with_slack();
  ints to = std::move(from);
  EXPECT_DEATH(read_behind(to), "container-overflow");
  ints assigned;
  assigned.insert(1);
  assigned = std::move(to);
  EXPECT_DEATH(read_behind(assigned), "container-overflow");
}

TEST(SortedVectorSlackDeathTest, TheBooksAreSwapped) {
  ints a = with_slack();
  ints b;
  b.reserve(100);
  b.insert(7);
  swap(a, b);
  EXPECT_DEATH(read_behind(a), "container-overflow");
  EXPECT_DEATH(read_behind(b), "container-overflow");
}

TEST(SortedVectorSlackDeathTest, AnAdoptedVectorIsAnnotated) {
  std::vector<int> items = {1, 2, 3};
  items.reserve(50);
  ints v;
  v.replace(std::move(items));
  EXPECT_DEATH(read_behind(v), "container-overflow");
  std::vector<int> others = {3, 2, 1};
  others.reserve(50);
  const ints sorted(std::move(others));
  EXPECT_DEATH(read_behind(sorted), "container-overflow");
}

TEST(SortedVectorSlack, AMovedFromSequenceCanBeFilledAgain) {
  ints from = with_slack();
  const ints to = std::move(from);
  from.reserve(20);  // NOLINT(bugprone-use-after-move): it is empty and usable
  for (int i = 0; i < 15; ++i) from.insert(i);
  EXPECT_TRUE(slack_is_closed(from) && slack_is_closed(to));
  EXPECT_EQ(from.size(), 15U);
}

TEST(SortedVectorSlack, SwappedSequencesCanGrowInPlace) {
  ints a = with_slack();
  ints b;
  b.reserve(100);
  swap(a, b);
  for (int i = 0; i < 30; ++i) {
    a.insert(i);
    b.insert(i);
  }
  EXPECT_TRUE(slack_is_closed(a) && slack_is_closed(b));
}

TEST(SortedVectorSlack, AnElementOfItsOwnCanBeInsertedInPlace) {
  ints v = with_slack();
  v.insert(v[4]);
  v.insert(v.begin(), v.end());
  v.insert(v.nth(2), v[9]);
  EXPECT_EQ(v.size(), 23U);
  EXPECT_TRUE(slack_is_closed(v));
}

TEST(SortedVectorSlack, AssignmentReusesTheCapacity) {
  ints v = with_slack();
  const ints longer = [] {
    ints other;
    for (int i = 0; i < 40; ++i) other.insert(i);
    return other;
  }();
  const int* const before = v.data();
  v = longer;
  EXPECT_EQ(v.data(), before);
  EXPECT_TRUE(slack_is_closed(v));
  v = {3, 2, 1};
  EXPECT_TRUE(slack_is_closed(v));
  ints empty;
  v = empty;
  EXPECT_TRUE(slack_is_closed(v));
}

TEST(SortedVectorSlack, AllocatorExtendedCopiesAndMovesKeepBooks) {
  ints v = with_slack();
  const ints copy(v, std::allocator<int>());
  const ints moved(std::move(v), std::allocator<int>());
  EXPECT_TRUE(slack_is_closed(copy) && slack_is_closed(moved));
  EXPECT_EQ(copy, moved);
}

TEST(SortedVectorSlack, AnExtractedVectorIsAnOrdinaryOne) {
  std::vector<int> items = std::move(with_slack()).extract();
  ASSERT_GT(items.capacity(), items.size());
  items.push_back(10);  // a report here would be a false one
  EXPECT_EQ(items.back(), 10);
}

TEST(SortedVectorSlack, AThrowingElementLeavesTheBooksRight) {
  struct fragile {
    explicit fragile(int k) : key(k) {}

    fragile(fragile&& other) : key(other.key) {
      if (key == 5) throw std::runtime_error("move");
    }

    fragile& operator=(fragile&& other) {
      key = other.key;
      if (key == 5) throw std::runtime_error("move");
      return *this;
    }

    bool operator<(const fragile& other) const { return key < other.key; }

    int key;
  };

  deft::sorted_vector<fragile> v;
  v.reserve(32);
  for (const int key : {1, 3, 7, 9}) v.emplace(key);
  EXPECT_THROW(v.emplace(5), std::runtime_error);
  EXPECT_LT(v.size(), 5U);
  EXPECT_TRUE(slack_is_closed(v));
}

TEST(SortedVectorSlack, MergingEmptiesTheSourceInTheBooksToo) {
  ints a = with_slack();
  ints b = with_slack();
  a.merge(b);
  EXPECT_TRUE(slack_is_closed(a) && slack_is_closed(b));
  EXPECT_TRUE(b.empty());
  b.insert(3);
  EXPECT_TRUE(slack_is_closed(b));
}

TEST(SharedBufferSlackDeathTest, ReadingOutsideOfTheBytesIsReported) {
  const deft::shared_buffer buffer = deft::shared_buffer::allocate(10);
  const volatile std::byte* const bytes = buffer.data();
  EXPECT_DEATH(static_cast<void>(bytes[10]), "heap-buffer-overflow");
  EXPECT_DEATH(static_cast<void>(bytes[-1]), "use-after-poison");
}

#endif

}  // namespace
