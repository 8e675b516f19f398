/// @file
/// The arguments of one call of a memoized function: seen as a key at first, and, if that is not found, given
/// to the function as the parameters that it declares.
#pragma once

#include <concepts>
#include <cstddef>
#include <functional>
#include <tuple>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"
#include "deft/memo/detail/callable.hpp"
#include "deft/memo/detail/key_traits.hpp"

namespace deft::detail {

/// What is given to a parameter of type P, where an object has to be made for it: lives until the function
/// returns.
template <typename P>
struct made_parameter {
  using object = std::remove_cvref_t<P>;

  DEFT_TAGGED P get() { return static_cast<P&&>(value); }

  object value;
};

/// The same where the caller's object will do.
template <typename P>
struct referred_parameter {
  DEFT_TAGGED P get() { return static_cast<P>(value); }

  std::remove_reference_t<P>& value;
};

template <typename P>
inline constexpr bool is_output =
    std::is_lvalue_reference_v<P> && !std::is_const_v<std::remove_reference_t<P>>;

/// Whether an object of type T serves as a parameter P as it is.
template <typename T, typename P>
concept same_object = std::same_as<std::remove_cvref_t<T>, std::remove_cvref_t<P>> ||
                      std::derived_from<std::remove_cvref_t<T>, std::remove_cvref_t<P>>;

/// What the calls of a memoized function take for its parameter P: whatever P itself takes, and what a key is
/// looked up by where P can be made from it (a string_view for a std::string).
template <typename Arg, typename P>
concept argument_for =
    std::convertible_to<Arg, P> || std::convertible_to<Arg, std::remove_cvref_t<P>> ||
    (std::same_as<owned_t<P>, std::remove_cvref_t<P>> &&
     std::convertible_to<const std::remove_reference_t<Arg>&, typename key_traits<owned_t<P>>::view>);

/// An argument that is a part of the key, for a parameter P.
///
/// Other threads read the key while the function runs. So the function never gets the caller's object in a
/// way in which it may change it: a parameter by value or by rvalue reference is made anew, on a miss.
template <typename P, typename Arg>
class key_argument {
  static_assert(!is_output<P>,
                "deft: a parameter that is a reference to non-const may be an output, which a hit would not "
                "write: take "
                "it by value or const&, or choose a key with deft::memoize_by (an object's own cache: "
                "deft::memo_member)");

 public:
  using object = std::remove_cvref_t<P>;
  using owner = owned_t<P>;
  using traits = key_traits<owner>;
  using view_type = typename traits::view;

  DEFT_TAGGED [[gnu::always_inline]] explicit key_argument(Arg&& argument) : source_(bind(argument)) {}

  [[nodiscard]] DEFT_TAGGED [[gnu::always_inline]] view_type view() const {
    if constexpr (std::is_pointer_v<source> && !traits::is_words) {
      DEFT_PRECONDITION(source_ != nullptr, "a null pointer is no text");
    }
    if constexpr (std::same_as<std::remove_cvref_t<source>, owner>) {
      return traits::of(source_);
    } else {
      return source_;
    }
  }

  /// What the function gets.
  [[nodiscard]] DEFT_TAGGED auto parameter() const {
    if constexpr (std::is_lvalue_reference_v<P> && same_object<source, P>) {
      return referred_parameter<P>{source_};
    } else if constexpr (std::convertible_to<const source&, object>) {
      return made_parameter<P>{static_cast<object>(source_)};
    } else if constexpr (std::convertible_to<caller&, object>) {
      return made_parameter<P>{
          static_cast<object>(const_cast<caller&>(source_))};  // a span of non-const elements
    } else {
      return made_parameter<P>{traits::make(view())};
    }
  }

 private:
  using caller = std::remove_reference_t<Arg>;

  // A null pointer literal has to become a pointer first, to be refused as one.
  static constexpr bool seen_in_place =
      !traits::is_words && !std::is_null_pointer_v<std::remove_cv_t<caller>> &&
      (same_object<caller, P> || std::convertible_to<const caller&, view_type>);

  // The caller's object, or one made of it that serves for the key and the call.
  using source = std::conditional_t<seen_in_place, caller, object>;
  using kept = std::conditional_t<seen_in_place, const caller&, const object>;

  DEFT_TAGGED [[gnu::always_inline]] static kept bind(Arg& argument) {
    if constexpr (seen_in_place) {
      return argument;
    } else {
      return static_cast<object>(static_cast<Arg&&>(argument));
    }
  }

