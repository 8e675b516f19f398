#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <thread>
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
using deft_test::test_allocator;
using table = deft::record_vector<everything>;
using shared = deft::shared_table<everything>;

table rows_up_to(int n) {
  table v;
  for (int i = 0; i < n; ++i) v.push_back(make_everything(i));
  return v;
}

TEST(RecordVectorShare, HandsOutTheColumnsWhereTheyAre) {
  table v = rows_up_to(100);
  const auto* const prices = v.column<&everything::price>().data();
  const shared s = v.share();
  EXPECT_EQ(s.column<&everything::price>().data(), prices);
  EXPECT_EQ(std::as_const(v).column<&everything::price>().data(), prices);  // reading does not copy
  EXPECT_EQ(s.size(), 100u);
  EXPECT_EQ(s, v);
  EXPECT_EQ(s[7], make_everything(7));
}

/// What could change a table.
const std::vector<void (*)(table&)> changes{
    [](table& v) { v.push_back(make_everything(1)); },
    [](table& v) { v[0] = make_everything(5); },
    [](table& v) { v[0].get<&everything::price>() = 77; },
    [](table& v) { v.set<&everything::name>(3, "another"); },
    [](table& v) { std::ranges::fill(v.column<&everything::price>(), 0.5); },
    [](table& v) { v.column<&everything::flag>()[1] = true; },
    [](table& v) { v.pop_back(); },
    [](table& v) { v.erase_range(1, 5); },
    [](table& v) { v.insert(v.cbegin() + 2, make_everything(400)); },
    [](table& v) { v.resize(3); },
    [](table& v) { v.resize(1000); },
    [](table& v) {
      const std::size_t before = v.size();
      v.resize_for_overwrite(50);
      // What is not overwritten is anything.
      for (std::size_t i = before; i < 50; ++i) v[i] = make_everything(static_cast<int>(i));
    },
    [](table& v) { v.clear(); },
    [](table& v) { v.sort_by<&everything::price>(std::ranges::greater{}); },
    [](table& v) { std::ranges::reverse(v); },
    [](table& v) { v.append(table(v)); },
    [](table& v) { v.append(v); },
    [](table& v) { v.reserve(10'000); },
    [](table& v) { v.shrink_to_fit(); },
    [](table& v) { v.set_column<&everything::level>(0, std::vector{1, 2, 3}); },
    [](table& v) {
      deft::erase_if(v, [](const auto& row) { return row.template get<&everything::flag>(); });
    },
    [](table& v) { v = table(); },
    [](table& v) { v.assign(3, make_everything(9)); },
};

TEST(RecordVectorShare, KeepsWhatItSawWhateverHappensToTheTable) {
  for (const auto change : changes) {
    for (const int size : {40, 63, 200}) {
      table changed = rows_up_to(size);
      table expected = rows_up_to(size);
      const shared s = changed.share();
      change(changed);
      change(expected);
      EXPECT_EQ(s, rows_up_to(size));
      EXPECT_EQ(changed, expected);
      const shared again = changed.share();
      change(changed);
      change(expected);
      EXPECT_EQ(changed, expected);
      EXPECT_EQ(s, rows_up_to(size));
    }
  }
}

TEST(RecordVectorShare, CopiesNothingOnceNobodySharesAnyMore) {
  table v = rows_up_to(100);
  const auto* const prices = v.column<&everything::price>().data();
  {
    const shared s = v.share();
  }
  v[0].get<&everything::price>() = 3;
  v.push_back(make_everything(100));
  EXPECT_EQ(v.column<&everything::price>().data(), prices);
  const shared s = v.share();
  EXPECT_EQ(s.column<&everything::price>().data(), prices);
}

TEST(RecordVectorShare, OutlivesTheTable) {
  const long allocated = faults::allocated;
  {
    using allocator = test_allocator<everything>;
    deft::shared_table<everything> s;
    {
      deft::record_vector<everything, deft::byte_columns, allocator> v(allocator(3));
      for (int i = 0; i < 100; ++i) v.push_back(make_everything(i));
      s = v.share();
    }
    EXPECT_EQ(s[99], make_everything(99));
    {
      deft::record_vector<everything, deft::byte_columns, allocator> v(allocator(3));
      for (int i = 0; i < 100; ++i) v.push_back(make_everything(i));
      s = std::move(v).share();
      EXPECT_TRUE(v.empty());
      v.push_back(make_everything(1));
    }
    const auto copy = s;
    s = {};
    EXPECT_EQ(copy[99], make_everything(99));
    const deft::shared_buffer owner = copy.owner();
    EXPECT_EQ(owner.use_count(), 2u);
  }
  EXPECT_EQ(faults::allocated, allocated);
}

TEST(RecordVectorShare, PutsTextsInTheOrderOfTheRows) {
  table v = rows_up_to(50);
  std::ranges::reverse(v);
  v.set<&everything::name>(7, std::string(300, 'x'));
  v.set<&everything::name>(8, "");
  EXPECT_FALSE(std::as_const(v).column<&everything::name>().in_order());
  const table before = v;
  const shared s = v.share();
  EXPECT_EQ(s, before);
  const auto names = s.column<&everything::name>();
  ASSERT_TRUE(names.in_order());
  ASSERT_EQ(names.offsets().size(), 51u);
  std::string all;
  for (std::size_t i = 0; i < 50; ++i) {
    EXPECT_EQ(names.offsets()[i], static_cast<std::int64_t>(all.size()));
    all += names[i];
  }
  EXPECT_EQ(std::string(names.characters().begin(), names.characters().end()), all);
  EXPECT_EQ(names.offsets()[50], static_cast<std::int64_t>(all.size()));
}

TEST(RecordVectorShare, ZeroesWhatReadersOfWholeLinesSeeBehindTheLastRow) {
  table v = rows_up_to(70);
  v.resize(33);
  const shared s = v.share();
  const auto prices = s.column<&everything::price>();
  for (std::size_t i = 33; i % 8 != 0; ++i) EXPECT_EQ(prices.data()[i], 0.0);
  const auto levels = s.column<&everything::level>();
  for (std::size_t i = 33; i % 32 != 0; ++i) EXPECT_EQ(levels.data()[i], 0);
}

TEST(RecordVectorShare, OfNoRowsIsEmpty) {
  table v;
  const shared s = v.share();
  EXPECT_TRUE(s.empty());
  EXPECT_TRUE(s.column<&everything::name>().empty());
  EXPECT_TRUE(s.column<&everything::flag>().empty());
  EXPECT_EQ(s.owner().use_count(), 0u);
  v.push_back(make_everything(0));
  v.clear();
  const shared again = v.share();
  EXPECT_EQ(again.column<&everything::name>().offsets().size(), 1u);
}

TEST(RecordVectorShare, IsDroppedOnAnyThread) {
  table v = rows_up_to(1000);
  std::vector<std::thread> readers;
  for (int n = 0; n < 4; ++n) {
    readers.emplace_back([s = v.share()]() mutable {
      double sum = 0;
      for (const double price : s.column<&everything::price>()) sum += price;
      EXPECT_EQ(sum, 999 * 1000 / 2 * 0.25);
      s = {};
    });
    v[static_cast<std::size_t>(n)].get<&everything::price>() += 0;  // detaches, as somebody may still read
  }
  for (auto& reader : readers) reader.join();
}

// ThreadSanitizer sees whether they do.
TEST(RecordVectorThreads, MayWriteDifferentRunsOf64Rows) {
  using packed = deft::bit_packed<&deft_test::trade::venue>;
  deft::record_vector<deft_test::trade, packed> v(4 * 64);
  std::vector<std::thread> writers;
  for (std::size_t n = 0; n < 4; ++n) {
    writers.emplace_back([&v, n] {
      for (std::size_t i = 64 * n; i < 64 * n + 64; ++i) {
        v[i].set<&deft_test::trade::venue>(n);
        v[i].set<&deft_test::trade::buy>(i % 2 == 0);
        v[i].set<&deft_test::trade::condition>(std::optional<int>(static_cast<int>(i)));
      }
    });
  }
  for (auto& writer : writers) writer.join();
  for (std::size_t i = 0; i < v.size(); ++i) {
    EXPECT_EQ(v[i].get<&deft_test::trade::venue>(), static_cast<int>(i / 64));
    EXPECT_EQ(v[i].get<&deft_test::trade::buy>(), i % 2 == 0);
    EXPECT_EQ(v[i].get<&deft_test::trade::condition>(), static_cast<int>(i));
  }
}

TEST(RecordVectorShare, BecomesATableAgainByACopy) {
  table v = rows_up_to(10);
  const shared s = v.share();
  table w(s);
  w.push_back(make_everything(10));
  EXPECT_EQ(w, rows_up_to(11));
  EXPECT_EQ(s, v);
}

}  // namespace
