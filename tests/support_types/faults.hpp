// Failures on schedule, and a count of what is alive.
#pragma once

#include <cstddef>
#include <new>

namespace deft_test {

/// What may fail, to count failures by.
enum class fault_kind : std::size_t { other, allocation, comparison, copy, move };
inline constexpr std::size_t fault_kinds = 5;

/// What scheduled failures throw, unless an allocation fails.
struct injected_fault {};

/// Every operation that may fail passes a point; the schedule says which one does.
struct faults {
  static inline long countdown = -1;  // points to pass before the failure; negative: never
  static inline long injected = 0;    // failures so far
  static inline long injected_by_kind[fault_kinds] = {};
  static inline long alive = 0;      // tracked elements
  static inline long allocated = 0;  // bytes of tracked allocators

  /// True exactly once per schedule.
  static bool due(fault_kind kind = fault_kind::other) noexcept {
    if (countdown < 0 || countdown-- != 0) return false;
    ++injected;
    ++injected_by_kind[static_cast<std::size_t>(kind)];
    return true;
  }

  static void point(fault_kind kind = fault_kind::other) {
    if (due(kind)) throw injected_fault{};
  }

  static void allocation_point() {
    if (due(fault_kind::allocation)) throw std::bad_alloc{};
  }
};

struct sweep_result {
  long failures = 0;
  bool completed = false;
};

/// Runs `attempt(check)` with the 1st, 2nd, 3rd ... point failing, until it gets through. After every failure
/// `check()` looks at what is left.
template <typename Setup, typename Operation, typename Check>
sweep_result sweep(Setup setup, Operation operation, Check check) {
  sweep_result result;
  for (long budget = 0; budget < 100'000 && !result.completed; ++budget) {
    auto state = setup();
    faults::countdown = budget;
    try {
      operation(state);
      result.completed = true;
    } catch (const injected_fault&) {
      ++result.failures;
    } catch (const std::bad_alloc&) {
      ++result.failures;
    }
    faults::countdown = -1;
    check(state, result.completed);
  }
  return result;
}

}  // namespace deft_test
