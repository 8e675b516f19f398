/// @file
/// deft::search_index: positions in a sorted array that stays the caller's, found faster than by binary
/// search.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <functional>
#include <iterator>
#include <memory>
#include <ranges>
#include <span>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/bisect.hpp"
#include "deft/sorted/detail/index_core.hpp"

namespace deft {

/// What a lookup takes: a Key, what converts to one, or under a transparent comparator (`std::less<>`)
/// anything that compares with it. Under any other comparator the needle is converted once, before the
/// search.
template <typename Needle, typename Key, typename Compare>
concept index_needle =
    requires { typename Compare::is_transparent; } || std::convertible_to<const Needle&, const Key&>;

/// An index over a sorted array: std::lower_bound's answers, as positions, several times as fast, and ten to
/// twenty times as fast for many needles at once.
///
/// Use it for an array that is searched much more often than it changes. The array stays what it is, a plain
/// sorted one that anything else may read; the index keeps its address and must not outlive it, and is built
/// anew (in O(n / 16)) when an element changes. Do *not* use it for a handful of searches (bisect_left and
/// bisect_left_many need no index), or where each search waits for the one before in an array far beyond the
/// cache: memory is what that waits for (see the table in docs/reference/search_index.md).
///
/// Numbers: integers of up to 64 bits, float and double, compared by `<`. Half a byte per 8-byte element on
/// top of the array, in proportion less for smaller ones; see detail/key_layers.hpp for a drawing. The idea
/// is the static B+ tree of Algorithmica ("S+ tree"), here over an array that was not copied and not padded.
/// All other types, comparators and projections are searched as bisect_left does, without extra memory.
///
/// As in bisect.hpp, the projection applies to the elements and not to the needle: under a projection a
/// needle is a key.
///
/// A NaN needle gets std::lower_bound's answer. NaN among the elements, or an array that is not sorted, makes
/// the answers unspecified positions in [0, size()]; nothing unsafe happens, and level `debug` diagnoses it
/// when the index is built.
///
/// Threads: any number of concurrent readers.
template <typename T, typename Compare = std::less<T>, typename Projection = std::identity,
          typename Allocator = std::allocator<T>>
class search_index {
  static_assert(std::is_object_v<T> && !std::is_const_v<T> && !std::is_volatile_v<T>,
                "deft::search_index<T>: T must be a plain object type");
  static_assert(std::is_invocable_v<const Projection&, const T&>,
                "deft::search_index: the projection must take a const element, and be callable as const");

  using core_type = detail::index_core<T, Compare, Projection, Allocator>;
  using traits = std::allocator_traits<Allocator>;

 public:
  using value_type = T;
  using key_type = std::remove_cvref_t<std::invoke_result_t<const Projection&, const T&>>;
  using key_compare = Compare;
  using projection_type = Projection;
  using allocator_type = Allocator;
  using size_type = std::size_t;

  static_assert(std::is_invocable_v<const Compare&, const key_type&, const key_type&>,
                "deft::search_index: the comparator must order what the projection gives (name it: "
                "search_index<record, std::less<>, decltype(&record::key)>), and be callable as const");

  /// An index over nothing.
  /// @throws      What the defaults' constructors throw. @complexity O(1), no allocation. @concurrency
  /// Independent.
  /// @{
  DEFT_TAGGED search_index()
    requires std::default_initializable<Compare> && std::default_initializable<Projection> &&
             std::default_initializable<Allocator>
      : search_index(Allocator()) {}

  DEFT_TAGGED explicit search_index(const Allocator& alloc)
    requires std::default_initializable<Compare> && std::default_initializable<Projection>
      : core_(alloc) {}

  /// @}

  /// An index over `data`, of which it keeps the address.
  /// @pre         `data` is sorted by comp(proj(a), proj(b)) and has no NaN; checked in O(n) at level
  /// `debug`. It outlives the
  ///              index and does not change meanwhile.
  /// @throws      What copying `comp` and `proj` throws; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n / 16), one allocation; nothing where there are no layers. @concurrency Reads `data`.
  /// @{
  DEFT_TAGGED explicit search_index(std::span<const T> data, const Compare& comp = Compare(),
                                    const Projection& proj = Projection(),
                                    const Allocator& alloc = Allocator())
      : data_(data), comp_(comp), proj_(proj), core_(data, alloc) {
    DEFT_DEBUG_CHECK(is_ordered(), "the data must be sorted, without NaN");
  }

