/// @file
/// deft::measure: benchmarks for programs without Google Benchmark, which deft drives a millisecond at a
/// time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "deft/core/contracts.hpp"

namespace deft::measure {

namespace detail {
class batch_source;  // Who says how many iterations come next, and measures them.

template <class T>
inline constexpr bool fits_register =
    (std::is_integral_v<T> || std::is_enum_v<T> || std::is_pointer_v<T>) && sizeof(T) <= sizeof(void*);
}  // namespace detail

/// What a benchmark is given. Its loop is what is timed:
///
///     void parse(deft::measure::state& state) {
///       const std::string text = example();         // set up: once in a process, not timed
///       for (auto _ : state) deft::measure::do_not_optimize(parse(text));
///     }
///     DEFT_BENCHMARK(parse)
///
/// When to use it: in programs that deft compares and that do without Google Benchmark. The loop runs in
/// batches of about a millisecond; between two of them it pauses inside `for`, so that base and head take
/// turns while whatever was set up stays as it is. When not: for threads, or for time spent waiting: only the
/// processor time of the thread that runs the loop counts.
///
/// Per iteration the loop adds a decrement and a comparison.
///
/// Threads: an object belongs to the thread that was given it.
class state {
 public:
  /// What `_` is in the loop.
  struct [[maybe_unused]] step {};

  struct sentinel {};

  /// Counts a batch down; at its end, stops the clock and asks for the next.
  class iterator {
   public:
    /// Of this state's loop.
    /// @complexity  O(1). @concurrency Exclusive access to the state.
    DEFT_TAGGED explicit iterator(state* owner) noexcept : owner_(owner) {}

    /// Whether the loop goes on. Stands still between two batches.
    /// @returns     False once no further batch is wanted.
    /// @throws      std::bad_alloc, at the end of a batch.
    /// @complexity  O(1), but at the end of a batch. @concurrency Exclusive access to the state.
    [[gnu::always_inline]] DEFT_TAGGED bool operator!=(sentinel) {
      if (left_ != 0) [[likely]]
        return true;
      left_ = owner_->next_batch();
      return left_ != 0;
    }

    /// Counts an iteration.
    /// @returns     *this.
    /// @complexity  O(1). @concurrency Exclusive access to the state.
    [[gnu::always_inline]] DEFT_TAGGED iterator& operator++() noexcept {
      --left_;
      return *this;
    }

    /// What the loop's variable is.
    /// @returns     Nothing to speak of.
    /// @complexity  O(1). @concurrency Safe.
    [[gnu::always_inline]] DEFT_TAGGED step operator*() const noexcept { return {}; }

   private:
    std::uint64_t left_ = 0;
    state* owner_;
  };

  state(const state&) = delete;
  state& operator=(const state&) = delete;

  /// The loop: `for (auto _ : state)`, once in a benchmark.
  /// @returns     The beginning; the clock starts with the first comparison.
  /// @complexity  O(1). @concurrency Exclusive access to *this.
  [[nodiscard]] DEFT_TAGGED iterator begin() noexcept { return iterator(this); }

  /// See begin().
  /// @returns     What the iterator is compared with.
  /// @complexity  O(1). @concurrency Safe.
  [[nodiscard]] DEFT_TAGGED sentinel end() const noexcept { return {}; }

  /// Says why this benchmark has nothing to measure here (a machine without AVX-512, say); return afterwards.
  /// @throws      std::bad_alloc.
  /// @complexity  O(size of `why`). @concurrency Exclusive access to *this.
  void skip(std::string_view why);

  /// Says what went wrong; return afterwards. An exception that leaves the benchmark does the same.
  /// @throws      std::bad_alloc.
  /// @complexity  O(size of `why`). @concurrency Exclusive access to *this.
  void fail(std::string_view why);

 private:
  friend class detail::batch_source;

  DEFT_TAGGED explicit state(detail::batch_source& source) noexcept : source_(&source) {}

  std::uint64_t next_batch();

  detail::batch_source* source_;
};

inline namespace DEFT_TAG {

/// Makes the compiler believe that `value` is read and changed here, so that what computes it has to happen.
/// @complexity  O(1): no instruction, at most a store. @concurrency As reading and writing `value`.
template <class T>
[[gnu::always_inline]] inline void do_not_optimize(T& value) noexcept {
  // A choice of both, "+m,r", is miscompiled by g++ 12: the value is lost.
  if constexpr (detail::fits_register<T>) {
    asm volatile("" : "+r"(value) : : "memory");
  } else {
    asm volatile("" : "+m"(value) : : "memory");
  }
}

/// Likewise for what cannot be changed, a temporary say.
/// @complexity  O(1): no instruction, at most a store. @concurrency As reading `value`.
template <class T>
[[gnu::always_inline]] inline void do_not_optimize(const T& value) noexcept {
  if constexpr (detail::fits_register<T>) {
    asm volatile("" : : "r"(value) : "memory");
  } else {
    asm volatile("" : : "m"(value) : "memory");
  }
}

}  // namespace DEFT_TAG

/// Adds a benchmark to those that run_benchmarks() knows.
/// @returns     True, so that it can initialise a variable.
/// @pre         `function` is not null.
/// @throws      std::invalid_argument if `name` is empty, is taken, or has a control character;
///              std::bad_alloc.
/// @guarantee   Strong.
/// @complexity  O(number of benchmarks). @concurrency One thread at a time, before run_benchmarks().
bool add_benchmark(std::string name, void (*function)(state&));

/// What main() does: runs the benchmarks, or lets deft drive them if deft started the program. Undriven it
/// prints the time per iteration of those whose name contains `arguments[1]`, of all without it; `--list`
/// prints their names.
/// @returns     What main returns: 0, or 1 if a benchmark failed, none was chosen, or deft could not be
///              answered.
/// @throws      std::bad_alloc.
/// @complexity  O(what is measured). @concurrency Once, from one thread.
[[nodiscard]] int run_benchmarks(int count, char** arguments);

}  // namespace deft::measure

/// Adds the function `name(deft::measure::state&)` under its own name. At namespace scope.
#define DEFT_BENCHMARK(name) \
  [[maybe_unused]] static const bool deft_benchmark_##name = ::deft::measure::add_benchmark(#name, name);

/// A main() that only runs the benchmarks.
#define DEFT_MEASURE_MAIN()                                   \
  int main(int count, char** arguments) {                     \
    return ::deft::measure::run_benchmarks(count, arguments); \
  }
