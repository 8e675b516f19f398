// deft::lru_cache, sentence by sentence.
#include "deft/memo/lru_cache.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <memory_resource>
#include <optional>
#include <ranges>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using cache = deft::lru_cache<int, int>;

template <typename Cache>
auto keys_of(const Cache& c) {
  std::vector<typename Cache::key_type> keys;
  for (const auto& entry : c) keys.push_back(entry.first);
  return keys;
}

using keys = std::vector<int>;

TEST(LruCache, HoldsWhatWasPut) {
  cache c{4};
  EXPECT_TRUE(c.empty());
  EXPECT_EQ(*c.put(1, 10), 10);
  c.put(2, 20);
  EXPECT_EQ(c.size(), 2u);
  EXPECT_EQ(c.get(1), 10);
  EXPECT_EQ(*c.find(2), 20);
  EXPECT_EQ(*c.peek(2), 20);
  EXPECT_TRUE(c.contains(1));
  EXPECT_EQ(c.get(3), std::nullopt);
  EXPECT_EQ(c.find(3), nullptr);
  EXPECT_EQ(c.peek(3), nullptr);
  EXPECT_FALSE(c.contains(3));
}

TEST(LruCache, LooksUpInAnEmptyCache) {
  cache c;
  EXPECT_EQ(c.max_size(), 128u);
  EXPECT_EQ(c.find(1), nullptr);
  EXPECT_FALSE(c.invalidate(1));
  c.clear();
  EXPECT_EQ(c.begin(), c.end());
}

TEST(LruCache, LetsTheLeastRecentlyUsedEntryGo) {
  cache c{3};
  for (int i : {1, 2, 3}) c.put(i, i);
  (void)c.find(1);
  c.put(4, 4);
  EXPECT_EQ(keys_of(c), (keys{4, 1, 3}));
  c.put(3, 33);
  EXPECT_EQ(keys_of(c), (keys{3, 4, 1}));
  EXPECT_EQ(c.get_or_compute(1, [] { return 0; }), 1);
  EXPECT_EQ(keys_of(c), (keys{1, 3, 4}));
}

TEST(LruCache, KeepsItsOrderWhenOnlyLookedAt) {
  cache c{3};
  for (int i : {1, 2, 3}) c.put(i, i);
  (void)c.peek(1);
  (void)c.contains(1);
  for (const auto& entry : c) (void)entry;
  EXPECT_EQ(keys_of(c), (keys{3, 2, 1}));
}

TEST(LruCache, StoresNothingUnderABoundOfZero) {
  cache c{0};
  EXPECT_EQ(c.put(1, 1), nullptr);
  int calls = 0;
  EXPECT_EQ(c.get_or_compute(1, [&] { return ++calls; }), 1);
  EXPECT_EQ(c.get_or_compute(1, [&] { return ++calls; }), 2);
  EXPECT_TRUE(c.empty());
}

TEST(LruCache, HoldsOneEntryUnderABoundOfOne) {
  cache c{1};
  for (int i = 0; i < 10; ++i) {
    c.put(i, i);
    EXPECT_EQ(keys_of(c), keys{i});
    EXPECT_EQ(c.get(i), i);
  }
}

