/// @file
/// What memoize() finds out about a callable: its signature, and which types own what its parameters refer
/// to.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace deft::detail {

/// The base of what is memoized already, which has overloads of its own but one signature.
struct memoized_tag {};

/// `type` is R(A...), or void where F has no signature or several: overloaded and generic function objects.
/// A member function's object is its first parameter.
template <typename F>
struct callable_signature {
  using type = void;
};

template <typename R, typename... A, bool NoExcept>
struct callable_signature<R (*)(A...) noexcept(NoExcept)> {
  using type = R(A...);
};

/// Of a pointer to a member function: `type` with the object, `call` without it.
template <typename Member>
struct member_signature;

template <typename R, typename C, typename... A, bool NoExcept>
struct member_signature<R (C::*)(A...) noexcept(NoExcept)> {
  using object = C&;
  using type = R(C&, A...);
  using call = R(A...);
};

template <typename R, typename C, typename... A, bool NoExcept>
struct member_signature<R (C::*)(A...) & noexcept(NoExcept)> : member_signature<R (C::*)(A...)> {};

template <typename R, typename C, typename... A, bool NoExcept>
struct member_signature<R (C::*)(A...) const noexcept(NoExcept)> {
  using object = const C&;
  using type = R(const C&, A...);
  using call = R(A...);
};

template <typename R, typename C, typename... A, bool NoExcept>
struct member_signature<R (C::*)(A...) const & noexcept(NoExcept)> : member_signature<R (C::*)(A...) const> {
};

template <typename F>
  requires std::is_member_function_pointer_v<F>
struct callable_signature<F> {
  using type = typename member_signature<F>::type;
};

template <typename F>
  requires std::is_class_v<F> && requires { &F::operator(); }
struct callable_signature<F> {
  template <typename Call>
  struct of_call : callable_signature<Call> {};  // a static one

  template <typename Call>
    requires std::is_member_function_pointer_v<Call>
  struct of_call<Call> {
    using type = typename member_signature<Call>::call;
  };

  using type = typename of_call<decltype(&F::operator())>::type;
};

template <typename F>
  requires std::derived_from<F, memoized_tag>
struct callable_signature<F> {
  using type = typename F::signature;
};

template <typename F>
struct callable_signature<std::reference_wrapper<F>> : callable_signature<std::decay_t<F>> {};

/// The type in which a cache owns what an argument of type T refers to: text and elements, never pointers to
/// them. The text of a `const char*` ends at its first zero.
template <typename T>
struct owned {
  using type = T;
};

template <typename T>
using owned_t = typename owned<std::remove_cvref_t<T>>::type;

template <typename T>
inline constexpr bool is_character =
    std::is_same_v<T, char> || std::is_same_v<T, wchar_t> || std::is_same_v<T, char8_t> ||
    std::is_same_v<T, char16_t> || std::is_same_v<T, char32_t>;

template <typename Char>
  requires is_character<Char>
struct owned<const Char*> {
  using type = std::basic_string<Char>;
};

template <typename Char>
struct owned<std::basic_string_view<Char>> {
  using type = std::basic_string<Char>;
};

template <typename T, std::size_t N>
struct owned<std::span<T, N>> {
  using type = std::vector<std::remove_cv_t<T>>;
};

template <typename T>
struct owned<std::initializer_list<T>> {
  using type = std::vector<T>;
};

template <typename... T>
struct owned<std::tuple<T...>> {
  using type = std::tuple<owned_t<T>...>;
};

template <typename A, typename B>
struct owned<std::pair<A, B>> {
  using type = std::pair<owned_t<A>, owned_t<B>>;
};

template <typename T>
struct owned<std::optional<T>> {
  using type = std::optional<owned_t<T>>;
};

}  // namespace deft::detail
