// When memory that lock-free readers may hold is freed, in every order of readers and reclaimers.
#include <array>
#include <cstdint>
#include <new>

#include <gtest/gtest.h>

#include "deft/memo/detail/reclaim.hpp"
#include "deft/memo/policy.hpp"

#include "tests/memo/schedule_cache.hpp"

namespace {

using deft::detail::read_guard;
using deft::detail::retired_list;
using deft_test::expect_of;
using deft_test::model_atomic;
using deft_test::model_run;
using deft_test::model_sync;
using deft_test::node_value;
using deft_test::search;
using deft_test::watched_cache;

using reclaimer = deft::detail::reclaimer<model_sync>;

struct object : deft::detail::retired {
  object(deft_test::model_resource& from) : memory(&from) {
    free = [](deft::detail::retired* base) noexcept {
      auto* const self = static_cast<object*>(base);
      deft_test::model_resource& resource = *self->memory;
      self->~object();
      resource.deallocate(self, sizeof(object), alignof(object));
    };
  }

  static object* make(deft_test::model_resource& from) {
    return new (from.allocate(sizeof(object), alignof(object))) object(from);
  }

  deft_test::model_resource* memory;
  model_atomic<int> used{0};
};

struct published {
  deft_test::model_resource memory;
  reclaimer retirees;
  model_atomic<object*> current{object::make(memory)};

  /// Puts another one there, and retires enough for an attempt to free.
  void replace() {
    retired_list old;
    old.add(current.exchange(object::make(memory)));
    while (old.size() < reclaimer::batch) old.add(object::make(memory));
    retirees.retire(old, model_sync::this_thread());
  }

  void use(bool twice) {
    const read_guard<model_sync> guard(model_sync::this_thread());
    object* const found = current.load(std::memory_order_acquire);
    static_cast<void>(found->used.load(std::memory_order_relaxed));
    if (twice) found->used.store(1, std::memory_order_relaxed);
  }

  ~published() {
    object* const last = current.load();
    last->free(last);
  }
};

TEST(ReclaimSchedules, WhatAReaderHoldsIsNotFreed) {
  search(
      [](model_run& run) {
        auto& shared = run.make<published>();
        run.fibers({[&] {
                      shared.replace();
                      shared.replace();
                    },
                    [&] {
                      shared.use(true);
                      shared.use(false);
                    }});
      },
      20'000);
}

TEST(ReclaimSchedules, WhatAReaderHoldsIsNotFreedByTwoReclaimers) {
  search(
      [](model_run& run) {
        auto& shared = run.make<published>();
        run.fibers({[&] { shared.replace(); }, [&] { shared.use(true); }, [&] { shared.replace(); }});
      },
      20'000);
}

TEST(ReclaimSchedules, WhatAReaderHoldsIsNotFreedWhereReadersFence) {
  search(
      [](model_run& run) {
        auto& shared = run.make<published>();
        run.fibers({[&] { shared.replace(); }, [&] { shared.use(true); }, [&] { shared.use(false); }});
      },
      20'000, {.asymmetric = false});
}

TEST(ReclaimSchedules, EverythingIsFreedWhenAllHaveGoneOn) {
  search(
      [](model_run& run) {
        auto& shared = run.make<published>();
        run.fibers({[&] { shared.replace(); }, [&] { shared.use(false); }});
        shared.replace();
        model_run::expect(shared.memory.live() == 1, "only the current one is left");
      },
      2'000);
}

TEST(ReclaimSchedules, NodesThatWereReplacedAreFreedUnderReaders) {
  search(
      [](model_run& run) {
        auto& cache =
            run.make<watched_cache<node_value, deft::policy::clock>>(deft::memo_options{.max_size = 2}).cache;
        cache.put(1, node_value::of(1));
        run.fibers({[&] {
                      for (unsigned i = 0; i < reclaimer::batch + 8; ++i) cache.put(1, node_value::of(1, i));
                    },
                    [&] {
                      const auto held = cache.pin(1);
                      expect_of(cache.get(1), 1);
                      expect_of(held, 1);
                    },
                    [&] { expect_of(cache.pin(1), 1); }});
      },
      6'000);
  EXPECT_EQ(node_value::alive, 0);
}

}  // namespace
