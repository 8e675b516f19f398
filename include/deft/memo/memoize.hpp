/// @file
/// deft::memoize: a function that remembers its results, as Python's functools.lru_cache.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/callable.hpp"
#include "deft/memo/detail/memoized_how.hpp"
#include "deft/memo/detail/memoized_table.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/options.hpp"
#include "deft/memo/policy.hpp"

namespace deft {

/// What memoize() returns: called as the function it was made of, it computes each result once and returns
/// copies of it.
///
/// When to use it: a function whose result depends on its arguments only, and costs more than looking it up
/// (some 10 ns; more for long keys). When not: results that must be fresh, arguments that are never seen
/// twice, functions with other effects. Where a key is not the arguments' value: deft::memoize_by,
/// deft::memo_member.
///
/// Arguments are converted to the parameters' types first, as in a direct call, so 1 and 1.0 are one key. A
/// key owns its arguments: text as std::string, spans as std::vector, tuples of both; pointers otherwise are
/// keys by address. A hit makes no such object, and takes what a parameter is made from: a string_view for a
/// `const std::string&`. NaNs are one key, and -0.0 and 0.0.
///
/// Results are kept by value: what a returned reference refers to is copied (a std::reference_wrapper is kept
/// as it is). A `void` function is called once for the same arguments. Exceptions are not kept.
///
/// Differs from functools: of several threads that ask for the same result one computes it, the others wait
/// (see deft::flight); a function that asks for what it is just computing gets a deft::recursive_memo_error.
///
/// Memory: per entry as deft::concurrent_cache; the object itself is a std::shared_ptr.
///
/// Threads: all members may be called at any time by any thread. The function may run in several threads at
/// once, for different arguments. Copies share the cache, and so does what is moved from: a memoized function
/// can be passed around like the function, and is never empty.
template <typename Signature, typename F, typename Policy = policy::lru,
          typename Keys = detail::all_arguments, typename Calls = detail::direct_calls>
class memoized;

template <typename R, typename... A, typename F, typename Policy, typename Keys, typename Calls>
class memoized<R(A...), F, Policy, Keys, Calls> : public detail::memoized_tag {
  using table = detail::memoized_table<R(A...), Policy, Keys>;

 public:
  using signature = std::decay_t<R>(A...);
  using result_type = std::decay_t<R>;
  /// Of one argument the argument, decayed and owned; of several a std::tuple; of none std::tuple<>.
  using key_type = typename table::key_type;
  /// std::monostate where the function returns nothing.
  using mapped_type = typename table::mapped_type;
  using handle_type = handle<mapped_type>;
  using cache_type = typename table::cache_type;

  /// See deft::memoize.
  /// @throws      std::bad_alloc; what moving f throws; std::invalid_argument if a callable in the options
  ///              takes other types than key_type and mapped_type.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED memoized(F f, memo_options options, Keys keys = {})
      : state_(std::make_shared<state>(std::move(f), std::move(options), std::move(keys))) {}

  /// Shares the cache.
  /// @complexity  O(1), an atomic increment. @concurrency Reads `other`.
  /// @{
  DEFT_TAGGED memoized(const memoized& other) noexcept = default;
  DEFT_TAGGED memoized& operator=(const memoized& other) noexcept = default;
  /// @}

  DEFT_TAGGED ~memoized() = default;

  /// The result for these arguments: a copy of the one that is kept, or of the function's, which is kept
  /// then.
  ///
  /// Takes what the parameters take, and also what their keys are looked up by: `slow("text")` makes no
  /// std::string of a `const std::string&` parameter on a hit. Results that cannot be copied: see pin().
  /// @returns     A copy of the result.
  /// @throws      What the function throws, to all who wait for it (see on_error); recursive_memo_error; what
  ///              copying the result, hashing, comparing and copying arguments throw.
  /// @guarantee   Strong.
  /// @complexity  O(1) and the function; a hit allocates what copying the result does. @concurrency Safe.
  /// @{
  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (Keys::template accepts<Args, A> && ...) &&
             detail::result_can_be_copied_else_call_pin<R>)
  DEFT_TAGGED [[gnu::always_inline]] result_type operator()(Args&&... args) const {
    return state_->results.call(caller(), std::forward<Args>(args)...);
  }

