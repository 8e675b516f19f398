// The synopsis of [flat.multiset.defn], line by line: one static check per member, and for the constraints
// what must not be there. There is no test to run: it holds if it compiles.
#include <compare>
#include <concepts>
#include <cstddef>
#include <deque>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <memory_resource>
#include <ranges>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/flat_multiset.hpp"

// As of a standard library that has it.
namespace standard {
using deft::flat_multiset;
using deft::from_range;
using deft::from_range_t;
using deft::sorted_equivalent;
using deft::sorted_equivalent_t;
}  // namespace standard

namespace {

using deft::sorted_unique_t;
using standard::flat_multiset;
using standard::from_range_t;
using standard::sorted_equivalent_t;

using S = flat_multiset<int>;
using text = flat_multiset<std::string, std::less<>, std::deque<std::string>>;  // transparent
using opaque = flat_multiset<std::string>;
using A = std::allocator<int>;
using V = std::vector<int>;
using list = std::initializer_list<int>;
using less = std::less<int>;
using text_iterator = std::deque<std::string>::const_iterator;

// Template parameters and their defaults.
static_assert(std::same_as<S, flat_multiset<int, std::less<int>, std::vector<int>>>);
static_assert(
    std::same_as<deft::pmr::flat_multiset<int>, flat_multiset<int, std::less<int>, std::pmr::vector<int>>>);

// Types.
static_assert(std::same_as<text::key_type, std::string>);
static_assert(std::same_as<text::value_type, std::string>);
static_assert(std::same_as<text::key_compare, std::less<>>);
static_assert(std::same_as<text::value_compare, std::less<>>);
static_assert(std::same_as<S::reference, int&> && std::same_as<S::const_reference, const int&>);
static_assert(std::same_as<S::size_type, V::size_type> &&
              std::same_as<S::difference_type, V::difference_type>);
static_assert(std::random_access_iterator<S::iterator> && std::random_access_iterator<text::iterator>);
static_assert(std::same_as<std::iter_reference_t<S::iterator>, const int&>);
static_assert(std::convertible_to<S::iterator, S::const_iterator>);
static_assert(std::same_as<S::reverse_iterator, std::reverse_iterator<S::iterator>>);
static_assert(std::same_as<S::const_reverse_iterator, std::reverse_iterator<S::const_iterator>>);
static_assert(std::same_as<text::container_type, std::deque<std::string>>);

// Constructors. Which of them convert is part of the synopsis.
template <typename T, typename... Args>
constexpr bool converts = requires(void (*take)(T), Args&&... args) { take({std::forward<Args>(args)...}); };

static_assert(std::is_default_constructible_v<S>);
static_assert(std::is_copy_constructible_v<S> && std::is_copy_assignable_v<S>);
static_assert(std::is_nothrow_move_constructible_v<S> && std::is_nothrow_move_assignable_v<S>);
static_assert(!std::is_nothrow_move_assignable_v<deft::pmr::flat_multiset<int>>);
static_assert(std::is_constructible_v<S, const less&> && !std::is_convertible_v<const less&, S>);
static_assert(std::is_constructible_v<S, V> && !std::is_convertible_v<V, S>);
static_assert(std::is_constructible_v<S, V, const less&> && !converts<S, V, const less&>);
static_assert(converts<S, sorted_equivalent_t, V> && converts<S, sorted_equivalent_t, V, const less&>);
static_assert(converts<S, int*, int*> && converts<S, int*, int*, const less&>);
static_assert(converts<S, sorted_equivalent_t, int*, int*> &&
              converts<S, sorted_equivalent_t, int*, int*, const less&>);
static_assert(converts<S, from_range_t, V&> && converts<S, from_range_t, std::deque<short>, const less&>);
static_assert(converts<S, list> && converts<S, list, const less&>);
static_assert(converts<S, sorted_equivalent_t, list> && converts<S, sorted_equivalent_t, list, const less&>);

// Constructors with allocators.
static_assert(std::is_constructible_v<S, const A&> && !std::is_convertible_v<const A&, S>);
static_assert(converts<S, const less&, const A&>);
static_assert(converts<S, const V&, const A&> && converts<S, const V&, const less&, const A&>);
static_assert(converts<S, sorted_equivalent_t, const V&, const A&>);
static_assert(converts<S, sorted_equivalent_t, const V&, const less&, const A&>);
static_assert(converts<S, const S&, const A&> && converts<S, S&&, const A&>);
static_assert(converts<S, int*, int*, const A&> && converts<S, int*, int*, const less&, const A&>);
static_assert(converts<S, sorted_equivalent_t, int*, int*, const A&>);
static_assert(converts<S, sorted_equivalent_t, int*, int*, const less&, const A&>);
static_assert(converts<S, from_range_t, V&, const A&> &&
              converts<S, from_range_t, V&, const less&, const A&>);
static_assert(converts<S, list, const A&> && converts<S, list, const less&, const A&>);
static_assert(converts<S, sorted_equivalent_t, list, const A&> &&
              converts<S, sorted_equivalent_t, list, const less&, const A&>);
static_assert(std::is_constructible_v<deft::pmr::flat_multiset<int>, std::pmr::memory_resource*>);

// What does not qualify as an iterator, a range of keys or an allocator of the container makes none.
static_assert(!std::is_constructible_v<S, int, int> &&
              !std::is_constructible_v<S, sorted_equivalent_t, int, int>);
static_assert(!std::is_constructible_v<S, from_range_t, int>);
static_assert(!std::is_constructible_v<S, from_range_t, std::vector<std::string>>);
static_assert(!std::is_constructible_v<S, std::pmr::polymorphic_allocator<int>>);
static_assert(!std::is_constructible_v<S, sorted_unique_t, V>);

// Assignment of a list.
static_assert(std::same_as<decltype(std::declval<S&>() = list{}), S&>);

// Iterators, capacity, observers.
static_assert(requires(S& s, const S& c) {
  { s.begin() } noexcept -> std::same_as<S::iterator>;
  { c.begin() } noexcept -> std::same_as<S::const_iterator>;
  { s.end() } noexcept -> std::same_as<S::iterator>;
  { c.end() } noexcept -> std::same_as<S::const_iterator>;
  { s.rbegin() } noexcept -> std::same_as<S::reverse_iterator>;
  { c.rbegin() } noexcept -> std::same_as<S::const_reverse_iterator>;
  { s.rend() } noexcept -> std::same_as<S::reverse_iterator>;
  { c.rend() } noexcept -> std::same_as<S::const_reverse_iterator>;
  { c.cbegin() } noexcept -> std::same_as<S::const_iterator>;
  { c.cend() } noexcept -> std::same_as<S::const_iterator>;
  { c.crbegin() } noexcept -> std::same_as<S::const_reverse_iterator>;
  { c.crend() } noexcept -> std::same_as<S::const_reverse_iterator>;
  { c.empty() } noexcept -> std::same_as<bool>;
  { c.size() } noexcept -> std::same_as<S::size_type>;
  { c.max_size() } noexcept -> std::same_as<S::size_type>;
  { c.key_comp() } -> std::same_as<less>;
  { c.value_comp() } -> std::same_as<less>;
});

// Modifiers.
static_assert(requires(S& s, const int& x, S::const_iterator at, int* i, V& range, list l) {
  { s.emplace(1) } -> std::same_as<S::iterator>;
  { s.emplace_hint(at, 1) } -> std::same_as<S::iterator>;
  { s.insert(x) } -> std::same_as<S::iterator>;
  { s.insert(1) } -> std::same_as<S::iterator>;
  { s.insert(at, x) } -> std::same_as<S::iterator>;
  { s.insert(at, 1) } -> std::same_as<S::iterator>;
  { s.insert(i, i) } -> std::same_as<void>;
  { s.insert(sorted_equivalent_t(), i, i) } -> std::same_as<void>;
  { s.insert_range(range) } -> std::same_as<void>;
  { s.insert_range(sorted_equivalent_t(), range) } -> std::same_as<void>;
  { s.insert(l) } -> std::same_as<void>;
  { s.insert(sorted_equivalent_t(), l) } -> std::same_as<void>;
  { std::move(s).extract() } -> std::same_as<V>;
  { s.replace(V()) } -> std::same_as<void>;
  { s.erase(at) } -> std::same_as<S::iterator>;
  { s.erase(x) } -> std::same_as<S::size_type>;
  { s.erase(at, at) } -> std::same_as<S::iterator>;
  { s.swap(s) } noexcept -> std::same_as<void>;
  { s.clear() } noexcept -> std::same_as<void>;
});

template <typename Set, typename... Args>
concept emplaces = requires(Set& s, Args&&... args) { s.emplace(std::forward<Args>(args)...); };
static_assert(emplaces<text, std::size_t, char> && !emplaces<S, std::string>);

template <typename Set, typename Range>
concept inserts_range = requires(Set& s, Range&& r) { s.insert_range(std::forward<Range>(r)); };
static_assert(inserts_range<text, std::vector<const char*>> && !inserts_range<S, std::vector<std::string>>);
static_assert(!inserts_range<text, std::vector<std::string_view>>);  // explicit

template <typename Set, typename X>
concept inserts = requires(Set& s, X&& x) { s.insert(std::forward<X>(x)); };
static_assert(inserts<text, const char*> && !inserts<text, std::string_view>);  // no insert(K&&) here

template <typename Set>
concept extracts_lvalue = requires(Set& s) { s.extract(); };
static_assert(!extracts_lvalue<S>);

template <typename Set>
concept replaces_lvalue = requires(Set& s, typename Set::container_type& keys) { s.replace(keys); };
static_assert(!replaces_lvalue<S>);

struct throws_on_swap : less {
  throws_on_swap() = default;

