/// @file
/// deft::profile::scope: a name in the flame graph for a stretch of code.
#pragma once

#include <cstdint>

#include "deft/core/contracts.hpp"
#include "deft/profile/detail/scope_layout.hpp"

namespace deft::profile {

/// A name that lives as long as the program: a string literal, or another constant.
class scope_name {
 public:
  /// From a literal or another address that is a constant: anything else does not compile.
  /// @complexity  O(1), at compile time. @concurrency Safe.
  consteval scope_name(const char* name) noexcept  // NOLINT(google-explicit-constructor)
      : text_(name) {}

  /// For a name picked at run time from a table of constants.
  /// @returns     The name.
  /// @pre         `name` is zero-terminated, is never freed, and lies in a program's or a library's own file:
  ///              who looks from outside reads it there.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] static constexpr scope_name of_constant(const char* name) noexcept {
    return scope_name(name, 0);
  }

  /// The characters, zero-terminated.
  /// @returns     Their address.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] constexpr const char* text() const noexcept { return text_; }

 private:
  constexpr scope_name(const char* name, int) noexcept : text_(name) {}

  const char* text_;
};

/// Shows the code between its construction and its destruction as a frame of its own in CPU, wall-clock and
/// allocation profiles: `deft::profile::scope mark("load textures");`. In a flame graph it stands below the
/// function that has it and above everything which that calls.
///
/// When to use it: where a function's name does not tell which of its jobs it is doing (a phase, a kind of
/// request), and where inlining hides the function. It costs about two nanoseconds, sampled or not: nobody is
/// told, a sampler finds it on the stack. When not: in a loop whose body takes less than some tens of
/// nanoseconds.
///
/// Only as a local variable: on the heap (and in a coroutine that is suspended there) nobody finds it. A
/// longjmp over one leaves it open until the function returns; exceptions close it.
///
/// Memory: three words of stack, described in detail/scope_layout.hpp.
///
/// Threads: belongs to the thread that made it.
class scope {
 public:
  // A call, and not inline, on purpose. A function that calls nothing may keep its variables below its stack
  // pointer (the red zone of x86-64), where no copy of the stack reaches: the very loops one wants to see.

  /// Opens it.
  /// @complexity  O(1). @concurrency Safe.
  [[gnu::noinline]] DEFT_TAGGED explicit scope(scope_name name) noexcept
      : words_{detail::scope_check(reinterpret_cast<std::uintptr_t>(&words_)),
               reinterpret_cast<std::uintptr_t>(name.text()), ++opened} {
    keep();
  }

  scope(const scope&) = delete;
  scope& operator=(const scope&) = delete;
  static void* operator new(decltype(sizeof 0)) = delete;

  /// Closes it.
  DEFT_TAGGED ~scope() {
    words_.check = 0;
    keep();
  }

 private:
  // Without it the words, which no code reads, would never be written.
  DEFT_TAGGED void keep() noexcept { asm volatile("" : "+m"(words_) : : "memory"); }

  // Of this thread. Reached without a call also from shared libraries.
  [[gnu::tls_model("initial-exec")]] static inline constinit thread_local std::uint64_t opened = 0;

  detail::scope_words words_;
};

}  // namespace deft::profile