  kept source_;
};

/// The key of all arguments: of one the argument itself, of several a tuple.
struct all_arguments {
  template <typename... A>
  struct of {
    using key = std::tuple<owned_t<A>...>;
  };

  template <typename A>
  struct of<A> {
    using key = owned_t<A>;
  };

  template <typename... A>
  using key_type = typename of<A...>::key;

  template <typename P, typename Arg>
  using argument = key_argument<P, Arg>;

  template <typename Arg, typename P>
  static constexpr bool accepts = argument_for<Arg, P>;

  /// @returns use(view of the key).
  template <typename Key, typename Use, typename... Arguments>
  DEFT_TAGGED [[gnu::always_inline]] decltype(auto) with_key(Use&& use, const Arguments&... arguments) {
    if constexpr (sizeof...(Arguments) == 1) {
      return use(arguments.view()...);
    } else {
      return use(typename key_traits<Key>::view(arguments.view()...));
    }
  }
};

/// An argument from which a function of the user's makes the key.
template <typename P, typename Arg>
class free_argument {
 public:
  using object = std::remove_cvref_t<P>;

  DEFT_TAGGED [[gnu::always_inline]] explicit free_argument(Arg&& argument) : source_(bind(argument)) {}

  /// What the key function gets.
  [[nodiscard]] DEFT_TAGGED [[gnu::always_inline]] auto& lvalue() const {
    if constexpr (is_output<P>) {
      return static_cast<P>(source());
    } else {
      return static_cast<const object&>(source_);
    }
  }

  /// Whether the function might change what it is given of the caller's, or of ours: a key that refers to it
  /// would change.
  static constexpr bool may_change = is_output<P> || !std::copy_constructible<object>;

  [[nodiscard]] DEFT_TAGGED auto parameter() const {
    if constexpr (std::is_lvalue_reference_v<P>) {
      return referred_parameter<P>{source()};
    } else if constexpr (std::copy_constructible<object>) {
      return made_parameter<P>{static_cast<const object&>(source())};
    } else {
      return made_parameter<P>{static_cast<object&&>(source())};
    }
  }

 private:
  using caller = std::remove_reference_t<Arg>;
  static constexpr bool in_place = same_object<caller, P>;
  using kept = std::conditional_t<in_place, caller&, object>;

  DEFT_TAGGED [[gnu::always_inline]] static kept bind(Arg& argument) {
    if constexpr (in_place) {
      return argument;
    } else {
      return static_cast<object>(static_cast<Arg&&>(argument));
    }
  }

  // Never a const object, and one call's own.
  [[nodiscard]] DEFT_TAGGED [[gnu::always_inline]] auto& source() const {
    return const_cast<std::conditional_t<in_place, caller, object>&>(source_);
  }

  kept source_;
};

/// The key that a function of the user's makes of the arguments.
template <typename KeyFunction>
struct key_by {
  template <typename P>
  using lvalue = std::conditional_t<is_output<P>, P, const std::remove_cvref_t<P>&>;

  template <typename... A>
  using made_key = std::invoke_result_t<const KeyFunction&, lvalue<A>...>;

  template <typename... A>
  using key_type = owned_t<made_key<A...>>;

  template <typename P, typename Arg>
  using argument = free_argument<P, Arg>;

  template <typename Arg, typename P>
  static constexpr bool accepts =
      is_output<P> ? std::convertible_to<Arg, P> : std::convertible_to<Arg, std::remove_cvref_t<P>>;

  template <typename Key, typename Use, typename... Arguments>
  DEFT_TAGGED [[gnu::always_inline]] decltype(auto) with_key(Use&& use, const Arguments&... arguments) {
    using made = decltype(std::invoke(std::as_const(function), arguments.lvalue()...));
    using traits = key_traits<Key>;
    made&& key = std::invoke(std::as_const(function), arguments.lvalue()...);
    if constexpr (!std::same_as<made, Key> && (Arguments::may_change || ...)) {
      const Key own = traits::make(view<Key>(key));
      return use(traits::of(own));
    } else {
      return use(view<Key>(key));
    }
  }

  template <typename Key, typename Made>
  DEFT_TAGGED [[gnu::always_inline]] static typename key_traits<Key>::view view(const Made& made) {
    if constexpr (std::same_as<Made, Key>) {
      return key_traits<Key>::of(made);
    } else {
      return made;
    }
  }

  KeyFunction function;
};

}  // namespace deft::detail
