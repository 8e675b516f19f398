/// @file
/// deft::memo_member, deft::memo_member_by: member functions that remember their results.
#pragma once

#include <atomic>
#include <concepts>
#include <functional>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/callable.hpp"
#include "deft/memo/detail/memoized_table.hpp"
#include "deft/memo/handle.hpp"
#include "deft/memo/memoize.hpp"
#include "deft/memo/options.hpp"
#include "deft/memo/policy.hpp"

namespace deft {

/// The results of one member function, for one object: a data member of it.
///
/// ```
/// class shape {
///  public:
///   double area(int precision) const { return area_(*this, precision); }
///   void scale(double by) { size_ *= by; area_.cache_clear(); }      // what area depends on has changed
///  private:
///   double compute_area(int precision) const;
///   double size_ = 1;
///   deft::memo_member<&shape::compute_area> area_;                   // or area_{{.max_size = 4}}
/// };
/// ```
///
/// The key is the arguments only: a cache that many objects share and that knows them by their addresses
/// would give a new object the results of a dead one. This one dies with its object and moves with it. A copy
/// of the object begins empty, and so does an object that was assigned to; what is moved from is empty. All
/// are equal, so that `bool operator==(const shape&) const = default` means the other members.
///
/// When to use it: objects that are asked often. When not: objects that come and go while what they stand for
/// stays (rows of a table): take deft::memo_member_by.
///
/// Results, arguments, exceptions and recursion: as deft::memoized.
///
/// Memory: 24 bytes; from the first call on some kilobytes, and per entry as deft::concurrent_cache.
///
/// Threads: as deft::memoized; but assigning to it, moving and destroying it need exclusive access.
template <auto Member, typename Policy = policy::lru,
          typename Call = typename detail::member_signature<decltype(Member)>::call>
class memo_member;

template <auto Member, typename Policy, typename R, typename... A>
class memo_member<Member, Policy, R(A...)> {
  using table = detail::memoized_table<R(A...), Policy, detail::all_arguments>;

 public:
  /// A reference to the object: to const, if the member function is const.
  using object_reference = typename detail::member_signature<decltype(Member)>::object;
  using result_type = std::decay_t<R>;
  using handle_type = handle<detail::stored_result<R>>;

  /// With the default options.
  /// @complexity  O(1), no allocation. @concurrency Safe.
  DEFT_TAGGED memo_member() noexcept = default;

  /// @throws      std::bad_alloc. Options of wrong types are found at the first call.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED explicit memo_member(memo_options options)
      : options_(std::make_shared<const memo_options>(std::move(options))) {}

  /// Empty, with the same options.
  /// @complexity  O(1). @concurrency Reads `other`.
  DEFT_TAGGED memo_member(const memo_member& other) noexcept : options_(other.options_) {}

  /// Takes the results; `other` is empty then and keeps the options.
  /// @complexity  O(1). @concurrency Exclusive access to `other`.
  DEFT_TAGGED memo_member(memo_member&& other) noexcept
      : options_(other.options_), results_(other.results_.exchange(nullptr, std::memory_order_acq_rel)) {}

  /// Forgets all, and takes the options of `other`: the object has another value now.
  /// @returns     *this.
  /// @complexity  O(n). @invalidates Nothing: handles stay valid. @concurrency Exclusive access to *this.
  DEFT_TAGGED memo_member& operator=(const memo_member& other) noexcept {
    if (this != &other) replace(other.options_, nullptr);
    return *this;
  }

  /// Forgets all, and takes the results and the options of `other`, which is empty then.
  /// @returns     *this.
  /// @complexity  O(n). @invalidates Nothing: handles stay valid. @concurrency Exclusive access to both.
  DEFT_TAGGED memo_member& operator=(memo_member&& other) noexcept {
    if (this != &other) replace(other.options_, other.results_.exchange(nullptr, std::memory_order_acq_rel));
    return *this;
  }

  /// @pre         No call is under way.
  /// @complexity  O(n). @invalidates Nothing: handles stay valid.
  DEFT_TAGGED ~memo_member() { delete results_.load(std::memory_order_acquire); }

  /// The member function's result for these arguments, as deft::memoized::operator().
  /// @returns     A copy of the result.
  /// @throws      What the member function throws; recursive_memo_error; std::bad_alloc;
  /// std::invalid_argument
  ///              if a callable in the options takes other types; what copying, hashing, comparing throw.
  /// @guarantee   Strong.
  /// @complexity  O(1) and the function; a hit allocates what copying the result does. @concurrency Safe.
  /// @{
  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (detail::argument_for<Args, A> && ...) &&
             detail::result_can_be_copied_else_call_pin<R>)
  DEFT_TAGGED result_type operator()(object_reference self, Args&&... args) const {
    return results().call(caller{self}, std::forward<Args>(args)...);
  }

  DEFT_TAGGED result_type operator()(object_reference self, A&&... args) const
    requires detail::result_can_be_copied_else_call_pin<R>
  {
    return results().call(caller{self}, std::forward<A>(args)...);
  }

  /// @}

