// What must hold, or must not compile, before anything runs.
#include <algorithm>
#include <array>
#include <functional>
#include <list>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "deft/sorted/bisect.hpp"

namespace {

constexpr std::array sorted{1, 3, 3, 5, 7};
static_assert(deft::bisect_left(sorted, 3) == 1);
static_assert(deft::bisect_right(sorted, 3) == 3);
static_assert(deft::bisect_left(sorted, 3, {2, 4}) == 2);
static_assert(deft::bisect_left(sorted, 4.5) == 3);
static_assert(*deft::find_lt(sorted, 3) == 1);
static_assert(*deft::find_gt(sorted, 3) == 5);

consteval auto many() -> std::array<std::size_t, 2> {
  std::array<std::size_t, 2> out{};
  deft::bisect_left_many(sorted, std::array{5, 0}, out);
  return out;
}

static_assert(many() == std::array<std::size_t, 2>{3, 0});

consteval auto sorted_by_insertion() -> bool {
  std::vector<int> v;
  for (const int value : {3, 1, 2, 2}) deft::insort_right(v, value);
  return std::ranges::is_sorted(v);
}
#if __cpp_lib_constexpr_vector
static_assert(sorted_by_insertion());
#endif

template <typename Range, typename Needle, typename... Rest>
concept bisects = requires(Range range, Needle x, Rest... rest) {
  deft::bisect_left(range, x, rest...);
  deft::bisect_right(range, x, rest...);
};

struct incomparable {};

struct keyed {
  int key;
};

using by_key = int keyed::*;

static_assert(bisects<std::vector<int>, int>);
static_assert(bisects<const std::vector<std::string>, const char*>);
static_assert(bisects<std::vector<keyed>, int, std::less<>, by_key>);
static_assert(!bisects<std::list<int>, int>, "no random access");
static_assert(!bisects<std::vector<incomparable>, incomparable>, "nothing to order them by");
static_assert(!bisects<std::vector<int>, std::string>, "needle of an unrelated type");
static_assert(!bisects<std::vector<keyed>, int>, "a projection is missing");

// A range that dies with the expression has no iterator to return.
static_assert(std::is_same_v<decltype(deft::find_ge(std::vector<int>{}, 1)), std::ranges::dangling>);

// The kernels are reached by the spellings in use.
template <typename Range, typename Needle, typename Compare>
constexpr bool uses_kernels = deft::detail::kernel_search<Range&, Needle, Compare, std::identity>;
static_assert(uses_kernels<std::vector<int>, int, deft::detail::less_than>);
static_assert(uses_kernels<const std::vector<long long>, int, std::less<>>);
static_assert(uses_kernels<std::span<const double>, float, std::ranges::less>);
static_assert(uses_kernels<std::string, char, std::less<>>);
static_assert(!uses_kernels<std::vector<int>, long, std::less<>>, "comparing would convert the keys");
static_assert(!uses_kernels<std::vector<int>, unsigned, std::less<>>, "comparing would convert the keys");
static_assert(!uses_kernels<std::vector<long double>, long double, std::less<>>);
static_assert(!uses_kernels<std::vector<int>, int, std::greater<>>);
static_assert(uses_kernels<std::vector<int>, int, std::less<int>>);
static_assert(!uses_kernels<std::vector<int>, int, std::less<double>>, "comparing would convert the keys");
static_assert(!uses_kernels<std::vector<int>, int, std::less_equal<>>);
static_assert(deft::detail::is_greater<std::greater<>, int> &&
              deft::detail::is_greater<std::greater<int>, int>);
static_assert(
    deft::detail::string_search<std::vector<std::string>&, std::string_view, std::less<>, std::identity>);

static_assert(std::is_aggregate_v<deft::bounds> && sizeof(deft::bounds) == 2 * sizeof(std::size_t));

}  // namespace
