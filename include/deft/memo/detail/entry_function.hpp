/// @file
/// detail::entry_function: a callable of the user's over keys and values whose types a plain options
/// aggregate cannot name.
#pragma once

#include <concepts>
#include <functional>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

/// Throws std::invalid_argument: `what` takes other types than the cache's. The types are named as by
/// type_text().
[[noreturn]] void throw_entry_types_differ(const char* what, std::string_view expected,
                                           std::string_view found);

/// A text in which the type is spelt: the same in all translation units of a compiler, also without RTTI.
template <typename T>
[[nodiscard]] DEFT_TAGGED constexpr std::string_view type_text() noexcept {
  return __PRETTY_FUNCTION__;
}

template <typename Signature>
struct parameters_of;

template <typename R, typename... P>
struct parameters_of<std::function<R(P...)>> {
  using type = std::tuple<std::remove_cvref_t<P>...>;
};

/// Holds `R(const Value&, Extra...)` or `R(const Key&, const Value&, Extra...)`; which one, and of which
/// types, is known at run time only. A generic lambda has no types of its own: spell them, or wrap it into a
/// std::function.
template <typename R, typename... Extra>
class entry_function {
 public:
  DEFT_TAGGED entry_function() noexcept = default;

  template <typename F>
    requires(!std::same_as<std::remove_cvref_t<F>, entry_function> && requires(F f) { std::function{f}; })
  DEFT_TAGGED entry_function(F f)
      : entry_function(std::function{std::move(f)}, 0) {
  }  // NOLINT(google-explicit-constructor): like std::function

  [[nodiscard]] DEFT_TAGGED explicit operator bool() const noexcept { return static_cast<bool>(call_); }

  /// Whether it may be called with this Key and Value, `what` naming it in the message. Empty ones fit all.
  template <typename Key, typename Value>
  DEFT_TAGGED void check(const char* what) const {
    if (!call_) return;
    if (!key_.empty() && key_ != type_text<Key>()) throw_entry_types_differ(what, type_text<Key>(), key_);
    if (value_ != type_text<Value>()) throw_entry_types_differ(what, type_text<Value>(), value_);
  }

  /// @pre Not empty; `key` and `value` point to objects of the types that were checked.
  DEFT_TAGGED R operator()(const void* key, const void* value, Extra... extra) const {
    return call_(key, value, extra...);
  }

 private:
  template <typename Result, typename... P>
  DEFT_TAGGED entry_function(std::function<Result(P...)> f, int) {
    using parameters = typename parameters_of<std::function<Result(P...)>>::type;
    constexpr std::size_t own = std::tuple_size_v<parameters> - sizeof...(Extra);
    static_assert(own == 1 || own == 2,
                  "deft: takes (const Value&) or (const Key&, const Value&), and then what the option's "
                  "documentation says");
    using value_type = std::tuple_element_t<own - 1, parameters>;
    value_ = type_text<value_type>();
    if constexpr (own == 2) {
      using key_type = std::tuple_element_t<0, parameters>;
      key_ = type_text<key_type>();
      call_ = [f = std::move(f)](const void* key, const void* value, Extra... extra) -> R {
        return f(*static_cast<const key_type*>(key), *static_cast<const value_type*>(value), extra...);
      };
    } else {
      call_ = [f = std::move(f)](const void*, const void* value, Extra... extra) -> R {
        return f(*static_cast<const value_type*>(value), extra...);
      };
    }
  }

  std::function<R(const void*, const void*, Extra...)> call_;
  std::string_view key_;  // empty: does not look at the key
  std::string_view value_;
};

}  // namespace deft::detail
