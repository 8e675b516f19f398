#include "deft/view/shared_view.hpp"

#include <array>
#include <concepts>
#include <cstdint>
#include <memory>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace {

using deft::shared_view;
using deft::view;

static_assert(sizeof(shared_view<int>) == 3 * sizeof(void*));
static_assert(std::constructible_from<shared_view<int>, std::vector<int>>);
static_assert(!std::constructible_from<shared_view<int>, std::vector<int>&>);  // who would own it?
static_assert(!std::constructible_from<shared_view<int>, std::span<int>>);     // owns nothing
static_assert(!std::constructible_from<shared_view<int>, std::vector<long>>);
static_assert(std::ranges::contiguous_range<shared_view<int>> &&
              std::same_as<std::ranges::range_reference_t<shared_view<int>>, const int&>);
static_assert(
    !std::convertible_to<shared_view<int>, view<const int>>);  // of a temporary; of a variable, yes:
static_assert(std::convertible_to<shared_view<int>&, view<const int>>);

std::vector<int> numbers(int size) {
  std::vector<int> made(static_cast<std::size_t>(size));
  std::iota(made.begin(), made.end(), 0);
  return made;
}

TEST(SharedView, KeepsAContainerWithoutCopyingIt) {
  std::vector<int> owner = numbers(5);
  const int* const address = owner.data();
  const shared_view v(std::move(owner));
  static_assert(std::same_as<decltype(v), const shared_view<int>>);
  EXPECT_EQ(v.data(), address);
  EXPECT_EQ(v.size(), 5u);
  EXPECT_EQ(v[4], 4);
  EXPECT_EQ(v.at(-1), 4);
  EXPECT_EQ(v.tolist(), numbers(5));
  EXPECT_EQ(std::accumulate(v.begin(), v.end(), 0), 10);
}

TEST(SharedView, KeepsContainersWhoseElementsMoveWithThem) {
  const shared_view<char> text(std::string("short"));
  EXPECT_EQ(text.tolist(), (std::vector<char>{'s', 'h', 'o', 'r', 't'}));
  const shared_view<int> array(std::array<int, 3>{1, 2, 3});
  EXPECT_EQ(array[2], 3);
}

TEST(SharedView, KeepsElementsWithConstructors) {
  std::vector<std::string> owner{"a string that is long enough for the heap", "b"};
  shared_view words(std::move(owner));
  const auto last = words.slice(-1);
  words = {};
  EXPECT_EQ(last[0], "b");
  EXPECT_EQ(last.use_count(), 1u);
}

TEST(SharedView, SlicesShareTheOwnerAndOutliveTheOthers) {
  shared_view<int> part;
  {
    const shared_view v(numbers(10));
    part = v.slice(2, -2).slice(1, {});
    EXPECT_EQ(v.use_count(), 2u);
    EXPECT_EQ(v.subview(3, 2).tolist(), (std::vector<int>{3, 4}));
    EXPECT_EQ(v.slice({}, {}, -4).tolist(), (std::vector<int>{9, 5, 1}));
  }
  EXPECT_EQ(part.use_count(), 1u);
  EXPECT_EQ(part.tolist(), (std::vector<int>{3, 4, 5, 6, 7}));
}

TEST(SharedView, CallsACustomOwnerOnceWhenTheLastHandleGoes) {
  int freed = 0;
  std::array<int, 3> memory{1, 2, 3};

  struct unmap {
    void operator()(int* count) const { ++*count; }
  };

  {
    shared_view<int> v{view<const int>(memory), std::unique_ptr<int, unmap>(&freed)};
    EXPECT_EQ(v.data(), memory.data());
    const auto part = v.slice(1, 2);
    v = {};
    EXPECT_EQ(freed, 0);
    EXPECT_EQ(part[0], 2);
  }
  EXPECT_EQ(freed, 1);
  auto pointer = std::make_shared<std::vector<int>>(numbers(4));
  const shared_view<int> v(view<int>(*pointer), pointer);
  EXPECT_EQ(pointer.use_count(), 2);
}