  /// The same without a copy.
  /// @returns     A handle, never empty; valid also when the entry and the object are gone.
  /// @throws      As operator(), but for copying the result.
  /// @guarantee   Strong.
  /// @complexity  O(1) and the function; a hit allocates nothing. @concurrency Safe.
  /// @{
  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (detail::argument_for<Args, A> && ...))
  [[nodiscard]] DEFT_TAGGED handle_type pin(object_reference self, Args&&... args) const {
    return results().pin(caller{self}, std::forward<Args>(args)...);
  }

  [[nodiscard]] DEFT_TAGGED handle_type pin(object_reference self, A&&... args) const {
    return results().pin(caller{self}, std::forward<A>(args)...);
  }

  /// @}

  /// Forgets the result for these arguments. One that is just being computed is not kept.
  /// @returns     Whether there was one.
  /// @throws      What hashing and comparing throw; std::bad_alloc. @guarantee Strong.
  /// @complexity  O(1). @concurrency Safe.
  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (detail::argument_for<Args, A> && ...))
  DEFT_TAGGED bool invalidate(Args&&... args) const {
    table* const made = results_.load(std::memory_order_acquire);
    return made != nullptr && made->invalidate(std::forward<Args>(args)...);
  }

  /// Forgets all results, and counts anew. What is just being computed is not kept.
  /// @throws      std::bad_alloc with a listener.
  /// @complexity  O(n). @concurrency Safe.
  DEFT_TAGGED void cache_clear() const {
    if (table* const made = results_.load(std::memory_order_acquire)) made->cache().clear();
  }

  /// @returns     What was counted, and what there is.
  /// @throws      Nothing.
  /// @complexity  O(shards). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED deft::cache_info cache_info() const {
    if (const table* const made = results_.load(std::memory_order_acquire)) return made->cache().info();
    deft::cache_info empty;
    empty.max_size = cache_parameters().max_size;
    return empty;
  }

  /// @returns     What the cache is made with.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED cache_parameters_info cache_parameters() const noexcept {
    return {.max_size = options_ ? options_->max_size : memo_options().max_size};
  }

  /// What is remembered is no part of a value.
  /// @returns     true.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED friend bool operator==(const memo_member& /*a*/, const memo_member& /*b*/) noexcept {
    return true;
  }

 private:
  struct caller {
    DEFT_TAGGED decltype(auto) operator()(A... args) const {
      return (self.*Member)(std::forward<A>(args)...);
    }

    object_reference self;
  };

  DEFT_TAGGED void replace(const std::shared_ptr<const memo_options>& options, table* results) noexcept {
    options_ = options;
    delete results_.exchange(results, std::memory_order_acq_rel);
  }

  DEFT_TAGGED table& results() const {
    table* const made = results_.load(std::memory_order_acquire);
    return made != nullptr ? *made : make_results();
  }

  // Two threads may make one; the second one's is thrown away.
  DEFT_TAGGED table& make_results() const {
    auto made = std::make_unique<table>(options_ ? *options_ : memo_options());
    table* current = nullptr;
    if (results_.compare_exchange_strong(current, made.get(), std::memory_order_acq_rel))
      return *made.release();
    return *current;
  }

  std::shared_ptr<const memo_options> options_;  // null: the default
  mutable std::atomic<table*> results_ = nullptr;
};

namespace detail {

/// What identifies an object, and the arguments.
template <auto Id>
struct member_key {
  template <typename Object>
  DEFT_TAGGED decltype(auto) operator()(const Object& self) const {
    return std::invoke(Id, self);
  }

  template <typename Object, typename... A>
    requires(sizeof...(A) > 0)
  DEFT_TAGGED auto operator()(const Object& self, const A&... args) const {
    return std::tuple<std::invoke_result_t<decltype(Id), const Object&>, const A&...>(std::invoke(Id, self),
                                                                                      args...);
  }
};

}  // namespace detail

/// The results of one member function, for all objects, which are known by what `Id` says of them: a data
/// member, a const member function or any callable of the object.
///
/// ```
/// class customer {
///  public:
///   std::uint64_t id() const;
///   double rating(int year) const;
/// };
/// deft::memo_member_by<&customer::rating, &customer::id> rating{{.max_size = 10'000}};
/// rating(someone, 2020);
/// ```
///
/// Two objects of the same id share results, at the same time or one after the other: the id must say all
/// that the results depend on, besides the arguments. Never take an address for it. Everything else is
/// deft::memoized's: the object is the first argument of each call; copies share the cache.
///
/// Memory, threads: as deft::memoized.
template <auto Member, auto Id, typename Policy = policy::lru>
class memo_member_by : public memoized<typename detail::member_signature<decltype(Member)>::type,
                                       decltype(Member), Policy, detail::key_by<detail::member_key<Id>>> {
  using base = memoized<typename detail::member_signature<decltype(Member)>::type, decltype(Member), Policy,
                        detail::key_by<detail::member_key<Id>>>;

 public:
  // Not one constructor with a default argument: g++ 12 does not find that for a static member of `Member`'s
  // own class.

  /// With the default options.
  /// @throws      std::bad_alloc. @complexity O(1). @concurrency Safe.
  DEFT_TAGGED memo_member_by() : memo_member_by(memo_options()) {}

  /// @throws      std::bad_alloc; std::invalid_argument if a callable in the options takes other types than
  /// the
  ///              key's and the result's.
  /// @complexity  O(1). @concurrency Safe.
  DEFT_TAGGED explicit memo_member_by(memo_options options) : base(Member, std::move(options)) {}
};

}  // namespace deft
