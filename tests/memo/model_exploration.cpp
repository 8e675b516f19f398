// Which schedules are tried: depth first, at random, or a given one; and how they are written.
#include <algorithm>
#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include <unistd.h>

#include "tests/memo/model_engine.hpp"
#include "tests/memo/model_fiber.hpp"
#include "tests/memo/model_scheduler.hpp"

namespace deft_test {
namespace {

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

}  // namespace deft_test
