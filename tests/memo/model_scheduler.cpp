#include "tests/memo/model_scheduler.hpp"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <stdexcept>
#include <unordered_set>

#include <cxxabi.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "tests/memo/model_sync.hpp"

#if defined(__SANITIZE_ADDRESS__)
#define DEFT_TEST_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define DEFT_TEST_ASAN 1
#endif
#if __has_feature(thread_sanitizer)
#define DEFT_TEST_TSAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define DEFT_TEST_TSAN 1
#endif
#if defined(DEFT_TEST_ASAN)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#include <sanitizer/lsan_interface.h>
#endif
#if defined(DEFT_TEST_TSAN)
#include <sanitizer/tsan_interface.h>
#endif

namespace deft_test {
namespace {

constexpr std::size_t stack_bytes = std::size_t{1} << 18;
constexpr std::size_t most_fibers = scheduling::most_fibers;
constexpr std::size_t most_buffered = 8;
constexpr std::uint8_t drain_mark = 0x80;  // a decision: one store of that fiber reaches the others

// Ends a run that failed outside of fibers.
struct run_failed {};

struct buffered_store {
  void* address;
  std::uint64_t bits;
  unsigned size;
};

struct fiber {
  enum class state { idle, ready, blocked, finished };

  ucontext_t context{};
  void* stack = nullptr;
  state is = state::idle;
  bool yielded = false;  // until somebody writes
  bool timed = false;    // blocked, but may go on
  bool woken = false;
  const void* blocked_on = nullptr;
  const char* blocked_what = "";
  std::vector<buffered_store> stores;
  std::array<unsigned char, 2 * sizeof(void*)>
      exceptions{};  // __cxa_eh_globals, which swapcontext leaves alone
  void* fake_stack = nullptr;
  void* tsan = nullptr;
};

std::uint64_t mix(std::uint64_t x) {
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

struct generator {
  std::uint64_t state;

  std::uint64_t operator()() { return mix(state += 0x9e3779b97f4a7c15U); }

  std::size_t below(std::size_t n) { return static_cast<std::size_t>((*this)() % n); }
};

// A run is as its decisions say and, after a tilde, with store buffers.
std::string spelt(const std::vector<std::uint8_t>& decisions, bool store_buffers) {
  std::string text = store_buffers ? "~" : "";
  for (std::size_t i = 0; i < decisions.size();) {
    std::size_t end = i;
    while (end < decisions.size() && decisions[end] == decisions[i]) ++end;
    const bool drains = (decisions[i] & drain_mark) != 0;
    text += static_cast<char>((drains ? 'A' : 'a') + (decisions[i] & ~drain_mark));
    if (end - i > 1) text += std::to_string(end - i);
    i = end;
  }
  return text;
}

std::vector<std::uint8_t> read_decisions(const std::string& text) {
  std::vector<std::uint8_t> decisions;
  for (std::size_t i = 0; i < text.size();) {
    const char letter = text[i++];
    if (letter == '~') continue;
    std::size_t count = 0;
    while (i < text.size() && text[i] >= '0' && text[i] <= '9') count = count * 10 + (text[i++] - '0');
    const bool drains = letter >= 'A' && letter <= 'Z';
    const auto decision = static_cast<std::uint8_t>(drains ? (letter - 'A') | drain_mark : letter - 'a');
    decisions.insert(decisions.end(), std::max<std::size_t>(count, 1), decision);
  }
  return decisions;
}

}  // namespace

/// Who comes next, where more than one could.
class chooser {
 public:
  virtual ~chooser() = default;
  /// A new run begins.
  virtual void begin() = 0;
  /// @returns     An index into `candidates`; the running fiber, if it could go on, is the first.
  virtual std::size_t choose(const std::vector<int>& candidates, bool current_first) = 0;

  /// A fiber one store of which reaches the others before anything else, or scheduling::no_fiber.
  virtual int drain(const std::vector<fiber>&) { return scheduling::no_fiber; }
};

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
  const void* main_bottom_ = nullptr;
  std::size_t main_size_ = 0;
};

namespace {

/// The next schedule of a depth-first search.
class depth_first final : public chooser {
 public:
  explicit depth_first(unsigned preemptions) : most_(preemptions) {}

  void begin() override {
    depth_ = 0;
    used_ = 0;
  }

  std::size_t choose(const std::vector<int>& candidates, bool current_first) override {
    const std::size_t options = current_first && used_ == most_ ? 1 : candidates.size();
    if (depth_ == path_.size()) path_.push_back({0, options});
    const node& at = path_[depth_++];
    if (at.options != options) return candidates.size();
    if (current_first && at.chosen > 0) ++used_;
    return at.chosen;
  }

  /// @returns Whether there is another one.
  bool advance() {
    path_.resize(depth_);
    while (!path_.empty() && ++path_.back().chosen == path_.back().options) path_.pop_back();
    return !path_.empty();
  }

