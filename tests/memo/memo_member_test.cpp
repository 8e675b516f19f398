#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

std::atomic<int> calls = 0;

class shape {
 public:
  explicit shape(double size = 1, std::uint64_t id = 0) : size_(size), id_(id) {}

  double area(int precision) const { return area_(*this, precision); }

  std::string name(std::string_view unit) const { return name_(*this, unit); }

  shape scaled(double by) const { return *scaled_.pin(*this, by); }  // of its own, still incomplete, type

  bool similar(const shape& other) const { return similar_(*this, other.size_); }

  double perimeter() { return perimeter_(*this); }

  double shared_area(int precision) const { return shared_area_(*this, precision); }

  void resize(double size) {
    size_ = size;
    area_.cache_clear();
  }

  std::uint64_t id() const { return id_; }

  double compute_area(int precision) const { return ++calls, size_ * precision; }

  bool operator==(const shape&) const = default;

  const auto& area_cache() const { return area_; }

 private:
  std::string compute_name(const std::string& unit) const noexcept {
    return ++calls, std::to_string(size_) + unit;
  }

  shape compute_scaled(double by) const { return ++calls, shape(size_ * by); }

  bool compute_similar(double size) const { return size == size_; }

  double compute_perimeter() { return ++calls, size_ * 4; }

  double size_;
  std::uint64_t id_;
  deft::memo_member<&shape::compute_area> area_{{.max_size = 4}};
  deft::memo_member<&shape::compute_name> name_;
  deft::memo_member<&shape::compute_scaled, deft::policy::s3_fifo> scaled_;
  deft::memo_member<&shape::compute_similar> similar_;
  deft::memo_member<&shape::compute_perimeter> perimeter_;
  static inline const deft::memo_member_by<&shape::compute_area, &shape::id_> shared_area_;
};

class MemoMember : public testing::Test {
 protected:
  void SetUp() override { calls = 0; }
};

TEST_F(MemoMember, ComputesOncePerObjectAndArguments) {
  const shape a(2);
  const shape b(3);
  EXPECT_EQ(a.area(5), 10);
  EXPECT_EQ(a.area(5), 10);
  EXPECT_EQ(b.area(5), 15);
  EXPECT_EQ(a.area(6), 12);
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(a.area_cache().cache_info().hits, 1u);
  EXPECT_EQ(a.area_cache().cache_info().size, 2u);
  EXPECT_EQ(b.area_cache().cache_info().size, 1u);
}

TEST_F(MemoMember, TakesViewsNonConstFunctionsNoArgumentsAndItsOwnIncompleteClass) {
  shape a(2);
  EXPECT_EQ(a.name("cm"), a.name(std::string("cm")));
  EXPECT_EQ(a.perimeter() + a.perimeter(), 16);
  EXPECT_EQ(a.scaled(3).area(1), 6);
  EXPECT_EQ(a.scaled(3).area(1), 6);  // a copy of what is kept begins empty
  EXPECT_TRUE(a.similar(shape(2)));
  EXPECT_EQ(calls, 5);
}

TEST_F(MemoMember, CountsBeforeTheFirstCallWhatItWillHave) {
  const shape a(2);
  EXPECT_EQ(a.area_cache().cache_info().max_size, 4u);
  EXPECT_EQ(a.area_cache().cache_parameters().max_size, 4u);
  a.area_cache().cache_clear();
  EXPECT_FALSE(a.area_cache().invalidate(5));
  EXPECT_EQ(deft::memo_member<&shape::compute_area>().cache_info().max_size, 128u);
}

TEST_F(MemoMember, ForgetsWhatItIsTold) {
  shape a(2);
  (void)a.area(5);
  (void)a.area(6);
  EXPECT_TRUE(a.area_cache().invalidate(5));
  EXPECT_EQ(a.area(6), 12);
  EXPECT_EQ(a.area(5), 10);
  EXPECT_EQ(calls, 3);
  a.resize(3);
  EXPECT_EQ(a.area(5), 15);
  for (int i = 0; i < 10; ++i) (void)a.area(i);
  EXPECT_EQ(a.area_cache().cache_info().size, 4u);
}

TEST_F(MemoMember, IsEmptyInACopy) {
  const shape a(2);
  (void)a.area(5);
  const shape copy = a;  // NOLINT(performance-unnecessary-copy-initialization): what is tested
  EXPECT_EQ(copy.area_cache().cache_info().size, 0u);
  EXPECT_EQ(copy.area_cache().cache_info().max_size, 4u);
  EXPECT_EQ(copy.area(5), 10);
  EXPECT_EQ(calls, 2);
}