  throws_on_swap(const throws_on_swap& other) : less(other) {}

  throws_on_swap& operator=(const throws_on_swap& other) = default;
};

static_assert(!noexcept(std::declval<flat_multiset<int, throws_on_swap>&>().swap(
    std::declval<flat_multiset<int, throws_on_swap>&>())));

// Lookup, by key and by what a transparent comparator takes.
template <typename Set, typename X>
concept looks_up = requires(Set& s, const Set& c, const X& x) {
  { s.find(x) } -> std::same_as<typename Set::iterator>;
  { c.find(x) } -> std::same_as<typename Set::const_iterator>;
  { c.count(x) } -> std::same_as<typename Set::size_type>;
  { c.contains(x) } -> std::same_as<bool>;
  { s.lower_bound(x) } -> std::same_as<typename Set::iterator>;
  { c.lower_bound(x) } -> std::same_as<typename Set::const_iterator>;
  { s.upper_bound(x) } -> std::same_as<typename Set::iterator>;
  { c.upper_bound(x) } -> std::same_as<typename Set::const_iterator>;
  { s.equal_range(x) } -> std::same_as<std::pair<typename Set::iterator, typename Set::iterator>>;
  { c.equal_range(x) } -> std::same_as<std::pair<typename Set::const_iterator, typename Set::const_iterator>>;
};
static_assert(looks_up<S, int> && looks_up<opaque, std::string> && looks_up<text, std::string>);
static_assert(looks_up<text, std::string_view> && looks_up<opaque, char[2]>);

template <typename Set, typename X>
concept finds = requires(const Set& c, const X& x) { c.find(x); };
static_assert(!finds<opaque, std::string_view> && !finds<S, std::string>);

template <typename Set, typename X>
concept erases = requires(Set& s, X&& x) {
  { s.erase(std::forward<X>(x)) } -> std::same_as<typename Set::size_type>;
};
static_assert(erases<text, std::string_view> && erases<text, std::string&> &&
              !erases<opaque, std::string_view>);

// A template erase(K&&) must leave what converts to an iterator to the function for iterators.
struct text_place {
  operator text_iterator() const { return {}; }
};

static_assert(!erases<text, text_place> && requires(text& s, text_place p) {
  { s.erase(p) } -> std::same_as<text::iterator>;
});

// Comparison, swap, erase_if.
static_assert(std::equality_comparable<S> && std::three_way_comparable<S, std::strong_ordering>);
static_assert(std::three_way_comparable<flat_multiset<double>, std::partial_ordering>);

struct only_less {
  int value;

