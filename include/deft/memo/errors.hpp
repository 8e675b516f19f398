/// @file
/// deft::recursive_memo_error: a value that needs itself.
#pragma once

#include <stdexcept>

namespace deft {

/// The computation of a value waits, through however many threads and caches, for its own end: the function
/// calls itself with the same key, or threads wait for one another in a circle. It is thrown where waiting
/// would close the circle, and reaches the callers of all values in it, as any exception of a function does.
/// No cache remembers it.
class recursive_memo_error : public std::logic_error {
 public:
  /// @throws      std::bad_alloc. @complexity O(1). @concurrency Safe.
  recursive_memo_error();
  recursive_memo_error(const recursive_memo_error&) noexcept = default;
  recursive_memo_error& operator=(const recursive_memo_error&) noexcept = default;
  ~recursive_memo_error() override;
};

namespace detail {

/// Throws recursive_memo_error, or reports it and aborts where exceptions are disabled in the library's
/// build.
[[noreturn, gnu::cold]] void throw_recursive_memo();

}  // namespace detail
}  // namespace deft
