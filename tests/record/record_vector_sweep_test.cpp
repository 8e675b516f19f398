// Every allocation that can fail does so once, in every function that changes a record_vector: alone in its
// memory or sharing it, with and without room to spare. Whatever fails leaves the table as it was.
#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <ranges>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record/fields.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/record/record_vector_schemas.hpp"
#include "tests/support_types/allocators.hpp"
#include "tests/support_types/faults.hpp"

namespace {

using deft_test::everything;
using deft_test::faults;
using deft_test::make_everything;
using allocator = deft_test::test_allocator<everything>;
using table = deft::record_vector<everything, deft::byte_columns, allocator>;
using shared = deft::shared_table<everything>;

/// What an operation works on, all made before the first failure.
struct state {
  table c{allocator(1)};
  table other{allocator(1)};
  table stranger{allocator(2)};
  std::vector<everything> values;
  shared held;

  state(int rows, std::size_t spare, bool is_shared) {
    for (int i = 0; i < rows; ++i) c.push_back(make_everything(i));
    for (int i = 500; i < 570; ++i) {
      other.push_back(make_everything(i));
      stranger.push_back(make_everything(i));
    }
    for (int i = 900; i < 930; ++i) values.push_back(make_everything(i));
    c.shrink_to_fit();
    if (spare != 0) c.reserve(c.size() + spare);
    if (is_shared) held = c.share();
  }
};

struct operation {
  const char* member;
  void (*run)(state&);
};

/// A range whose reading fails on schedule.
auto failing(std::vector<everything>& values) {
  return values | std::views::transform([](const everything& e) { return (faults::point(), e); });
}

const std::vector<operation> operations{
    {"push_back", [](state& s) { s.c.push_back(s.values[0]); }},
    {"emplace_back", [](state& s) { s.c.emplace_back(7); }},
    {"pop_back", [](state& s) { s.c.pop_back(); }},
    {"append", [](state& s) { s.c.append(s.other); }},
    {"append(itself)", [](state& s) { s.c.append(s.c); }},
    {"append_range", [](state& s) { s.c.append_range(s.values); }},
    {"append_range(reading fails)", [](state& s) { s.c.append_range(failing(s.values)); }},
    {"insert", [](state& s) { s.c.insert(s.c.cbegin() + 5, s.values[0]); }},
    {"insert(count)", [](state& s) { s.c.insert(s.c.cbegin() + 5, 70, s.values[0]); }},
    {"insert(list)", [](state& s) { s.c.insert(s.c.cbegin(), {s.values[0], s.values[1]}); }},
    {"insert(first, last)", [](state& s) { s.c.insert(s.c.cbegin(), s.c.cbegin(), s.c.cend()); }},
    {"insert_range", [](state& s) { s.c.insert_range(s.c.cbegin() + 5, s.values); }},
    {"insert_range(reading fails)", [](state& s) { s.c.insert_range(s.c.cbegin() + 5, failing(s.values)); }},
    {"erase", [](state& s) { s.c.erase(s.c.cbegin() + 3); }},
    {"erase(first, last)", [](state& s) { s.c.erase(s.c.cbegin() + 3, s.c.cbegin() + 9); }},
    {"erase_range", [](state& s) { s.c.erase_range(3, 9); }},
    {"erase_if",
     [](state& s) {
       erase_if(s.c,
                [](const auto& row) { return (faults::point(), row.template get<&everything::flag>()); });
     }},
    {"clear", [](state& s) { s.c.clear(); }},
    {"resize", [](state& s) { s.c.resize(150); }},
    {"resize(value)", [](state& s) { s.c.resize(150, s.values[3]); }},
    {"resize(smaller)", [](state& s) { s.c.resize(3); }},
    {"resize_for_overwrite", [](state& s) { s.c.resize_for_overwrite(150); }},
    {"reserve", [](state& s) { s.c.reserve(400); }},
    {"shrink_to_fit", [](state& s) { s.c.shrink_to_fit(); }},
    {"assign(count)", [](state& s) { s.c.assign(100, s.values[0]); }},
    {"assign(first, last)", [](state& s) { s.c.assign(s.values.begin(), s.values.end()); }},
    {"operator=(const&)", [](state& s) { s.c = s.other; }},
    {"operator=(const& of another allocator)", [](state& s) { s.c = s.stranger; }},
    {"operator=(&&)", [](state& s) { s.c = std::move(s.other); }},
    {"operator=(&& of another allocator)", [](state& s) { s.c = std::move(s.stranger); }},
    {"operator=(list)", [](state& s) { s.c = {s.values[0], s.values[1]}; }},
    {"constructor(const&)", [](state& s) { const table to(s.c); }},
    {"constructor(&&, allocator)", [](state& s) { const table to(std::move(s.stranger), allocator(1)); }},
    {"swap", [](state& s) { s.c.swap(s.other); }},
    {"operator[]", [](state& s) { s.c[3].get<&everything::price>() = 5; }},
    {"row = value", [](state& s) { s.c[3] = s.values[0]; }},
    {"row = row", [](state& s) { s.c[3] = s.other[0]; }},
    {"swap(row, row)", [](state& s) { swap(s.c[3], s.c[4]); }},
    {"set", [](state& s) { s.c.set<&everything::name>(3, std::string(5000, 'x')); }},
    {"set(its own text)", [](state& s) { s.c.set<&everything::name>(3, s.c[10].get<&everything::name>()); }},
    {"set_many",
     [](state& s) {
       s.c[3].set_many<&everything::id, &everything::name, &everything::note>(1, std::string(5000, 'x'),
                                                                              std::string(5000, 'y'));
     }},
    {"set_column",
     [](state& s) {
       s.c.set_column<&everything::name>(0, std::vector{std::string(5000, 'x'), std::string("a")});
     }},
    {"column", [](state& s) { s.c.column<&everything::price>()[0] = 3; }},
    {"begin", [](state& s) { (*s.c.begin()).set<&everything::level>(3); }},
    {"sort_by", [](state& s) { s.c.sort_by<&everything::name>(std::ranges::greater{}); }},
    {"permute",
     [](state& s) {
       std::vector<std::size_t> order(s.c.size());
       for (std::size_t i = 0; i < order.size(); ++i) order[i] = order.size() - 1 - i;
       s.c.permute(order);
     }},
    {"take", [](state& s) { const table some = s.c.take(std::vector{1, 2, 3}); }},
    {"share", [](state& s) { const shared again = s.c.share(); }},
    {"share(texts out of order)",
     [](state& s) {
       swap(s.c[0], s.c[1]);
       const shared again = s.c.share();
     }},
    {"share &&", [](state& s) { const shared again = std::move(s.c).share(); }},
    {"append_columns",
     [](state& s) {
       const std::vector<everything>& v = s.values;
       const auto of = [&](auto member) { return v | std::views::transform(member); };
       s.c.append_columns(of(&everything::id), of(&everything::level), of(&everything::flag),
                          of(&everything::price), of(&everything::count), of(&everything::name),
                          of(&everything::way), of(&everything::answer), of(&everything::note),
                          of(&everything::triple), of(&everything::when), of(&everything::grade),
                          of(&everything::where), of(&everything::plain_side));
     }},
};

std::vector<everything> rows_of(const auto& t) {
  std::vector<everything> all;
  for (const auto row : t) all.push_back(everything(row));
  return all;
}

TEST(RecordVectorSweep, LeavesTheTableAsItWasWhereAnAllocationFails) {
  const long allocated = faults::allocated;
  std::map<std::string, long> failures;
  for (const operation& op : operations) {
    for (const int rows : {20, 63}) {
      for (const std::size_t spare : {0u, 200u}) {
        for (const bool is_shared : {false, true}) {
          const auto make = [&] { return std::make_unique<state>(rows, spare, is_shared); };
          const auto old = rows_of(make()->c);
          const bool swaps = std::string_view(op.member).starts_with("share(texts");
          const auto result = deft_test::sweep(
              make, [&](auto& s) { op.run(*s); },
              [&](auto& s, bool completed) {
                if (!completed && !swaps) {
                  ASSERT_EQ(rows_of(s->c), old) << op.member;
                }
                if (is_shared) {
                  ASSERT_EQ(rows_of(s->held), old) << op.member;
                }
                // Still usable.
                const auto size = s->c.size();
                s->c.push_back(make_everything(1));
                ASSERT_EQ(s->c.size(), size + 1);
                ASSERT_EQ(s->c[size], make_everything(1)) << op.member;
              });
          EXPECT_TRUE(result.completed) << op.member;
          failures[op.member] += result.failures;
        }
      }
    }
  }
  EXPECT_EQ(faults::allocated, allocated);
  for (const auto& [member, count] : failures) std::printf("%-45s %6ld failures\n", member.c_str(), count);
}

}  // namespace
