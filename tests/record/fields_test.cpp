// What is known of a plain aggregate: names, tuples, copies, projections.
#include "deft/record/fields.hpp"

#include <algorithm>
#include <any>
#include <array>
#include <concepts>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "deft/core/hash.hpp"
#include "deft/record/field_map.hpp"
#include "deft/record/packed.hpp"

#include "tests/record/schemas.hpp"

namespace {

using namespace deft_test;

struct person {
  std::string name;
  int age = 30;
  std::unique_ptr<int> extra;
};

struct empty {};

struct single {
  std::array<int, 4> values;
};

template <typename T>
struct pair_of {
  T first;
  T second;
};

#define EIGHT(p) int p##0, p##1, p##2, p##3, p##4, p##5, p##6, p##7;

struct sixty_four {
  EIGHT(a) EIGHT(b) EIGHT(c) EIGHT(d) EIGHT(e) EIGHT(f) EIGHT(g) EIGHT(h)
};

struct without_default {
  struct number {
    number(int);
    int n;
  };

  int before;
  number n;
  int behind;
};

TEST(FieldNames, AreThoseOfTheDeclarationInItsOrder) {
  static_assert(deft::field_names<tick>() ==
                std::array<std::string_view, 5>{"ts", "venue", "cond", "buy", "price"});
  static_assert(deft::field_names<person>() == std::array<std::string_view, 3>{"name", "age", "extra"});
  static_assert(deft::field_names<single>() == std::array<std::string_view, 1>{"values"});
  static_assert(deft::field_names<pair_of<std::string>>()[1] == "second");
  static_assert(deft::field_names<empty>().empty());
  static_assert(deft::field_names<sixty_four>()[63] == "h7");
  static_assert(deft::field_names<without_default>()[2] == "behind");
  static_assert(deft::field_names<every_kind>()[26] == "code");

  struct local {
    int inside_a_function;
  };

  static_assert(deft::field_names<local>()[0] == "inside_a_function");
}

TEST(Fields, AreCounted) {
  static_assert(deft::field_count<tick> == 5 && deft::field_count<lineitem> == 15 &&
                deft::field_count<empty> == 0);
  static_assert(deft::field_count<sixty_four> == 64 && deft::field_count<every_kind> == 27);
}

TEST(Fields, HaveTheTypesOfTheDeclaration) {
  static_assert(std::same_as<deft::fields_of<tick>, std::tuple<std::int64_t, deft::bounded<int, 0, 19>,
                                                               std::optional<std::int32_t>, bool, double>>);
  static_assert(std::same_as<deft::fields_of<person>, std::tuple<std::string, int, std::unique_ptr<int>>>);
}

TEST(Fields, AreFoundByTheirMemberPointers) {
  static_assert(deft::detail::field_index<&tick::ts> == 0 && deft::detail::field_index<&tick::price> == 4);
  static_assert(deft::detail::field_index<&sixty_four::h7> == 63 &&
                deft::detail::field_index<&person::extra> == 2);
}

TEST(Schema, IsAPlainAggregate) {
  struct base {
    int x;
  };

  struct derived : base {
    int y;
  };

  struct with_array {
    int values[3];
  };

  struct with_reference {
    int& x;
  };

  static_assert(deft::schema<tick> && deft::schema<person> && deft::schema<without_default>);
  static_assert(!deft::schema<int> && !deft::schema<std::string> && !deft::schema<std::array<int, 3>>);
  static_assert(!deft::schema<derived> && !deft::schema<with_array> && !deft::schema<with_reference>);
}

constexpr tick sample{12, 3, 4, true, 2.5};

struct anything {
  std::any value;
  int number;
};

struct greedy {
  greedy() = default;

