// What the synopses of [flat.map.defn] and [flat.multimap.defn] have in common, line by line: one static
// check per member, and for the constraints what must not be there. Instantiate it for each of the two.
#pragma once

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
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "deft/sorted/tags.hpp"

namespace deft_test {

/// Whether a T can be made of these by what is not explicit.
template <typename T, typename... Args>
concept made_of = requires(void (*take)(T), Args&&... args) { take({std::forward<Args>(args)...}); };

struct not_comparable {};

struct only_less {
  int n;

  friend bool operator<(only_less a, only_less b) { return a.n < b.n; }
};

/// Comparators whose swap may throw.
struct throwing_swap {
  bool operator()(int a, int b) const { return a < b; }

  friend void swap(throwing_swap&, throwing_swap&) noexcept(false) {}
};

template <template <typename, typename, typename, typename, typename> typename Map, typename Sorted,
          typename OtherSorted, template <typename> typename Inserted>
struct flat_map_synopsis {
  using keys = std::deque<std::string>;
  using values = std::vector<long>;
  using M = Map<std::string, long, std::less<>, keys, values>;                    // transparent
  using O = Map<std::string, long, std::less<std::string>, keys, values>;         // not
  using I = Map<int, long, std::less<int>, std::vector<int>, std::vector<long>>;  // all defaults
  using P = Map<int, long, std::less<int>, std::pmr::vector<int>, std::pmr::vector<long>>;
  using row = std::pair<std::string, long>;
  using list = std::initializer_list<row>;
  using rows = row*;
  using A = std::allocator<char>;
  using less = std::less<>;
  using range = std::deque<row>;
  using it = typename M::iterator;
  using cit = typename M::const_iterator;

  // Types.
  static_assert(std::same_as<typename M::key_type, std::string>);
  static_assert(std::same_as<typename M::mapped_type, long>);
  static_assert(std::same_as<typename M::value_type, std::pair<std::string, long>>);
  static_assert(std::same_as<typename M::key_compare, std::less<>>);
  static_assert(std::same_as<typename M::reference, std::pair<const std::string&, long&>>);
  static_assert(std::same_as<typename M::const_reference, std::pair<const std::string&, const long&>>);
  static_assert(std::same_as<typename M::size_type, std::size_t>);
  static_assert(std::same_as<typename M::difference_type, std::ptrdiff_t>);
  static_assert(std::same_as<typename M::reverse_iterator, std::reverse_iterator<it>>);
  static_assert(std::same_as<typename M::const_reverse_iterator, std::reverse_iterator<cit>>);
  static_assert(std::same_as<typename M::key_container_type, keys>);
  static_assert(std::same_as<typename M::mapped_container_type, values>);

  // Iterators: random access to C++20, input to C++17, as they give pairs of references.
  static_assert(std::random_access_iterator<it> && std::random_access_iterator<cit>);
  static_assert(!std::contiguous_iterator<it> && std::sized_sentinel_for<it, cit>);
  static_assert(std::same_as<typename it::iterator_category, std::input_iterator_tag>);
  static_assert(std::same_as<typename std::iterator_traits<it>::iterator_category, std::input_iterator_tag>);
  static_assert(std::same_as<std::iter_value_t<it>, row> && std::same_as<std::iter_value_t<cit>, row>);
  static_assert(std::same_as<std::iter_reference_t<it>, typename M::reference>);
  static_assert(std::same_as<std::iter_reference_t<cit>, typename M::const_reference>);
  static_assert(std::convertible_to<it, cit> && !std::constructible_from<it, cit>);
  static_assert(std::ranges::random_access_range<M> && std::ranges::sized_range<const M> &&
                std::ranges::common_range<M>);

  // value_compare and containers.
  static_assert(
      std::predicate<const typename M::value_compare&, typename M::const_reference, typename M::reference>);
  static_assert(!std::constructible_from<typename M::value_compare, less>);
  static_assert(std::is_aggregate_v<typename M::containers>);
  static_assert(requires(typename M::containers c) {
    { c.keys } -> std::same_as<keys&>;
    { c.values } -> std::same_as<values&>;
  });

