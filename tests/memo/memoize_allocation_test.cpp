// Calls of operator new, in a program of its own because it replaces it.
#include <array>
#include <cstdlib>
#include <memory>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>

#include "deft/memo.hpp"

namespace {

thread_local int allocations = 0;

}  // namespace

// With malloc, so that sanitizers still see every block. Not inlined, or g++ sees a block of new go to free.
[[gnu::noinline]] void* operator new(std::size_t size) {
  ++allocations;
  if (void* const memory = std::malloc(size != 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}

[[gnu::noinline]] void operator delete(void* memory) noexcept {
  std::free(memory);
}

[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

namespace {

template <typename F>
int allocations_of(F f) {
  f();  // a miss, or the thread's first call
  const int before = allocations;
  f();
  return allocations - before;
}

constexpr std::string_view long_text = "a text that is too long to lie in the string itself";

struct point {
  int x;
  bool operator==(const point&) const = default;

  template <typename H>
  friend H AbslHashValue(H state, const point& p) {
    return H::combine(std::move(state), p.x);
  }
};

TEST(MemoizeAllocation, AHitAllocatesNothingForItsKey) {
  const auto text = deft::memoize([](const std::string& s) { return s.size(); });
  EXPECT_EQ(allocations_of([&] { (void)text(long_text); }), 0);
  EXPECT_EQ(allocations_of([&] { (void)text("a literal that is too long to lie in the string itself"); }), 0);
  const auto several = deft::memoize(
      [](const std::string& s, const std::vector<std::string>& v, std::span<const int> n, const point& p) {
        return s.size() + v.size() + n.size() + static_cast<std::size_t>(p.x);
      });
  const std::vector<std::string> strings(3, std::string(long_text));
  const std::array<int, 20> numbers{};
  EXPECT_EQ(allocations_of([&] { (void)several(long_text, strings, numbers, point{1}); }), 0);
  EXPECT_EQ(allocations_of([&] { (void)several({long_text.data()}, strings, numbers, {1}); }),
            1);  // the parameter's
  const auto by_value = deft::memoize([](std::string s) { return s.size(); });
  const std::string owned(long_text);
  std::string changeable(long_text);
  EXPECT_EQ(allocations_of([&] { (void)by_value(owned); }), 0);
  EXPECT_EQ(allocations_of([&] { (void)by_value(changeable); }), 0);
  EXPECT_EQ(allocations_of([&] { (void)by_value(std::move(changeable)); }), 0);
  EXPECT_EQ(changeable,
            long_text);  // NOLINT(bugprone-use-after-move): the key is a part of the call, nothing is moved
  const auto record =
      deft::memoize([](const std::tuple<std::string, std::pair<std::string, int>>&) { return 1; });
  EXPECT_EQ(allocations_of([&] { (void)record(std::tuple(long_text, std::pair(long_text, 1))); }), 0);
}

TEST(MemoizeAllocation, ACallAllocatesWhatCopyingTheResultDoesAndPinNothing) {
  const auto text = deft::memoize([](int) { return std::string(long_text); });
  EXPECT_EQ(allocations_of([&] { (void)text(1); }), 1);
  EXPECT_EQ(allocations_of([&] { (void)text.pin(1); }), 0);
  const auto strings = deft::memoize([](int) { return std::vector<std::string>(3, std::string(long_text)); });
  EXPECT_EQ(allocations_of([&] { (void)strings(1); }), 4);
  EXPECT_EQ(allocations_of([&] { (void)strings.pin(1); }), 0);
  const auto moved =
      deft::memoize<deft::policy::s3_fifo>([](std::string_view) { return std::make_unique<int>(1); });
  EXPECT_EQ(allocations_of([&] { (void)moved.pin(long_text); }), 0);
}

TEST(MemoizeAllocation, AKeyOfReferencesIsNotCopiedOnAHit) {
  struct request {
    std::string user;
    std::string locale;
  };

  const auto by = deft::memoize_by([](const request& r) { return std::tie(r.user, r.locale); },
                                   [](const request&) { return 1; });
  const request asked{std::string(long_text), std::string(long_text)};
  EXPECT_EQ(allocations_of([&] { (void)by(asked); }), 0);
}

TEST(MemoizeAllocation, RecursiveAndMemberCallsNeitherOnAHit) {
  const auto recursive =
      deft::memoize_recursive<int(const std::string&)>([](auto& self, const std::string& s) -> int {
        return s.empty() ? 0 : self(std::string_view(s).substr(1)) + 1;
      });
  EXPECT_EQ(allocations_of([&] { (void)recursive(long_text); }), 0);

  struct shape {
    std::size_t area(const std::string& unit) const { return unit.size(); }
  };

  const deft::memo_member<&shape::area> area;
  const shape one;
  EXPECT_EQ(allocations_of([&] { (void)area(one, long_text); }), 0);
}

}  // namespace
