// flat_set and flat_multiset over other containers, allocators, comparators and keys.
#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <memory_resource>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_multiset.hpp"
#include "deft/sorted/flat_set.hpp"

#include "tests/support_types/allocators.hpp"
#include "tests/support_types/elements.hpp"

namespace {

using deft::flat_multiset;
using deft::flat_set;

/// A sequence container with what the standard asks of one, and no more: no reserve, data, emplace_back,
/// get_allocator.
template <typename T>
class plain_sequence : private std::vector<T> {
  using base = std::vector<T>;

 public:
  using typename base::const_iterator;
  using typename base::const_reference;
  using typename base::difference_type;
  using typename base::iterator;
  using typename base::reference;
  using typename base::size_type;
  using typename base::value_type;

  plain_sequence() = default;
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

  void swap(plain_sequence& other) noexcept { base::swap(other); }

  friend bool operator==(const plain_sequence& a, const plain_sequence& b) = default;
};

template <typename Set>
void behaves_as_a_set_of_strings() {
  Set s{"delta", "alfa", "charlie", "alfa"};
  EXPECT_EQ(s.size(), 3u);
  EXPECT_TRUE(s.insert("bravo").second);
  EXPECT_FALSE(s.emplace("bravo").second);
  s.emplace_hint(s.end(), "echo");
  s.insert_range(std::vector<std::string>{"golf", "alfa", "foxtrot", "golf", "bravo bravo"});
  EXPECT_EQ(s, (Set{"alfa", "bravo", "bravo bravo", "charlie", "delta", "echo", "foxtrot", "golf"}));
  EXPECT_EQ(s.rank("charlie"), 3u);
  EXPECT_EQ(s.erase("charlie"), 1u);
  EXPECT_EQ(*s.erase(s.nth(1), s.nth(3)), "delta");
  EXPECT_EQ(erase_if(s, [](const std::string& x) { return x.size() == 4; }), 3u);
  const auto keys = std::move(s).extract();
  EXPECT_TRUE(s.empty());
  EXPECT_EQ(keys.size(), 2u);
  auto copy = keys;
  s.replace(std::move(copy));
  EXPECT_EQ(*s.begin(), "delta");
  s = {"b", "a", "b"};
  EXPECT_EQ(s.size(), 2u);
}

TEST(FlatSet, WorksOverADeque) {
  behaves_as_a_set_of_strings<flat_set<std::string, std::less<>, std::deque<std::string>>>();
}

TEST(FlatSet, WorksOverWhatIsMerelyASequenceContainer) {
  behaves_as_a_set_of_strings<flat_set<std::string, std::less<>, plain_sequence<std::string>>>();
}

TEST(FlatSet, OfBoolsTakesADeque) {
  flat_set<bool, std::less<bool>, std::deque<bool>> s{true, false, true};
  EXPECT_EQ(s.size(), 2u);
  EXPECT_FALSE(*s.begin());
  EXPECT_EQ(s.rank(true), 1u);
}

TEST(FlatSet, AllocatorsPropagateAsTheirTraitsSay) {
  using staying = deft_test::test_allocator<int>;
  using set = flat_set<int, std::less<int>, std::vector<int, staying>>;
  const auto id = [](set s) { return std::move(s).extract().get_allocator().id; };
  set a({1, 2}, staying(1));
  set b({3}, staying(2));
  b = a;
  EXPECT_EQ(id(set(b, staying(5))), 5);
  b = std::move(a);
  EXPECT_TRUE(a.empty());
  EXPECT_EQ(b.size(), 2u);
  EXPECT_EQ(std::move(b).extract().get_allocator().id, 2);

  using moving = deft_test::test_allocator<int, true>;
  using moving_set = flat_set<int, std::less<int>, std::vector<int, moving>>;
  moving_set c({1, 2}, moving(1));
  moving_set d({3}, moving(2));
  d = std::move(c);
  swap(c, d);
  EXPECT_EQ(std::move(c).extract().get_allocator().id, 1);
  const moving_set e(std::vector<int, moving>{4, 3}, moving(7));
  moving_set f(e, moving(8));
  EXPECT_EQ(f, e);
  EXPECT_EQ(std::move(f).extract().get_allocator().id, 8);
}

TEST(FlatSetPreconditions, SwappingUnequalAllocatorsTraps) {
  using alloc = deft_test::test_allocator<int>;
  using set = flat_set<int, std::less<int>, std::vector<int, alloc>>;
  set a(alloc(1));
  set b(alloc(2));
  EXPECT_DEATH(a.swap(b), "unequal allocators");
}

TEST(FlatMultiset, KeysLiveInTheMemoryResourceOfTheContainer) {
  std::pmr::monotonic_buffer_resource arena;
  deft::pmr::flat_multiset<std::pmr::string, std::less<>> s(&arena);
  s.insert(std::pmr::string("a string too long to be stored inside"));
  s.emplace("another string too long to be stored inside");
  s.insert_range(std::vector<const char*>{"a third string too long to be stored inside", "short"});
  for (const auto& text : s) EXPECT_EQ(text.get_allocator().resource(), &arena);
  EXPECT_TRUE(s.contains(std::string_view("another string too long to be stored inside")));
  std::pmr::monotonic_buffer_resource other;
  const deft::pmr::flat_multiset<std::pmr::string, std::less<>> copy(s, &other);
  for (const auto& text : copy) EXPECT_EQ(text.get_allocator().resource(), &other);
  EXPECT_EQ(copy, s);

  // Uses-allocator construction: a pmr container of sets gives them its resource.
  std::pmr::vector<deft::pmr::flat_set<int>> sets(&arena);
  sets.emplace_back();
  EXPECT_EQ(std::move(sets[0]).extract().get_allocator().resource(), &arena);
}

TEST(FlatSet, ReservesAndGivesBack) {
  flat_set<int> s;
  s.reserve(100);
  EXPECT_GE(s.capacity(), 100u);
  EXPECT_GE(s.memory_bytes(), 400u);
  const std::vector<int> ascending{1, 2, 3};
  const auto* const place = s.as_span().data();
  s.insert(deft::sorted_unique, ascending.begin(), ascending.end());
  EXPECT_EQ(s.as_span().data(), place) << "what is reserved is used";
  s.shrink_to_fit();
  EXPECT_EQ(s.memory_bytes(), 3 * sizeof(int));
  flat_multiset<deft_test::throwing_move_only, deft_test::by_key> lossy;
  lossy.emplace(1, 1);
  lossy.reserve(10);
  EXPECT_EQ(lossy.begin()->key, 1);
}

}  // namespace