 private:
  struct node {
    std::size_t chosen;
    std::size_t options;
  };

  unsigned most_;
  unsigned used_ = 0;
  std::size_t depth_ = 0;
  std::vector<node> path_;
};

class at_random final : public chooser {
 public:
  explicit at_random(std::uint64_t seed) : random_{mix(seed)} {}

  void begin() override {
    longest_ = std::max(longest_, at_);
    at_ = 0;
    by_priority_ = random_.below(2) == 0;
    switches_one_in_ = std::size_t{2} << random_.below(4);
    drains_one_in_ = std::size_t{2} << random_.below(5);
    for (std::size_t i = 0; i < priorities_.size(); ++i) priorities_[i] = most_fibers + random_.below(1000);
    changes_.assign(1 + random_.below(4), 0);
    for (std::size_t& change : changes_) change = random_.below(longest_ + 1);
  }

  std::size_t choose(const std::vector<int>& candidates, bool current_first) override {
    const std::size_t step = at_++;
    if (!by_priority_) {
      if (current_first && random_.below(switches_one_in_) != 0) return 0;
      return random_.below(candidates.size());
    }
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      // The one that would run now becomes the least important.
      if (changes_[i] == step) priorities_[candidates[highest(candidates)]] = i;
    }
    return highest(candidates);
  }

  int drain(const std::vector<fiber>& fibers) override {
    const auto has_stores = [](const fiber& f) { return !f.stores.empty(); };
    if (std::none_of(fibers.begin(), fibers.end(), has_stores)) return scheduling::no_fiber;
    if (random_.below(drains_one_in_) != 0) return scheduling::no_fiber;
    const std::size_t first = random_.below(fibers.size());
    for (std::size_t i = 0; i < fibers.size(); ++i) {
      const std::size_t index = (first + i) % fibers.size();
      if (has_stores(fibers[index])) return static_cast<int>(index);
    }
    return scheduling::no_fiber;
  }

 private:
  [[nodiscard]] std::size_t highest(const std::vector<int>& candidates) const {
    std::size_t best = 0;
    for (std::size_t i = 1; i < candidates.size(); ++i) {
      if (priorities_[candidates[i]] > priorities_[candidates[best]]) best = i;
    }
    return best;
  }

  generator random_;
  bool by_priority_ = false;
  std::size_t switches_one_in_ = 2;
  std::size_t drains_one_in_ = 2;
  std::size_t at_ = 0;
  std::size_t longest_ = 16;
  std::array<std::size_t, most_fibers> priorities_{};
  std::vector<std::size_t> changes_;
};

class given final : public chooser {
 public:
  explicit given(std::vector<std::uint8_t> decisions) : decisions_(std::move(decisions)) {}

  void begin() override { at_ = 0; }

  std::size_t choose(const std::vector<int>& candidates, bool) override {
    if (at_ == decisions_.size()) return candidates.size();
    const auto found = std::find(candidates.begin(), candidates.end(), decisions_[at_++]);
    return static_cast<std::size_t>(found - candidates.begin());
  }

  int drain(const std::vector<fiber>& fibers) override {
    if (at_ == decisions_.size() || (decisions_[at_] & drain_mark) == 0) return scheduling::no_fiber;
    const int index = decisions_[at_++] & ~drain_mark;
    return fibers[index].stores.empty() ? scheduling::no_fiber : index;
  }

 private:
  std::vector<std::uint8_t> decisions_;
  std::size_t at_ = 0;
};

// A run may also end the process: by a failed precondition, by AddressSanitizer. Then its schedule is needed.
void tell_schedule() {
  if (model_engine::active == nullptr) return;
  const std::string text =
      "schedule: " + spelt(model_engine::active->decisions, model_engine::active->options.store_buffers) +
      "\n";
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text.data(), text.size());
}

void on_signal(int number) {
  tell_schedule();
  std::signal(number, SIG_DFL);
  std::raise(number);
}

class telling_schedule {
 public:
  telling_schedule() {
    aborting_ = std::signal(SIGABRT, on_signal);
    faulting_ = std::signal(SIGSEGV, on_signal);
#if defined(DEFT_TEST_ASAN)
    __sanitizer_set_death_callback(tell_schedule);
#endif
  }

  ~telling_schedule() {
    std::signal(SIGABRT, aborting_);
    std::signal(SIGSEGV, faulting_);
  }

 private:
  void (*aborting_)(int);
  void (*faulting_)(int);
};

std::uint64_t identity(const std::vector<std::uint8_t>& decisions) {
  std::uint64_t hash = decisions.size();
  for (const std::uint8_t decision : decisions) hash = mix(hash ^ decision) + 0x9e3779b97f4a7c15U;
  return hash;
}

