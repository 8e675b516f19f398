#pragma once

#include <string>
#include <utility>
#include <variant>

namespace deft::support {

/// What went wrong, as far as the exit code of the program depends on it.
enum class error_kind {
  usage,              ///< The command line or an option's value: exit 2.
  benchmark_failed,   ///< A benchmark program crashed, hung, or is none: exit 4.
  unreadable_input,   ///< A file could not be read or is not what it should be: exit 5.
  unwritable_output,  ///< A file could not be written: exit 5.
  unavailable,        ///< This machine refuses or lacks what was asked for (perf_event, a tool).
  interrupted,        ///< Ctrl-C or SIGTERM: exit 130.
};

/// One clear line for a person: names the file or program, the cause, and what was expected.
struct error {
  error_kind kind;
  std::string message;
};

/// A value or an error (std::expected is C++23). `*r` and `r->` on an error are preconditions.
template <class T>
class [[nodiscard]] result {
 public:
  result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)

  result(support::error e)
      : state_(std::in_place_index<1>, std::move(e)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const noexcept { return state_.index() == 0; }

  T& operator*() & { return std::get<0>(state_); }

  const T& operator*() const& { return std::get<0>(state_); }

  T&& operator*() && { return std::get<0>(std::move(state_)); }

  T* operator->() { return &std::get<0>(state_); }

  const T* operator->() const { return &std::get<0>(state_); }

  const support::error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, support::error> state_;
};

template <>
class [[nodiscard]] result<void> {
 public:
  result() = default;

  result(support::error e) : error_(std::move(e)), ok_(false) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const noexcept { return ok_; }

  const support::error& error() const { return error_; }

 private:
  support::error error_{};

  bool ok_ = true;
};

}  // namespace deft::support
