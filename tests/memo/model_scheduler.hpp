/// @file
/// Runs two or three fibers through many schedules, one operation of theirs after another, and finds the
/// schedule in which something goes wrong.
///
/// Code under test takes its atomics and locks from model_sync.hpp. Each of their operations is a scheduling
/// point: there the scheduler decides which fiber goes on. All runs on one thread, so a run is determined by
/// its decisions; they are written as text ("a3b2a",
/// and "~aBb" with store buffers: capitals are stores that reach the others), and replay() repeats that very
/// run.
///
/// Memory is sequentially consistent, or as on x86: with store_buffers each fiber's stores (other than
/// sequentially consistent ones) reach the others later, in order, when the scheduler decides so. Loads that
/// are reordered, as on ARM, are not modelled: ThreadSanitizer looks for what allows them.
///
/// Found: failed expectations, deadlocks, wake-ups that nobody gives, loops without progress, atomics in
/// freed memory (of model_resource; AddressSanitizer finds the rest), exceptions that leave a fiber.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <memory_resource>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

namespace deft_test {

struct exploration_options {
  std::size_t schedules = 10'000;  ///< Different ones, after which it is enough.
  /// Of explore_all: how often a fiber that could go on is interrupted, at most.
  unsigned preemptions = 2;
  bool store_buffers = true;   ///< Of explore_random.
  bool asymmetric = true;      ///< Readers' fences are left to the reclaimer: standard_sync with membarrier.
  std::uint64_t seed = 1;      ///< Of explore_random.
  std::size_t steps = 20'000;  ///< Operations of a run after which it makes no progress.
};

struct exploration {
  std::size_t runs = 0;
  std::size_t distinct = 0;  ///< Different schedules.
  bool exhausted = false;    ///< explore_all saw every schedule within the bound.
  std::string failure;       ///< What went wrong, empty if nothing did; the search ends there.
  std::string schedule;      ///< In which schedule.
};

class model_run;

/// Makes what the fibers share (model_run::make), lets them run (model_run::fibers), looks at the end
/// (model_run::expect). Must do the same in each run, but for the order of the fibers' operations.
using scenario = std::function<void(model_run&)>;

/// Depth first through all schedules with at most so many preemptions, sequentially consistent.
exploration explore_all(const scenario& test, const exploration_options& options = {});

/// At random: priorities that change at a few points (PCT: Burckhardt, Kothari, Musuvathi, Nagarakatte, "A
/// randomized scheduler with probabilistic guarantees of finding bugs", ASPLOS 2010), mixed with random
/// walks.
exploration explore_random(const scenario& test, const exploration_options& options = {});

/// Once, with the decisions of an exploration.
exploration replay(const scenario& test, const std::string& schedule,
                   const exploration_options& options = {});

/// Which fibers read and wrote a line of 64 bytes by atomics and locks: bit i is fiber i.
struct line_use {
  std::uint32_t readers = 0;
  std::uint32_t writers = 0;
};

/// One run of a scenario.
class model_run {
 public:
  /// An object that lives until the end of the run; not destroyed where the run fails, because a fiber may
  /// then be in the middle of it.
  template <typename T, typename... Args>
  T& make(Args&&... args) {
    auto* const made = new T(std::forward<Args>(args)...);
    made_.push_back({made, [](void* object) { delete static_cast<T*>(object); }});
    return *made;
  }

  /// Lets the fibers run until all have ended. May be called again.
  void fibers(std::vector<std::function<void()>> bodies);

  /// Fails the run unless `condition` holds. In fibers and outside of them.
  static void expect(bool condition, const char* what);

  /// From here on keeps which lines are read and written by whom. Called by a fiber or outside of them.
  static void record_lines(bool on);
  [[nodiscard]] static const std::unordered_map<std::uintptr_t, line_use>& lines();

 private:
  friend class model_engine;

  struct owned {
    void* object;
    void (*destroy)(void*);
  };

  void destroy_all();

  std::vector<owned> made_;
};

/// Memory whose freed blocks are kept until the run ends: touching one by an atomic fails the run.
class model_resource final : public std::pmr::memory_resource {
 public:
  /// Blocks that were not freed.
  [[nodiscard]] std::size_t live() const { return live_; }

  ~model_resource() override;

 private:
  void* do_allocate(std::size_t size, std::size_t alignment) override;
  void do_deallocate(void* block, std::size_t size, std::size_t alignment) override;

  bool do_is_equal(const memory_resource& other) const noexcept override { return this == &other; }

  struct freed {
    void* block;
    std::size_t size;
    std::size_t alignment;
  };

  std::size_t live_ = 0;
  std::vector<freed> freed_;
};

/// What the atomics and locks of model_sync tell the scheduler. Outside of fibers all of it does nothing.
struct scheduling {
  static constexpr int no_fiber = -1;
  static constexpr std::size_t most_fibers = 8;

  /// The running fiber, or no_fiber.
  static int current() noexcept;

  /// Another fiber may come first. Afterwards the operation on `address` takes place.
  static void point(const void* address, bool writes);

  /// Other fibers' loops may now see something new.
  static void wrote() noexcept;

  /// Waits until another fiber wakes this one. @param timed Goes on, too, when the scheduler decides so.
  /// @returns     Whether it was woken.
  static bool block(const void* on, const char* what, bool timed = false);

  /// Wakes one or all that are blocked on `on`, in the order of their numbers.
  static void wake(const void* on, bool all);

  /// Goes on when somebody else has written something.
  static void yield();

  [[noreturn]] static void fail(const char* what);

  /// Whether stores go through buffers.
  static bool buffered() noexcept;
  static void buffer_store(void* address, std::uint64_t bits, unsigned size);
  /// @returns     Whether the current fiber has a store to `address` on its way, then `bits` is the last one.
  static bool own_store(const void* address, std::uint64_t& bits) noexcept;
  static void drain_own();
  static void drain_all();

  static bool asymmetric() noexcept;
};

}  // namespace deft_test
