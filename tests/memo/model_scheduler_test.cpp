// The scheduler finds what was planted, and only that.
#include "tests/memo/model_scheduler.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <new>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/memo/model_sync.hpp"

namespace {

using deft_test::exploration;
using deft_test::exploration_options;
using deft_test::explore_all;
using deft_test::explore_random;
using deft_test::model_atomic;
using deft_test::model_condition;
using deft_test::model_mutex;
using deft_test::model_resource;
using deft_test::model_run;
using deft_test::model_sync;
using deft_test::scenario;

constexpr exploration_options without_bound{.schedules = 1'000'000, .preemptions = 1000};
constexpr auto relaxed = std::memory_order_relaxed;

void expect_found(const scenario& test, const exploration& found, const std::string& what) {
  EXPECT_NE(found.failure.find(what), std::string::npos) << found.failure;
  const exploration again = deft_test::replay(test, found.schedule);
  EXPECT_EQ(again.failure, found.failure) << found.schedule;
}

void expect_found_by_both(const scenario& test, const std::string& what) {
  expect_found(test, explore_all(test), what);
  expect_found(test, explore_random(test), what);
}

void expect_clean(const scenario& test) {
  const exploration all = explore_all(test, without_bound);
  EXPECT_EQ(all.failure, "") << all.schedule;
  EXPECT_TRUE(all.exhausted);
  const exploration some = explore_random(test, {.schedules = 2000});
  EXPECT_EQ(some.failure, "") << some.schedule;
}

/// Two fibers, each so many operations, no conditions.
scenario independent_operations(int each) {
  return [each](model_run& run) {
    auto& shared = run.make<model_atomic<int>>(0);
    const auto body = [&shared, each] {
      for (int i = 0; i < each; ++i) shared.fetch_add(1);
    };
    run.fibers({body, body});
    model_run::expect(shared.load() == 2 * each, "all are counted");
  };
}

TEST(ModelScheduler, SeesEveryInterleavingExactlyOnce) {
  const std::array<std::size_t, 6> binomials{1, 2, 6, 20, 70, 252};  // 2n over n
  for (int n = 1; n < 6; ++n) {
    const exploration all = explore_all(independent_operations(n), without_bound);
    EXPECT_TRUE(all.exhausted);
    EXPECT_EQ(all.runs, binomials[n]);
    EXPECT_EQ(all.distinct, binomials[n]);
  }
}

TEST(ModelScheduler, KeepsToTheBoundOfPreemptions) {
  // Without any: either fiber first, to its end.
  EXPECT_EQ(explore_all(independent_operations(4), {.preemptions = 0}).runs, 2U);
  // One: after 1, 2 or 3 operations of the first, and that one goes on at the end.
  EXPECT_EQ(explore_all(independent_operations(4), {.preemptions = 1}).runs, 2U + 2U * 3U);
}

TEST(ModelScheduler, FindsALostUpdate) {
  const scenario test = [](model_run& run) {
    auto& counter = run.make<model_atomic<int>>(0);
    const auto body = [&] { counter.store(counter.load(relaxed) + 1, relaxed); };
    run.fibers({body, body, body});
    model_run::expect(counter.load() == 3, "three updates");
  };
  expect_found_by_both(test, "three updates");
}

TEST(ModelScheduler, FindsNothingUnderALock) {
  expect_clean([](model_run& run) {
    auto& counter = run.make<model_atomic<int>>(0);
    auto& mutex = run.make<model_mutex>();
    const auto body = [&] {
      const std::lock_guard lock(mutex);
      counter.store(counter.load(relaxed) + 1, relaxed);
    };
    run.fibers({body, body});
    model_run::expect(counter.load() == 2, "two updates");
  });
}

TEST(ModelScheduler, FindsADeadlock) {
  const scenario test = [](model_run& run) {
    auto& mutexes = run.make<std::array<model_mutex, 2>>();
    const auto body = [&](int first) {
      const std::lock_guard outer(mutexes[first]);
      const std::lock_guard inner(mutexes[1 - first]);
    };
    run.fibers({[&] { body(0); }, [&] { body(1); }});
  };
  expect_found_by_both(test, "nobody can go on: fiber a waits for a mutex; fiber b waits for a mutex");
}

TEST(ModelScheduler, FindsALockOfTheOwner) {
  const scenario test = [](model_run& run) {
    auto& mutex = run.make<model_mutex>();
    run.fibers({[&] {
      const std::lock_guard outer(mutex);
      mutex.lock();
    }});
  };
  expect_found_by_both(test, "locks a mutex that it holds (fiber a)");
}

template <bool UnderTheLock>
scenario wake_up() {
  return [](model_run& run) {
    auto& done = run.make<model_atomic<bool>>(false);
    auto& mutex = run.make<model_mutex>();
    auto& condition = run.make<model_condition>();
    run.fibers({[&] {
                  std::unique_lock lock(mutex);
                  while (!done.load()) condition.wait(lock);
                },
                [&] {
                  if (UnderTheLock) {
                    const std::lock_guard lock(mutex);
                    done.store(true);
                  } else {
                    done.store(true);
                  }
                  condition.notify_all();
                }});
  };
}

TEST(ModelScheduler, FindsALostWakeUp) {
  expect_found_by_both(wake_up<false>(), "nobody can go on: fiber a waits for a condition variable");
  expect_clean(wake_up<true>());
}

/// A stack of nodes, whose pop() compares addresses; `Tagged` compares a count of changes, too.
template <bool Tagged>
class node_stack {
 public:
  node_stack() {
    for (unsigned i = 3; i-- > 0;) push(i);
  }

