// A header for the test of tools/check-doc-fields: the functions named bad_* must be reported, no other.
#pragma once

#include <vector>

namespace deft {

/// @returns     The sum.
/// @throws      Nothing.
/// @complexity  O(1).
/// @concurrency Safe.
inline int good_plain(int a, int b) {
  return a + b;
}

inline int bad_undocumented() {
  return 0;
}

/// Says something.
/// @returns     Zero.
/// @throws      Nothing.
/// @concurrency Safe.
inline int bad_no_complexity() {
  return 0;
}

/// @returns     Zero.
/// @throws      Nothing.
/// @complexity  O(1).
inline int bad_no_concurrency() {
  return 0;
}

/// @returns     Zero.
/// @complexity  O(1).
/// @concurrency Safe.
inline int bad_no_throws() {
  return 0;
}

/// @complexity  O(1).
/// @concurrency Safe.
inline int bad_no_returns() noexcept {
  return 0;
}

namespace detail {
inline int good_in_detail() {
  return 0;
}
}  // namespace detail

/// A banner without fields.
template <typename T>
class sample {
 public:
  using value_type = T;

  sample() = default;
  sample(const sample&) = delete;

  ~sample() {}

  /// @complexity  O(1).
  /// @concurrency Exclusive access to *this.
  /// @guarantee   Strong.
  explicit sample(int) {}

  sample(int, int bad_constructor) {}

  /// @returns     The element.
  /// @throws      What T throws.
  /// @complexity  O(1).
  /// @concurrency Shared access to *this.
  template <typename U>
    requires(sizeof(U) > 0)
  [[nodiscard]] auto good_template(const U&) const -> T {
    return T{};
  }

  /// @overload
  auto good_template(int, int) const -> T { return T{}; }

  /// @returns     The size.
  /// @complexity  O(1).
  /// @concurrency Shared access to *this.
  auto good_declared() const noexcept -> int;
  auto good_declared(int) const noexcept -> int;

  /// @returns     The ends.
  /// @throws      Nothing.
  /// @complexity  O(1).
  /// @concurrency Shared access to *this.
  /// @{
  auto good_begin() const -> int;
  auto good_end() const -> int;
  /// @}

  /// Half documented.
  template <typename U>
  auto bad_template(const U&) -> void;

  friend auto bad_friend(const sample&) -> int { return 1; }

  friend auto operator==(const sample&, const sample&) -> bool = default;

 private:
  int good_private() { return 0; }

  std::vector<T> data_;
};

}  // namespace deft