TEST_F(MemoMember, IsEmptiedByAssignment) {
  shape a(2);
  const shape b(3);
  (void)a.area(5);
  (void)b.area(5);
  a = b;
  EXPECT_EQ(a.area_cache().cache_info().size, 0u);
  EXPECT_EQ(a.area(5), 15);
  shape& itself = a;
  a = itself;
  EXPECT_EQ(a.area_cache().cache_info().size, 1u);
}

TEST_F(MemoMember, MovesWithItsObject) {
  shape a(2);
  (void)a.area(5);
  shape moved = std::move(a);
  EXPECT_EQ(moved.area(5), 10);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(a.area(6), 12);  // NOLINT(bugprone-use-after-move): empty, and in order
  EXPECT_EQ(moved.area_cache().cache_info().size, 1u);
  shape assigned(7);
  (void)assigned.area(5);
  assigned = std::move(moved);
  EXPECT_EQ(assigned.area(5), 10);
  EXPECT_EQ(calls, 3);
  std::swap(a, assigned);
  EXPECT_EQ(a.area(5), 10);
  EXPECT_EQ(assigned.area(6), 12);
  EXPECT_EQ(calls, 3);
  static_assert(std::is_nothrow_move_constructible_v<shape> && std::is_nothrow_move_assignable_v<shape>);
}

TEST_F(MemoMember, NeverGivesOneObjectTheResultsOfADeadOneAtTheSameAddress) {
  std::vector<shape> one;
  one.reserve(1);
  for (int size = 1; size < 5; ++size) {
    one.emplace_back(size);
    EXPECT_EQ(one.front().area(5), size * 5.0);
    one.pop_back();
  }
}

TEST_F(MemoMember, IsNoPartOfTheValue) {
  const shape a(2);
  (void)a.area(5);
  EXPECT_EQ(a, shape(2));
  EXPECT_NE(a, shape(3));
}

TEST_F(MemoMember, LetsHandlesOutliveTheObject) {
  deft::handle<shape> kept;

  struct scaling {
    shape inner;

    shape compute(int by) const { return shape(inner.area(by)); }

    deft::memo_member<&scaling::compute> result;
  };

  {
    const scaling s{shape(2), {}};
    kept = s.result.pin(s, 3);
  }
  EXPECT_EQ(kept->area(1), 6);
}

TEST_F(MemoMember, FindsOptionsOfWrongTypesAtTheFirstCall) {
  const shape a(2);
  const deft::memo_member<&shape::compute_area> wrong(
      {.listener = [](const std::string&, const double&, deft::removal_cause) {}});
  EXPECT_THROW((void)wrong(a, 1), std::invalid_argument);
}

TEST_F(MemoMember, IsMadeOnceByManyThreads) {
  const shape a(2);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) threads.emplace_back([&a] { EXPECT_EQ(a.area(5), 10); });
  }
  EXPECT_EQ(a.area_cache().cache_info().size, 1u);
  EXPECT_EQ(a.area(5), 10);
}

class MemoMemberBy : public MemoMember {};

TEST_F(MemoMemberBy, SharesResultsAmongObjectsOfTheSameId) {
  const deft::memo_member_by<&shape::compute_area, &shape::id> area({.max_size = 10});
  static_assert(std::is_same_v<decltype(area)::key_type, std::tuple<std::uint64_t, int>>);
  EXPECT_EQ(area(shape(2, 77), 5), 10);
  EXPECT_EQ(area(shape(2, 77), 5), 10);
  EXPECT_EQ(area(shape(3, 78), 5), 15);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(area.cache_info().hits, 1u);
  EXPECT_TRUE(area.invalidate(shape(9, 77), 5));
  const auto copy = area;
  EXPECT_EQ(copy(shape(3, 78), 5), 15);
  EXPECT_EQ(calls, 2);
}

TEST_F(MemoMemberBy, MayBeAStaticMemberOfTheClass) {
  EXPECT_EQ(shape(2, 1).shared_area(5), 10);
  EXPECT_EQ(shape(2, 1).shared_area(5), 10);
  EXPECT_EQ(shape(2, 2).shared_area(5), 10);
  EXPECT_EQ(calls, 2);
}

struct person {
  std::string name;

  std::size_t length() const { return ++calls, name.size(); }
};

TEST_F(MemoMemberBy, TakesADataMemberOrAnyFunctionOfTheObjectForTheId) {
  const deft::memo_member_by<&person::length, &person::name> length;
  static_assert(std::is_same_v<decltype(length)::key_type, std::string>);
  EXPECT_EQ(length(person{"ann"}) + length(person{"ann"}), 6u);
  EXPECT_EQ(calls, 1);
  constexpr auto initial = [](const person& p) { return p.name.at(0); };
  const deft::memo_member_by<&person::length, initial, deft::policy::clock> by_initial;
  EXPECT_EQ(by_initial(person{"bob"}), 3u);
  EXPECT_EQ(by_initial(person{"barbara"}), 3u);
}

}  // namespace
