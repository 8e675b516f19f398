/// @file
/// What runs fibers one after another: switches between them, keeps their stores back, and notices what goes
/// wrong.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <functional>
#include <iterator>
#include <map>
#include <new>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <cxxabi.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "tests/memo/model_fiber.hpp"
#include "tests/memo/model_scheduler.hpp"
#include "tests/memo/model_sync.hpp"

namespace deft_test {

/// Makes the runs of one exploration, as a chooser says.
class model_engine {
 public:
  model_engine(const exploration_options& chosen, chooser& by) : options(chosen), chooser_(by) {
    active = this;
    fibers_.reserve(most_fibers);
#if defined(DEFT_TEST_TSAN)
    main_.tsan = __tsan_get_current_fiber();
#endif
  }

  ~model_engine() {
    active = nullptr;
    for (fiber& f : fibers_) {
#if defined(DEFT_TEST_TSAN)
      __tsan_destroy_fiber(f.tsan);
#endif
#if defined(DEFT_TEST_ASAN)
      // What an abandoned fiber holds is no leak.
      if (!failure_.empty()) {
        __lsan_register_root_region(f.stack, stack_bytes);
        continue;
      }
      __asan_unpoison_memory_region(f.stack, stack_bytes);
#endif
      munmap(f.stack, stack_bytes);
    }
  }

  /// @returns What failed.
  std::string once(const scenario& test) {
    decisions.clear();
    failure_.clear();
    steps_ = 0;
    lines.clear();
    recording = false;
    freed.clear();
    count_ = 0;
    model_sync::reset();
    chooser_.begin();
    model_run run;
    try {
      test(run);
      run.destroy_all();
    } catch (const run_failed&) {
    } catch (const std::exception& error) {
      note(std::string("an exception outside of fibers: ") + error.what());
    }
    if (!failure_.empty()) {
      static auto& abandoned = *new std::vector<std::vector<model_run::owned>>;  // reachable: no leak
      abandoned.push_back(std::move(run.made_));
    }
    model_sync::reset();
    return failure_;
  }

  void run_fibers(std::vector<std::function<void()>> bodies) {
    if (bodies.size() > most_fibers) throw std::length_error("too many fibers");
    bodies_ = std::move(bodies);
    count_ = static_cast<int>(bodies_.size());
    while (static_cast<int>(fibers_.size()) < count_) prepare(fibers_.emplace_back());
    for (int i = 0; i < count_; ++i) fibers_[i].is = fiber::state::ready;
    // Each runs up to its first operation: what is before that, nobody else can see.
    starting_ = true;
    for (int i = 0; i < count_; ++i) switch_to(i);
    starting_ = false;
    const int first = next();
    if (first != scheduling::no_fiber) switch_to(first);
    if (!failure_.empty()) throw run_failed{};
    drain_all();
    count_ = 0;
  }

  void point(const void* address, bool writes) {
    touch(address, writes);
    if (current == scheduling::no_fiber) return;
    if (starting_) {
      switch_to(scheduling::no_fiber);
    } else {
      reschedule();
    }
    if (!freed.empty() && in_freed(address)) fail("uses an atomic or a lock in freed memory");
  }

  bool block(const void* on, const char* what, bool timed) {
    if (current == scheduling::no_fiber) fail("waits outside of fibers");
    fiber& self = fibers_[current];
    self.is = fiber::state::blocked;
    self.blocked_on = on;
    self.blocked_what = what;
    self.timed = timed;
    self.woken = false;
    reschedule();
    self.is = fiber::state::ready;
    return self.woken;
  }

  void wake(const void* on, bool all) {
    for (int i = 0; i < count_; ++i) {
      fiber& f = fibers_[i];
      if (f.is != fiber::state::blocked || f.blocked_on != on) continue;
      f.is = fiber::state::ready;
      f.woken = true;
      if (!all) return;
    }
  }

  void yield() {
    if (current == scheduling::no_fiber) return;
    fibers_[current].yielded = true;
    reschedule();
  }

  void wrote() noexcept {
    for (int i = 0; i < count_; ++i) {
      if (i != current) fibers_[i].yielded = false;
    }
  }