  // Constructors. Which of them convert is part of the synopsis.
  static_assert(std::is_default_constructible_v<M> && made_of<M>);
  static_assert(std::is_copy_constructible_v<M> && std::is_copy_assignable_v<M>);
  static_assert(std::is_move_constructible_v<M> && std::is_move_assignable_v<M>);
  static_assert(std::is_nothrow_move_constructible_v<I> && std::is_nothrow_move_assignable_v<I>);
  static_assert(!std::is_nothrow_move_assignable_v<P>);
  static_assert(std::constructible_from<M, const less&> && !std::convertible_to<const less&, M>);
  static_assert(made_of<M, keys, values> && made_of<M, keys, values, const less&>);
  static_assert(made_of<M, Sorted, keys, values> && made_of<M, Sorted, keys, values, const less&>);
  static_assert(made_of<M, rows, rows> && made_of<M, rows, rows, const less&>);
  static_assert(made_of<M, Sorted, rows, rows> && made_of<M, Sorted, rows, rows, const less&>);
  static_assert(made_of<M, deft::from_range_t, range&>);
  static_assert(made_of<M, deft::from_range_t, range, const less&>);
  static_assert(made_of<M, list> && made_of<M, list, const less&>);
  static_assert(made_of<M, Sorted, list> && made_of<M, Sorted, list, const less&>);

  // Constructors with allocators.
  static_assert(std::constructible_from<M, const A&> && !std::convertible_to<const A&, M>);
  static_assert(made_of<M, const less&, const A&>);
  static_assert(made_of<M, const keys&, const values&, const A&>);
  static_assert(made_of<M, const keys&, const values&, const less&, const A&>);
  static_assert(made_of<M, Sorted, const keys&, const values&, const A&>);
  static_assert(made_of<M, Sorted, const keys&, const values&, const less&, const A&>);
  static_assert(made_of<M, const M&, const A&> && made_of<M, M&&, const A&>);
  static_assert(made_of<M, rows, rows, const A&> && made_of<M, rows, rows, const less&, const A&>);
  static_assert(made_of<M, Sorted, rows, rows, const A&> &&
                made_of<M, Sorted, rows, rows, const less&, const A&>);
  static_assert(made_of<M, deft::from_range_t, range&, const A&>);
  static_assert(made_of<M, deft::from_range_t, range&, const less&, const A&>);
  static_assert(made_of<M, list, const A&> && made_of<M, list, const less&, const A&>);
  static_assert(made_of<M, Sorted, list, const A&> && made_of<M, Sorted, list, const less&, const A&>);
  static_assert(std::constructible_from<P, std::pmr::memory_resource*>);
  static_assert(std::uses_allocator_v<M, A> && !std::uses_allocator_v<M, std::pmr::polymorphic_allocator<>>);

  // What does not qualify as an iterator, a range of rows or an allocator of the containers makes none.
  static_assert(!std::constructible_from<I, int, int> && !std::constructible_from<I, Sorted, int, int>);
  static_assert(!std::constructible_from<M, deft::from_range_t, int>);
  static_assert(!std::constructible_from<M, deft::from_range_t, std::vector<std::string>>);
  static_assert(!std::constructible_from<M, std::pmr::polymorphic_allocator<>>);
  static_assert(!std::constructible_from<M, OtherSorted, keys, values>);

  // Assignment of a list.
  static_assert(std::same_as<decltype(std::declval<M&>() = list{}), M&>);

  // Ends.
  static_assert(requires(M& m, const M& c) {
    { m.begin() } noexcept -> std::same_as<it>;
    { c.begin() } noexcept -> std::same_as<cit>;
    { m.end() } noexcept -> std::same_as<it>;
    { c.end() } noexcept -> std::same_as<cit>;
    { m.rbegin() } noexcept -> std::same_as<typename M::reverse_iterator>;
    { c.rbegin() } noexcept -> std::same_as<typename M::const_reverse_iterator>;
    { m.rend() } noexcept -> std::same_as<typename M::reverse_iterator>;
    { c.rend() } noexcept -> std::same_as<typename M::const_reverse_iterator>;
    { m.cbegin() } noexcept -> std::same_as<cit>;
    { m.cend() } noexcept -> std::same_as<cit>;
    { m.crbegin() } noexcept -> std::same_as<typename M::const_reverse_iterator>;
    { m.crend() } noexcept -> std::same_as<typename M::const_reverse_iterator>;
  });

