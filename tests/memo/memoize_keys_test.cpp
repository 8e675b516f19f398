// What is one key, and what is looked up without making one.
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

TEST(MemoizeKeys, AreTheOwnedArgumentOrATupleOfThem) {
  const auto key_of = [](auto f) {
    return std::type_identity<typename decltype(deft::memoize(f))::key_type>();
  };
  const auto same = []<typename A, typename B>(std::type_identity<A>, std::type_identity<B>) {
    return std::is_same_v<A, B>;
  };
  using std::type_identity;
  EXPECT_TRUE(same(key_of([](const int&) { return 1; }), type_identity<int>()));
  EXPECT_TRUE(same(key_of([](std::string_view) { return 1; }), type_identity<std::string>()));
  EXPECT_TRUE(same(key_of([](const char16_t*) { return 1; }), type_identity<std::u16string>()));
  EXPECT_TRUE(
      same(key_of([](std::span<const double, 3>) { return 1; }), type_identity<std::vector<double>>()));
  EXPECT_TRUE(same(key_of([](const double*) { return 1; }), type_identity<const double*>()));
  EXPECT_TRUE(same(key_of([] { return 1; }), type_identity<std::tuple<>>()));
  EXPECT_TRUE(
      same(key_of([](int, const std::string&) { return 1; }), type_identity<std::tuple<int, std::string>>()));
  EXPECT_TRUE(same(key_of([](std::pair<std::string_view, int>) { return 1; }),
                   type_identity<std::pair<std::string, int>>()));
}

TEST(MemoizeKeys, CallEveryNanOneKeyAndMinusZeroZero) {
  int calls = 0;
  const auto f = deft::memoize([&calls](double x) {
    ++calls;
    return std::signbit(x);
  });
  const double nan = std::numeric_limits<double>::quiet_NaN();
  (void)f(nan);
  (void)f(-nan);
  (void)f(std::nan("7"));
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(f(-0.0));
  EXPECT_TRUE(f(0.0));  // whoever came first
  EXPECT_EQ(calls, 2);
}

TEST(MemoizeKeys, TellPointersApartByTheirAddress) {
  int calls = 0;
  const auto f = deft::memoize([&calls](const int* p) { return ++calls, *p; });
  const std::array<int, 2> same{5, 5};
  EXPECT_EQ(f(&same[0]) + f(&same[1]) + f(&same[0]), 15);
  EXPECT_EQ(calls, 2);
}

TEST(MemoizeKeys, AreFoundByWhateverAStringIsMadeOf) {
  int calls = 0;
  const auto f = deft::memoize([&calls](const std::string& s) {
    ++calls;
    return s.size();
  });
  const std::string text = "text";
  const char buffer[] = {'t', 'e', 'x', 't', '\0', '!', '\0'};
  EXPECT_EQ(
      f("text") + f(text) + f(std::string_view(text)) + f(std::string(text)) + f(text.c_str()) + f(buffer),
      24u);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(f.invalidate(std::string_view("text")));
  EXPECT_EQ(*f.pin(std::string_view("text, made from a view on a miss")), 32u);
  EXPECT_EQ(calls, 2);

  struct named {
    operator std::string() const { return "text"; }  // NOLINT(google-explicit-constructor)
  };

  EXPECT_EQ(f(named()), 4u);
  EXPECT_EQ(f(named()), 4u);
  EXPECT_EQ(calls, 3);
}

TEST(MemoizeKeysDeathTest, RefuseTheTextOfANullPointer) {
  const auto f = deft::memoize([](const char* s) { return s == nullptr; });
  const char* const null = nullptr;
  EXPECT_DEATH((void)f(null), "a null pointer is no text");
  EXPECT_DEATH((void)f(nullptr), "a null pointer is no text");
}

TEST(MemoizeKeys, AreInvalidatedOneByOneByPredicateOrAll) {
  int calls = 0;
  const auto f = deft::memoize([&calls](int x) { return ++calls, x; });
  for (int i = 0; i < 10; ++i) (void)f(i);
  EXPECT_TRUE(f.invalidate(3));
  EXPECT_FALSE(f.invalidate(3));
  EXPECT_EQ(f.cache().invalidate_if([](const int& key, const int&) { return key >= 8; }), 2u);
  EXPECT_EQ(f.cache_info().size, 7u);
  for (int i = 0; i < 10; ++i) (void)f(i);
  EXPECT_EQ(calls, 13);
  f.cache_clear();
  EXPECT_EQ(f.cache_info().size, 0u);
  EXPECT_EQ(f.cache_info().hits, 0u);
}

struct request {
  std::string user;
  std::string locale;
  int trace_id = 0;  // does not matter, has no hash
};