  [[noreturn]] void fail(const char* what) {
    note(what);
    if (current == scheduling::no_fiber) throw run_failed{};
    switch_to(scheduling::no_fiber);
    std::abort();  // An abandoned fiber is never resumed.
  }

  void drain_one(int index) {
    fiber& f = fibers_[index];
    const buffered_store store = f.stores.front();
    f.stores.erase(f.stores.begin());
    std::memcpy(store.address, &store.bits, store.size);
    for (int i = 0; i < count_; ++i) {
      if (i != index) fibers_[i].yielded = false;
    }
  }

  void drain(int index) {
    while (!fibers_[index].stores.empty()) drain_one(index);
  }

  void drain_all() {
    for (int i = 0; i < count_; ++i) drain(i);
  }

  void buffer_store(void* address, std::uint64_t bits, unsigned size) {
    std::vector<buffered_store>& stores = fibers_[current].stores;
    if (stores.size() == most_buffered) drain_one(current);
    stores.push_back({address, bits, size});
  }

  bool own_store(const void* address, std::uint64_t& bits) const noexcept {
    if (current == scheduling::no_fiber) return false;
    const std::vector<buffered_store>& stores = fibers_[current].stores;
    for (std::size_t i = stores.size(); i-- > 0;) {
      if (stores[i].address == address) {
        bits = stores[i].bits;
        return true;
      }
    }
    return false;
  }

  /// A block is freed: nobody may have a store to it on its way.
  void forget(void* block, std::size_t size) {
    const auto first = reinterpret_cast<std::uintptr_t>(block);
    if (current != scheduling::no_fiber) drain(current);
    for (int i = 0; i < count_; ++i) {
      for (const buffered_store& store : fibers_[i].stores) {
        const auto at = reinterpret_cast<std::uintptr_t>(store.address);
        if (at >= first && at < first + size)
          fail("frees memory to which another fiber's store is on its way");
      }
    }
    freed[first] = first + size;
  }

  void touch(const void* address, bool writes) {
    if (!recording || current == scheduling::no_fiber) return;
    line_use& use = lines[reinterpret_cast<std::uintptr_t>(address) / 64];
    (writes ? use.writers : use.readers) |= 1U << static_cast<unsigned>(current);
  }

  static inline model_engine* active = nullptr;

  exploration_options options;
  int current = scheduling::no_fiber;
  bool recording = false;
  std::unordered_map<std::uintptr_t, line_use> lines;
  std::map<std::uintptr_t, std::uintptr_t> freed;
  std::vector<std::uint8_t> decisions;

 private:
  void note(const std::string& what) {
    if (!failure_.empty()) return;
    failure_ = what;
    if (current != scheduling::no_fiber)
      failure_ += std::string(" (fiber ") + static_cast<char>('a' + current) + ")";
  }

  bool in_freed(const void* address) const {
    const auto at = reinterpret_cast<std::uintptr_t>(address);
    const auto after = freed.upper_bound(at);
    return after != freed.begin() && at < std::prev(after)->second;
  }

  void reschedule() {
    if (++steps_ > options.steps) fail("makes no progress");
    const int chosen = next();
    if (chosen == scheduling::no_fiber) {
      switch_to(scheduling::no_fiber);
    } else if (chosen != current) {
      switch_to(chosen);
    }
  }

  void find_candidates() {
    candidates_.clear();
    const auto add = [&](auto can_go) {
      if (current != scheduling::no_fiber && can_go(fibers_[current])) candidates_.push_back(current);
      for (int i = 0; i < count_; ++i) {
        if (i != current && can_go(fibers_[i])) candidates_.push_back(i);
      }
    };
    const auto is_ready = [](const fiber& f) { return f.is == fiber::state::ready && !f.yielded; };
    add(is_ready);
    if (!candidates_.empty()) return;
    // Everybody waits, some in loops. What they wait for may be in a store buffer; and time may pass.
    for (int i = 0; i < count_; ++i) fibers_[i].yielded = false;
    drain_all();
    add(is_ready);
    if (candidates_.empty()) {
      add([](const fiber& f) { return f.is == fiber::state::blocked && f.timed; });
    }
  }