  // For braces: f({1, 2}). References, so that a by-value parameter is not made on a hit.
  DEFT_TAGGED [[gnu::always_inline]] result_type operator()(A&&... args) const
    requires detail::result_can_be_copied_else_call_pin<R>
  {
    return state_->results.call(caller(), std::forward<A>(args)...);
  }

  /// @}

  /// The same without a copy: for results that are costly to copy, or cannot be.
  /// @returns     A handle, never empty; valid also when the entry is gone.
  /// @throws      As operator(), but for copying.
  /// @guarantee   Strong.
  /// @complexity  O(1) and the function; a hit allocates nothing. @concurrency Safe.
  /// @{
  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (Keys::template accepts<Args, A> && ...))
  [[nodiscard]] DEFT_TAGGED [[gnu::always_inline]] handle_type pin(Args&&... args) const {
    return state_->results.pin(caller(), std::forward<Args>(args)...);
  }

  [[nodiscard]] DEFT_TAGGED [[gnu::always_inline]] handle_type pin(A&&... args) const {
    return state_->results.pin(caller(), std::forward<A>(args)...);
  }

  /// @}

  /// Forgets the result for these arguments. One that is just being computed is not kept.
  /// @returns     Whether there was one.
  /// @throws      What hashing and comparing throw; std::bad_alloc with a listener. @guarantee Strong.
  /// @complexity  O(1). @concurrency Safe.
  /// @{
  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (Keys::template accepts<Args, A> && ...))
  DEFT_TAGGED bool invalidate(Args&&... args) const {
    return state_->results.invalidate(std::forward<Args>(args)...);
  }

  DEFT_TAGGED bool invalidate(A&&... args) const {
    return state_->results.invalidate(std::forward<A>(args)...);
  }

  /// @}

  /// Forgets all results, and counts anew. What is just being computed is not kept.
  /// @throws      std::bad_alloc with a listener.
  /// @complexity  O(n). @concurrency Safe.
  DEFT_TAGGED void cache_clear() const { state_->results.cache().clear(); }

  /// @returns     What was counted since the function was memoized or the cache cleared, and what there is.
  /// @throws      Nothing.
  /// @complexity  O(shards). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED deft::cache_info cache_info() const { return state_->results.cache().info(); }

  /// @returns     What the cache was made with: functools' cache_parameters().
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED cache_parameters_info cache_parameters() const noexcept {
    return {.max_size = state_->results.cache().options().max_size};
  }

  /// @returns     The function, which computes anew on each call and keeps nothing: functools' __wrapped__.
  /// @complexity  O(1). @concurrency Safe; calls of the function are the caller's matter.
  [[nodiscard]] DEFT_TAGGED F& wrapped() const noexcept { return state_->function; }

  /// @returns     The cache itself, for what has no name here: resize(), invalidate_if(), put(), options().
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED cache_type& cache() const noexcept { return state_->results.cache(); }

 private:
  struct state {
    DEFT_TAGGED state(F&& f, memo_options&& options, Keys&& keys)
        : function(std::move(f)), results(std::move(options), std::move(keys)) {}

    F function;
    table results;
  };

  DEFT_TAGGED [[gnu::always_inline]] auto caller() const noexcept {
    return typename Calls::template of<table, F, A...>(state_->results, state_->function);
  }

  std::shared_ptr<state> state_;
};

