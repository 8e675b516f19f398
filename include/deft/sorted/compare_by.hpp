/// @file
/// deft::compare_by: ordering records by one of their fields.
#pragma once

#include <concepts>
#include <functional>
#include <type_traits>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft {

namespace detail {

/// What `Projection` makes of an argument, or the argument itself if it makes nothing of it.
template <auto Projection>
struct projected_by {
  template <typename T>
  DEFT_TAGGED static constexpr decltype(auto) field(const T& x) {
    if constexpr (std::is_invocable_v<decltype((Projection)), const T&>) {
      return std::invoke(Projection, x);
    } else {
      return (x);
    }
  }

  template <typename T>
  using type = decltype(field(std::declval<const T&>()));
};

}  // namespace detail

/// Compares by a projection: `flat_set<record, compare_by<&record::ts>>` is ordered by ts, and looks up by a
/// record or by a bare ts. `Projection` is a pointer to a member (field or function) or a captureless lambda.
///
/// An argument that the projection applies to is projected; any other is compared as it is. The comparator is
/// transparent, so that lookups take both without making a record.
///
/// Threads: it has no state but Compare's.
template <auto Projection, typename Compare = std::less<>>
struct compare_by {
  using is_transparent = void;

  [[no_unique_address]] Compare compare{};

  /// Whether `a` is before `b`.
  /// @returns     What Compare says of the fields.
  /// @throws      What the projection and Compare throw. @complexity That of Compare.
  /// @concurrency That of Compare.
  template <typename A, typename B>
    requires std::predicate<const Compare&, typename detail::projected_by<Projection>::template type<A>,
                            typename detail::projected_by<Projection>::template type<B>>
  [[nodiscard]] DEFT_TAGGED constexpr bool operator()(const A& a, const B& b) const {
    using projected = detail::projected_by<Projection>;
    return static_cast<bool>(std::invoke(compare, projected::field(a), projected::field(b)));
  }
};

}  // namespace deft
