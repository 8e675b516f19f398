// The trees with elements and allocators that make life hard for a container.
#include <cstdint>
#include <functional>
#include <memory_resource>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"

#include "tests/support_types/allocators.hpp"
#include "tests/support_types/elements.hpp"

namespace {

using namespace deft_test;

template <typename T>
class SortedTreeElements : public testing::Test {};

/// Larger than what is kept in place, without a move that throws.
struct large : tracked {
  using tracked::tracked;
  char more[300] = {};
};

using element_types =
    testing::Types<std::int16_t, std::uint64_t, float, double, std::string, tracked, move_only, throwing_copy,
                   throwing_move, throwing_move_only, constant, over_aligned, large>;
TYPED_TEST_SUITE(SortedTreeElements, element_types);

TYPED_TEST(SortedTreeElements, ComeInAndGoOut) {
  using make = element<TypeParam>;
  using list = deft::sorted_list<TypeParam, typename make::compare>;
  const long alive = faults::alive;
  {
    list l;
    for (int i = 0; i < 600; ++i) l.insert(make::make(i * 7 % 30, i));
    ASSERT_EQ(l.size(), 600U);
    int before = -1;
    for (std::size_t i = 0; i < l.size(); ++i) {
      ASSERT_EQ(make::key(l[i]), static_cast<int>(i / 20));
      if (has_serial<TypeParam> && i % 20 != 0) {
        ASSERT_GT(make::serial(l[i]), before);
      }
      before = make::serial(l[i]);
    }
    const TypeParam x = make::make(7, 0);
    EXPECT_EQ(l.count(x), 20U);
    EXPECT_EQ(l.rank(x), 140U);
    EXPECT_EQ(l.erase(x), 20U);
    EXPECT_EQ(make::key(l.pop(140)), 8);
    list tail = l.split_at(300);
    l.merge(tail);
    EXPECT_EQ(l.size(), 579U);
    std::size_t seen = 0;
    for (const auto chunk : l.chunks()) {
      for (const TypeParam& y : chunk) seen += make::key(y) >= 0 ? 1U : 0U;
    }
    EXPECT_EQ(seen, 579U);
    list moved(std::move(l));
    EXPECT_EQ(moved.erase_if([](const TypeParam& y) { return make::key(y) % 2 == 0; }), 299U);
    moved.insert(make::make(3, 1));
  }
  EXPECT_EQ(faults::alive, alive);
}

TYPED_TEST(SortedTreeElements, AreValuesOfAMap) {
  using make = element<TypeParam>;
  const long alive = faults::alive;
  {
    deft::sorted_map<int, TypeParam> m;
    for (int i = 0; i < 600; ++i) m.try_emplace(i * 7 % 600, make::make(i % 30, i));
    ASSERT_EQ(m.size(), 600U);
    EXPECT_EQ(make::key(m.at(7)), 1);
    m.erase(7);
    EXPECT_EQ(make::key(m.pop(14)), 2);
    EXPECT_EQ(m.popitem(0).first, 0);
    deft::sorted_map<int, TypeParam> tail = m.split_at(100);
    m.merge(tail);
    EXPECT_EQ(m.size(), 597U);
  }
  EXPECT_EQ(faults::alive, alive);
}

TYPED_TEST(SortedTreeElements, AreAligned) {
  using make = element<TypeParam>;
  deft::sorted_set<TypeParam, typename make::compare> s;
  for (int i = 0; i < 100; ++i) s.insert(make::make(i, 0));
  for (const TypeParam& x : s) ASSERT_EQ(reinterpret_cast<std::uintptr_t>(&x) % alignof(TypeParam), 0U);
}

template <typename T, bool Propagates>
using test_list = deft::sorted_list<T, typename element<T>::compare, test_allocator<T, Propagates>>;

template <typename List>
List filled(int id, int size) {
  using T = typename List::value_type;
  List l{typename List::allocator_type(id)};
  for (int i = 0; i < size; ++i) l.insert(element<T>::make(i % 50, i));
  return l;
}

template <typename T>
class SortedTreeAllocators : public testing::Test {};

using allocated_types = testing::Types<std::uint64_t, std::string, throwing_move>;
TYPED_TEST_SUITE(SortedTreeAllocators, allocated_types);

TYPED_TEST(SortedTreeAllocators, AllMemoryComesFromTheAllocator) {
  const long before = faults::allocated;
  {
    auto l = filled<test_list<TypeParam, false>>(1, 2'000);
    EXPECT_EQ(faults::allocated - before, static_cast<long>(l.memory_bytes()));
    l.erase_range(10, 1'900);
    EXPECT_EQ(faults::allocated - before, static_cast<long>(l.memory_bytes()));
    l.clear();
    EXPECT_EQ(faults::allocated, before);
  }
  EXPECT_EQ(faults::allocated, before);
}

TYPED_TEST(SortedTreeAllocators, StayUnlessTheyPropagate) {
  using list = test_list<TypeParam, false>;
  auto a = filled<list>(1, 300);
  auto b = filled<list>(2, 30);
  b = a;
  EXPECT_EQ(b.get_allocator().id, 2);
  EXPECT_EQ(b.size(), 300U);
  b = filled<list>(3, 200);
  EXPECT_EQ(b.get_allocator().id, 2);
  EXPECT_EQ(b.size(), 200U);
  list c(std::move(a));
  EXPECT_EQ(c.get_allocator().id, 1);
  list d(std::move(c), test_allocator<TypeParam>(4));
  EXPECT_EQ(d.get_allocator().id, 4);
  EXPECT_EQ(d.size(), 300U);
  EXPECT_TRUE(c.empty());  // NOLINT(bugprone-use-after-move): said to be
  const list e(d, test_allocator<TypeParam>(5));
  EXPECT_EQ(e.get_allocator().id, 5);
  EXPECT_EQ(element<TypeParam>::key(e.back()), 49);
  b.merge(d);
  EXPECT_EQ(b.size(), 500U);
  EXPECT_EQ(b.split_at(5).get_allocator().id, 2);
}

TYPED_TEST(SortedTreeAllocators, PropagateWhereTheySayThatTheyDo) {
  using list = test_list<TypeParam, true>;
  auto a = filled<list>(1, 300);
  auto b = filled<list>(2, 30);
  b = a;
  EXPECT_EQ(b.get_allocator().id, 1);
  b = filled<list>(3, 200);
  EXPECT_EQ(b.get_allocator().id, 3);
  swap(a, b);
  EXPECT_EQ(a.get_allocator().id, 3);
  EXPECT_EQ(b.get_allocator().id, 1);
  EXPECT_EQ(a.size(), 200U);
}

TYPED_TEST(SortedTreeAllocators, AllocatorOfACopyIsSelected) {
  std::pmr::monotonic_buffer_resource memory;
  using list = deft::pmr::sorted_list<TypeParam, typename element<TypeParam>::compare>;
  list a(&memory);
  for (int i = 0; i < 300; ++i) a.insert(element<TypeParam>::make(i % 50, i));
  EXPECT_EQ(a.get_allocator().resource(), &memory);
  const list b(a);
  EXPECT_EQ(b.get_allocator().resource(), std::pmr::get_default_resource());
  EXPECT_EQ(b.size(), 300U);
}

TEST(SortedTreePmr, ElementsUseTheResourceToo) {
  std::pmr::monotonic_buffer_resource memory;
  deft::pmr::sorted_set<std::pmr::string> s(&memory);
  s.emplace("a string too long to lie in itself");
  EXPECT_EQ(s.begin()->get_allocator().resource(), &memory);
  deft::pmr::sorted_map<int, std::pmr::string> m(&memory);
  m[1] = "a string too long to lie in itself";
  EXPECT_EQ(m.at(1).get_allocator().resource(), &memory);
}

}  // namespace
