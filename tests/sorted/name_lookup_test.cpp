// A user's functions that have the names of deft's internal ones are not called, nor do they make a call
// ambiguous: argument-dependent lookup would find them through the element type.
#include <cstddef>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include "deft/sorted/sorted_vector.hpp"

namespace elsewhere {

struct element {
  int key;

  friend auto operator<(const element& a, const element& b) -> bool { return a.key < b.key; }
};

template <typename R>
void at(R&, std::size_t) = delete;
template <typename R>
void whole(R&) = delete;
template <typename R>
void before(R&, std::size_t) = delete;
template <typename P, typename E>
void project(P&, E&&) = delete;
template <typename C, typename A, typename B>
void precedes(const C&, const A&, const B&) = delete;
template <typename C>
void truncate(C&, std::size_t) = delete;
template <typename C>
void reallocate(C&, std::size_t) = delete;
template <typename C>
void grown_capacity(const C&, std::size_t) = delete;
template <typename C, typename T>
void insert_at(C&, std::size_t, T&) = delete;
template <typename C>
void erase_at(C&, std::size_t, std::size_t) = delete;
template <typename C, typename P>
void erase_where(C&, P&) = delete;
template <typename C>
void pop_at(C&, std::size_t) = delete;
template <typename C>
void pop_aside(C&, std::size_t) = delete;
template <typename C>
void pop_in_place(C&, std::size_t) = delete;
template <typename C, typename P>
void sort_batch(C&, const P&) = delete;
template <typename C, typename P>
void is_sorted_by(const C&, const P&) = delete;
template <typename C, typename P>
void stable_order(const C&, const P&) = delete;
template <typename C, typename X, typename P>
void gallop_right(const C&, std::size_t, const X&, const P&) = delete;
template <typename C, typename B, typename P>
void merge_batch(C&, const B&, const P&) = delete;
template <typename C, typename B, typename P>
void merge_in_place(C&, const B&, const P&) = delete;

}  // namespace elsewhere

namespace {

using elsewhere::element;

TEST(NameLookup, FunctionsBesideTheElementTypeAreNotTakenForThoseOfBisect) {
  std::vector<element> sorted{{1}, {2}, {3}};
  EXPECT_EQ(deft::bisect_left(sorted, element{2}), 1U);
  EXPECT_EQ(deft::bisect_right(sorted, 2, {}, &element::key), 2U);
  EXPECT_EQ(deft::find_lt(sorted, element{2})->key, 1);
  EXPECT_EQ(deft::find_gt(sorted, element{2})->key, 3);
  std::vector<std::size_t> out(3);
  deft::bisect_left_many(sorted, sorted, out);
  EXPECT_EQ(out, (std::vector<std::size_t>{0, 1, 2}));
  EXPECT_EQ(deft::insort_left(sorted, element{0})->key, 0);
}

TEST(NameLookup, FunctionsBesideTheElementTypeAreNotTakenForThoseOfSortedVector) {
  deft::sorted_vector<element> v{{3}, {1}};
  v.insert(element{2});
  v.insort_left(element{0});
  v.insert_range(std::vector<element>{{9}, {8}, {7}});
  v.reserve(100);
  deft::sorted_vector<element> more{{5}};
  v.merge(more);
  EXPECT_EQ(v.erase(element{9}), 1U);
  EXPECT_EQ(v.pop(0).key, 0);
  EXPECT_EQ(deft::erase_if(v, [](const element& e) { return e.key == 8; }), 1U);
  EXPECT_EQ(v.size(), 5U);
  EXPECT_EQ(v.index(element{5}), 3U);
}

}  // namespace
