// Every allocation, copy, move and comparison that can fail does so once, in every function that changes the
// sequence. After each failure: nothing leaked, everything in order, and where the guarantee is strong
// nothing changed.
#include <algorithm>
#include <cstdio>
#include <functional>
#include <memory_resource>
#include <new>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_vector.hpp"

#include "tests/support_types/allocators.hpp"
#include "tests/support_types/elements.hpp"

namespace {

using deft_test::faults;

template <typename T>
using sequence = deft::sorted_vector<T, deft_test::throwing_by_key, deft_test::test_allocator<T>>;

template <typename T>
std::vector<T> batch(std::initializer_list<int> keys) {
  std::vector<T> values;
  values.reserve(keys.size());
  int serial = 100;
  for (const int key : keys) values.push_back(T(key, ++serial));
  return values;
}

template <typename T>
auto moving(std::vector<T>& values) {
  return std::ranges::subrange(std::move_iterator(values.begin()), std::move_iterator(values.end()));
}

template <typename T>
struct state {
  sequence<T> v;
  std::vector<T> values;
  sequence<T> other;
};

template <typename T>
state<T> before(std::size_t spare) {
  auto first = batch<T>({1, 3, 3, 5, 7, 9});
  auto second = batch<T>({2, 4, 6});
  state<T> s{{}, batch<T>({6, 3, 0, 12}), sequence<T>(deft_test::test_allocator<T>(7))};
  s.v.reserve(first.size() + spare);
  s.v.insert_range(moving(first));
  s.other.insert_range(moving(second));
  return s;
}

template <typename T>
std::vector<std::pair<int, int>> contents(const sequence<T>& v) {
  std::vector<std::pair<int, int>> all;
  for (const T& x : v) all.emplace_back(x.key, x.serial);
  return all;
}

template <typename T>
struct operation {
  const char* name;
  std::function<void(state<T>&)> run;
};

template <typename T>
std::vector<operation<T>> operations() {
  std::vector<operation<T>> all = {
      {"insert in the middle", [](state<T>& s) { s.v.insert(T(3, 200)); }},
      {"insert at the end", [](state<T>& s) { s.v.insert(T(50, 200)); }},
      {"emplace", [](state<T>& s) { s.v.emplace(4, 200); }},
      {"insert with a hint", [](state<T>& s) { s.v.insert(s.v.nth(2), T(0, 200)); }},
      {"insort_left", [](state<T>& s) { s.v.insort_left(T(5, 200)); }},
      {"insert_range", [](state<T>& s) { s.v.insert_range(moving(s.values)); }},
      {"insert_range, sorted",
       [](state<T>& s) {
         auto sorted = batch<T>({1, 2, 10});
         s.v.insert_range(deft::sorted_equivalent, moving(sorted));
       }},
      {"merge", [](state<T>& s) { s.v.merge(s.other); }},
      {"erase one", [](state<T>& s) { s.v.erase(s.v.nth(1)); }},
      {"erase several", [](state<T>& s) { s.v.erase(s.v.nth(1), s.v.nth(4)); }},
      {"erase a key", [](state<T>& s) { s.v.erase(T(3, 0)); }},
      {"erase_range", [](state<T>& s) { s.v.erase_range(0, 2); }},
      {"erase_if",
       [](state<T>& s) { s.v.erase_if([](const T& x) { return (faults::point(), x.key % 5 == 0); }); }},
      {"pop", [](state<T>& s) { s.v.pop(2); }},
      {"reserve", [](state<T>& s) { s.v.reserve(100); }},
      {"shrink_to_fit", [](state<T>& s) { s.v.shrink_to_fit(); }},
      {"move assignment", [](state<T>& s) { s.v = std::move(s.other); }},
      {"replace", [](state<T>& s) { s.v.replace(std::move(s.other).extract()); }},
  };
  if constexpr (std::is_copy_constructible_v<T>) {
    all.push_back({"insert an own element", [](state<T>& s) { s.v.insert(s.v[1]); }});
    all.push_back({"insert an own range", [](state<T>& s) { s.v.insert(s.v.begin(), s.v.end()); }});
    all.push_back({"copy assignment", [](state<T>& s) { s.v = s.other; }});
    all.push_back({"copy construction", [](state<T>& s) { sequence<T> copy(s.v); }});
  }
  return all;
}

template <typename T>
class SortedVectorExceptions : public testing::Test {};

using types = testing::Types<deft_test::move_only, deft_test::throwing_copy, deft_test::throwing_move,
                             deft_test::throwing_move_only, deft_test::constant>;
TYPED_TEST_SUITE(SortedVectorExceptions, types);

TYPED_TEST(SortedVectorExceptions, EveryFailureLeavesASortedSequenceAndStrongOnesTheOldOne) {
  using T = TypeParam;
  constexpr bool strong = std::is_nothrow_move_constructible_v<T> || std::is_copy_constructible_v<T>;
  const long alive = faults::alive;
  const long allocated = faults::allocated;
  long failures = 0;
  for (const std::size_t spare : {0, 20}) {
    const auto old = contents(before<T>(spare).v);
    for (const auto& operation : operations<T>()) {
      const auto result = deft_test::sweep(
          [&] { return before<T>(spare); }, operation.run,
          [&](const state<T>& s, bool completed) {
            const auto now = contents(s.v);
            ASSERT_TRUE(std::ranges::is_sorted(now, {}, &std::pair<int, int>::first)) << operation.name;
            for (const auto& [key, serial] : now)
              ASSERT_GE(key, 0) << operation.name << ": a moved-from element";
            for (const T& x : s.other) ASSERT_GE(x.key, 0) << operation.name << ": a moved-from element";
            if (strong && !completed) {
              ASSERT_EQ(now, old) << operation.name;
            }
          });
      EXPECT_TRUE(result.completed) << operation.name;
      failures += result.failures;
    }
  }
  EXPECT_EQ(faults::alive, alive);
  EXPECT_EQ(faults::allocated, allocated);
  EXPECT_GT(failures, 100);
  std::printf("%ld failures injected, all survived\n", failures);
}

/// Hands out memory until told to stop.
class exhaustible_resource : public std::pmr::memory_resource {
 public:
  bool exhausted = false;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override {
    if (exhausted) throw std::bad_alloc();
    return std::pmr::new_delete_resource()->allocate(size, alignment);
  }

  void do_deallocate(void* memory, std::size_t size, std::size_t alignment) override {
    std::pmr::new_delete_resource()->deallocate(memory, size, alignment);
  }

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
};

// std::pmr::string: construction by move does not throw, assignment might.
TEST(SortedVectorExceptions, AnElementForWhichThereIsNoMemoryCostsNoneOfTheOthers) {
  static_assert(!std::is_nothrow_move_assignable_v<std::pmr::string>);
  for (const char* place : {"a", "cc", "z"}) {
    exhaustible_resource memory;
    deft::pmr::sorted_vector<std::pmr::string> v({"b", "c", "d", "e"}, &memory);
    v.shrink_to_fit();
    memory.exhausted = true;
    EXPECT_THROW(v.insert(place), std::bad_alloc);
    EXPECT_EQ(v.size(), 4u);
    memory.exhausted = false;
    EXPECT_EQ(*v.insert(place), place);
    EXPECT_EQ(v.size(), 5u);
  }
}

}  // namespace
