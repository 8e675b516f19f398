// The synopsis of [flat.map.defn]: what flat_multimap has too is in the header, here the rest and the
// deduction guides. There is no test to run: it holds if it compiles.
#include "tests/sorted/flat_map_synopsis.hpp"

#include <list>

#include "deft/sorted/flat_map.hpp"

namespace {

using deft::flat_map;
using deft::sorted_unique;
using deft::sorted_unique_t;

template <typename Iterator>
using inserted = std::pair<Iterator, bool>;
using common = deft_test::flat_map_synopsis<flat_map, sorted_unique_t, deft::sorted_equivalent_t, inserted>;
static_assert(sizeof(common) != 0);

using M = flat_map<std::string, long, std::less<>>;  // transparent
using O = flat_map<std::string, long>;               // not
using it = M::iterator;
using cit = M::const_iterator;

// Template parameters and their defaults.
static_assert(std::same_as<flat_map<int, long>,
                           flat_map<int, long, std::less<int>, std::vector<int>, std::vector<long>>>);
static_assert(
    std::same_as<deft::pmr::flat_map<int, long>,
                 flat_map<int, long, std::less<int>, std::pmr::vector<int>, std::pmr::vector<long>>>);

// Element access.
static_assert(requires(M& m, const M& c, std::string x, std::string_view needle) {
  { m[std::as_const(x)] } -> std::same_as<long&>;
  { m[std::move(x)] } -> std::same_as<long&>;
  { m["x"] } -> std::same_as<long&>;
  { m[{}] } -> std::same_as<long&>;
  { m.at(x) } -> std::same_as<long&>;
  { c.at(x) } -> std::same_as<const long&>;
  { m.at(needle) } -> std::same_as<long&>;
  { c.at(needle) } -> std::same_as<const long&>;
});

// try_emplace and insert_or_assign.
static_assert(requires(M& m, cit hint, std::string x, std::string_view needle) {
  { m.try_emplace(std::as_const(x), 1) } -> std::same_as<std::pair<it, bool>>;
  { m.try_emplace(std::move(x), 1) } -> std::same_as<std::pair<it, bool>>;
  { m.try_emplace(needle, 1) } -> std::same_as<std::pair<it, bool>>;
  { m.try_emplace(hint, std::as_const(x), 1) } -> std::same_as<it>;
  { m.try_emplace(hint, std::move(x), 1) } -> std::same_as<it>;
  { m.try_emplace(hint, needle, 1) } -> std::same_as<it>;
  { m.insert_or_assign(std::as_const(x), 1) } -> std::same_as<std::pair<it, bool>>;
  { m.insert_or_assign(std::move(x), 1) } -> std::same_as<std::pair<it, bool>>;
  { m.insert_or_assign(needle, 1) } -> std::same_as<std::pair<it, bool>>;
  { m.insert_or_assign(hint, std::as_const(x), 1) } -> std::same_as<it>;
  { m.insert_or_assign(hint, std::move(x), 1) } -> std::same_as<it>;
  { m.insert_or_assign(hint, needle, 1) } -> std::same_as<it>;
});

template <typename Map, typename... Args>
constexpr bool tries = requires(Map& m, Args... args) { m.try_emplace(args...); };
template <typename Map, typename... Args>
constexpr bool assigns = requires(Map& m, Args... args) { m.insert_or_assign(args...); };
template <typename Map, typename Key>
constexpr bool has_at = requires(Map& m, Key key) { m.at(key); };
template <typename Map, typename Key>
constexpr bool has_brackets = requires(Map& m, Key key) { m[key]; };

// The value must be constructible, and assignable.
static_assert(!tries<M, std::string, std::string> && !tries<M, std::string_view, std::string>);
static_assert(!assigns<M, std::string, std::string> && !assigns<M, cit, std::string, int*>);
// A needle must make a key, and is none under a comparator that is not transparent.
static_assert(!tries<M, int*, int> && !assigns<M, int*, int>);
static_assert(!tries<O, std::string_view, int> && !assigns<O, std::string_view, int>);
static_assert(!has_at<O, std::string_view> && !has_brackets<O, std::string_view>);
static_assert(has_at<M, std::string_view> && has_brackets<M, std::string_view>);

// An iterator is a hint and no needle.
struct anything {
  template <typename T>
  anything(const T&) {}
};

using any_map = flat_map<anything, int, std::less<>>;
static_assert(
    std::same_as<decltype(std::declval<any_map&>().try_emplace(any_map::const_iterator(), anything(0), 1)),
                 any_map::iterator>);
static_assert(std::same_as<decltype(std::declval<any_map&>().erase(any_map::iterator())), any_map::iterator>);

// Deduction guides.
using row = std::pair<int, long>;
const std::vector<int> keys{1};
const std::deque<long> values{2};
const std::list<std::pair<const int, long>> rows{{1, 2}};
[[maybe_unused]] const std::greater<int> more;
[[maybe_unused]] const std::allocator<int> alloc;
const std::pmr::vector<int> pmr_keys{1};
const std::pmr::vector<long> pmr_values{1};
std::pmr::memory_resource* const memory = std::pmr::get_default_resource();
const std::pmr::polymorphic_allocator<> pmr_alloc;

using plain = flat_map<int, long>;
using greater = flat_map<int, long, std::greater<int>>;
using over_deque = flat_map<int, long, std::less<int>, std::vector<int>, std::deque<long>>;
using over_deque_greater = flat_map<int, long, std::greater<int>, std::vector<int>, std::deque<long>>;
using pmr = deft::pmr::flat_map<int, long>;
using pmr_greater = deft::pmr::flat_map<int, long, std::greater<int>>;

static_assert(std::same_as<decltype(flat_map(keys, values)), over_deque>);
static_assert(std::same_as<decltype(flat_map(keys, values, more)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_map(keys, values, alloc)), over_deque>);
static_assert(std::same_as<decltype(flat_map(keys, values, more, alloc)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_map(pmr_keys, pmr_values, memory)), pmr>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, keys, values)), over_deque>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, keys, values, more)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, keys, values, alloc)), over_deque>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, keys, values, more, alloc)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_map(rows.begin(), rows.end())), plain>);
static_assert(std::same_as<decltype(flat_map(rows.begin(), rows.end(), more)), greater>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, rows.begin(), rows.end())), plain>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, rows.begin(), rows.end(), more)), greater>);
static_assert(std::same_as<decltype(flat_map(deft::from_range, rows)), plain>);
static_assert(std::same_as<decltype(flat_map(deft::from_range, rows, more)), greater>);
static_assert(std::same_as<decltype(flat_map(deft::from_range, rows, more, pmr_alloc)), pmr_greater>);
static_assert(std::same_as<decltype(flat_map(deft::from_range, rows, pmr_alloc)), pmr>);
static_assert(std::same_as<decltype(flat_map{row(1, 2), row(3, 4)}), plain>);
static_assert(std::same_as<decltype(flat_map({row(1, 2), row(3, 4)}, more)), greater>);
static_assert(std::same_as<decltype(flat_map({row(1, 2)}, alloc)), plain>);
static_assert(std::same_as<decltype(flat_map({row(1, 2)}, more, alloc)), greater>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, {row(1, 2), row(3, 4)})), plain>);
static_assert(std::same_as<decltype(flat_map(sorted_unique, {row(1, 2)}, more)), greater>);
static_assert(std::same_as<decltype(flat_map(std::declval<pmr&>(), memory)), pmr>);
static_assert(std::same_as<decltype(flat_map(std::declval<greater>(), alloc)), greater>);
static_assert(std::same_as<decltype(flat_map(std::declval<greater>())), greater>);

template <typename... Args>
constexpr bool deduces = requires(Args... args) { flat_map(args...); };
static_assert(!deduces<int, int> && !deduces<std::vector<int>, std::allocator<int>>);
static_assert(!deduces<std::vector<int>, std::vector<int>, std::pmr::polymorphic_allocator<>>);
static_assert(!deduces<std::vector<int>, std::vector<int>, std::less<std::string>>);
static_assert(!deduces<int, int, std::allocator<int>>);

}  // namespace