inline namespace DEFT_TAG {

/// Makes a function that remembers its results, thread-safe, as Python's functools.lru_cache does:
///
/// ```
/// auto area = deft::memoize(slow_area);                                 // the last 128 results
/// auto area = deft::memoize(slow_area, {.max_size = 1024, .ttl = 5s});
/// auto area = deft::memoize<deft::policy::s3_fifo>(slow_area, {.max_size = 100'000});
/// auto area = deft::memoize<double(shape const&)>(slow_area);           // of several overloads, or of a
/// template
/// ```
///
/// @tparam How  A policy (deft::policy::lru unless named), the signature (what `f` has unless named), or
/// both.
/// @param f     A function, lambda, function object or member function (called with its object as the first
///              argument, whose value is a part of the key then); also one that can only be moved. For one
///              with default arguments pass a lambda.
/// @param options What to keep, and how long; see deft::memo_options.
/// @returns     A deft::memoized.
/// @throws      std::bad_alloc; what moving or copying f throws; std::invalid_argument if a callable in the
///              options takes other types than the key's and the result's.
/// @complexity  O(1). @concurrency Safe.
/// @{
template <typename... How, typename F>
  requires(detail::policies_and_signatures<How...> && !detail::chosen_by_signature<F, How...>)
[[nodiscard]] auto memoize(F&& f, memo_options options = {}) {
  using signature = detail::signature_for<F, How...>;
  return memoized<signature, std::decay_t<F>, detail::policy_of<How...>>(std::forward<F>(f),
                                                                         std::move(options));
}

template <typename... How>
  requires(detail::policies_and_signatures<How...> && detail::names_signature<How...>)
[[nodiscard]] auto memoize(detail::named_signature<How...>* f, memo_options options = {}) {
  using signature = detail::named_signature<How...>;
  return memoized<signature, signature*, detail::policy_of<How...>>(f, std::move(options));
}

/// @}

/// memoize() by a key of one's own, made of the arguments: for arguments that are costly to hash, that have
/// no hash, or that do not all matter. Parameters may be references to non-const then.
///
/// ```
/// auto user = deft::memoize_by([](request const& r) { return std::tie(r.user, r.locale); }, fetch_user);
/// ```
///
/// The arguments are converted to the parameters of `f` first; both functions see the same.
/// @tparam How  As for memoize().
/// @param key   A function of the same parameters. References in its result (std::tie, a string_view) are
/// fine:
///              what they refer to is copied on a miss. Must be callable by several threads at once.
/// @returns     A deft::memoized.
/// @throws      As memoize().
/// @complexity  O(1). @concurrency Safe.
/// @{
template <typename... How, typename KeyFunction, typename F>
  requires(detail::policies_and_signatures<How...> && !detail::chosen_by_signature<F, How...>)
[[nodiscard]] auto memoize_by(KeyFunction&& key, F&& f, memo_options options = {}) {
  using signature = detail::signature_for<F, How...>;
  using keys = detail::key_by<std::decay_t<KeyFunction>>;
  return memoized<signature, std::decay_t<F>, detail::policy_of<How...>, keys>(
      std::forward<F>(f), std::move(options), keys{std::forward<KeyFunction>(key)});
}

template <typename... How, typename KeyFunction>
  requires(detail::policies_and_signatures<How...> && detail::names_signature<How...>)
[[nodiscard]] auto memoize_by(KeyFunction&& key, detail::named_signature<How...>* f,
                              memo_options options = {}) {
  using signature = detail::named_signature<How...>;
  using keys = detail::key_by<std::decay_t<KeyFunction>>;
  return memoized<signature, signature*, detail::policy_of<How...>, keys>(
      f, std::move(options), keys{std::forward<KeyFunction>(key)});
}

/// @}

/// memoize() for a function that calls itself: it gets the memoized function as its first argument.
///
/// ```
/// auto fib = deft::memoize_recursive<std::uint64_t(int)>(
///     [](auto& self, int n) { return n < 2 ? n : self(n - 1) + self(n - 2); });
/// ```
///
/// `self` can be called and has pin(); it must not be kept. Asking for what is just being computed throws
/// recursive_memo_error.
/// @tparam How  The signature without `self`; a policy.
/// @returns     A deft::memoized.
/// @throws      As memoize().
/// @complexity  O(1). @concurrency Safe.
template <typename... How, typename F>
  requires detail::policies_and_signatures<How...>
[[nodiscard]] auto memoize_recursive(F&& f, memo_options options = {}) {
  using signature = typename detail::named_signature_or_reason<How...>::type;
  return memoized<signature, std::decay_t<F>, detail::policy_of<How...>, detail::all_arguments,
                  detail::recursive_calls>(std::forward<F>(f), std::move(options));
}

}  // namespace DEFT_TAG
}  // namespace deft
