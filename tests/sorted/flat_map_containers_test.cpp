// flat_map and flat_multimap over other containers and allocators, and their containers going in and out.
#include <deque>
#include <functional>
#include <memory_resource>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"

#include "tests/support_types/allocators.hpp"

namespace {

using deft::flat_map;
using deft::flat_multimap;

/// A sequence container with what the standard asks of one, and no more: no reserve, [], emplace_back,
/// get_allocator.
template <typename T>
class bare : std::deque<T> {
  using base = std::deque<T>;

 public:
  using typename base::const_iterator;
  using typename base::const_reference;
  using typename base::difference_type;
  using typename base::iterator;
  using typename base::reference;
  using typename base::size_type;
  using typename base::value_type;

  bare() = default;
  using base::base;
  using base::begin;
  using base::clear;
  using base::emplace;
  using base::empty;
  using base::end;
  using base::erase;
  using base::insert;
  using base::max_size;
  using base::size;

  void swap(bare& other) noexcept { base::swap(other); }
};

template <typename Map>
void behaves_as_a_map() {
  Map m{{"delta", 4}, {"alfa", 1}, {"charlie", 3}, {"alfa", 9}};
  EXPECT_EQ(m.size(), 3u);
  EXPECT_TRUE(m.insert({"bravo", 2}).second);
  EXPECT_FALSE(m.emplace("bravo", 9).second);
  EXPECT_TRUE(m.try_emplace("foxtrot", 6).second);
  m.emplace_hint(m.end(), "golf", 7);
  m["echo"] = 5;
  m.insert({{"india", 9}, {"alfa", 9}, {"hotel", 8}});
  for (std::size_t i = 0; i < m.size(); ++i) EXPECT_EQ(m.nth(i)->second, i + 1);
  EXPECT_EQ(m.erase("bravo"), 1u);
  EXPECT_EQ(m.erase(m.nth(1), m.nth(3))->first, "echo");
  EXPECT_EQ(erase_if(m, [](const auto& row) { return row.second > 6; }), 3u);
  EXPECT_EQ(m, (Map{{"alfa", 1}, {"echo", 5}, {"foxtrot", 6}}));
  EXPECT_GT(m, (Map{{"alfa", 1}, {"echo", 4}}));
  auto [keys, values] = std::move(m).extract();
  EXPECT_TRUE(m.empty());
  ASSERT_EQ(keys.size(), 3u);
  ASSERT_EQ(values.size(), 3u);
  m.replace(std::move(keys), std::move(values));
  EXPECT_EQ(m.at("echo"), 5u);
  Map copy = m;
  Map moved = std::move(m);
  EXPECT_TRUE(m.empty());
  EXPECT_EQ(copy, moved);
  m = {{"b", 1}, {"a", 2}, {"b", 3}};
  swap(m, copy);
  EXPECT_EQ(copy.begin()->first, "a");
  EXPECT_EQ(copy.at("b"), 1u);
  EXPECT_GE(copy.memory_bytes(), 2 * (sizeof(std::string) + sizeof(std::size_t)));
}

TEST(FlatMap, WorksOverADequeAndTheLeastThatASequenceContainerIs) {
  behaves_as_a_map<
      flat_map<std::string, std::size_t, std::less<>, std::deque<std::string>, bare<std::size_t>>>();
}

TEST(FlatMap, WorksOverMemoryResources) {
  behaves_as_a_map<deft::pmr::flat_map<std::string, std::size_t>>();
}

TEST(FlatMap, MayMapToBoolOverAnotherContainerThanVector) {
  flat_map<int, bool, std::less<int>, std::vector<int>, std::deque<bool>> m{{1, true}};
  m[2] = true;
  EXPECT_TRUE(m.at(2) && !m[0]);
}

TEST(FlatMap, AllContainersComeFromTheResourceGiven) {
  std::pmr::monotonic_buffer_resource arena;
  std::pmr::set_default_resource(std::pmr::null_memory_resource());
  using map = deft::pmr::flat_map<std::pmr::string, std::pmr::string>;
  {
    const char* const text = "a text that is too long to be kept inside of a string";
    std::pmr::polymorphic_allocator<> alloc(&arena);
    map m(alloc);
    m.try_emplace(std::pmr::string(text, alloc), text);
    m.emplace("short", text);
    m["short"] = text;
    map copy(m, alloc);
    map moved(std::move(copy), alloc);
    moved.insert_range(m);
    EXPECT_EQ(moved, m);
    moved = m;
    EXPECT_EQ(moved.keys().get_allocator().resource(), &arena);
    EXPECT_EQ(moved.values().back().get_allocator().resource(), &arena);
    std::pmr::vector<map> maps(alloc);
    maps.emplace_back();
    maps.emplace_back(m);
    EXPECT_EQ(maps.front().values().get_allocator().resource(), &arena) << "uses-allocator construction";
    moved.erase(moved.begin());
    moved = {};
  }
  std::pmr::set_default_resource(nullptr);
}

TEST(FlatMap, AllocatorsPropagateAsTheirTraitsSay) {
  using sticky = deft_test::test_allocator<int, false>;
  using moving = deft_test::test_allocator<int, true>;
  const auto ids_after_assignment = []<typename Alloc>(Alloc one, Alloc two) {
    using vector = std::vector<int, Alloc>;
    flat_map<int, int, std::less<int>, vector, vector> a({{1, 2}}, one);
    flat_map<int, int, std::less<int>, vector, vector> b(two);
    b = a;
    const int copied = b.keys().get_allocator().id;
    b = std::move(a);
    EXPECT_EQ(b.at(1), 2);
    EXPECT_TRUE(a.empty());
    return std::pair(copied, b.values().get_allocator().id);
  };
  EXPECT_EQ(ids_after_assignment(sticky(1), sticky(2)), (std::pair(2, 2)));
  EXPECT_EQ(ids_after_assignment(moving(1), moving(2)), (std::pair(1, 1)));
}

TEST(FlatMap, ExtractAndReplaceMoveTheContainersThemselves) {
  flat_multimap<int, int> m{{1, 2}, {1, 3}};
  const int* const keys = m.keys().data();
  const int* const values = m.values().data();
  auto containers = std::move(m).extract();
  EXPECT_EQ(containers.keys.data(), keys);
  containers.keys.push_back(4);
  containers.values.push_back(5);
  m.insert({9, 9});
  m.replace(std::move(containers.keys), std::move(containers.values));
  EXPECT_EQ(m.size(), 3u);
  EXPECT_EQ(m.values().data() == values, m.values().capacity() == 2);
}

TEST(FlatMap, ReservesInBothContainers) {
  flat_map<int, std::string> m;
  m.reserve(100);
  EXPECT_GE(m.capacity(), 100u);
  const std::string* const values = m.values().data();
  for (int i = 100; i-- > 0;) m.try_emplace(i, "x");
  EXPECT_EQ(m.values().data(), values);
  EXPECT_EQ(m.memory_bytes(),
            m.keys().capacity() * sizeof(int) + m.values().capacity() * sizeof(std::string));
}

TEST(FlatMap, SwapTakesIteratorsAlong) {
  flat_map<int, int> a{{1, 10}};
  flat_map<int, int> b{{2, 20}, {3, 30}};
  const auto first = a.begin();
  swap(a, b);
  EXPECT_EQ(b.index_of(first), 0u);
  EXPECT_EQ(first->second, 10);
  std::swap(a, b);
  EXPECT_EQ(a.index_of(first), 0u);
}

}  // namespace