TEST(LruCache, HoldsEverythingWithoutABound) {
  cache c{deft::unbounded};
  for (int i = 0; i < 5'000; ++i) c.put(i, -i);
  EXPECT_EQ(c.size(), 5'000u);
  for (int i = 0; i < 5'000; ++i) ASSERT_EQ(*c.find(i), -i);
  EXPECT_EQ(c.begin()->first, 4'999);
}

TEST(LruCache, TakesBoundsNearTheLargestNumber) {
  for (const std::size_t max_size : {deft::unbounded - 1, deft::unbounded / 2, std::size_t{1} << 40}) {
    cache c{max_size};
    for (int i = 0; i < 100; ++i) c.put(i, i);
    EXPECT_EQ(c.size(), 100u);
    EXPECT_EQ(c.max_size(), max_size);
  }
}

TEST(LruCache, ComputesWhatIsMissingOnce) {
  cache c{4};
  int calls = 0;
  const auto square = [&calls](int key) {
    ++calls;
    return key * key;
  };
  EXPECT_EQ(c.get_or_compute(3, square), 9);
  EXPECT_EQ(c.get_or_compute(3, square), 9);
  EXPECT_EQ(c.find_or_compute(3, square), 9);
  EXPECT_EQ(calls, 1);
}

TEST(LruCache, StoresNothingOfAFunctionThatThrows) {
  cache c{4};
  EXPECT_THROW((void)c.get_or_compute(1, []() -> int { throw std::runtime_error("no"); }),
               std::runtime_error);
  EXPECT_TRUE(c.empty());
  EXPECT_EQ(c.get_or_compute(1, [] { return 7; }), 7);
}

TEST(LruCache, LetsAFunctionUseIt) {
  deft::lru_cache<int, std::uint64_t> c{4};
  const std::function<std::uint64_t(int)> fibonacci = [&](int n) -> std::uint64_t {
    return c.get_or_compute(
        n, [&] { return n < 2 ? static_cast<std::uint64_t>(n) : fibonacci(n - 1) + fibonacci(n - 2); });
  };
  EXPECT_EQ(fibonacci(90), 2'880'067'194'370'816'120u);
  EXPECT_EQ(c.size(), 4u);
}

TEST(LruCache, KeepsTheValueThatAFunctionStoredForItsOwnKey) {
  cache c{4};
  EXPECT_EQ(c.get_or_compute(1,
                             [&] {
                               c.put(1, 10);
                               return 20;
                             }),
            10);
  EXPECT_EQ(c.get(1), 10);
}

TEST(LruCache, StoresTheValueOfAFunctionThatClearedIt) {
  cache c{4};
  c.put(2, 2);
  EXPECT_EQ(c.get_or_compute(1,
                             [&] {
                               c.clear();
                               c.resize(2);
                               return 20;
                             }),
            20);
  EXPECT_EQ(keys_of(c), keys{1});
  c.put(3, 3);
  EXPECT_EQ(c.get_or_compute(4,
                             [&] {
                               c.resize(0);
                               return 5;
                             }),
            5);
  EXPECT_TRUE(c.empty());
}

TEST(LruCache, RemovesAnEntry) {
  cache c{4};
  for (int i : {1, 2, 3}) c.put(i, i);
  EXPECT_TRUE(c.invalidate(2));
  EXPECT_FALSE(c.invalidate(2));
  EXPECT_EQ(keys_of(c), (keys{3, 1}));
  EXPECT_TRUE(c.invalidate(3));
  EXPECT_TRUE(c.invalidate(1));
  EXPECT_TRUE(c.empty());
  c.put(5, 5);
  EXPECT_EQ(keys_of(c), keys{5});
}

TEST(LruCache, RemovesEverything) {
  cache c{40};
  for (int i = 0; i < 40; ++i) c.put(i, i);
  c.clear();
  EXPECT_TRUE(c.empty());
  EXPECT_FALSE(c.contains(3));
  for (int i = 0; i < 60; ++i) c.put(i, i);
  EXPECT_EQ(c.size(), 40u);
}

TEST(LruCache, ShrinksToTheMostRecentlyUsedAndGrowsAgain) {
  cache c{6};
  for (int i = 0; i < 6; ++i) c.put(i, i);
  (void)c.find(0);
  c.resize(2);
  EXPECT_EQ(keys_of(c), (keys{0, 5}));
  c.resize(3);
  for (int i : {10, 11}) c.put(i, i);
  EXPECT_EQ(keys_of(c), (keys{11, 10, 0}));
  c.resize(0);
  EXPECT_TRUE(c.empty());
  EXPECT_EQ(c.put(1, 1), nullptr);
}

TEST(LruCache, GrowsByOneManyTimes) {
  cache c{0};
  for (int i = 0; i < 3'000; ++i) {
    c.resize(static_cast<std::size_t>(i) + 1);
    c.put(i, i);
  }
  EXPECT_EQ(c.size(), 3'000u);
  for (int i = 0; i < 3'000; ++i) ASSERT_EQ(*c.peek(i), i);
}

TEST(LruCache, IteratesBothWays) {
  cache c{8};
  for (int i : {1, 2, 3}) c.put(i, 10 * i);
  static_assert(std::bidirectional_iterator<cache::iterator>);
  static_assert(std::bidirectional_iterator<cache::const_iterator>);
  static_assert(std::is_convertible_v<cache::iterator, cache::const_iterator>);
  static_assert(!std::is_convertible_v<cache::const_iterator, cache::iterator>);
  static_assert(std::ranges::bidirectional_range<cache>);
  EXPECT_EQ(c.begin()->second, 30);
  EXPECT_EQ(std::prev(c.end())->first, 1);
  keys backwards;
  for (const auto& entry : c | std::views::reverse) backwards.push_back(entry.first);
  EXPECT_EQ(backwards, (keys{1, 2, 3}));
  for (auto& [key, value] : c) value += key;
  EXPECT_EQ(c.get(2), 22);
  EXPECT_EQ(std::distance(c.cbegin(), c.cend()), 3);
}

TEST(LruCache, KeepsPointersAndIteratorsValidWhileTheirEntryStays) {
  cache c{1'000};
  const int* const first = c.put(0, 0);
  const auto at = c.begin();
  for (int i = 1; i < 1'000; ++i) c.put(i, i);
  EXPECT_EQ(c.find(0), first);
  EXPECT_EQ(at->first, 0);
  EXPECT_EQ(at, c.begin());
  c.invalidate(500);
  EXPECT_EQ(&at->second, first);
  const cache moved = std::move(c);
  EXPECT_EQ(moved.peek(0), first);
}

TEST(LruCache, FindsStringsByWhateverIsLikeOne) {
  deft::lru_cache<std::string, int> c{4};
  c.put("a literal that is longer than what fits into a string itself", 1);
  c.put(std::string_view("view"), 2);
  std::string own = "moved, and longer than what fits into a string itself";
  const char* const text = own.data();
  c.put(std::move(own), 3);
  EXPECT_EQ(c.begin()->first.data(), text);
  EXPECT_EQ(c.get("view"), 2);
  EXPECT_EQ(c.get(std::string("view")), 2);
  EXPECT_EQ(*c.find(std::string_view("view")), 2);
  EXPECT_TRUE(c.contains("view"));
  EXPECT_EQ(c.get_or_compute("computed", [](std::string_view key) { return static_cast<int>(key.size()); }),
            8);
  EXPECT_TRUE(c.invalidate("view"));
  EXPECT_EQ(c.peek("view"), nullptr);
}

TEST(LruCache, ConvertsKeysOfOtherTypesWhereTheHashIsNotTransparent) {
  deft::lru_cache<std::int64_t, int> c{4};
  c.put(std::uint8_t{200}, 1);
  EXPECT_EQ(c.get(200), 1);
  EXPECT_EQ(c.get(short{200}), 1);
  deft::lru_cache<std::pair<int, int>, int> pairs{4};
  pairs.put({1, 2}, 3);
  EXPECT_EQ(pairs.get({1, 2}), 3);
}

TEST(LruCache, KeepsValuesThatCannotBeCopied) {
  deft::lru_cache<int, std::unique_ptr<int>> c{2};
  c.put(1, std::make_unique<int>(10));
  c.put(1, std::make_unique<int>(11));
  EXPECT_EQ(**c.find(1), 11);
  EXPECT_EQ(*c.find_or_compute(2, [] { return std::make_unique<int>(20); }), 20);
  c.put(3, nullptr);
  EXPECT_EQ(c.find(1), nullptr);
  deft::lru_cache<int, std::unique_ptr<int>> other = std::move(c);
  EXPECT_EQ(**other.find(2), 20);
}

TEST(LruCache, KeepsKeysThatCannotBeCopied) {
  struct by_value {
    using is_transparent = void;

    std::size_t operator()(const std::unique_ptr<int>& p) const { return static_cast<std::size_t>(*p); }

    std::size_t operator()(int i) const { return static_cast<std::size_t>(i); }
  };

  struct same_value {
    using is_transparent = void;

    bool operator()(const std::unique_ptr<int>& a, const std::unique_ptr<int>& b) const { return *a == *b; }

    bool operator()(const std::unique_ptr<int>& a, int b) const { return *a == b; }
  };

  deft::lru_cache<std::unique_ptr<int>, int, by_value, same_value> c{2};
  c.put(std::make_unique<int>(5), 50);
  EXPECT_EQ(c.get(5), 50);
  EXPECT_FALSE(c.contains(6));
}

TEST(LruCache, TakesAHashAndAnEqualityOfOnesOwn) {
  const auto last_digit = [](int i) { return static_cast<std::size_t>(i % 10); };
  const auto same_last_digit = [](int a, int b) { return a % 10 == b % 10; };
  deft::lru_cache<int, int, decltype(last_digit), decltype(same_last_digit)> c(3, last_digit,
                                                                               same_last_digit);
  c.put(11, 1);
  EXPECT_EQ(c.get(21), 1);
  c.put(31, 2);
  EXPECT_EQ(c.begin()->first, 11);  // the key that was there stays
  EXPECT_EQ(c.size(), 1u);
}

TEST(LruCache, FindsEveryKeyWhereAllHashesAreEqual) {
  struct constant_hash {
    std::size_t operator()(int) const { return 42; }
  };

  deft::lru_cache<int, int, constant_hash> c{300};
  for (int i = 0; i < 500; ++i) c.put(i, i);
  for (int i = 0; i < 500; ++i) ASSERT_EQ(c.contains(i), i >= 200) << i;
  for (int i = 200; i < 500; i += 2) c.invalidate(i);
  for (int i = 200; i < 500; ++i) ASSERT_EQ(c.contains(i), i % 2 == 1) << i;
}

TEST(LruCache, TakesAKeyThatIsPartOfAnEntry) {
  deft::lru_cache<std::string, int> c{2};
  c.put("one", 1);
  c.put("two", 2);
  const std::string& oldest = std::prev(c.end())->first;
  c.put(oldest, 3);
  EXPECT_EQ(keys_of(c), (std::vector<std::string>{"one", "two"}));
  EXPECT_TRUE(c.invalidate(c.begin()->first));
  EXPECT_EQ(keys_of(c), (std::vector<std::string>{"two"}));
}

TEST(LruCache, IsCopiedWithItsOrder) {
  cache c{3};
  for (int i : {1, 2, 3}) c.put(i, i);
  cache copy = c;
  EXPECT_EQ(keys_of(copy), (keys{3, 2, 1}));
  EXPECT_EQ(copy.max_size(), 3u);
  copy.put(4, 4);
  EXPECT_EQ(keys_of(c), (keys{3, 2, 1}));
  cache assigned{1};
  assigned.put(9, 9);
  assigned = copy;
  EXPECT_EQ(keys_of(assigned), (keys{4, 3, 2}));
  EXPECT_EQ(assigned.max_size(), 3u);
  const cache& self = assigned;
  assigned = self;
  EXPECT_EQ(keys_of(assigned), (keys{4, 3, 2}));
}

TEST(LruCache, IsEmptyAndUsableAfterItWasMoved) {
  cache c{3};
  for (int i : {1, 2, 3}) c.put(i, i);
  cache moved = std::move(c);
  EXPECT_EQ(keys_of(moved), (keys{3, 2, 1}));
  EXPECT_TRUE(c.empty());  // NOLINT(bugprone-use-after-move)
  c.put(7, 7);
  EXPECT_EQ(keys_of(c), keys{7});
  c = std::move(moved);
  EXPECT_EQ(keys_of(c), (keys{3, 2, 1}));
  EXPECT_TRUE(moved.empty());  // NOLINT(bugprone-use-after-move)
  cache other{5};
  other.put(8, 8);
  swap(c, other);
  EXPECT_EQ(keys_of(c), keys{8});
  EXPECT_EQ(c.max_size(), 5u);
  EXPECT_EQ(keys_of(other), (keys{3, 2, 1}));
}

TEST(LruCache, TakesItsMemoryFromItsAllocator) {
  using allocator = std::pmr::polymorphic_allocator<std::pair<const std::pmr::string, std::pmr::string>>;
  using pmr_cache = deft::lru_cache<std::pmr::string, std::pmr::string, deft::hash<std::pmr::string>,
                                    std::equal_to<>, allocator>;
  std::pmr::monotonic_buffer_resource arena;
  std::pmr::monotonic_buffer_resource other_arena;
  pmr_cache c(8, allocator(&arena));
  const std::pmr::string value("a value that is longer than what fits into a string itself", &other_arena);
  c.put("a key that is longer than what fits into a string itself", value);
  EXPECT_EQ(c.begin()->first.get_allocator().resource(), &arena);
  EXPECT_EQ(c.begin()->second.get_allocator().resource(), &arena);

  pmr_cache elsewhere(2, allocator(&other_arena));
  elsewhere = std::move(c);  // Neither propagates nor is equal: entries are moved one by one.
  EXPECT_EQ(elsewhere.begin()->second, value);
  EXPECT_EQ(elsewhere.begin()->first.get_allocator().resource(), &other_arena);
  EXPECT_EQ(elsewhere.max_size(), 8u);
  EXPECT_TRUE(c.empty());  // NOLINT(bugprone-use-after-move)
}

/// Uses the cache when it ends its life.
struct meddler {
  using cache_type = deft::lru_cache<int, meddler>;

  explicit meddler(std::function<void()> last_words) : at_end(std::move(last_words)) {}

  meddler(meddler&& other) noexcept : at_end(std::exchange(other.at_end, nullptr)) {}

  meddler& operator=(meddler&& other) noexcept {
    at_end = std::exchange(other.at_end, nullptr);
    return *this;
  }

  ~meddler() {
    if (at_end) at_end();
  }

  std::function<void()> at_end;
};

TEST(LruCache, LetsDestructorsUseIt) {
  int ends = 0;
  {
    meddler::cache_type c{3};
    const auto last_words = [&] {
      ++ends;
      (void)c.find(1);
      if (ends < 50) c.put(100 + ends % 5, meddler(nullptr));
      c.invalidate(2);
    };
    for (int i = 0; i < 10; ++i) c.put(i % 4, meddler(last_words));
    EXPECT_LE(c.size(), 3u);
    c.clear();
    for (int i = 0; i < 3; ++i) c.put(i, meddler(last_words));
    c.resize(1);
    EXPECT_LE(c.size(), 1u);
  }
  EXPECT_GT(ends, 5);
}

/// Uses the cache when it is copied.
struct nested {
  nested(int v, deft::lru_cache<int, nested>* c) : value(v), where(c) {}

  nested(const nested& other) : value(other.value), where(other.where) {
    if (where == nullptr) return;
    auto* const c = std::exchange(where, nullptr);
    for (int i = 0; i < 40; ++i) c->put(i, nested(i, nullptr));
    where = nullptr;
  }

  nested& operator=(const nested&) = delete;

  int value;
  deft::lru_cache<int, nested>* where;
};

TEST(LruCache, LetsCopiesUseIt) {
  deft::lru_cache<int, nested> c{4};
  for (int i = 0; i < 4; ++i) c.put(i, nested(i, nullptr));
  nested value(7, &c);
  c.put(39, value);
  EXPECT_EQ(c.size(), 4u);
  EXPECT_EQ(c.begin()->first, 39);
  EXPECT_EQ(c.begin()->second.value, 7);
}

TEST(LruCacheDeathTest, TrapsWhereThereWouldBeNothingToReturn) {
  cache c{0};
  EXPECT_DEATH((void)c.find_or_compute(1, [] { return 1; }), "max_size 0");
}

}  // namespace
