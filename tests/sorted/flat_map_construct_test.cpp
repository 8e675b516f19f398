// Every constructor of [flat.map.cons] and [flat.map.cons.alloc] is called, and makes the same map.
#include <memory_resource>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/flat_map.hpp"
#include "deft/sorted/flat_multimap.hpp"

namespace {

/// Ascending unless told, so that a comparator that was not passed on shows.
struct order {
  bool descending = false;

  bool operator()(int a, int b) const { return descending ? b < a : a < b; }
};

template <typename Map>
class FlatMapConstruct : public testing::Test {
 protected:
  using keys = typename Map::key_container_type;
  using values = typename Map::mapped_container_type;
  using rows = std::vector<std::pair<int, char>>;
  static constexpr typename Map::sorted_tag sorted{};

  void expect(const Map& m, bool is_down, std::pmr::memory_resource* from) {
    EXPECT_EQ(m.key_comp().descending, is_down);
    EXPECT_EQ(m.keys(), is_down ? (keys{3, 2, 1}) : (keys{1, 2, 3}));
    EXPECT_EQ(m.values(), is_down ? (values{'c', 'b', 'a'}) : (values{'a', 'b', 'c'}));
    EXPECT_EQ(m.keys().get_allocator().resource(), from);
    EXPECT_EQ(m.values().get_allocator().resource(), from);
  }

  void expect_up(const Map& m) { expect(m, false, std::pmr::get_default_resource()); }

  void expect_down(const Map& m) { expect(m, true, std::pmr::get_default_resource()); }

  void expect_up_in_pool(const Map& m) { expect(m, false, &pool); }

  void expect_down_in_pool(const Map& m) { expect(m, true, &pool); }

  std::pmr::unsynchronized_pool_resource pool;
  const order down{true};
  const rows unsorted{{2, 'b'}, {1, 'a'}, {3, 'c'}};
  const rows ascending{{1, 'a'}, {2, 'b'}, {3, 'c'}};
  const rows descending{{3, 'c'}, {2, 'b'}, {1, 'a'}};
  const keys unsorted_keys{2, 1, 3};
  const values unsorted_values{'b', 'a', 'c'};
};

using map_types =
    testing::Types<deft::pmr::flat_map<int, char, order>, deft::pmr::flat_multimap<int, char, order>>;
TYPED_TEST_SUITE(FlatMapConstruct, map_types);

TYPED_TEST(FlatMapConstruct, WithoutAllocators) {
  using M = TypeParam;
  EXPECT_TRUE(M().empty() && M(this->down).key_comp().descending);
  this->expect_up(M(this->unsorted_keys, this->unsorted_values));
  this->expect_down(M(this->unsorted_keys, this->unsorted_values, this->down));
  this->expect_up(M(this->sorted, {1, 2, 3}, {'a', 'b', 'c'}));
  this->expect_down(M(this->sorted, {3, 2, 1}, {'c', 'b', 'a'}, this->down));
  this->expect_up(M(this->unsorted.begin(), this->unsorted.end()));
  this->expect_down(M(this->unsorted.begin(), this->unsorted.end(), this->down));
  this->expect_up(M(this->sorted, this->ascending.begin(), this->ascending.end()));
  this->expect_down(M(this->sorted, this->descending.begin(), this->descending.end(), this->down));
  this->expect_up(M(deft::from_range, this->unsorted));
  this->expect_down(M(deft::from_range, this->unsorted, this->down));
  this->expect_up({{2, 'b'}, {1, 'a'}, {3, 'c'}});
  this->expect_down({{{2, 'b'}, {1, 'a'}, {3, 'c'}}, this->down});
  this->expect_up({this->sorted, {{1, 'a'}, {2, 'b'}, {3, 'c'}}});
  this->expect_down({this->sorted, {{3, 'c'}, {2, 'b'}, {1, 'a'}}, this->down});
  EXPECT_TRUE(M(this->unsorted.end(), this->unsorted.end()).empty());
}

TYPED_TEST(FlatMapConstruct, WithAllocators) {
  using M = TypeParam;
  std::pmr::memory_resource* const own = &this->pool;
  M m(own);
  EXPECT_EQ(m.keys().get_allocator().resource(), own);
  EXPECT_TRUE(M(this->down, own).key_comp().descending);
  this->expect_up_in_pool(M(this->unsorted_keys, this->unsorted_values, own));
  this->expect_down_in_pool(M(this->unsorted_keys, this->unsorted_values, this->down, own));
  const std::pmr::vector<int> keys_up{1, 2, 3};
  const std::pmr::vector<int> keys_down{3, 2, 1};
  this->expect_up_in_pool(M(this->sorted, keys_up, {'a', 'b', 'c'}, own));
  this->expect_down_in_pool(M(this->sorted, keys_down, {'c', 'b', 'a'}, this->down, own));
  this->expect_up_in_pool(M(this->unsorted.begin(), this->unsorted.end(), own));
  this->expect_down_in_pool(M(this->unsorted.begin(), this->unsorted.end(), this->down, own));
  this->expect_up_in_pool(M(this->sorted, this->ascending.begin(), this->ascending.end(), own));
  this->expect_down_in_pool(
      M(this->sorted, this->descending.begin(), this->descending.end(), this->down, own));
  this->expect_up_in_pool(M(deft::from_range, this->unsorted, own));
  this->expect_down_in_pool(M(deft::from_range, this->unsorted, this->down, own));
  this->expect_up_in_pool({{{2, 'b'}, {1, 'a'}, {3, 'c'}}, own});
  this->expect_down_in_pool({{{2, 'b'}, {1, 'a'}, {3, 'c'}}, this->down, own});
  this->expect_up_in_pool({this->sorted, {{1, 'a'}, {2, 'b'}, {3, 'c'}}, own});
  this->expect_down_in_pool({this->sorted, {{3, 'c'}, {2, 'b'}, {1, 'a'}}, this->down, own});
}

TYPED_TEST(FlatMapConstruct, CopiesAndMoves) {
  using M = TypeParam;
  std::pmr::memory_resource* const own = &this->pool;
  const M original({{2, 'b'}, {1, 'a'}, {3, 'c'}}, this->down);
  this->expect_down(original);
  this->expect_down_in_pool(M(original, own));
  M copy = original;
  M in_pool(std::move(copy), own);
  EXPECT_TRUE(copy.empty() && copy.key_comp().descending);
  this->expect_down_in_pool(in_pool);
  M moved(std::move(in_pool));
  this->expect_down_in_pool(moved);
  M assigned;
  assigned = moved;
  this->expect_down(assigned);
  assigned = std::move(moved);
  this->expect_down(assigned);
  EXPECT_TRUE(moved.empty());
  assigned = {{1, 'a'}, {2, 'b'}, {3, 'c'}};
  this->expect_down(assigned);
}

}  // namespace
