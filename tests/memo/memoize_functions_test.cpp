// What can be memoized, and with which parameters and results.
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

int calls = 0;

int twice(int x) {
  ++calls;
  return 2 * x;
}

int twice_noexcept(int x) noexcept {
  return twice(x);
}

int overloaded(int x) {
  return twice(x);
}

std::string overloaded(const std::string& x) {
  ++calls;
  return x + x;
}

struct square {
  int side;
  bool operator==(const square&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const square& s) {
    return H::combine(std::move(state), s.side);
  }

  int area() const {
    ++calls;
    return side * side;
  }

  int area_times(int factor) const noexcept { return area() * factor; }

  int area_of_lvalue() const& { return area(); }

  int scaled_area(int by) { return area() * by * by; }
};

struct function_object {
  int operator()(int x) { return twice(x); }  // not const: memoize calls it all the same
};

struct move_only_function_object {
  std::unique_ptr<int> factor;

  int operator()(int x) const {
    ++calls;
    return *factor * x;
  }
};

class MemoizeFunctions : public testing::Test {
 protected:
  void SetUp() override { calls = 0; }
};

TEST_F(MemoizeFunctions, FreeFunctions) {
  const auto f = deft::memoize(twice);
  EXPECT_EQ(f(4), 8);
  EXPECT_EQ(f(4), 8);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(f(5), 10);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(deft::memoize(&twice)(4), 8);
  EXPECT_EQ(deft::memoize(twice_noexcept)(4), 8);
  EXPECT_EQ(deft::memoize(&twice_noexcept)(4), 8);
}

TEST_F(MemoizeFunctions, Lambdas) {
  int own_calls = 0;
  const auto f = deft::memoize([&own_calls](int x, int y) {
    ++own_calls;
    return x - y;
  });
  EXPECT_EQ(f(5, 3), 2);
  EXPECT_EQ(f(5, 3), 2);
  EXPECT_EQ(f(3, 5), -2);
  EXPECT_EQ(own_calls, 2);
  const auto counting = deft::memoize([n = 0](int) mutable { return ++n; });
  EXPECT_EQ(counting(1) + counting(1) + counting(2), 1 + 1 + 2);
}

TEST_F(MemoizeFunctions, FunctionObjectsAlsoThoseThatCanOnlyBeMoved) {
  const auto f = deft::memoize(function_object());
  EXPECT_EQ(f(4) + f(4), 16);
  const auto g = deft::memoize(move_only_function_object{std::make_unique<int>(3)});
  const auto h = g;
  EXPECT_EQ(g(4) + h(4), 24);
  EXPECT_EQ(calls, 2);
}

TEST_F(MemoizeFunctions, StdFunctionAndReferencesToFunctionObjects) {
  const auto f = deft::memoize(std::function<int(int)>(twice));
  EXPECT_EQ(f(4) + f(4), 16);
  move_only_function_object object{std::make_unique<int>(3)};
  const auto g = deft::memoize(std::ref(object));
  EXPECT_EQ(g(4) + g(4), 24);
  EXPECT_EQ(calls, 2);
}

TEST_F(MemoizeFunctions, MemberFunctionsByTheValueOfTheirObject) {
  const auto area = deft::memoize(&square::area);
  EXPECT_EQ(area(square{3}), 9);
  EXPECT_EQ(area(square{3}), 9);  // another object
  EXPECT_EQ(area(square{4}), 16);
  EXPECT_EQ(calls, 2);
  const auto times = deft::memoize(&square::area_times);
  EXPECT_EQ(times(square{3}, 2) + times(square{3}, 2), 36);
  EXPECT_EQ(deft::memoize(&square::area_of_lvalue)(square{3}), 9);
  EXPECT_EQ(calls, 4);
}

TEST_F(MemoizeFunctions, OverloadsByTheirSignature) {
  const auto numbers = deft::memoize<int(int)>(overloaded);
  const auto texts = deft::memoize<std::string(const std::string&)>(&overloaded);
  EXPECT_EQ(numbers(4), 8);
  EXPECT_EQ(texts("ab"), "abab");
  const auto named_anyway = deft::memoize<int(int)>(twice);
  EXPECT_EQ(named_anyway(4), 8);
  const auto noexcept_as_well = deft::memoize<int(int) noexcept>(twice_noexcept);
  EXPECT_EQ(noexcept_as_well(4), 8);
}

TEST_F(MemoizeFunctions, GenericLambdasByTheirSignature) {
  const auto f = deft::memoize<double(double)>([](auto x) { return x / 2; });
  EXPECT_EQ(f(5), 2.5);
  const auto g = deft::memoize<long(int, int)>([](auto... x) { return (x + ...); });
  static_assert(std::is_same_v<decltype(g(1, 2)), long>);
  EXPECT_EQ(g(1, 2), 3);
}