// One run after another until `more` says no.
template <typename More>
exploration explore(const scenario& test, const exploration_options& options, chooser& by, More more) {
  const telling_schedule telling;
  model_engine engine(options, by);
  exploration result;
  std::unordered_set<std::uint64_t> seen;
  do {
    result.failure = engine.once(test);
    ++result.runs;
    seen.insert(identity(engine.decisions));
    result.distinct = seen.size();
    if (!result.failure.empty()) {
      result.schedule = spelt(engine.decisions, options.store_buffers);
      break;
    }
  } while (result.distinct < options.schedules && more(result));
  return result;
}

}  // namespace

exploration explore_all(const scenario& test, const exploration_options& options) {
  exploration_options in_order = options;
  in_order.store_buffers = false;
  depth_first search(options.preemptions);
  bool exhausted = false;
  exploration result = explore(test, in_order, search, [&](const exploration&) {
    exhausted = !search.advance();
    return !exhausted;
  });
  result.exhausted = exhausted;
  return result;
}

exploration explore_random(const scenario& test, const exploration_options& options) {
  at_random random(options.seed);
  // Few different ones exist where little is done: then this many runs are enough.
  return explore(test, options, random,
                 [&](const exploration& so_far) { return so_far.runs < options.schedules * 4; });
}

exploration replay(const scenario& test, const std::string& schedule, const exploration_options& options) {
  exploration_options same = options;
  same.store_buffers = schedule.starts_with('~');
  given decisions(read_decisions(schedule));
  return explore(test, same, decisions, [](const exploration&) { return false; });
}

void model_run::fibers(std::vector<std::function<void()>> bodies) {
  model_engine::active->run_fibers(std::move(bodies));
}

void model_run::expect(bool condition, const char* what) {
  if (!condition) scheduling::fail(what);
}

void model_run::record_lines(bool on) {
  model_engine::active->recording = on;
}

const std::unordered_map<std::uintptr_t, line_use>& model_run::lines() {
  return model_engine::active->lines;
}

void model_run::destroy_all() {
  while (!made_.empty()) {
    const owned last = made_.back();
    made_.pop_back();
    last.destroy(last.object);
  }
}

void* model_resource::do_allocate(std::size_t size, std::size_t alignment) {
  void* const block = std::pmr::new_delete_resource()->allocate(size, alignment);
  ++live_;
  return block;
}

void model_resource::do_deallocate(void* block, std::size_t size, std::size_t alignment) {
  --live_;
  if (model_engine::active != nullptr) model_engine::active->forget(block, size);
  std::memset(block, 0xdd, size);
#if defined(DEFT_TEST_ASAN)
  __asan_poison_memory_region(block, size);
#endif
  freed_.push_back({block, size, alignment});
}

model_resource::~model_resource() {
  for (const freed& old : freed_) {
#if defined(DEFT_TEST_ASAN)
    __asan_unpoison_memory_region(old.block, old.size);
#endif
    if (model_engine::active != nullptr) {
      model_engine::active->freed.erase(reinterpret_cast<std::uintptr_t>(old.block));
    }
    std::pmr::new_delete_resource()->deallocate(old.block, old.size, old.alignment);
  }
}

int scheduling::current() noexcept {
  return model_engine::active == nullptr ? no_fiber : model_engine::active->current;
}

void scheduling::point(const void* address, bool writes) {
  if (model_engine::active != nullptr) model_engine::active->point(address, writes);
}

void scheduling::wrote() noexcept {
  if (model_engine::active != nullptr) model_engine::active->wrote();
}

bool scheduling::block(const void* on, const char* what, bool timed) {
  if (model_engine::active == nullptr) throw std::logic_error(std::string("waits for ") + what);
  return model_engine::active->block(on, what, timed);
}

void scheduling::wake(const void* on, bool all) {
  if (model_engine::active != nullptr) model_engine::active->wake(on, all);
}

void scheduling::yield() {
  if (model_engine::active != nullptr) model_engine::active->yield();
}

void scheduling::fail(const char* what) {
  if (model_engine::active == nullptr) throw std::logic_error(what);
  model_engine::active->fail(what);
}

bool scheduling::buffered() noexcept {
  return current() != no_fiber && model_engine::active->options.store_buffers;
}

void scheduling::buffer_store(void* address, std::uint64_t bits, unsigned size) {
  model_engine::active->buffer_store(address, bits, size);
}

bool scheduling::own_store(const void* address, std::uint64_t& bits) noexcept {
  return model_engine::active != nullptr && model_engine::active->own_store(address, bits);
}

void scheduling::drain_own() {
  if (current() != no_fiber) model_engine::active->drain(current());
}

void scheduling::drain_all() {
  if (model_engine::active != nullptr) model_engine::active->drain_all();
}

bool scheduling::asymmetric() noexcept {
  return model_engine::active != nullptr && model_engine::active->options.asymmetric;
}

}  // namespace deft_test
