/// @file
/// detail::memoized_table: a cache, and how the arguments of a call become its keys.
#pragma once

#include <concepts>
#include <type_traits>
#include <utility>
#include <variant>

#include "deft/core/contracts.hpp"
#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/detail/memoized_arguments.hpp"
#include "deft/memo/options.hpp"

namespace deft::detail {

/// What is stored for a function that returns R: nothing but that it was called, if that is void.
template <typename R>
using stored_result = std::conditional_t<std::is_void_v<R>, std::monostate, std::decay_t<R>>;

template <typename Signature, typename Policy, typename Keys>
class memoized_table;

/// `Keys` is all_arguments or key_by<...>.
template <typename R, typename... A, typename Policy, typename Keys>
class memoized_table<R(A...), Policy, Keys> {
 public:
  using key_type = typename Keys::template key_type<A...>;
  using result_type = std::decay_t<R>;
  using mapped_type = stored_result<R>;
  using cache_type = concurrent_cache<key_type, mapped_type, Policy>;
  using handle_type = handle<mapped_type>;

  DEFT_TAGGED explicit memoized_table(memo_options options, Keys keys = {})
      : keys_(std::move(keys)), cache_(std::move(options)) {}

  /// A copy of the result, from the cache or of function(A...).
  template <typename Function, typename... Args>
  DEFT_TAGGED [[gnu::always_inline]] result_type call(Function&& function, Args&&... args) {
    return call_with(function, argument<A, Args>(std::forward<Args>(args))...);
  }

  template <typename Function, typename... Args>
  DEFT_TAGGED [[gnu::always_inline]] handle_type pin(Function&& function, Args&&... args) {
    return pin_with(function, argument<A, Args>(std::forward<Args>(args))...);
  }

  template <typename... Args>
  DEFT_TAGGED bool invalidate(Args&&... args) {
    return invalidate_with(argument<A, Args>(std::forward<Args>(args))...);
  }

  [[nodiscard]] DEFT_TAGGED cache_type& cache() noexcept { return cache_; }

  [[nodiscard]] DEFT_TAGGED const cache_type& cache() const noexcept { return cache_; }

 private:
  template <typename P, typename Arg>
  using argument = typename Keys::template argument<P, Arg>;

  // The arguments are bound in the callers: what was made of them lives until the call is over.

  template <typename Function, typename... Arguments>
  DEFT_TAGGED [[gnu::always_inline]] result_type call_with(Function& function,
                                                           const Arguments&... arguments) {
    return keys_.template with_key<key_type>(
        [&](const auto& key) __attribute__((always_inline)) {
          if constexpr (std::is_void_v<R>) {
            (void)cache_.get_or_compute(key, [&] { return compute(function, arguments...); });
          } else {
            return cache_.get_or_compute(key, [&] { return compute(function, arguments...); });
          }
        },
        arguments...);
  }

  template <typename Function, typename... Arguments>
  DEFT_TAGGED [[gnu::always_inline]] handle_type pin_with(Function& function, const Arguments&... arguments) {
    return keys_.template with_key<key_type>(
        [&](const auto& key) __attribute__((always_inline)) {
          return cache_.pin_or_compute(key, [&] { return compute(function, arguments...); });
        },
        arguments...);
  }

  template <typename... Arguments>
  DEFT_TAGGED bool invalidate_with(const Arguments&... arguments) {
    return keys_.template with_key<key_type>([&](const auto& key) { return cache_.invalidate(key); },
                                             arguments...);
  }

  template <typename Function, typename... Arguments>
  DEFT_TAGGED static mapped_type compute(Function& function, const Arguments&... arguments) {
    if constexpr (std::is_void_v<R>) {
      function(arguments.parameter().get()...);
      return {};
    } else {
      return static_cast<mapped_type>(function(arguments.parameter().get()...));
    }
  }

  [[no_unique_address]] Keys keys_;
  cache_type cache_;
};

/// Whether what is stored can be returned by value. Named as the reason why a call does not compile.
template <typename R>
concept result_can_be_copied_else_call_pin = std::is_void_v<R> || std::copy_constructible<std::decay_t<R>>;

}  // namespace deft::detail