TEST_F(MemoizeFunctions, WithAPolicyASignatureOrBothInAnyOrder) {
  EXPECT_EQ(deft::memoize<deft::policy::s3_fifo>(twice)(4), 8);
  EXPECT_EQ((deft::memoize<deft::policy::clock, int(int)>(overloaded)(4)), 8);
  EXPECT_EQ((deft::memoize<int(int), deft::policy::clock>(overloaded)(4)), 8);
  EXPECT_EQ((deft::memoize<int(int), deft::policy::fifo>(function_object())(4)), 8);
  EXPECT_EQ((deft::memoize_recursive<deft::policy::unbounded, int(int)>([](auto&, int x) { return x; })(4)),
            4);
  using cache = decltype(deft::memoize<deft::policy::sieve>(twice))::cache_type;
  static_assert(std::is_same_v<cache, deft::concurrent_cache<int, int, deft::policy::sieve>>);
  using by_default = decltype(deft::memoize(twice))::cache_type;
  static_assert(std::is_same_v<by_default, deft::concurrent_cache<int, int, deft::policy::lru>>);
}

TEST_F(MemoizeFunctions, WithDefaultArgumentsThroughALambda) {
  struct defaults {
    static int sum(int a, int b = 10) { return a + b; }
  };

  const auto f = deft::memoize([](int a) { return defaults::sum(a); });
  EXPECT_EQ(f(1), 11);
}

TEST_F(MemoizeFunctions, WithoutArguments) {
  const auto f = deft::memoize([] { return twice(4); });
  static_assert(std::is_same_v<decltype(f)::key_type, std::tuple<>>);
  EXPECT_EQ(f() + f(), 16);
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(f.invalidate());
  EXPECT_FALSE(f.invalidate());
  EXPECT_EQ(f(), 8);
  EXPECT_EQ(calls, 2);
}

TEST_F(MemoizeFunctions, ThatReturnNothingAreCalledOncePerArguments) {
  const auto f = deft::memoize([](int x) { calls += x; });
  static_assert(std::is_void_v<decltype(f(1))> && std::is_same_v<decltype(f)::mapped_type, std::monostate>);
  f(2);
  f(2);
  f(3);
  EXPECT_EQ(calls, 5);
  EXPECT_TRUE(f.pin(4));
  f(4);
  EXPECT_EQ(calls, 9);
}

TEST_F(MemoizeFunctions, WhoseResultsCannotBeCopiedArePinned) {
  const auto f = deft::memoize([](int x) { return std::make_unique<int>(twice(x)); });
  static_assert(!std::is_invocable_v<decltype(f), int>);
  const deft::handle<std::unique_ptr<int>> first = f.pin(4);
  EXPECT_EQ(**first, 8);
  EXPECT_EQ(f.pin(4)->get(), first->get());
  EXPECT_EQ(calls, 1);
  f.cache_clear();
  EXPECT_EQ(**first, 8);
}

TEST_F(MemoizeFunctions, ThatReturnReferencesKeepWhatTheyReferTo) {
  static std::string text = "first";
  const auto f = deft::memoize([](int) -> const std::string& { return text; });
  static_assert(std::is_same_v<decltype(f(1)), std::string>);
  EXPECT_EQ(f(1), "first");
  text = "second";
  EXPECT_EQ(f(1), "first");
  EXPECT_EQ(f(2), "second");
}

TEST_F(MemoizeFunctions, ThatShallReturnReferencesSaySoByAReferenceWrapper) {
  static std::string text = "first";
  const auto f =
      deft::memoize<std::reference_wrapper<std::string>(int)>([](int) -> std::string& { return text; });
  EXPECT_EQ(&f(1).get(), &text);
  EXPECT_EQ(&f(1).get(), &text);
}

TEST_F(MemoizeFunctions, TakeParametersByValueReferenceAndRvalueReference) {
  const auto by_value = deft::memoize([](std::string s) {
    ++calls;
    return std::move(s) + "!";
  });
  const auto by_rvalue = deft::memoize([](std::string&& s) {
    ++calls;
    std::string taken = std::move(s);
    return taken + "!";
  });
  const auto by_view = deft::memoize([](std::string_view s) {
    ++calls;
    return std::string(s) + "!";
  });
  const auto by_pointer = deft::memoize([](const char* s) {
    ++calls;
    return std::string(s) + "!";
  });
  std::string given = "a text too long for the string itself";
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(by_value(given), given + "!");
    EXPECT_EQ(by_rvalue(std::string(given)), given + "!");
    EXPECT_EQ(by_view(given), given + "!");
    EXPECT_EQ(by_pointer(std::string(given).c_str()), given + "!");  // another address each time
  }
  EXPECT_EQ(calls, 4);
  static_assert(std::is_same_v<decltype(by_view)::key_type, std::string>);
  static_assert(std::is_same_v<decltype(by_pointer)::key_type, std::string>);
}

TEST_F(MemoizeFunctions, NeverTakeAnArgumentAwayFromTheKey) {
  const auto f = deft::memoize([](std::string&& s, std::vector<int> v) {
    ++calls;
    const std::string taken = std::move(s);
    v.clear();
    return taken.size();
  });
  const std::string text(100, 'x');
  EXPECT_EQ(f(std::string(text), std::vector{1, 2}), 100u);
  EXPECT_EQ(f(std::string(text), std::vector{1, 2}), 100u);
  EXPECT_EQ(calls, 1);
}

