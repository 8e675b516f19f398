// The interface of the trees at compile time: types, which constructors convert, what is noexcept, and what
// must not be there. There is no test to run: it holds if it compiles.
#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/sorted_list.hpp"
#include "deft/sorted/sorted_map.hpp"
#include "deft/sorted/sorted_set.hpp"

namespace {

using deft::sorted_equivalent_t;
using deft::sorted_unique_t;
using set = deft::sorted_set<int>;
using list = deft::sorted_list<int>;
using map = deft::sorted_map<int, std::string>;
using text = deft::sorted_set<std::string, std::less<>>;  // transparent
using opaque = deft::sorted_set<std::string>;
using less = std::less<int>;
using alloc = std::allocator<int>;

// Template parameters and their defaults.
static_assert(std::same_as<set, deft::sorted_set<int, less, alloc>>);
static_assert(std::same_as<list, deft::sorted_multiset<int, less, alloc>>);
static_assert(std::same_as<map, deft::sorted_map<int, std::string, less,
                                                 std::allocator<std::pair<const int, std::string>>>>);
static_assert(std::same_as<deft::pmr::sorted_set<int>::allocator_type, std::pmr::polymorphic_allocator<int>>);

// Types.
static_assert(std::same_as<set::value_type, int> && std::same_as<set::reference, const int&>);
static_assert(std::same_as<set::iterator, set::const_iterator>);
static_assert(std::same_as<map::key_type, int> && std::same_as<map::mapped_type, std::string>);
static_assert(std::same_as<map::value_type, std::pair<const int, std::string>>);
static_assert(std::same_as<map::reference, std::pair<const int&, std::string&>>);
static_assert(std::same_as<map::const_reference, std::pair<const int&, const std::string&>>);
static_assert(!std::same_as<map::iterator, map::const_iterator>);
static_assert(std::convertible_to<map::iterator, map::const_iterator>);
static_assert(!std::convertible_to<map::const_iterator, map::iterator>);
static_assert(std::same_as<set::size_type, std::size_t> &&
              std::same_as<set::difference_type, std::ptrdiff_t>);

// Iterators and ranges.
template <typename Range>
constexpr bool is_range = std::ranges::bidirectional_range<Range> && std::ranges::common_range<Range> &&
                          std::ranges::sized_range<Range> && !std::ranges::random_access_range<Range>;

static_assert(is_range<set> && is_range<const set> && is_range<const list> && is_range<text>);
static_assert(is_range<map> && is_range<const map>);
static_assert(is_range<deft::sorted_map<std::string, std::unique_ptr<int>>>);
static_assert(is_range<const deft::sorted_map<std::unique_ptr<int>, std::unique_ptr<int>>>);
static_assert(std::default_initializable<set::iterator> && sizeof(set::iterator) == 16);
static_assert(
    std::same_as<std::iterator_traits<map::iterator>::iterator_category, std::bidirectional_iterator_tag>);
static_assert(is_range<decltype(std::declval<const set&>().irange(1, 2))>);
static_assert(is_range<decltype(std::declval<map&>().islice(1, 2))>);
static_assert(std::ranges::view<decltype(std::declval<map&>().values())> &&
              std::ranges::sized_range<decltype(std::declval<map&>().keys())>);
static_assert(
    std::same_as<std::ranges::range_reference_t<decltype(std::declval<map&>().values())>, std::string&>);
static_assert(
    std::same_as<std::ranges::range_reference_t<decltype(std::declval<const map&>().keys())>, const int&>);
static_assert(std::ranges::forward_range<decltype(std::declval<const set&>().chunks())>);
static_assert(std::same_as<std::ranges::range_value_t<decltype(std::declval<const text&>().chunks())>,
                           std::span<const std::string>>);

struct throws_when_moved {
  throws_when_moved(throws_when_moved&&) noexcept(false);
  bool operator<(const throws_when_moved&) const;
};

using boxed_chunk =
    std::ranges::range_value_t<decltype(std::declval<const deft::sorted_set<throws_when_moved>&>().chunks())>;
static_assert(std::ranges::random_access_range<boxed_chunk> && std::ranges::sized_range<boxed_chunk>);
static_assert(std::same_as<std::ranges::range_reference_t<boxed_chunk>, const throws_when_moved&>);

// Constructors; which of them convert.
template <typename T, typename... Args>
constexpr bool converts = requires(void (*take)(T), Args&&... args) { take({std::forward<Args>(args)...}); };

template <typename T, typename Tag, typename Row>
constexpr bool constructs =
    std::default_initializable<T> && std::copyable<T> && std::is_nothrow_move_constructible_v<T> &&
    std::is_nothrow_move_assignable_v<T> && std::is_nothrow_swappable_v<T> &&
    std::is_constructible_v<T, const less&> && !std::is_convertible_v<const less&, T> &&
    std::is_constructible_v<T, const typename T::allocator_type&> &&
    !std::is_convertible_v<const typename T::allocator_type&, T> &&
    std::is_constructible_v<T, const less&, const typename T::allocator_type&> && converts<T, Row*, Row*> &&
    converts<T, Row*, Row*, const less&> && converts<T, Row*, Row*, const typename T::allocator_type&> &&
    converts<T, Tag, Row*, Row*> && converts<T, std::initializer_list<typename T::value_type>> &&
    converts<T, Tag, std::initializer_list<typename T::value_type>> &&
    converts<T, deft::from_range_t, std::vector<Row>&> &&
    converts<T, deft::from_range_t, std::vector<Row>, const less&> &&
    converts<T, const T&, const typename T::allocator_type&> &&
    converts<T, T&&, const typename T::allocator_type&> && !std::is_constructible_v<T, int, int> &&
    !std::is_constructible_v<T, deft::from_range_t, int>;

static_assert(constructs<set, sorted_unique_t, int>);
static_assert(constructs<list, sorted_equivalent_t, int>);
static_assert(constructs<map, sorted_unique_t, std::pair<int, std::string>>);
static_assert(!std::is_constructible_v<set, sorted_equivalent_t, int*, int*>);
static_assert(!std::is_constructible_v<list, sorted_unique_t, int*, int*>);
static_assert(std::uses_allocator_v<set, alloc> && std::uses_allocator_v<map, map::allocator_type>);
static_assert(std::is_constructible_v<deft::pmr::sorted_set<int>, std::pmr::memory_resource*>);

// Insertion.
static_assert(requires(set& s, const int& x, set::const_iterator at, int* i, std::vector<int>& range) {
  { s.insert(x) } -> std::same_as<std::pair<set::iterator, bool>>;
  { s.insert(at, x) } -> std::same_as<set::iterator>;
  { s.emplace(1) } -> std::same_as<std::pair<set::iterator, bool>>;
  { s.emplace_hint(at, 1) } -> std::same_as<set::iterator>;
  { s.insert(i, i) } -> std::same_as<void>;
  { s.insert_range(range) } -> std::same_as<void>;
  { s.insert_many(range) } -> std::same_as<std::size_t>;
  { s.update(range) } -> std::same_as<std::size_t>;
  { s.erase(at) } -> std::same_as<set::iterator>;
  { s.erase(at, at) } -> std::same_as<set::iterator>;
  { s.erase(x) } -> std::same_as<std::size_t>;
});
static_assert(requires(list& l, int x, list::const_iterator at) {
  { l.insert(x) } -> std::same_as<list::iterator>;
  { l.insert(at, x) } -> std::same_as<list::iterator>;
  { l.emplace(1) } -> std::same_as<list::iterator>;
  { l.remove(x) } -> std::same_as<bool>;
  { l.pop() } -> std::same_as<int>;
});
static_assert(requires(map& m, map::const_iterator at, map::iterator changing,
                       std::pair<int, std::string> row) {
  { m.insert(row) } -> std::same_as<std::pair<map::iterator, bool>>;
  { m.insert(at, row) } -> std::same_as<map::iterator>;
  { m.try_emplace(1) } -> std::same_as<std::pair<map::iterator, bool>>;
  { m.try_emplace(at, 1, "x") } -> std::same_as<map::iterator>;
  { m.insert_or_assign(1, "x") } -> std::same_as<std::pair<map::iterator, bool>>;
  { m.erase(changing) } -> std::same_as<map::iterator>;
  { m.erase(at) } -> std::same_as<map::iterator>;
  { m[1] } -> std::same_as<std::string&>;
  { m.peekitem() } -> std::same_as<map::reference>;
  { m.popitem(0) } -> std::same_as<std::pair<int, std::string>>;
  { m.pop(1) } -> std::same_as<std::string>;
});

// Lookup: const where there is nothing to change; by what is not a key only where the comparator takes it.
template <typename Set, typename Needle>
constexpr bool finds = requires(const Set& s, const Needle& x) {
  s.find(x);
  s.rank(x);
  s.equal_range(x);
};
static_assert(finds<text, std::string_view> && finds<text, const char*> && finds<opaque, const char*>);
static_assert(!finds<opaque, std::string_view> && !finds<set, std::string>);
static_assert(requires(map& m, const map& c) {
  { m.find(1) } -> std::same_as<map::iterator>;
  { c.find(1) } -> std::same_as<map::const_iterator>;
  { m.nth(0) } noexcept -> std::same_as<map::iterator>;
  { c.lower_bound(1) } -> std::same_as<map::const_iterator>;
  { c.at(1) } -> std::same_as<const std::string&>;
});

// What is not there.
template <typename Container>
constexpr bool takes_values_away =
    requires(Container& c) { c[0] = 1; } || requires(Container& c) { *c.begin() = 1; };
static_assert(!takes_values_away<set> && !takes_values_away<list>);
static_assert(!std::equality_comparable<deft::sorted_set<throws_when_moved>>);
template <typename Container>
constexpr bool freezes = requires(const Container& c) { c.freeze(); };
static_assert(freezes<set> && freezes<map> && !freezes<deft::sorted_set<std::unique_ptr<int>>>);

}  // namespace