  // Capacity and observers.
  static_assert(requires(const M& c) {
    { c.empty() } noexcept -> std::same_as<bool>;
    { c.size() } noexcept -> std::same_as<std::size_t>;
    { c.max_size() } noexcept -> std::same_as<std::size_t>;
    { c.key_comp() } -> std::same_as<less>;
    { c.value_comp() } -> std::same_as<typename M::value_compare>;
    { c.keys() } noexcept -> std::same_as<const keys&>;
    { c.values() } noexcept -> std::same_as<const values&>;
  });

  // Insertion.
  static_assert(requires(M& m, cit hint, const row& x, row& y, std::pair<const char*, int> other) {
    { m.emplace("a", 1) } -> std::same_as<Inserted<it>>;
    { m.emplace(std::piecewise_construct, std::tuple("a"), std::tuple(1)) } -> std::same_as<Inserted<it>>;
    { m.emplace_hint(hint, "a", 1) } -> std::same_as<it>;
    { m.insert(x) } -> std::same_as<Inserted<it>>;
    { m.insert(std::move(y)) } -> std::same_as<Inserted<it>>;
    { m.insert(hint, x) } -> std::same_as<it>;
    { m.insert(hint, std::move(y)) } -> std::same_as<it>;
    { m.insert(y) } -> std::same_as<Inserted<it>>;
    { m.insert(other) } -> std::same_as<Inserted<it>>;
    { m.insert(hint, other) } -> std::same_as<it>;
    { m.insert({"a", 1}) } -> std::same_as<Inserted<it>>;
  });
  static_assert(requires(M& m, rows first, range& r, list l) {
    { m.insert(first, first) } -> std::same_as<void>;
    { m.insert(Sorted(), first, first) } -> std::same_as<void>;
    { m.insert_range(r) } -> std::same_as<void>;
    { m.insert_range(Sorted(), r) } -> std::same_as<void>;
    { m.insert(l) } -> std::same_as<void>;
    { m.insert(Sorted(), l) } -> std::same_as<void>;
  });

  template <typename X, typename... Args>
  static constexpr bool emplaces = requires(X& m, Args... args) { m.emplace(args...); };
  template <typename X, typename... Args>
  static constexpr bool inserts = requires(X& m, Args... args) { m.insert(args...); };
  template <typename X, typename R>
  static constexpr bool inserts_range = requires(X& m, R& r) { m.insert_range(r); };

  static_assert(emplaces<M> && !emplaces<M, int*> && !emplaces<M, std::string, std::string>);
  static_assert(!inserts<M, int> && !inserts<M, cit, int> && !inserts<M, std::pair<int, int*>>);
  static_assert(!inserts<I, int, int> && !inserts<M, OtherSorted, rows, rows>);
  static_assert(!inserts_range<M, std::vector<int>> && inserts_range<M, I> == false);

  // The containers out and in.
  static_assert(requires(M&& m, keys k, values v) {
    { std::move(m).extract() } -> std::same_as<typename M::containers>;
    { m.replace(std::move(k), std::move(v)) } -> std::same_as<void>;
  });
  template <typename X>
  static constexpr bool extracts_from_lvalue = requires(X& m) { m.extract(); };
  static_assert(!extracts_from_lvalue<M>);

  // Removal.
  static_assert(requires(M& m, it i, cit c, const std::string& x, std::string_view needle) {
    { m.erase(i) } -> std::same_as<it>;
    { m.erase(c) } -> std::same_as<it>;
    { m.erase(x) } -> std::same_as<std::size_t>;
    { m.erase(needle) } -> std::same_as<std::size_t>;
    { m.erase(c, c) } -> std::same_as<it>;
    { m.erase(i, i) } -> std::same_as<it>;
    { m.clear() } noexcept -> std::same_as<void>;
    {
      erase_if(m, [](typename M::const_reference) { return true; })
    } -> std::same_as<std::size_t>;
  });

  // Swap.
  static_assert(requires(M& a, M& b) {
    { a.swap(b) } -> std::same_as<void>;
    { swap(a, b) } -> std::same_as<void>;
  });
  static_assert(std::is_nothrow_swappable_v<M> ==
                (std::is_nothrow_swappable_v<keys> && std::is_nothrow_swappable_v<values>));
  using throws = Map<int, long, throwing_swap, std::vector<int>, std::vector<long>>;
  static_assert(!noexcept(std::declval<throws&>().swap(std::declval<throws&>())));
  static_assert(!std::is_nothrow_swappable_v<throws> && std::is_nothrow_swappable_v<I>);