  template <typename T>
  greedy(T&&) {}  // NOLINT(google-explicit-constructor,bugprone-forwarding-reference-overload)
};

struct greedy_first {
  greedy first;
  int second;
};

struct derived_any : std::any {
  int number;
};

TEST(Schema, MayStartWithAFieldThatTakesAnyValue) {
  static_assert(deft::field_names<anything>() == std::array<std::string_view, 2>{"value", "number"});
  static_assert(deft::field_names<greedy_first>() == std::array<std::string_view, 2>{"first", "second"});
  static_assert(!deft::schema<derived_any>);
  const anything one{5, 1};
  const auto same = deft::from_tuple<anything>(deft::as_tuple(one));
  EXPECT_EQ(std::any_cast<int>(same.value), 5);
  const anything other = deft::with<&anything::value>(one, 7);
  EXPECT_EQ(std::any_cast<int>(other.value), 7);
  EXPECT_EQ(other.number, 1);
}

TEST(AsTuple, CopiesTheFields) {
  static_assert(deft::as_tuple(sample) == std::tuple(12, 3, 4, true, 2.5));
}

TEST(AsTuple, MovesFromAnRvalue) {
  person p{"a name that is too long for the string itself", 40, std::make_unique<int>(7)};
  auto [name, age, extra] = deft::as_tuple(std::move(p));
  EXPECT_EQ(name, "a name that is too long for the string itself");
  EXPECT_EQ(*extra, 7);
  EXPECT_EQ(p.extra, nullptr);
}

TEST(FromTuple, ConvertsToTheTypesOfTheFields) {
  static_assert(deft::from_tuple<tick>(std::tuple(12L, 3u, 4, true, 2.5f)) == sample);
  static_assert(deft::from_tuple<tick>(deft::as_tuple(sample)) == sample);
  const person p = deft::from_tuple<person>(std::tuple("Ada", 36, std::unique_ptr<int>()));
  EXPECT_EQ(p.name, "Ada");
  EXPECT_EQ(deft::from_tuple<pair_of<int>>(std::array{1, 2}).second, 2);
}

TEST(FromTuple, ThrowsForAValueOutsideItsDomain) {
  EXPECT_THROW(static_cast<void>(deft::from_tuple<tick>(std::tuple(1, 20, 3, false, 0.0))),
               std::out_of_range);
}

TEST(TieFields, RefersToTheFields) {
  tick t = sample;
  std::get<3>(deft::tie_fields(t)) = false;
  EXPECT_FALSE(t.buy);
  EXPECT_EQ(deft::hash_value(deft::tie_fields(sample), 1), deft::hash_value(deft::as_tuple(sample), 1));
}

TEST(With, CopiesWithOneFieldChanged) {
  static_assert(deft::with<&tick::venue>(sample, 9) == tick{12, 9, 4, true, 2.5});
  static_assert(deft::with<&tick::cond>(sample, std::nullopt).cond == std::nullopt);
  EXPECT_THROW(static_cast<void>(deft::with<&tick::venue>(sample, 20)), std::out_of_range);
}

TEST(ForEachField, CallsWithNamesAndFieldsInOrder) {
  std::string names;
  tick t = sample;
  deft::for_each_field(t, [&names](std::string_view name, auto& field) {
    names += name;
    names += ' ';
    field = {};
  });
  EXPECT_EQ(names, "ts venue cond buy price ");
  EXPECT_EQ(t, tick{});
}

TEST(Project, IsOneProjectionForStructsAndPackedRecords) {
  static_assert(deft::project<&tick::price>(sample) == 2.5);
  static_assert(deft::project<&tick::price>(deft::packed<tick>(sample)) == 2.5);
  tick t = sample;
  deft::project<&tick::ts>(t) = 1;
  EXPECT_EQ(t.ts, 1);
  std::vector<deft::packed<tick>> ticks;
  for (const int ts : {3, 1, 2}) ticks.push_back(tick{ts, 0, {}, false, 0});
  std::ranges::sort(ticks, {}, deft::project<&tick::ts>);
  EXPECT_EQ(ticks[0].get<&tick::ts>(), 1);
  EXPECT_EQ(ticks[2].get<&tick::ts>(), 3);
}

TEST(AsMap, FindsFieldsByName) {
  const auto map = deft::as_map(sample);
  EXPECT_EQ(map.size(), 5u);
  EXPECT_EQ(std::get<double>(map.at("price")), 2.5);
  EXPECT_EQ(map.get<double>("price"), 2.5);
  EXPECT_TRUE(map.contains("venue"));
  EXPECT_FALSE(map.contains("venues"));
  EXPECT_EQ(map.find("nothing"), map.end());
  EXPECT_THROW(static_cast<void>(map.at("nothing")), std::out_of_range);
  EXPECT_THROW(static_cast<void>(map.get<bool>("price")), std::out_of_range);
  std::string names;
  for (const auto& [name, value] : map) names += std::string(name) + ' ';
  EXPECT_EQ(names, "ts venue cond buy price ");
}

TEST(AsMap, IsAConstantOfAConstant) {
  constexpr auto map = deft::as_map(sample);
  static_assert(map.get<bool>("buy") && map.get<deft::bounded<int, 0, 19>>("venue") == 3);
  static_assert(std::variant_size_v<typename decltype(deft::as_map(pair_of<int>{}))::mapped_type> == 1);
}

struct no_value {};

struct of_no_value {
  [[no_unique_address]] no_value e;
  int x;
};

TEST(FieldIndex, TellsFieldsWithoutASizeFromOthers) {
  static_assert(deft::detail::field_index<&of_no_value::e> == 0);
  static_assert(deft::detail::field_index<&of_no_value::x> == 1);
}

}  // namespace
