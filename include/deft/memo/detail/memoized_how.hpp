/// @file
/// How a function is memoized and called: the template arguments of memoize(), and what a miss does with the
/// function.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/callable.hpp"
#include "deft/memo/detail/memoized_arguments.hpp"
#include "deft/memo/detail/memoized_table.hpp"
#include "deft/memo/policy.hpp"

namespace deft::detail {

template <typename T>
inline constexpr bool is_policy = std::is_class_v<T> && std::is_empty_v<T>;

/// What memoize<...> may be given: a policy, a signature, or both.
template <typename... How>
concept policies_and_signatures = ((is_policy<How> || std::is_function_v<How>) && ...) &&
                                  (static_cast<int>(std::is_function_v<How>) + ... + 0) <= 1 &&
                                  (static_cast<int>(is_policy<How>) + ... + 0) <= 1;

/// The first policy and the first signature among How, or what is taken instead.
template <typename... How>
struct memo_how {
  using policy = policy::lru;
  using signature = void;
};

template <typename First, typename... Rest>
struct memo_how<First, Rest...> {
  using policy = First;
  using signature = typename memo_how<Rest...>::signature;
};

template <typename First, typename... Rest>
  requires std::is_function_v<First>
struct memo_how<First, Rest...> {
  using policy = typename memo_how<Rest...>::policy;
  using signature = typename callable_signature<First*>::type;  // without noexcept
};

template <typename... How>
using policy_of = typename memo_how<How...>::policy;

template <typename... How>
using named_signature = typename memo_how<How...>::signature;

template <typename... How>
concept names_signature = !std::is_void_v<named_signature<How...>>;

/// Whether F is what the signature's own overload takes.
template <typename F, typename... How>
concept chosen_by_signature = std::is_pointer_v<std::decay_t<F>> && names_signature<How...> &&
                              std::is_convertible_v<std::decay_t<F>, named_signature<How...>*>;

template <typename F, typename... How>
struct signature_or_reason {
  using own = typename callable_signature<std::decay_t<F>>::type;
  using type = std::conditional_t<std::is_void_v<own>, void(), own>;
  static_assert(
      !std::is_void_v<own>,
      "deft::memoize: the function has no single signature (it is generic, overloaded, or no function): "
      "name one, as in deft::memoize<double(int)>(f)");
};

template <typename F, typename... How>
  requires names_signature<How...>
struct signature_or_reason<F, How...> {
  using type = named_signature<How...>;
};

template <typename... How>
struct named_signature_or_reason {
  using type = std::conditional_t<names_signature<How...>, named_signature<How...>, void()>;
  static_assert(names_signature<How...>,
                "deft::memoize_recursive: name the signature: deft::memoize_recursive<long(int)>(f)");
};

template <typename F, typename... How>
using signature_for = typename signature_or_reason<F, How...>::type;

/// Calls the function as it is.
template <typename Table, typename F, typename... A>
class direct_call {
 public:
  DEFT_TAGGED direct_call(Table& /*results*/, F& function) noexcept : function_(function) {}

  DEFT_TAGGED decltype(auto) operator()(A... args) const {
    return std::invoke(function_, std::forward<A>(args)...);
  }

 private:
  F& function_;
};

/// Gives the function, as its first argument, something to call itself by: an object that lives as long as
/// the call.
template <typename Table, typename F, typename... A>
class recursive_call {
 public:
  class self;
  using result_type = typename Table::result_type;

  DEFT_TAGGED recursive_call(Table& results, F& function) noexcept : results_(results), function_(function) {}

  // Not decltype(auto): that would have to be deduced from a function that calls this.
  DEFT_TAGGED result_type operator()(A... args) const {
    const self own(*this);
    return static_cast<result_type>(std::invoke(function_, own, std::forward<A>(args)...));
  }

 private:
  Table& results_;
  F& function_;
};

template <typename Table, typename F, typename... A>
class recursive_call<Table, F, A...>::self {
 public:
  using handle_type = typename Table::handle_type;

  DEFT_TAGGED explicit self(const recursive_call& call) noexcept : call_(call) {}

  self(const self&) = delete;
  self& operator=(const self&) = delete;

  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (argument_for<Args, A> && ...) &&
             result_can_be_copied_else_call_pin<result_type>)
  DEFT_TAGGED result_type operator()(Args&&... args) const {
    return call_.results_.call(call_, std::forward<Args>(args)...);
  }

  DEFT_TAGGED result_type operator()(A&&... args) const
    requires result_can_be_copied_else_call_pin<result_type>
  {
    return call_.results_.call(call_, std::forward<A>(args)...);
  }

  template <typename... Args>
    requires(sizeof...(Args) == sizeof...(A) && (argument_for<Args, A> && ...))
  [[nodiscard]] DEFT_TAGGED handle_type pin(Args&&... args) const {
    return call_.results_.pin(call_, std::forward<Args>(args)...);
  }

  [[nodiscard]] DEFT_TAGGED handle_type pin(A&&... args) const {
    return call_.results_.pin(call_, std::forward<A>(args)...);
  }

 private:
  const recursive_call& call_;
};

/// @{ For deft::memoized.
struct direct_calls {
  template <typename Table, typename F, typename... A>
  using of = direct_call<Table, F, A...>;
};

struct recursive_calls {
  template <typename Table, typename F, typename... A>
  using of = recursive_call<Table, F, A...>;
};

/// @}

}  // namespace deft::detail