  int next() {
    if (options.store_buffers) {
      for (int i; (i = chooser_.drain(fibers_)) != scheduling::no_fiber;) {
        decisions.push_back(static_cast<std::uint8_t>(i | drain_mark));
        drain_one(i);
      }
    }
    find_candidates();
    if (candidates_.empty()) {
      if (std::any_of(fibers_.begin(), fibers_.begin() + count_,
                      [](const fiber& f) { return f.is == fiber::state::blocked; })) {
        note_deadlock();
      }
      return scheduling::no_fiber;
    }
    if (candidates_.size() == 1) return candidates_[0];
    const std::size_t index = chooser_.choose(candidates_, candidates_[0] == current);
    if (index >= candidates_.size()) {
      note("does not do the same in each run");
      return scheduling::no_fiber;
    }
    decisions.push_back(static_cast<std::uint8_t>(candidates_[index]));
    return candidates_[index];
  }

  void note_deadlock() {
    std::string what = "nobody can go on:";
    for (int i = 0; i < count_; ++i) {
      if (fibers_[i].is != fiber::state::blocked) continue;
      what +=
          std::string(" fiber ") + static_cast<char>('a' + i) + " waits for " + fibers_[i].blocked_what + ";";
    }
    what.pop_back();
    if (failure_.empty()) failure_ = what;
  }

  static void prepare(fiber& f) {
    f.stack = mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (f.stack == MAP_FAILED) throw std::bad_alloc();
#if defined(DEFT_TEST_TSAN)
    f.tsan = __tsan_create_fiber(0);
#endif
    getcontext(&f.context);
    f.context.uc_stack.ss_sp = f.stack;
    f.context.uc_stack.ss_size = stack_bytes;
    makecontext(&f.context, &model_engine::enter, 0);
  }

  static void enter() {
    model_engine& self = *active;
    self.arrive();
    // A fiber that has ended is resumed by the next run.
    for (const int mine = self.current;;) {
      try {
        self.bodies_[mine]();
      } catch (const std::exception& error) {
        self.note(std::string("an exception leaves the fiber: ") + error.what());
      } catch (...) {
        self.note("an exception leaves the fiber");
      }
      model_sync::leave(mine);
      self.fibers_[mine].is = fiber::state::finished;
      self.wrote();
      self.switch_to(self.starting_ ? scheduling::no_fiber : self.next());
    }
  }

  fiber& at(int index) { return index == scheduling::no_fiber ? main_ : fibers_[index]; }

  void switch_to(int to) {
    if (!failure_.empty()) to = scheduling::no_fiber;
    fiber& from = at(current);
    fiber& into = at(to);
    auto* const exceptions = static_cast<void*>(abi::__cxa_get_globals());
    std::memcpy(from.exceptions.data(), exceptions, from.exceptions.size());
    std::memcpy(exceptions, into.exceptions.data(), into.exceptions.size());
    current = to;
#if defined(DEFT_TEST_ASAN)
    __sanitizer_start_switch_fiber(&from.fake_stack, into.stack == nullptr ? main_bottom_ : into.stack,
                                   into.stack == nullptr ? main_size_ : stack_bytes);
#endif
#if defined(DEFT_TEST_TSAN)
    __tsan_switch_to_fiber(into.tsan, 0);
#endif
    came_from_main_ = &from == &main_;
    swapcontext(&from.context, &into.context);
    arrive();
  }

  // On the stack that was switched to.
  void arrive() {
#if defined(DEFT_TEST_ASAN)
    const void* bottom = nullptr;
    std::size_t size = 0;
    __sanitizer_finish_switch_fiber(at(current).fake_stack, &bottom, &size);
    if (came_from_main_) {
      main_bottom_ = bottom;
      main_size_ = size;
    }
#endif
  }

  chooser& chooser_;
  std::vector<fiber> fibers_;
  fiber main_;
  int count_ = 0;
  std::vector<std::function<void()>> bodies_;
  std::vector<int> candidates_;
  std::string failure_;
  std::size_t steps_ = 0;
  bool starting_ = false;
  bool came_from_main_ = false;
  [[maybe_unused]] const void* main_bottom_ = nullptr;  // AddressSanitizer's
  [[maybe_unused]] std::size_t main_size_ = 0;
};

}  // namespace deft_test