TEST_F(MemoizeFunctions, TakeSequencesAndRecords) {
  const auto sum = deft::memoize([](std::span<const int> numbers) {
    ++calls;
    int total = 0;
    for (const int n : numbers) total += n;
    return total;
  });
  static_assert(std::is_same_v<decltype(sum)::key_type, std::vector<int>>);
  std::vector<int> numbers{1, 2, 3};
  EXPECT_EQ(sum(numbers), 6);
  numbers[0] = 10;  // the cache has its own
  EXPECT_EQ(sum(numbers), 15);
  EXPECT_EQ(sum(std::array{1, 2, 3}), 6);
  EXPECT_EQ(calls, 2);

  const auto size = deft::memoize([](const std::vector<std::string>& v) { return v.size(); });
  EXPECT_EQ(size({"a", "b"}), 2u);
  const auto list = deft::memoize([](std::initializer_list<int> l) { return l.size(); });
  EXPECT_EQ(list({1, 2}), 2u);
  const auto side = deft::memoize([](const square& s) { return s.side; });
  EXPECT_EQ(side({4}), 4);
  const auto either = deft::memoize([](const std::variant<int, std::string>& v) { return v.index(); });
  EXPECT_EQ(either("text"), 1u);
  const auto maybe = deft::memoize([](const std::optional<std::string>& s) { return s.has_value(); });
  EXPECT_TRUE(maybe("text"));
  EXPECT_FALSE(maybe(std::nullopt));
  EXPECT_FALSE(maybe({}));
  const auto nested = deft::memoize([](const std::tuple<std::pair<std::string, int>, square>& t) {
    ++calls;
    return std::get<0>(t).second;
  });
  calls = 0;
  EXPECT_EQ(nested({{"a", 1}, {2}}), 1);
  EXPECT_EQ(nested(std::tuple(std::pair("a", 1), square{2})), 1);
  EXPECT_EQ(calls, 1);
}

TEST_F(MemoizeFunctions, ConvertArgumentsBeforeTheyAreKeys) {
  const auto f = deft::memoize([](int x) { return twice(x); });
  EXPECT_EQ(f(4) + f(4L) + f(short{4}) + f('\4'), 32);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(f.cache_info().hits, 3u);
}

TEST_F(MemoizeFunctions, StackUponOneAnother) {
  const auto inner = deft::memoize(twice);
  const auto outer = deft::memoize(inner, {.max_size = 1});
  EXPECT_EQ(outer(4) + outer(5) + outer(4), 26);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(outer.cache_info().misses, 3u);
  EXPECT_EQ(inner.cache_info().hits, 1u);
  EXPECT_EQ(outer.wrapped().wrapped()(4), 8);
  EXPECT_EQ(calls, 3);
}

TEST_F(MemoizeFunctions, ShareTheCacheWithTheirCopiesAndAreNeverEmpty) {
  auto f = deft::memoize(twice);
  EXPECT_EQ(f(4), 8);
  auto moved = std::move(f);
  EXPECT_EQ(f(4) + moved(4), 16);  // NOLINT(bugprone-use-after-move): says the name
  const std::function<int(int)> erased = moved;
  EXPECT_EQ(erased(4), 8);
  moved.cache_clear();
  EXPECT_EQ(f.cache_info().size, 0u);
  EXPECT_EQ(calls, 1);
}

TEST_F(MemoizeFunctions, TakeTheirOptionsAsAPlainAggregate) {
  using namespace std::chrono_literals;
  const auto f = deft::memoize(twice, {.max_size = 1024, .ttl = 5s});
  EXPECT_EQ(f(4), 8);
  EXPECT_EQ(f.cache_parameters().max_size, 1024u);
  EXPECT_TRUE(f.cache_parameters().typed);
  EXPECT_EQ(f.cache().options().ttl, 5s);
  EXPECT_EQ(deft::memoize(twice).cache_parameters().max_size, 128u);
  const deft::memo_options options{.max_size = 7};
  EXPECT_EQ(deft::memoize(twice, options).cache_info().max_size, 7u);
}

TEST_F(MemoizeFunctions, HandTheListenerTheirKeysAndResults) {
  std::vector<std::string> told;
  const auto text = [&told](const std::string& key, const int& value, deft::removal_cause) {
    told.push_back(key + std::to_string(value));
  };
  const auto f = deft::memoize([](std::string_view s) { return static_cast<int>(s.size()); },
                               {.max_size = 1, .listener = text});
  EXPECT_EQ(f("a") + f("bc"), 3);
  EXPECT_EQ(told, std::vector<std::string>{"a1"});
  EXPECT_THROW((void)deft::memoize(twice, {.listener = text}), std::invalid_argument);

  int weight = 0;
  const auto g = deft::memoize([](int a, int b) { return a + b; },
                               {.weigher = [&weight](const std::tuple<int, int>& key, const int&) {
                                 weight += std::get<1>(key);
                                 return std::size_t{1};
                               }});
  EXPECT_EQ(g(1, 5), 6);
  EXPECT_EQ(weight, 5);
}

}  // namespace
