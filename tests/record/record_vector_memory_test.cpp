#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record/fields.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/record/record_vector_schemas.hpp"
#include "tests/support_types/allocators.hpp"

namespace {

using deft_test::everything;
using deft_test::faults;
using deft_test::make_everything;
using deft_test::person;
using deft_test::test_allocator;
using deft_test::trade;

TEST(RecordVectorMemory, IsOneBlockWithoutTextsHoweverManyColumns) {
  std::size_t allocations = 0;

  struct counting : std::pmr::memory_resource {
    std::size_t* count;

    explicit counting(std::size_t* c) : count(c) {}

    void* do_allocate(std::size_t size, std::size_t alignment) override {
      ++*count;
      return std::pmr::new_delete_resource()->allocate(size, alignment);
    }

    void do_deallocate(void* p, std::size_t size, std::size_t alignment) override {
      std::pmr::new_delete_resource()->deallocate(p, size, alignment);
    }

    bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }
  } resource(&allocations);

  deft::pmr::record_vector<trade> v(&resource);
  EXPECT_EQ(allocations, 0u);
  v.reserve(1000);
  EXPECT_EQ(allocations, 1u);
  for (int i = 0; i < 1000; ++i) v.push_back({i, i % 20, {}, true, 1.0});
  EXPECT_EQ(allocations, 1u);
}

TEST(RecordVectorMemory, StartsEveryColumnAtACacheLineWhateverTheCapacity) {
  for (const std::size_t n : {1u, 64u, 65u, 500u, 513u, 1000u, 4096u, 10'000u}) {
    deft::record_vector<everything> v;
    v.reserve(n);
    v.resize(n);
    const auto aligned = [](const void* p) { return reinterpret_cast<std::uintptr_t>(p) % 64 == 0; };
    EXPECT_TRUE(aligned(v.column<&everything::id>().data()));
    EXPECT_TRUE(aligned(v.column<&everything::level>().data()));
    EXPECT_TRUE(aligned(v.column<&everything::price>().data()));
    EXPECT_TRUE(aligned(v.column<&everything::count>().data()));
    EXPECT_TRUE(aligned(v.column<&everything::where>().data()));
    EXPECT_TRUE(aligned(v.column<&everything::name>().offsets().data()));
  }
}

TEST(RecordVectorMemory, GivesBackWhatItTook) {
  const long before = faults::allocated;
  {
    using table = deft::record_vector<everything, deft::byte_columns, test_allocator<everything>>;
    table v(test_allocator<everything>(1));
    for (int i = 0; i < 500; ++i) v.push_back(make_everything(i));
    v.erase_range(10, 490);
    v.shrink_to_fit();
    EXPECT_LT(v.capacity(), 128u);
    v.clear();
    v.shrink_to_fit();
    EXPECT_EQ(v.capacity(), 0u);
    EXPECT_EQ(faults::allocated, before);
    for (int i = 0; i < 500; ++i) v.push_back(make_everything(i));
    table w(std::move(v), test_allocator<everything>(2));
    EXPECT_EQ(w.size(), 500u);
    EXPECT_TRUE(v.empty());
    table x(test_allocator<everything>(3));
    x = std::move(w);
    EXPECT_EQ(x.size(), 500u);
    EXPECT_EQ(x.get_allocator().id, 3);
  }
  EXPECT_EQ(faults::allocated, before);
}

TEST(RecordVectorMemory, PropagatesAllocatorsAsTheirTraitsSay) {
  using allocator = test_allocator<person, true>;
  using table = deft::record_vector<person, deft::byte_columns, allocator>;
  table v({{"ann", 3}}, allocator(1));
  table w({{"bob", 4}, {"cyd", 5}}, allocator(2));
  v = w;
  EXPECT_EQ(v.get_allocator().id, 2);
  EXPECT_EQ(v, w);
  table x(allocator(4));
  swap(x, v);
  EXPECT_EQ(x.get_allocator().id, 2);
  EXPECT_EQ(v.get_allocator().id, 4);
  v = std::move(x);
  EXPECT_EQ(v.get_allocator().id, 2);
  EXPECT_EQ(v, w);
}

TEST(RecordVectorMemory, RefusesMoreThanTheAllocatorHas) {
  using table = deft::record_vector<trade, deft::byte_columns, deft_test::tiny_allocator<trade>>;
  table v;
  EXPECT_THROW(v.resize(10'000), std::length_error);
  volatile std::size_t too_many = static_cast<std::size_t>(-1);  // the compiler need not know
  EXPECT_THROW(v.reserve(too_many), std::length_error);
  deft::record_vector<trade> w(3);
  EXPECT_THROW(w.resize(too_many), std::length_error);
  EXPECT_THROW(w.insert(w.cbegin(), too_many, trade{}), std::length_error);
  EXPECT_EQ(w.size(), 3u);
}

TEST(RecordVectorTexts, AreReplacedByShorterAndLongerOnes) {
  deft::record_vector<person> v;
  std::vector<std::string> model;
  for (int i = 0; i < 200; ++i) {
    model.push_back(std::string(static_cast<std::size_t>(i % 17), 'a'));
    v.push_back({model.back(), i});
  }
  for (int round = 0; round < 50; ++round) {
    for (std::size_t i = 0; i < model.size(); ++i) {
      model[i] = std::string((i * 7 + static_cast<std::size_t>(round) * 13) % 40,
                             static_cast<char>('b' + round % 20));
      v[i].set<&person::name>(model[i]);
    }
  }
  for (std::size_t i = 0; i < model.size(); ++i) EXPECT_EQ(v[i].get<&person::name>(), model[i]);
  // The heap does not grow with what was replaced.
  const auto shared = v.share();
  EXPECT_LT(shared.column<&person::name>().characters().size(), 200u * 40);
}

TEST(RecordVectorTexts, KeepTheirZerosAndMayComeFromTheirOwnColumn) {
  deft::record_vector<person> v{{std::string("a\0b", 3), 1}, {std::string(100, 'x'), 2}};
  EXPECT_EQ(v[0].get<&person::name>(), std::string_view("a\0b", 3));
  for (int i = 0; i < 20; ++i) {
    v[0].set<&person::name>(v[1].get<&person::name>());
    v[1].set<&person::name>(std::string(v[1].get<&person::name>()) + "y");
  }
  EXPECT_EQ(v[1].get<&person::name>().size(), 120u);
  EXPECT_EQ(v[0].get<&person::name>().size(), 119u);
  const std::string_view whole = v[1].get<&person::name>();
  v[1].set<&person::name>(whole.substr(110));
  EXPECT_EQ(v[1].get<&person::name>(), "yyyyyyyyyy");
}

}  // namespace
