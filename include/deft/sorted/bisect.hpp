/// @file
/// Binary search in sorted ranges that answers with positions, as Python's bisect does, and insertion that
/// keeps order.
///
/// The contract is a partition. With p = bisect_left(r, x): comp(e, x) holds for every element e of r[lo, p)
/// and for none of r[p, hi). With p = bisect_right(r, x): comp(x, e) holds for none of r[lo, p) and for every
/// one of r[p, hi). The elements must be partitioned so, which sorted ranges are for every x. Where they are
/// not (unsorted, NaN among them, an inconsistent comparator) some position within the bounds is returned and
/// nothing unsafe happens.
///
/// As in CPython, the projection applies to the elements and not to the needle of a search; insort projects
/// both. Elements and needle may differ in type; only comp(a, b) is asked, never `==`.
///
/// Contiguous ranges of arithmetic keys, ordered by `<`, std::less<> or std::ranges::less without a
/// projection, are searched by compiled kernels that use the machine's vector instructions; everything else
/// by an inline binary search.
///
/// Not for: searching by hash, or sequences that also need fast insertion (sorted_vector, sorted_list).
#pragma once

#include <algorithm>
#include <span>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/bisect_search.hpp"

namespace deft {

/// The half-open part [lo, hi) of a range that a search is confined to; `hi` left out means the range's end.
struct bounds {
  std::size_t lo = 0;
  std::size_t hi = static_cast<std::size_t>(-1);
};

inline namespace DEFT_TAG {

/// Position of the first element of r[lo, hi) that is not before `x`; the place for `x` before its equals.
///
/// @returns     p with lo <= p <= hi such that comp(proj(e), x) for e in r[lo, p) and for no e in r[p, hi).
/// @pre         lo <= hi <= size; the elements are partitioned with respect to comp(proj(e), x).
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log(hi - lo)) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_left<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto bisect_left(Range&& range, const Needle& x, bounds within, Compare comp = {},
                                         Projection proj = {}) -> std::size_t {
  return detail::search<detail::side::left>(
      range, x, detail::checked(within.lo, within.hi, std::ranges::size(range)), comp, proj);
}

/// The same over the whole range.
///
/// @returns     p such that comp(proj(e), x) for e in r[0, p) and for no e in r[p, size).
/// @pre         The elements are partitioned with respect to comp(proj(e), x).
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_left<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto bisect_left(Range&& range, const Needle& x, Compare comp = {},
                                         Projection proj = {}) -> std::size_t {
  return detail::search<detail::side::left>(range, x, detail::whole(range), comp, proj);
}

/// Position of the first element of r[lo, hi) that is after `x`; the place for `x` after its equals.
///
/// @returns     p with lo <= p <= hi such that comp(x, proj(e)) for no e in r[lo, p) and for all e in r[p,
/// hi).
/// @pre         lo <= hi <= size; the elements are partitioned with respect to comp(x, proj(e)).
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log(hi - lo)) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_right<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto bisect_right(Range&& range, const Needle& x, bounds within, Compare comp = {},
                                          Projection proj = {}) -> std::size_t {
  return detail::search<detail::side::right>(
      range, x, detail::checked(within.lo, within.hi, std::ranges::size(range)), comp, proj);
}

/// The same over the whole range.
///
/// @returns     p such that comp(x, proj(e)) for no e in r[0, p) and for all e in r[p, size).
/// @pre         The elements are partitioned with respect to comp(x, proj(e)).
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_right<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto bisect_right(Range&& range, const Needle& x, Compare comp = {},
                                          Projection proj = {}) -> std::size_t {
  return detail::search<detail::side::right>(range, x, detail::whole(range), comp, proj);
}

/// bisect_left for many needles at once, in any order: out[i] = bisect_left(r, needles[i]). Arithmetic keys
/// are searched sixteen at a time, which hides the latency that single searches wait for; the larger the
/// range, the greater the gain.
///
/// @returns     The part of `out` that was written: its first size(needles) elements.
/// @pre         out.size() >= size(needles); the elements are sorted; `out` overlaps neither range.
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The ranges are only read; if something throws, the values in `out` are unspecified.
/// @complexity  O(size(needles) * log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers; exclusive access to `out`.
template <std::ranges::random_access_range Range, std::ranges::random_access_range Needles,
          typename Compare = detail::less_than, typename Projection = std::identity>
  requires detail::searchable_left<Range, std::ranges::range_value_t<Needles>, Compare, Projection>
constexpr auto bisect_left_many(Range&& range, Needles&& needles, std::span<std::size_t> out,
                                Compare comp = {}, Projection proj = {}) -> std::span<std::size_t> {
  return detail::search_many<detail::side::left>(range, needles, out, comp, proj);
}

