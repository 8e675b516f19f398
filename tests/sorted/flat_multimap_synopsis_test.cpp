// The synopsis of [flat.multimap.defn]: what flat_map has too is in the header, here the rest and the
// deduction guides. There is no test to run: it holds if it compiles.
#include <list>

#include "deft/sorted/flat_multimap.hpp"

#include "tests/sorted/flat_map_synopsis.hpp"

namespace {

using deft::flat_multimap;
using deft::sorted_equivalent;
using deft::sorted_equivalent_t;

template <typename Iterator>
using inserted = Iterator;
using common =
    deft_test::flat_map_synopsis<flat_multimap, sorted_equivalent_t, deft::sorted_unique_t, inserted>;
static_assert(sizeof(common) != 0);

// Template parameters and their defaults.
static_assert(std::same_as<flat_multimap<int, long>,
                           flat_multimap<int, long, std::less<int>, std::vector<int>, std::vector<long>>>);
static_assert(
    std::same_as<deft::pmr::flat_multimap<int, long>,
                 flat_multimap<int, long, std::less<int>, std::pmr::vector<int>, std::pmr::vector<long>>>);

// What needs unique keys is not there.
template <typename M>
constexpr bool has_unique_keys = requires(M& m) { m[1]; } || requires(M& m) { m.at(1); } || requires(M& m) {
  m.try_emplace(1, 1);
} || requires(M& m) { m.insert_or_assign(1, 1); };
static_assert(!has_unique_keys<flat_multimap<int, long>> &&
              !has_unique_keys<flat_multimap<int, long, std::less<>>>);

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

using plain = flat_multimap<int, long>;
using greater = flat_multimap<int, long, std::greater<int>>;
using over_deque = flat_multimap<int, long, std::less<int>, std::vector<int>, std::deque<long>>;
using over_deque_greater = flat_multimap<int, long, std::greater<int>, std::vector<int>, std::deque<long>>;
using pmr = deft::pmr::flat_multimap<int, long>;
using pmr_greater = deft::pmr::flat_multimap<int, long, std::greater<int>>;

static_assert(std::same_as<decltype(flat_multimap(keys, values)), over_deque>);
static_assert(std::same_as<decltype(flat_multimap(keys, values, more)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_multimap(keys, values, alloc)), over_deque>);
static_assert(std::same_as<decltype(flat_multimap(keys, values, more, alloc)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_multimap(pmr_keys, pmr_values, memory)), pmr>);
static_assert(std::same_as<decltype(flat_multimap(sorted_equivalent, keys, values)), over_deque>);
static_assert(
    std::same_as<decltype(flat_multimap(sorted_equivalent, keys, values, more)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_multimap(sorted_equivalent, keys, values, alloc)), over_deque>);
static_assert(
    std::same_as<decltype(flat_multimap(sorted_equivalent, keys, values, more, alloc)), over_deque_greater>);
static_assert(std::same_as<decltype(flat_multimap(rows.begin(), rows.end())), plain>);
static_assert(std::same_as<decltype(flat_multimap(rows.begin(), rows.end(), more)), greater>);
static_assert(std::same_as<decltype(flat_multimap(sorted_equivalent, rows.begin(), rows.end())), plain>);
static_assert(
    std::same_as<decltype(flat_multimap(sorted_equivalent, rows.begin(), rows.end(), more)), greater>);
static_assert(std::same_as<decltype(flat_multimap(deft::from_range, rows)), plain>);
static_assert(std::same_as<decltype(flat_multimap(deft::from_range, rows, more)), greater>);
static_assert(std::same_as<decltype(flat_multimap(deft::from_range, rows, more, pmr_alloc)), pmr_greater>);
static_assert(std::same_as<decltype(flat_multimap(deft::from_range, rows, pmr_alloc)), pmr>);
static_assert(std::same_as<decltype(flat_multimap{row(1, 2), row(3, 4)}), plain>);
static_assert(std::same_as<decltype(flat_multimap({row(1, 2), row(3, 4)}, more)), greater>);
static_assert(std::same_as<decltype(flat_multimap({row(1, 2)}, alloc)), plain>);
static_assert(std::same_as<decltype(flat_multimap({row(1, 2)}, more, alloc)), greater>);
static_assert(std::same_as<decltype(flat_multimap(sorted_equivalent, {row(1, 2), row(3, 4)})), plain>);
static_assert(std::same_as<decltype(flat_multimap(sorted_equivalent, {row(1, 2)}, more)), greater>);
static_assert(std::same_as<decltype(flat_multimap(std::declval<pmr&>(), memory)), pmr>);
static_assert(std::same_as<decltype(flat_multimap(std::declval<greater>(), alloc)), greater>);
static_assert(std::same_as<decltype(flat_multimap(std::declval<greater>())), greater>);

template <typename... Args>
constexpr bool deduces = requires(Args... args) { flat_multimap(args...); };
static_assert(!deduces<int, int> && !deduces<std::vector<int>, std::allocator<int>>);
static_assert(!deduces<std::vector<int>, std::vector<int>, std::pmr::polymorphic_allocator<>>);
static_assert(!deduces<std::vector<int>, std::vector<int>, std::less<std::string>>);
static_assert(!deduces<int, int, std::allocator<int>>);

}  // namespace