TEST(SharedView, GivesElementsForWritingToTheOnlyHandle) {
  shared_view v(numbers(3));
  ASSERT_TRUE(v.try_unshare().has_value());
  (*v.try_unshare())[0] = 7;
  shared_view other = v;
  EXPECT_FALSE(v.try_unshare().has_value());
  v.unshare()[0] = 8;  // a copy
  EXPECT_EQ(other[0], 7);
  EXPECT_EQ(v[0], 8);
  EXPECT_TRUE(other.try_unshare().has_value());
  std::array<int, 2> constants{1, 2};
  shared_view<int> readonly(view<const int>(constants), 0);
  EXPECT_FALSE(readonly.try_unshare().has_value());
  readonly.unshare()[0] = 5;
  EXPECT_EQ(constants[0], 1);
  EXPECT_EQ(readonly[0], 5);
}

TEST(SharedView, GivesTheContainerBackToTheOnlyHandle) {
  shared_view v(numbers(3));
  const int* const address = v.data();
  EXPECT_FALSE(v.try_take<std::string>().has_value());
  {
    const shared_view other = v;
    EXPECT_FALSE(v.try_take<std::vector<int>>().has_value());
  }
  const auto taken = v.try_take<std::vector<int>>();
  ASSERT_TRUE(taken.has_value());
  EXPECT_EQ(taken->data(), address);
  EXPECT_TRUE(v.empty());
  shared_view part = shared_view(numbers(3)).slice(1);
  EXPECT_FALSE(part.try_take<std::vector<int>>().has_value());  // shows not all of it
  EXPECT_EQ(part.size(), 2u);
  EXPECT_FALSE(shared_view<int>().try_take<std::vector<int>>().has_value());
}

TEST(SharedView, CastsAndCompares) {
  const shared_view v(numbers(3));
  const auto bytes = deft::cast_view<std::byte>(v);
  EXPECT_EQ(bytes.size(), 12u);
  EXPECT_EQ(v.use_count(), 2u);
  EXPECT_EQ(deft::cast_view<int>(bytes.slice(4)).tolist(), (std::vector<int>{1, 2}));
  EXPECT_THROW((void)deft::cast_view<int>(bytes.slice(1, 5)), std::invalid_argument);
  EXPECT_THROW((void)deft::cast_view<int>(bytes.slice(0, 5)), std::invalid_argument);
  EXPECT_TRUE(v == shared_view(numbers(3)));
  EXPECT_FALSE(v == v.slice(1));
  EXPECT_TRUE(v == view<const int>(v));
  EXPECT_TRUE(v.borrowed() == numbers(3));
}

TEST(SharedView, IsCopiedAndDroppedByManyThreads) {
  int freed = 0;

  struct count {
    void operator()(int* n) const { ++*n; }
  };

  std::vector<int> memory = numbers(1000);
  {
    const shared_view<int> v{view<const int>(memory), std::unique_ptr<int, count>(&freed)};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([part = v.slice(t * 100)] {
        for (int i = 0; i < 2000; ++i) {
          const auto smaller = part.slice(i % 100);
          if (smaller.empty()) std::abort();
        }
      });
    }
    for (std::thread& t : threads) t.join();
    EXPECT_EQ(v.use_count(), 1u);
  }
  EXPECT_EQ(freed, 1);
}

TEST(SharedViewPreconditions, PositionsOutsideTrap) {
  const shared_view v(numbers(3));
  EXPECT_DEATH((void)v[3], "shared_view: \\[i\\] is outside");
  EXPECT_DEATH((void)v.subview(2, 2), "reaches outside");
  EXPECT_DEATH((void)v.slice(0, 2, 0), "step of 0");
  EXPECT_THROW((void)v.at(3), std::out_of_range);
}

}  // namespace