TEST(MemoizeBy, AsksForTheKeyOnly) {
  int calls = 0;
  const auto f = deft::memoize_by([](const request& r) { return std::tie(r.user, r.locale); },
                                  [&calls](const request& r) {
                                    ++calls;
                                    return r.user + "/" + r.locale;
                                  });
  static_assert(std::is_same_v<decltype(f)::key_type, std::tuple<std::string, std::string>>);
  EXPECT_EQ(f({"ann", "de", 1}), "ann/de");
  EXPECT_EQ(f({"ann", "de", 2}), "ann/de");
  EXPECT_EQ(f({"ann", "fr", 1}), "ann/fr");
  request r{"bob", "de"};
  EXPECT_EQ(f(r), "bob/de");
  r.user = "ann";
  EXPECT_EQ(*f.pin(r), "ann/de");
  EXPECT_EQ(calls, 3);
  EXPECT_TRUE(f.invalidate(r));
  EXPECT_TRUE(f.invalidate({"bob", "de"}));
  EXPECT_EQ(f.cache_info().size, 1u);
}

TEST(MemoizeBy, TakesViewsValuesMembersAndPolicies) {
  const auto by_view = deft::memoize_by([](const request& r) { return std::string_view(r.user); },
                                        [](const request& r) { return r.user.size(); });
  static_assert(std::is_same_v<decltype(by_view)::key_type, std::string>);
  EXPECT_EQ(by_view(request{"ann", ""}) + by_view(request{"ann", "x"}), 6u);
  EXPECT_EQ(by_view.cache_info().hits, 1u);
  const auto by_member = deft::memoize_by(&request::trace_id, [](const request& r) { return r.user; });
  static_assert(std::is_same_v<decltype(by_member)::key_type, int>);
  EXPECT_EQ(by_member({"ann", "", 1}), "ann");
  EXPECT_EQ(by_member({"bob", "", 1}), "ann");
  const auto with_all = deft::memoize_by<deft::policy::s3_fifo, int(int)>([](int x) { return x / 10; },
                                                                          [](auto x) { return x; });
  EXPECT_EQ(with_all(11), 11);
  EXPECT_EQ(with_all(12), 11);
  EXPECT_EQ(with_all(25), 25);
}

int first_digit_of(int x) {
  return x / 10;
}

[[maybe_unused]] std::string first_digit_of(const std::string& x) {
  return x.substr(0, 1);
}

TEST(MemoizeBy, TakesOverloadsByTheirSignature) {
  const auto f = deft::memoize_by<int(int)>([](int x) { return x / 10; }, first_digit_of, {.max_size = 2});
  EXPECT_EQ(f(11), 1);
  EXPECT_EQ(f(12), 1);
  EXPECT_EQ(f.cache_info().hits, 1u);
}

TEST(MemoizeBy, AllowsParametersThatAreChangedOrCannotBeCopied) {
  struct connection {
    int queries = 0;
  } shared;

  const auto fetch = deft::memoize_by([](const connection&, int id) { return id; },
                                      [](connection& c, int id) {
                                        ++c.queries;
                                        return id * 10;
                                      });
  EXPECT_EQ(fetch(shared, 1) + fetch(shared, 1) + fetch(shared, 2), 40);
  EXPECT_EQ(shared.queries, 2);

  const auto consume =
      deft::memoize_by([](const std::unique_ptr<std::string>& p) { return std::string_view(*p); },
                       [](std::unique_ptr<std::string> p) {
                         p->assign(p->size(), '-');  // the key must not see this
                         return *std::exchange(p, nullptr);
                       });
  EXPECT_EQ(consume(std::make_unique<std::string>("abc")), "---");
  auto kept = std::make_unique<std::string>("abc");
  EXPECT_EQ(consume(std::move(kept)), "---");
  EXPECT_NE(kept, nullptr);  // NOLINT(bugprone-use-after-move): a hit consumes nothing
  EXPECT_EQ(consume.cache_info().hits, 1u);

  const auto clear = deft::memoize_by([](const std::string& s) { return std::string_view(s); },
                                      [](std::string& s) {
                                        s.clear();
                                        return 1;
                                      });
  std::string text = "abc";
  EXPECT_EQ(clear(text), 1);
  EXPECT_EQ(text, "");
  text = "abc";
  EXPECT_TRUE(clear.invalidate(text));
}

TEST(MemoizeBy, ConvertsTheArgumentsToTheParametersFirst) {
  const auto f = deft::memoize_by([](const std::string& s) { return std::string_view(s).substr(0, 1); },
                                  [](const std::string& s) { return s.size(); });
  EXPECT_EQ(f("a literal that is long enough to be allocated"), 45u);
  EXPECT_EQ(f(std::string("another")), 45u);
}

}  // namespace