  void push(unsigned node) {
    std::uint32_t old = top_.load();
    std::uint32_t changed = 0;
    do {
      next_[node].store(old & 0xffU);
      changed = (Tagged ? (old & ~0xffU) + 0x100U : 0) | node;
    } while (!top_.compare_exchange_strong(old, changed));
  }

  unsigned pop() {
    std::uint32_t old = top_.load();
    std::uint32_t changed = 0;
    do {
      if ((old & 0xffU) == none) return none;
      changed = (Tagged ? (old & ~0xffU) + 0x100U : 0) | next_[old & 0xffU].load();
    } while (!top_.compare_exchange_strong(old, changed));
    return old & 0xffU;
  }

  static constexpr unsigned none = 0xff;

 private:
  std::array<model_atomic<std::uint32_t>, 3> next_{};
  model_atomic<std::uint32_t> top_{none};
};

template <bool Tagged>
scenario pops_and_pushes() {
  return [](model_run& run) {
    auto& stack = run.make<node_stack<Tagged>>();
    auto& taken = run.make<std::array<int, 4>>();
    const auto take = [&](unsigned node) {
      if (node != stack.none) ++taken[node];
      return node;
    };
    run.fibers({[&] { take(stack.pop()); },
                [&] {
                  const unsigned first = take(stack.pop());
                  take(stack.pop());
                  if (first == stack.none) return;
                  --taken[first];
                  stack.push(first);
                }});
    for (unsigned node; (node = take(stack.pop())) != stack.none;)
      model_run::expect(taken[node] < 3, "a ring");
    for (int i = 0; i < 3; ++i) model_run::expect(taken[i] == 1, "each node is there once");
  };
}

TEST(ModelScheduler, FindsAnAddressThatCameBack) {
  expect_found_by_both(pops_and_pushes<false>(), "each node is there once");
  expect_clean(pops_and_pushes<true>());
}

TEST(ModelScheduler, FindsAnAtomicInFreedMemory) {
  struct shared {
    model_resource memory;
    model_atomic<int>* value = new (memory.allocate(sizeof(int))) model_atomic<int>(1);
    model_atomic<bool> ended{false};
  };

  const scenario test = [](model_run& run) {
    auto& s = run.make<shared>();
    run.fibers({[&] {
                  if (!s.ended.load()) static_cast<void>(s.value->load());
                },
                [&] {
                  s.ended.store(true);
                  s.memory.deallocate(s.value, sizeof(int));
                }});
  };
  expect_found_by_both(test, "in freed memory (fiber a)");
}

/// Each says what it does and then looks what the other does: Dekker's way in.
template <bool Fenced>
scenario both_announce() {
  return [](model_run& run) {
    auto& announced = run.make<std::array<model_atomic<int>, 2>>();
    auto& inside = run.make<model_atomic<int>>(0);
    run.fibers({[&] {
                  announced[0].store(1, relaxed);
                  model_sync::reader_fence();
                  if (announced[1].load(relaxed) == 0) inside.fetch_add(1);
                },
                [&] {
                  announced[1].store(1, relaxed);
                  if (Fenced) model_sync::reclaimer_fence();
                  if (announced[0].load(relaxed) == 0) inside.fetch_add(1);
                }});
    model_run::expect(inside.load() < 2, "one at most is inside");
  };
}

TEST(ModelScheduler, FindsAStoreThatIsSeenTooLate) {
  expect_found(both_announce<false>(), explore_random(both_announce<false>()), "one at most is inside");
  for (const bool asymmetric : {false, true}) {
    const exploration fenced =
        explore_random(both_announce<true>(), {.schedules = 2000, .asymmetric = asymmetric});
    EXPECT_EQ(fenced.failure, "");
  }
}

TEST(ModelScheduler, LetsALoopWaitForAnother) {
  expect_clean([](model_run& run) {
    auto& ready = run.make<model_atomic<bool>>(false);
    run.fibers({[&] {
                  for (unsigned n = 0; !ready.load(std::memory_order_acquire); ++n) model_sync::pause(n);
                },
                [&] { ready.store(true, std::memory_order_release); }});
  });
}

TEST(ModelScheduler, FindsALoopThatNobodyEnds) {
  const scenario test = [](model_run& run) {
    auto& ready = run.make<model_atomic<bool>>(false);
    const auto body = [&] {
      for (unsigned n = 0; !ready.load(); ++n) model_sync::pause(n);
    };
    run.fibers({body, body});
  };
  expect_found_by_both(test, "makes no progress");
}

TEST(ModelScheduler, FindsAnExceptionThatLeavesAFiber) {
  const scenario test = [](model_run& run) { run.fibers({[] { throw std::runtime_error("planted"); }}); };
  expect_found_by_both(test, "an exception leaves the fiber: planted (fiber a)");
}

TEST(ModelScheduler, KeepsTheFibersExceptionsApart) {
  expect_clean([](model_run& run) {
    auto& shared = run.make<model_atomic<int>>(0);
    const auto body = [&](int mine) {
      try {
        throw mine;
      } catch (int first) {
        shared.fetch_add(1);
        try {
          throw;
        } catch (int again) {
          shared.fetch_add(1);
          model_run::expect(first == mine && again == mine, "its own exception");
        }
      }
    };
    run.fibers({[&] { body(1); }, [&] { body(2); }});
  });
}

TEST(ModelScheduler, TellsWhichLinesAreShared) {
  struct alignas(64) line {
    model_atomic<int> value{0};
  };

  const scenario test = [](model_run& run) {
    auto& lines = run.make<std::array<line, 3>>();
    model_run::record_lines(true);
    run.fibers({[&] { lines[0].value.store(lines[2].value.load()); },
                [&] { lines[1].value.fetch_add(lines[2].value.load()); }});
    const auto used = [&](int i) {
      return model_run::lines().at(reinterpret_cast<std::uintptr_t>(&lines[i]) / 64);
    };
    model_run::expect(used(0).writers == 1 && used(0).readers == 0, "fiber a's line");
    model_run::expect(used(1).writers == 2, "fiber b's line");
    model_run::expect(used(2).writers == 0 && used(2).readers == 3, "the line that both read");
  };
  expect_clean(test);
}

TEST(ModelSync, IsAloneUntilAnotherFiberHasAState) {
  expect_clean([](model_run& run) {
    auto& others = run.make<model_atomic<int>>(0);
    const auto body = [&] {
      others.fetch_add(1);
      static_cast<void>(model_sync::this_thread());
      const int before = others.load();
      if (!model_sync::alone()) model_run::expect(before > 0, "somebody was there");
    };
    run.fibers({body, body});
    model_run::expect(model_sync::alone(), "outside of fibers");
  });
}

}  // namespace