  DEFT_TAGGED search_index(std::span<const T> data, const Allocator& alloc)
      : search_index(data, Compare(), Projection(), alloc) {}

  /// @}

  /// A temporary array would be gone at the end of the line.
  template <std::ranges::contiguous_range Array, typename... More>
    requires(!std::ranges::borrowed_range<Array>)
  search_index(Array&&, const More&...) = delete;

  /// A copy over the same array.
  /// @throws      What copying `comp` and `proj` throws; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(n / 16). @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED search_index(const search_index& other)
      : search_index(other, traits::select_on_container_copy_construction(other.get_allocator())) {}

  DEFT_TAGGED search_index(const search_index& other, const std::type_identity_t<Allocator>& alloc)
      : data_(other.data_), comp_(other.comp_), proj_(other.proj_), core_(other.core_, other.data_, alloc) {}

  /// @}

  /// Takes the layers of `other`, which is over nothing afterwards and usable: comparator and projection are
  /// copied.
  /// @throws      What copying `comp` and `proj` throws, which changes nothing.
  /// @complexity  O(1). @concurrency Exclusive access to `other`.
  DEFT_TAGGED search_index(search_index&& other) noexcept(std::is_nothrow_copy_constructible_v<Compare> &&
                                                          std::is_nothrow_copy_constructible_v<Projection>)
      : data_(other.data_), comp_(other.comp_), proj_(other.proj_), core_(std::move(other.core_)) {
    other.data_ = {};
  }

  ~search_index() = default;

  /// Becomes a copy, over the array of `other`.
  /// @returns     *this.
  /// @throws      What copying `comp` and `proj` throws; std::bad_alloc.
  /// @guarantee   Strong if assigning `comp` and `proj` does not throw.
  /// @complexity  O(n / 16). @invalidates Nothing: answers are positions. @concurrency Exclusive access to
  /// *this, reads `other`.
  DEFT_TAGGED search_index& operator=(const search_index& other) {
    if (this == &other) return *this;
    search_index copy(other, traits::propagate_on_container_copy_assignment::value ? other.get_allocator()
                                                                                   : get_allocator());
    assign(copy);
    return *this;
  }

  /// Takes the layers of `other`, which is over nothing afterwards and usable.
  /// @returns     *this.
  /// @throws      What copying `comp` and `proj` throws; std::bad_alloc where the allocators differ and stay.
  /// @guarantee   Strong if assigning `comp` and `proj` does not throw.
  /// @complexity  O(1); O(n / 16) where the allocators differ and stay. @invalidates Nothing.
  /// @concurrency Exclusive access to both.
  DEFT_TAGGED search_index& operator=(search_index&& other) noexcept(
      (traits::propagate_on_container_move_assignment::value || traits::is_always_equal::value) &&
      std::is_nothrow_copy_constructible_v<Compare> && std::is_nothrow_copy_constructible_v<Projection> &&
      std::is_nothrow_move_assignable_v<Compare> && std::is_nothrow_move_assignable_v<Projection>) {
    if (this == &other) return *this;
    assign(other);
    return *this;
  }

  /// The position of the first element that is not before `x`: std::lower_bound's, or bisect_left's.
  ///
  /// @returns     p such that comp(proj(e), x) for e in [0, p) and for no e in [p, size()).
  /// @throws      What `comp` and `proj` throw, or the needle's conversion; for numbers nothing.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  template <typename Needle = key_type>
    requires index_needle<Needle, key_type, Compare>
  [[nodiscard]] DEFT_TAGGED std::size_t lower_bound(const Needle& x) const {
    return search<detail::side::left>(needle(x));
  }

