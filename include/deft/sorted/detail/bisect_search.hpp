/// @file
/// The bodies behind deft/sorted/bisect.hpp.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/sorted/detail/search_strings.hpp"

namespace deft::detail {

enum class side : bool { left, right };

/// The default comparator: `a < b`, whatever the types. Not std::less<>, because <functional> alone outweighs
/// everything else that bisect.hpp includes (19,000 lines more with g++ 12); std::less<> is recognised when
/// it is passed.
struct less_than {
// Comparing 2.5F with 2 is the caller's wish, as it is for std::less<>.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-compare"

  template <typename A, typename B>
  DEFT_TAGGED constexpr auto operator()(const A& a, const B& b) const -> decltype(a < b) {
    return a < b;
  }

#pragma GCC diagnostic pop
};

template <typename T>
concept condition = requires(T&& value) { static_cast<T&&>(value) ? 0 : 1; };

template <typename Range, typename Projection>
using projected_t = std::invoke_result_t<Projection&, std::ranges::range_reference_t<Range>>;

template <typename Compare, typename A, typename B>
concept orders = requires(Compare& comp, A&& a, B&& b) {
  { comp(static_cast<A&&>(a), static_cast<B&&>(b)) } -> condition;
};

template <typename Range, typename Needle, typename Compare, typename Projection>
concept searchable_left = std::ranges::random_access_range<Range> && std::ranges::sized_range<Range> &&
                          std::invocable<Projection&, std::ranges::range_reference_t<Range>> &&
                          orders<Compare, projected_t<Range, Projection>, const Needle&>;

template <typename Range, typename Needle, typename Compare, typename Projection>
concept searchable_right = std::ranges::random_access_range<Range> && std::ranges::sized_range<Range> &&
                           std::invocable<Projection&, std::ranges::range_reference_t<Range>> &&
                           orders<Compare, const Needle&, projected_t<Range, Projection>>;

template <typename Container, typename Projection>
using projected_value_t =
    std::remove_cvref_t<std::invoke_result_t<Projection&, const std::ranges::range_value_t<Container>&>>;

template <typename Container, typename Compare, typename Projection>
concept insertable =
    searchable_left<Container&, projected_value_t<Container, Projection>, Compare, Projection> &&
    searchable_right<Container&, projected_value_t<Container, Projection>, Compare, Projection> &&
    requires(Container& container, std::ranges::iterator_t<Container> at,
             std::ranges::range_value_t<Container> value) {
      { container.insert(at, std::move(value)) } -> std::same_as<std::ranges::iterator_t<Container>>;
    };

// Kernels exist for the fixed-width types; every other arithmetic type has the representation of one of them.
template <std::size_t Size, bool Signed>
struct integer_of;

template <>
struct integer_of<1, true> : std::type_identity<std::int8_t> {};

template <>
struct integer_of<1, false> : std::type_identity<std::uint8_t> {};

template <>
struct integer_of<2, true> : std::type_identity<std::int16_t> {};

template <>
struct integer_of<2, false> : std::type_identity<std::uint16_t> {};

template <>
struct integer_of<4, true> : std::type_identity<std::int32_t> {};

template <>
struct integer_of<4, false> : std::type_identity<std::uint32_t> {};

template <>
struct integer_of<8, true> : std::type_identity<std::int64_t> {};

template <>
struct integer_of<8, false> : std::type_identity<std::uint64_t> {};

template <typename T>
struct kernel_key : integer_of<sizeof(T), std::is_signed_v<T>> {};

template <>
struct kernel_key<float> : std::type_identity<float> {};

template <>
struct kernel_key<double> : std::type_identity<double> {};

template <typename T>
inline constexpr bool has_kernels = std::is_same_v<T, float> || std::is_same_v<T, double> ||
                                    (std::is_integral_v<T> && sizeof(T) <= 8 && !std::is_same_v<T, bool>);

/// Comparing a Key with a Needle converts the needle to Key and changes no key.
template <typename Key, typename Needle>
concept compares_as_key =
    std::is_same_v<Key, Needle> ||
    (std::is_arithmetic_v<Needle> && std::is_same_v<std::common_type_t<Key, Needle>, Key>);

/// True if the compiler's name of T begins so: how std::less is recognised without <functional>.
template <typename T>
consteval auto is_named(const char* beginning) -> bool {
  const char* found = __PRETTY_FUNCTION__;
  while (*found != '=') ++found;
  found += 2;
  while (*beginning != '\0' && *found == *beginning) {
    ++found;
    ++beginning;
  }
  return *beginning == '\0';
}

/// True for Template<void> and Template<Key>.
template <typename T, typename Key>
inline constexpr bool is_for = false;
template <template <typename> typename Template, typename Key>
inline constexpr bool is_for<Template<void>, Key> = true;
template <template <typename> typename Template, typename Key>
inline constexpr bool is_for<Template<Key>, Key> = true;

template <typename Compare, typename Key>
inline constexpr bool is_less =
    std::is_same_v<Compare, less_than> || std::is_same_v<Compare, std::ranges::less> ||
    (is_for<Compare, Key> && is_named<Compare>("std::less<"));

template <typename Compare, typename Key>
inline constexpr bool is_greater = std::is_same_v<Compare, std::ranges::greater> ||
                                   (is_for<Compare, Key> && is_named<Compare>("std::greater<"));

template <typename Range>
concept key_array = std::ranges::contiguous_range<Range> && has_kernels<std::ranges::range_value_t<Range>> &&
                    !std::is_volatile_v<std::remove_reference_t<std::ranges::range_reference_t<Range>>>;

template <typename Range, typename Needle, typename Compare, typename Projection>
concept kernel_search =
    key_array<Range> && compares_as_key<std::ranges::range_value_t<Range>, Needle> &&
    is_less<Compare, std::ranges::range_value_t<Range>> && std::is_same_v<Projection, std::identity>;

/// Comparisons that cost less than the branch predictor's mistakes.
template <typename Range, typename Needle, typename Compare, typename Projection>
concept cheap_search = std::ranges::contiguous_range<Range> &&
                       std::is_arithmetic_v<std::remove_cvref_t<projected_t<Range, Projection>>> &&
                       std::is_arithmetic_v<Needle> &&
                       (is_less<Compare, std::remove_cvref_t<projected_t<Range, Projection>>> ||
                        is_greater<Compare, std::remove_cvref_t<projected_t<Range, Projection>>>);

/// std::string and std::string_view, which compare as their characters do: by name, because a class derived
/// from one of them, or one that looks like them, may have an order of its own.
template <typename T>
concept string_like =
    (is_named<T>("std::basic_string<char") || is_named<T>("std::basic_string_view<char") ||
     is_named<T>("std::__cxx11::basic_string<char") || is_named<T>("std::__1::basic_string<char") ||
     is_named<T>("std::__1::basic_string_view<char")) &&
    std::is_same_v<typename T::value_type, char> &&
    is_named<typename T::traits_type>("std::char_traits<char>");

/// libstdc++'s string of char, not its older one, which shares its characters. clang's name of it leaves the
/// inline namespace out.
template <typename T>
inline constexpr bool is_cxx11_string =
#if defined(_GLIBCXX_USE_CXX11_ABI) && _GLIBCXX_USE_CXX11_ABI
    is_named<T>("std::__cxx11::basic_string<char") || is_named<T>("std::basic_string<char");
#else
    false;
#endif

/// Whether there is room for eight characters at the data() of every T, however few it has: libstdc++'s
/// std::string keeps short ones in 16 bytes of its own and has at least as many elsewhere. libc++'s does,
/// too, but tells AddressSanitizer otherwise; a view may end where its page does.
template <typename T>
inline constexpr bool has_room_for_eight = is_cxx11_string<T>;

template <typename Range, typename Needle, typename Compare, typename Projection>
concept string_search =
    std::ranges::contiguous_range<Range> && string_like<std::ranges::range_value_t<Range>> &&
    string_like<Needle> && is_less<Compare, std::ranges::range_value_t<Range>> &&
    std::is_same_v<Projection, std::identity>;

// Compiled in src/sorted/ for the fixed-width types; they choose the instruction set at run time.
template <typename Key>
auto bisect_left_kernel(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t;
template <typename Key>
auto bisect_right_kernel(const void* keys, std::size_t size, Key needle) noexcept -> std::size_t;
template <typename Key>
void bisect_left_many_kernel(const void* keys, std::size_t size, const void* needles, std::size_t count,
                             std::size_t* out) noexcept;
template <typename Key>
void bisect_right_many_kernel(const void* keys, std::size_t size, const void* needles, std::size_t count,
                              std::size_t* out) noexcept;

/// Resolved bounds.
struct window {
  std::size_t lo;
  std::size_t hi;
};

inline namespace DEFT_TAG {

/// std::invoke(proj, element), without <functional>.
template <typename Projection, typename Element>
constexpr auto project(Projection& proj, Element&& element) -> std::invoke_result_t<Projection&, Element&&> {
  if constexpr (std::is_member_pointer_v<Projection>) {
    if constexpr (requires { static_cast<Element&&>(element).*proj; }) {
      return static_cast<Element&&>(element).*proj;
    } else if constexpr (requires { (static_cast<Element&&>(element).*proj)(); }) {
      return (static_cast<Element&&>(element).*proj)();
    } else if constexpr (requires { (*static_cast<Element&&>(element)).*proj; }) {
      return (*static_cast<Element&&>(element)).*proj;
    } else if constexpr (requires { ((*static_cast<Element&&>(element)).*proj)(); }) {
      return ((*static_cast<Element&&>(element)).*proj)();
    } else {
      return detail::project(proj, element.get());
    }
  } else {
    return proj(static_cast<Element&&>(element));
  }
}

constexpr auto checked(std::size_t lo, std::size_t hi, std::size_t size) -> window {
  if (hi == static_cast<std::size_t>(-1)) hi = size;
  DEFT_PRECONDITION(lo <= hi && hi <= size, "bounds must satisfy lo <= hi <= size");
  return {lo, hi};
}

template <typename Range>
constexpr auto whole(Range& range) -> window {
  return {0, static_cast<std::size_t>(std::ranges::size(range))};
}

template <typename Range>
constexpr auto at(Range& range, std::size_t position) -> std::ranges::iterator_t<Range> {
  return std::ranges::begin(range) + static_cast<std::ranges::range_difference_t<Range>>(position);
}

/// Iterator to the element before `position`, or the end if there is none.
template <typename Range>
constexpr auto before(Range& range, std::size_t position) -> std::ranges::iterator_t<Range> {
  return detail::at(range, position != 0 ? position - 1 : static_cast<std::size_t>(std::ranges::size(range)));
}

template <side Side, typename Iterator, typename Needle, typename Compare, typename Projection>
constexpr auto is_before(const Iterator& element, const Needle& x, Compare& comp, Projection& proj) -> bool {
  if constexpr (Side == side::left) {
    return static_cast<bool>(comp(detail::project(proj, *element), x));
  } else {
    return !static_cast<bool>(comp(x, detail::project(proj, *element)));
  }
}

template <side Side, typename Range, typename Needle, typename Compare, typename Projection>
constexpr auto is_partitioned(Range& range, const Needle& x, window within, Compare& comp, Projection& proj)
    -> bool {
  auto element = detail::at(range, within.lo);
  const auto end = detail::at(range, within.hi);
  while (element != end && detail::is_before<Side>(element, x, comp, proj)) ++element;
  while (element != end && !detail::is_before<Side>(element, x, comp, proj)) ++element;
  return element == end;
}

/// Halves without branches. Beyond the cache the elements are fetched that the step after the next may need,
/// as in the kernels.
template <side Side, typename Element, typename Needle, typename Compare, typename Projection>
constexpr auto search_cheaply(Element* first, std::size_t size, const Needle& x, Compare& comp,
                              Projection& proj) -> std::size_t {
  constexpr std::size_t fetch_above = 131072 / sizeof(Element);
  Element* position = first;
  if (size > fetch_above && !std::is_constant_evaluated()) {
    while (size > 16) {
      const std::size_t half = size / 2;
      size -= half;
      const std::size_t quarter = size / 2;
      Element* const probe = position + (size - quarter) / 2 - 1;
      __builtin_prefetch(probe);
      __builtin_prefetch(probe + quarter);
      __builtin_prefetch(probe + half);
      __builtin_prefetch(probe + half + quarter);
      position +=
          half & -static_cast<std::size_t>(detail::is_before<Side>(position + half - 1, x, comp, proj));
    }
  }
  while (size > 1) {
    const std::size_t half = size / 2;
    size -= half;
    position += half & -static_cast<std::size_t>(detail::is_before<Side>(position + half - 1, x, comp, proj));
  }
  if (size == 1) position += static_cast<std::size_t>(detail::is_before<Side>(position, x, comp, proj));
  return static_cast<std::size_t>(position - first);
}

template <side Side, typename Range, typename Needle, typename Compare, typename Projection>
constexpr auto search_inline(Range& range, const Needle& x, window within, Compare& comp, Projection& proj)
    -> std::size_t {
  std::size_t size = within.hi - within.lo;
  if constexpr (cheap_search<Range&, Needle, Compare, Projection>) {
    return within.lo +
           detail::search_cheaply<Side>(std::ranges::data(range) + within.lo, size, x, comp, proj);
  } else {
    std::size_t position = within.lo;
    if constexpr (string_search<Range&, Needle, Compare, Projection>) {
      const auto* const strings = std::ranges::data(range) + position;
      if (!std::is_constant_evaluated()) {
        std::size_t left = size;
        constexpr bool room =
            has_room_for_eight<std::ranges::range_value_t<Range>> && has_room_for_eight<Needle>;
        position += detail::narrow_strings<room>(strings, left, x);
        size = left;
      }
    }
    auto first = detail::at(range, position);
    const auto begin = first;
    while (size > 0) {
      const std::size_t half = size / 2;
      auto middle = first + static_cast<std::ranges::range_difference_t<Range>>(half);
      if (detail::is_before<Side>(middle, x, comp, proj)) {
        first = ++middle;
        size -= half + 1;
      } else {
        size = half;
      }
    }
    return position + static_cast<std::size_t>(first - begin);
  }
}

template <side Side, typename Range, typename Needle, typename Compare, typename Projection>
constexpr auto search(Range& range, const Needle& x, window within, Compare& comp, Projection& proj)
    -> std::size_t {
  DEFT_DEBUG_CHECK((detail::is_partitioned<Side>(range, x, within, comp, proj)), "the range must be sorted");
  if constexpr (kernel_search<Range&, Needle, Compare, Projection>) {
    if (!std::is_constant_evaluated()) {
      using value = std::ranges::range_value_t<Range>;
      using key = typename kernel_key<value>::type;
      const value* const keys = std::ranges::data(range) + within.lo;
      const auto needle = static_cast<key>(static_cast<value>(x));
      if constexpr (Side == side::left) {
        return within.lo + bisect_left_kernel<key>(keys, within.hi - within.lo, needle);
      } else {
        return within.lo + bisect_right_kernel<key>(keys, within.hi - within.lo, needle);
      }
    }
  }
  return detail::search_inline<Side>(range, x, within, comp, proj);
}

template <side Side, typename Range, typename Needles, typename Compare, typename Projection>
constexpr auto search_many(Range& range, Needles& needles, std::span<std::size_t> out, Compare& comp,
                           Projection& proj) -> std::span<std::size_t> {
  const auto count = static_cast<std::size_t>(std::ranges::size(needles));
  DEFT_PRECONDITION(out.size() >= count, "out must have room for one position per needle");
  using needle = std::ranges::range_value_t<Needles>;
  if constexpr (kernel_search<Range&, needle, Compare, Projection> && key_array<Needles&> &&
                std::is_same_v<std::ranges::range_value_t<Range>, needle>) {
    if (!std::is_constant_evaluated()) {
      using key = typename kernel_key<needle>::type;
      const needle* const keys = std::ranges::data(range);
      const auto size = static_cast<std::size_t>(std::ranges::size(range));
      DEFT_DEBUG_CHECK(std::ranges::is_sorted(range), "the range must be sorted");
      if constexpr (Side == side::left) {
        bisect_left_many_kernel<key>(keys, size, std::ranges::data(needles), count, out.data());
      } else {
        bisect_right_many_kernel<key>(keys, size, std::ranges::data(needles), count, out.data());
      }
      return out.first(count);
    }
  }
  for (std::size_t i = 0; i < count; ++i) {
    out[i] = detail::search<Side>(range, *detail::at(needles, i), detail::whole(range), comp, proj);
  }
  return out.first(count);
}

}  // namespace DEFT_TAG
}  // namespace deft::detail