  bool operator==(const only_less& other) const = default;

  bool operator<(const only_less& other) const { return value < other.value; }
};

static_assert(std::same_as<std::compare_three_way_result_t<flat_multiset<only_less>>, std::weak_ordering>);

struct incomparable {};

struct no_order {
  bool operator()(const incomparable&, const incomparable&) const { return false; }
};

static_assert(!std::equality_comparable<flat_multiset<incomparable, no_order>>);
static_assert(std::is_nothrow_swappable_v<S> &&
              !std::is_nothrow_swappable_v<flat_multiset<int, throws_on_swap>>);
static_assert(requires(S& s) {
  {
    erase_if(s, [](const int&) { return true; })
  } -> std::same_as<S::size_type>;
});

// uses_allocator.
static_assert(std::uses_allocator_v<S, A> && !std::uses_allocator_v<S, std::pmr::polymorphic_allocator<int>>);
static_assert(std::uses_allocator_v<deft::pmr::flat_multiset<int>, std::pmr::polymorphic_allocator<>>);

// Deduction guides.
template <typename Set, typename... Args>
constexpr bool deduces = std::same_as<decltype(flat_multiset(std::declval<Args>()...)), Set>;

using greater = std::greater<int>;
using by_greater = flat_multiset<int, greater>;
using pmr_set = deft::pmr::flat_multiset<int>;
using pmr_allocator = std::pmr::polymorphic_allocator<int>;
using pmr_vector = std::pmr::vector<int>;
static_assert(deduces<S, V> && deduces<by_greater, V, greater>);
static_assert(deduces<flat_multiset<int, less, std::deque<int>>, std::deque<int>>);
static_assert(deduces<S, V, A> && deduces<pmr_set, pmr_vector, std::pmr::memory_resource*>);
static_assert(deduces<by_greater, V, greater, A>);
static_assert(deduces<S, sorted_equivalent_t, V> && deduces<by_greater, sorted_equivalent_t, V, greater>);
static_assert(deduces<S, sorted_equivalent_t, V, A> &&
              deduces<by_greater, sorted_equivalent_t, V, greater, A>);
static_assert(deduces<S, int*, int*> && deduces<by_greater, int*, int*, greater>);
static_assert(deduces<S, sorted_equivalent_t, int*, int*> &&
              deduces<by_greater, sorted_equivalent_t, int*, int*, greater>);
static_assert(deduces<S, from_range_t, V&> && deduces<by_greater, from_range_t, V&, greater>);
static_assert(deduces<flat_multiset<int, greater, pmr_vector>, from_range_t, V&, greater, pmr_allocator>);
static_assert(deduces<pmr_set, from_range_t, V&, std::pmr::polymorphic_allocator<char>>);
static_assert(deduces<S, list> && deduces<by_greater, list, greater>);
static_assert(deduces<S, sorted_equivalent_t, list> &&
              deduces<by_greater, sorted_equivalent_t, list, greater>);
static_assert(deduces<S, list, A> && deduces<by_greater, list, greater, A> &&
              deduces<S, sorted_equivalent_t, list, A>);
static_assert(deduces<S, S> && deduces<S, const S&, A>);
static_assert(std::same_as<decltype(flat_multiset{2, 1}), S>);

template <typename... Args>
concept guides = requires(Args&&... args) { flat_multiset(std::forward<Args>(args)...); };
static_assert(!guides<A> && !guides<V, std::less<std::string>> && !guides<V, pmr_allocator> &&
              !guides<int, int>);

// deft's additions.
static_assert(requires(const S& c, S& s, S::const_iterator at) {
  { c.nth(0) } noexcept -> std::same_as<S::const_iterator>;
  { c.index_of(at) } noexcept -> std::same_as<std::size_t>;
  { c.rank(1) } -> std::same_as<std::size_t>;
  { c.as_span() } noexcept -> std::same_as<std::span<const int>>;
  { c.memory_bytes() } noexcept -> std::same_as<std::size_t>;
  { c.capacity() } noexcept -> std::same_as<std::size_t>;
  s.reserve(1);
  s.shrink_to_fit();
});

template <typename Set>
concept reserves = requires(Set& s) { s.reserve(1); } || requires(Set& s) { s.capacity(); } ||
                   requires(Set& s) { s.memory_bytes(); } || requires(Set& s) { s.as_span(); };
static_assert(!reserves<text>);  // on a std::deque
static_assert(sizeof(S) == sizeof(V));

}  // namespace
