/// @file
/// Tells AddressSanitizer which part of a vector's memory holds no elements, so that reading one element too
/// far is reported although the capacity is larger (`container-overflow`).
///
/// Only in translation units compiled with -fsanitize=address, and only for std::allocator: another
/// allocator may hand its memory out again without telling ASan. libc++'s std::vector does this by itself,
/// libstdc++'s with _GLIBCXX_SANITIZE_VECTOR: there, and without ASan, everything here is empty.
///
/// The rule, as libc++'s: whatever changes one container is compiled with ASan in all translation units, or
/// in none. (Code without ASan does not keep the books: an element that it appends looks like slack to code
/// with ASan.) Where that cannot be had, run with ASAN_OPTIONS=detect_container_overflow=0. Inline bodies are
/// not mixed up by the linker: DEFT_TAG tells ASan's apart.
#pragma once

#include <memory>
#include <vector>

#include "deft/core/contracts.hpp"

#if DEFT_DETAIL_ASAN && !defined(_LIBCPP_VERSION) && !defined(_GLIBCXX_SANITIZE_VECTOR)
#define DEFT_DETAIL_ANNOTATES_SLACK 1
#include <sanitizer/common_interface_defs.h>
#else
#define DEFT_DETAIL_ANNOTATES_SLACK 0
#endif

namespace deft::detail {

template <typename Container>
inline constexpr bool annotates_slack = false;

#if DEFT_DETAIL_ANNOTATES_SLACK
template <typename T>
inline constexpr bool annotates_slack<std::vector<T, std::allocator<T>>> = true;
#endif

/// Opens the slack of a vector for a change; the destructor closes what is slack then, in whichever array.
/// Two of one vector must not be nested: the inner one would close it for the outer one's change.
template <typename Container, bool = annotates_slack<Container>>
class open_slack {
 public:
  DEFT_TAGGED explicit open_slack(Container& /*container*/) noexcept {}

  /// For good: the memory is given away.
  DEFT_TAGGED static void open(Container& /*container*/) noexcept {}
};

#if DEFT_DETAIL_ANNOTATES_SLACK
template <typename Container>
class open_slack<Container, true> {
 public:
  DEFT_TAGGED explicit open_slack(Container& container) noexcept : container_(container) { open(container); }

  open_slack(const open_slack&) = delete;
  open_slack& operator=(const open_slack&) = delete;

  DEFT_TAGGED ~open_slack() { mark(container_, container_.capacity(), container_.size()); }

  DEFT_TAGGED static void open(Container& container) noexcept {
    mark(container, container.size(), container.capacity());
  }

 private:
  DEFT_TAGGED static void mark(Container& c, std::size_t readable_before, std::size_t readable_now) noexcept {
    if (c.capacity() == 0) return;
    const auto* const begin = c.data();
    __sanitizer_annotate_contiguous_container(begin, begin + c.capacity(), begin + readable_before,
                                              begin + readable_now);
  }

  Container& container_;
};
#endif

}  // namespace deft::detail