  // Lookup by a key.
  static_assert(requires(M& m, const M& c, const std::string& x) {
    { m.find(x) } -> std::same_as<it>;
    { c.find(x) } -> std::same_as<cit>;
    { c.count(x) } -> std::same_as<std::size_t>;
    { c.contains(x) } -> std::same_as<bool>;
    { m.lower_bound(x) } -> std::same_as<it>;
    { c.lower_bound(x) } -> std::same_as<cit>;
    { m.upper_bound(x) } -> std::same_as<it>;
    { c.upper_bound(x) } -> std::same_as<cit>;
    { m.equal_range(x) } -> std::same_as<std::pair<it, it>>;
    { c.equal_range(x) } -> std::same_as<std::pair<cit, cit>>;
    { c.find({}) } -> std::same_as<cit>;
  });

  // By another needle: only under a transparent comparator.
  template <typename X>
  static constexpr bool looks_up = requires(X& m, const X& c, std::string_view x) {
    { m.find(x) } -> std::same_as<typename X::iterator>;
    { c.find(x) } -> std::same_as<typename X::const_iterator>;
    { c.count(x) } -> std::same_as<std::size_t>;
    { c.contains(x) } -> std::same_as<bool>;
    { m.lower_bound(x) } -> std::same_as<typename X::iterator>;
    { c.lower_bound(x) } -> std::same_as<typename X::const_iterator>;
    { m.upper_bound(x) } -> std::same_as<typename X::iterator>;
    { c.upper_bound(x) } -> std::same_as<typename X::const_iterator>;
    { m.equal_range(x) } -> std::same_as<std::pair<typename X::iterator, typename X::iterator>>;
    { c.equal_range(x) } -> std::same_as<std::pair<typename X::const_iterator, typename X::const_iterator>>;
  };
  static_assert(looks_up<M>);
  static_assert(
      !requires(O& m, std::string_view x) { m.find(x); } &&
      !requires(O& m, std::string_view x) { m.count(x); } &&
      !requires(O& m, std::string_view x) { m.contains(x); } &&
      !requires(O& m, std::string_view x) { m.lower_bound(x); } &&
      !requires(O& m, std::string_view x) { m.upper_bound(x); } &&
      !requires(O& m, std::string_view x) { m.equal_range(x); } &&
      !requires(O& m, std::string_view x) { m.erase(x); } &&
      !requires(O& m, std::string_view x) { m.rank(x); });

  // Comparison, where keys and values have one: by <=>, or what < makes of it.
  template <typename T>
  using of = Map<int, T, std::less<int>, std::vector<int>, std::vector<T>>;
  static_assert(std::equality_comparable<M> && std::three_way_comparable<M>);
  static_assert(std::same_as<std::compare_three_way_result_t<of<int>>, std::strong_ordering>);
  static_assert(std::same_as<std::compare_three_way_result_t<of<double>>, std::partial_ordering>);
  static_assert(requires(const of<only_less>& m) {
    { m <=> m } -> std::same_as<std::weak_ordering>;
  });
  static_assert(!std::equality_comparable<of<not_comparable>> && !std::totally_ordered<of<not_comparable>>);

  // Beyond the standard.
  static_assert(requires(M& m, const M& c, I& vectors) {
    { m.nth(0) } noexcept -> std::same_as<it>;
    { c.nth(0) } noexcept -> std::same_as<cit>;
    { c.index_of(c.begin()) } noexcept -> std::same_as<std::size_t>;
    { c.rank(std::string()) } -> std::same_as<std::size_t>;
    { c.rank(std::string_view()) } -> std::same_as<std::size_t>;
    { c.memory_bytes() } noexcept -> std::same_as<std::size_t>;
    {
      m.erase_if([](const auto&) { return true; })
    } -> std::same_as<std::size_t>;
    { vectors.capacity() } noexcept -> std::same_as<std::size_t>;
    { vectors.reserve(1) } -> std::same_as<void>;
  });
  static_assert(!requires(M& m) { m.reserve(1); } && !requires(M& m) { m.capacity(); });
};

}  // namespace deft_test