  /// The position of the first element that is after `x`: std::upper_bound's, or bisect_right's.
  ///
  /// @returns     p such that comp(x, proj(e)) for no e in [0, p) and for all e in [p, size()).
  /// @throws      What `comp` and `proj` throw, or the needle's conversion; for numbers nothing.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  template <typename Needle = key_type>
    requires index_needle<Needle, key_type, Compare>
  [[nodiscard]] DEFT_TAGGED std::size_t upper_bound(const Needle& x) const {
    return search<detail::side::right>(needle(x));
  }

  /// Both positions: the equals of `x` are [first, second).
  ///
  /// @returns     {lower_bound(x), upper_bound(x)}.
  /// @throws      What `comp` and `proj` throw, or the needle's conversion; for numbers nothing.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  template <typename Needle = key_type>
    requires index_needle<Needle, key_type, Compare>
  [[nodiscard]] DEFT_TAGGED std::pair<std::size_t, std::size_t> equal_range(const Needle& x) const {
    const auto& key = needle(x);
    return {search<detail::side::left>(key), search<detail::side::right>(key)};
  }

  /// Whether an element is equivalent to `x`.
  ///
  /// @returns     True if one is; never for NaN.
  /// @throws      What `comp` and `proj` throw, or the needle's conversion; for numbers nothing.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  template <typename Needle = key_type>
    requires index_needle<Needle, key_type, Compare>
  [[nodiscard]] DEFT_TAGGED bool contains(const Needle& x) const {
    const auto& key = needle(x);
    const std::size_t position = search<detail::side::left>(key);
    if constexpr (std::is_floating_point_v<key_type>) {
      if (key != key) return false;
    }
    detail::callable<Compare> comp = comp_;
    detail::callable<Projection> proj = proj_;
    return position < size() && !static_cast<bool>(comp(key, detail::project(proj, data_[position])));
  }

  /// How many elements are equivalent to `x`.
  ///
  /// @returns     upper_bound(x) - lower_bound(x); 0 for NaN.
  /// @throws      What `comp` and `proj` throw, or the needle's conversion; for numbers nothing.
  /// @complexity  O(log n). @concurrency Concurrent reads.
  template <typename Needle = key_type>
    requires index_needle<Needle, key_type, Compare>
  [[nodiscard]] DEFT_TAGGED std::size_t count(const Needle& x) const {
    const auto& key = needle(x);
    if constexpr (std::is_floating_point_v<key_type>) {
      if (key != key) return 0;
    }
    return search<detail::side::right>(key) - search<detail::side::left>(key);
  }

  /// lower_bound for many needles at once, in any order: out[i] = lower_bound(needles[i]). Numbers are
  /// searched eight at a time, beyond the cache 128, which hides the latency that single searches wait for.
  /// Fastest for a contiguous range of T.
  ///
  /// @returns     The part of `out` that was written: its first size(needles) elements.
  /// @pre         out.size() >= size(needles); `out` overlaps neither the needles nor the array.
  /// @throws      What `comp` and `proj` throw, or the needles' conversion; for numbers nothing.
  /// @guarantee   If something throws, the values in `out` are unspecified.
  /// @complexity  O(size(needles) * log n), no allocation. @concurrency Concurrent reads; exclusive access to
  /// `out`.
  template <std::ranges::random_access_range Needles>
    requires std::ranges::sized_range<Needles> &&
             index_needle<std::ranges::range_value_t<Needles>, key_type, Compare>
  DEFT_TAGGED std::span<std::size_t> lower_bound_many(Needles&& needles, std::span<std::size_t> out) const {
    return search_many<detail::side::left>(needles, out);
  }

  /// upper_bound for many needles at once: out[i] = upper_bound(needles[i]).
  ///
  /// @returns     The part of `out` that was written: its first size(needles) elements.
  /// @pre         out.size() >= size(needles); `out` overlaps neither the needles nor the array.
  /// @throws      What `comp` and `proj` throw, or the needles' conversion; for numbers nothing.
  /// @guarantee   If something throws, the values in `out` are unspecified.
  /// @complexity  O(size(needles) * log n), no allocation. @concurrency Concurrent reads; exclusive access to
  /// `out`.
  template <std::ranges::random_access_range Needles>
    requires std::ranges::sized_range<Needles> &&
             index_needle<std::ranges::range_value_t<Needles>, key_type, Compare>
  DEFT_TAGGED std::span<std::size_t> upper_bound_many(Needles&& needles, std::span<std::size_t> out) const {
    return search_many<detail::side::right>(needles, out);
  }