/// bisect_right for many needles at once: out[i] = bisect_right(r, needles[i]).
///
/// @returns     The part of `out` that was written: its first size(needles) elements.
/// @pre         out.size() >= size(needles); the elements are sorted; `out` overlaps neither range.
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The ranges are only read; if something throws, the values in `out` are unspecified.
/// @complexity  O(size(needles) * log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers; exclusive access to `out`.
template <std::ranges::random_access_range Range, std::ranges::random_access_range Needles,
          typename Compare = detail::less_than, typename Projection = std::identity>
  requires detail::searchable_right<Range, std::ranges::range_value_t<Needles>, Compare, Projection>
constexpr auto bisect_right_many(Range&& range, Needles&& needles, std::span<std::size_t> out,
                                 Compare comp = {}, Projection proj = {}) -> std::span<std::size_t> {
  return detail::search_many<detail::side::right>(range, needles, out, comp, proj);
}

/// Inserts `value` before its equals, keeping the order. Taking the value by value makes `insort_left(v,
/// v[0])` safe.
///
/// @returns     Iterator to the new element.
/// @pre         The elements are partitioned with respect to comp(proj(e), proj(value)).
/// @throws      What `comp`, `proj` and the container's insert throw.
/// @guarantee   The container's own for insert; untouched if `comp` or `proj` throws.
/// @complexity  O(log size) comparisons, then one insert: O(size) moves in a vector.
/// @invalidates What the container's insert invalidates.
/// @concurrency Exclusive access to the container.
template <typename Container, typename Compare = detail::less_than, typename Projection = std::identity>
  requires detail::insertable<Container, Compare, Projection>
constexpr auto insort_left(Container& container, std::ranges::range_value_t<Container> value,
                           Compare comp = {}, Projection proj = {}) -> std::ranges::iterator_t<Container> {
  const std::size_t position = detail::search<detail::side::left>(
      container, detail::project(proj, std::as_const(value)), detail::whole(container), comp, proj);
  return container.insert(detail::at(container, position), std::move(value));
}

/// Inserts `value` after its equals, keeping the order.
///
/// @returns     Iterator to the new element.
/// @pre         The elements are partitioned with respect to comp(proj(value), proj(e)).
/// @throws      What `comp`, `proj` and the container's insert throw.
/// @guarantee   The container's own for insert; untouched if `comp` or `proj` throws.
/// @complexity  O(log size) comparisons, then one insert: O(size) moves in a vector.
/// @invalidates What the container's insert invalidates.
/// @concurrency Exclusive access to the container.
template <typename Container, typename Compare = detail::less_than, typename Projection = std::identity>
  requires detail::insertable<Container, Compare, Projection>
constexpr auto insort_right(Container& container, std::ranges::range_value_t<Container> value,
                            Compare comp = {}, Projection proj = {}) -> std::ranges::iterator_t<Container> {
  const std::size_t position = detail::search<detail::side::right>(
      container, detail::project(proj, std::as_const(value)), detail::whole(container), comp, proj);
  return container.insert(detail::at(container, position), std::move(value));
}

/// The last element before `x`.
///
/// @returns     Iterator to it, or the range's end if there is none.
/// @pre         As bisect_left.
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_left<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto find_lt(Range&& range, const Needle& x, Compare comp = {}, Projection proj = {})
    -> std::ranges::borrowed_iterator_t<Range> {
  return detail::before(range,
                        detail::search<detail::side::left>(range, x, detail::whole(range), comp, proj));
}

/// The last element not after `x`.
///
/// @returns     Iterator to it, or the range's end if there is none.
/// @pre         As bisect_right.
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_right<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto find_le(Range&& range, const Needle& x, Compare comp = {}, Projection proj = {})
    -> std::ranges::borrowed_iterator_t<Range> {
  return detail::before(range,
                        detail::search<detail::side::right>(range, x, detail::whole(range), comp, proj));
}

/// The first element after `x`.
///
/// @returns     Iterator to it, or the range's end if there is none.
/// @pre         As bisect_right.
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_right<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto find_gt(Range&& range, const Needle& x, Compare comp = {}, Projection proj = {})
    -> std::ranges::borrowed_iterator_t<Range> {
  return detail::at(range, detail::search<detail::side::right>(range, x, detail::whole(range), comp, proj));
}

/// The first element not before `x`.
///
/// @returns     Iterator to it, or the range's end if there is none.
/// @pre         As bisect_left.
/// @throws      What `comp` and `proj` throw.
/// @guarantee   The range is only read.
/// @complexity  O(log size) comparisons and projections, no allocation.
/// @concurrency Safe beside other readers.
template <std::ranges::random_access_range Range, typename Needle, typename Compare = detail::less_than,
          typename Projection = std::identity>
  requires detail::searchable_left<Range, Needle, Compare, Projection>
[[nodiscard]] constexpr auto find_ge(Range&& range, const Needle& x, Compare comp = {}, Projection proj = {})
    -> std::ranges::borrowed_iterator_t<Range> {
  return detail::at(range, detail::search<detail::side::left>(range, x, detail::whole(range), comp, proj));
}

}  // namespace DEFT_TAG
}  // namespace deft