  /// The array, and the index's own heap memory in bytes.
  /// @returns     What the name says.
  /// @throws      Nothing; key_comp() and projection() what copying throws. @complexity O(1). @concurrency
  /// Concurrent reads.
  /// @{
  [[nodiscard]] DEFT_TAGGED const T* data() const noexcept { return data_.data(); }

  [[nodiscard]] DEFT_TAGGED std::span<const T> as_span() const noexcept { return data_; }

  [[nodiscard]] DEFT_TAGGED std::size_t size() const noexcept { return data_.size(); }

  [[nodiscard]] DEFT_TAGGED bool empty() const noexcept { return data_.empty(); }

  [[nodiscard]] DEFT_TAGGED std::size_t memory_bytes() const noexcept { return core_.memory_bytes(); }

  [[nodiscard]] DEFT_TAGGED key_compare key_comp() const { return comp_; }

  [[nodiscard]] DEFT_TAGGED projection_type projection() const { return proj_; }

  [[nodiscard]] DEFT_TAGGED allocator_type get_allocator() const noexcept { return core_.get_allocator(); }

  /// @}

 private:
  template <typename Needle>
  DEFT_TAGGED static decltype(auto) needle(const Needle& x) {
    if constexpr (requires { typename Compare::is_transparent; } || std::is_same_v<Needle, key_type>) {
      return (x);
    } else {
      return static_cast<key_type>(x);
    }
  }

  template <detail::side Side, typename Needle>
  DEFT_TAGGED std::size_t search(const Needle& x) const {
    detail::callable<Compare> comp = comp_;
    detail::callable<Projection> proj = proj_;
    return core_.template search<Side>(data_, x, comp, proj);
  }

  template <detail::side Side, typename Needles>
  DEFT_TAGGED std::span<std::size_t> search_many(Needles& needles, std::span<std::size_t> out) const {
    const auto count = static_cast<std::size_t>(std::ranges::size(needles));
    DEFT_PRECONDITION(out.size() >= count, "out must have room for one position per needle");
    using value = std::ranges::range_value_t<Needles>;
    if constexpr (detail::searches_many<core_type>) {
      if constexpr (detail::key_array<Needles&> && std::is_same_v<value, T>) {
        core_.template search_numbers<Side>(std::ranges::data(needles), count, out.data());
        return out.first(count);
      }
    }
    for (std::size_t i = 0; i < count; ++i) out[i] = search<Side>(needle(*detail::at(needles, i)));
    return out.first(count);
  }

  /// Whether each element is before the next or equivalent to it, and none is a NaN.
  DEFT_TAGGED bool is_ordered() const {
    detail::callable<Compare> comp = comp_;
    detail::callable<Projection> proj = proj_;
    for (std::size_t i = 0; i < data_.size(); ++i) {
      const auto& key = detail::project(proj, data_[i]);
      if constexpr (std::is_floating_point_v<key_type>) {
        if (key != key) return false;
      }
      if (i != 0 && static_cast<bool>(comp(key, detail::project(proj, data_[i - 1])))) return false;
    }
    return true;
  }

  DEFT_TAGGED void assign(search_index& other) {
    Compare comp(other.comp_);
    Projection proj(other.proj_);
    core_.take(other.core_, other.data_);
    data_ = std::exchange(other.data_, {});
    comp_ = std::move(comp);
    proj_ = std::move(proj);
  }

  std::span<const T> data_;
  [[no_unique_address]] Compare comp_{};
  [[no_unique_address]] Projection proj_{};
  core_type core_;
};

template <std::ranges::contiguous_range Array,
          typename Compare = std::less<std::ranges::range_value_t<Array>>,
          typename Projection = std::identity>
search_index(Array&&, Compare = Compare(), Projection = Projection())
    -> search_index<std::ranges::range_value_t<Array>, Compare, Projection>;

}  // namespace deft
