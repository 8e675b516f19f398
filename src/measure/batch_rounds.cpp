#include "measure/batch_rounds.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <optional>
#include <span>

#include "measure/arm_failures.hpp"
#include "measure/paired_batches.hpp"
#include "measure/worker_process.hpp"

namespace deft::measure {
namespace {

using clock = std::chrono::steady_clock;
using support::error;
using support::error_kind;
using support::result;

// Short enough that a disturbance which lasts for some milliseconds hits all arms alike; long enough for the
// clocks and the way to the worker and back, some tens of microseconds, not to matter.
constexpr double batch_seconds = 0.001;

constexpr double most_blocks = 1000;

struct arm {
  const char* label;
  const program* subject;
  std::optional<worker_process> process;
  std::size_t index = 0;  // of the benchmark in its list
};

repetition per_iteration(const detail::batch& b) {
  const auto iterations = static_cast<double>(b.iterations);
  return {static_cast<double>(b.cpu_ns) / iterations, static_cast<double>(b.wall_ns) / iterations,
          b.iterations};
}

double seconds_since(clock::time_point begin) {
  return std::chrono::duration<double>(clock::now() - begin).count();
}

class batch_round {
 public:
  batch_round(const program& base, const program* head, const std::string& name, const batch_round_plan& plan,
              random_source& random)
      : name_(name), plan_(plan), random_(random) {
    arms_.push_back({head != nullptr ? "base" : "", &base, std::nullopt});
    if (head != nullptr) {
      arms_.push_back({"head", head, std::nullopt});
      arms_.push_back({"base (control)", &base, std::nullopt});
    }
    // They share a core, so each gets its time only in as many times the time.
    until_ = clock::now() + plan.settings.time_limit * static_cast<int>(arms_.size());
    if (plan.settings.deadline) until_ = std::min(until_, *plan.settings.deadline);
  }

  result<round> run() {
    // What differs between processes is what scatters, so that two do half of the repetitions each.
    const std::uint32_t wanted = plan_.settings.repetitions;
    const std::uint32_t half = (wanted + 1) / 2;
    round measured;
    for (const std::uint32_t repetitions : {half, wanted - half}) {
      if (repetitions == 0) break;
      if (const auto started = start(); !started) return started.error();
      if (blocks_ == 0) blocks_ = choose_lengths();
      if (const auto done = repeat(repetitions, measured); !done) return done.error();
      for (arm& a : arms_) a.process->quit();
    }
    return measured;
  }

 private:
  /// Starts all arms, and warms each up by a batch that shows what one costs.
  result<void> start() {
    std::vector<std::size_t> order{0, 1, 2};
    order.resize(arms_.size());
    random_.shuffle(std::span(order));
    arm_failures failed;
    for (const std::size_t i : order) {
      if (const auto ready = prepare(i); !ready) failed.add(arms_[i].label, ready.error());
      if (failed.interrupted()) break;
    }
    return failed.outcome();
  }

  result<void> prepare(std::size_t i) {
    arm& a = arms_[i];
    support::spawn_options options;
    options.environment.emplace_back("DEFT_ENVIRONMENT_PADDING", std::string(random_.below(4096), 'x'));
    if (!plan_.cpus.empty()) options.cpu = plan_.cpus.front();
    const auto complaints = plan_.folder / ("worker-" + std::to_string(i) + ".stderr");
    auto started = worker_process::start(*a.subject, std::move(options), complaints.string(), until_);
    if (!started) {
      // Not the benchmark's own choice, which this kind stands for here.
      const bool foreign = started.error().kind == error_kind::unavailable;
      return error{foreign ? error_kind::benchmark_failed : started.error().kind, started.error().message};
    }
    a.process = *std::move(started);
    const auto names = a.process->list(until_);
    if (!names) return names.error();
    const auto found = std::find(names->begin(), names->end(), name_);
    if (found == names->end()) return error{error_kind::benchmark_failed, "no benchmark of this name"};
    a.index = static_cast<std::size_t>(found - names->begin());
    return warm_up(a);
  }

  result<void> warm_up(arm& a) {
    const auto begin = clock::now();
    if (const auto asked = ask(a); !asked) return asked;
    const auto batch = a.process->answer(until_);
    if (!batch) return batch.error();
    const double took = seconds_since(begin);
    const double measured = static_cast<double>(batch->wall_ns) * 1e-9;
    cheapest_call_ = std::min(cheapest_call_, took);
    overhead_ = std::min(overhead_, std::max(0.0, took - measured));
    // What one arm found out holds for all: the same number of iterations for each.
    if (iterations_ == 0) iterations_ = batch->iterations;
    return {};
  }

  /// Where more is spent around a batch than in it (a set-up that is done anew each time), batches become as
  /// long as that, up to a whole repetition. Returns the number of blocks in a repetition.
  std::size_t choose_lengths() {
    const double longest = std::max(batch_seconds, plan_.settings.min_time_seconds);
    const double wanted = std::clamp(overhead_, batch_seconds, longest);
    if (wanted > batch_seconds) {
      iterations_ = 0;
      nanoseconds_ = static_cast<std::uint64_t>(wanted * 1e9);
    }
    const double cost = std::max(wanted + overhead_, cheapest_call_);
    return static_cast<std::size_t>(
        std::clamp(std::round(plan_.settings.min_time_seconds / cost), 1.0, most_blocks));
  }

  result<void> ask(arm& a) { return a.process->ask({a.index, iterations_, nanoseconds_}, until_); }

  result<void> repeat(std::uint32_t repetitions, round& measured) {
    for (std::uint32_t i = 0; i < repetitions; ++i) {
      const auto one = one_repetition();
      if (!one) return one.error();
      measured.base.push_back(one->base);
      if (arms_.size() == 1) continue;
      measured.head.push_back(one->head);
      measured.control.push_back(one->control);
    }
    return {};
  }

  result<repetition> answer(arm& a) {
    const auto batch = a.process->answer(until_);
    if (!batch) return error{batch.error().kind, prefixed(a.label, batch.error().message)};
    return per_iteration(*batch);
  }

  result<repetition> one_batch(arm& a) {
    if (const auto asked = ask(a); !asked)
      return error{asked.error().kind, prefixed(a.label, asked.error().message)};
    return answer(a);
  }

  /// Two at once, on a core each.
  result<std::array<repetition, 2>> two_batches(arm& first, arm& second) {
    for (arm* a : {&first, &second}) {
      if (const auto asked = ask(*a); !asked)
        return error{asked.error().kind, prefixed(a->label, asked.error().message)};
    }
    const auto one = answer(first);
    if (!one) return one.error();
    const auto other = answer(second);
    if (!other) return other.error();
    return std::array{*one, *other};
  }

  result<batch_block> block_of_workers() {
    std::array<repetition, 3> times;
    std::vector<std::size_t> order{0, 1, 2};
    order.resize(arms_.size());
    random_.shuffle(std::span(order));
    for (const std::size_t i : order) {
      const auto one = one_batch(arms_[i]);
      if (!one) return one.error();
      times[i] = *one;
    }
    // Of one arm alone the others are the same, so that what follows need not know.
    if (arms_.size() == 1) times[1] = times[2] = times[0];
    return batch_block{times[0], times[1], times[2]};
  }

  /// Base with head, control with head; the head's ratio to those two is that of batches at the same time.
  result<batch_block> block_of_duet() {
    const bool swapped = (blocks_done_++ % 2) == 1;
    arm& head = arms_[1];
    head.process->pin(plan_.cpus[swapped ? 1 : 0]);
    for (const std::size_t i : {0, 2}) arms_[i].process->pin(plan_.cpus[swapped ? 0 : 1]);
    std::vector<std::size_t> order{0, 2};
    random_.shuffle(std::span(order));
    std::array<repetition, 3> beside;
    std::array<repetition, 3> heads;
    for (const std::size_t i : order) {
      const auto both = two_batches(arms_[i], head);
      if (!both) return both.error();
      beside[i] = (*both)[0];
      heads[i] = (*both)[1];
    }
    return batch_block{beside[0], mean_of(heads[0], heads[2]), beside[2]};
  }

  result<batch_block> one_repetition() {
    const bool duet = plan_.how == method::duet && arms_.size() == 3 && plan_.cpus.size() >= 2;
    std::vector<batch_block> all;
    for (std::size_t i = 0; i < blocks_; ++i) {
      const auto one = duet ? block_of_duet() : block_of_workers();
      if (!one) return one.error();
      all.push_back(*one);
    }
    const auto whole = combine(all);
    if (!whole) return error{error_kind::benchmark_failed, "reports no CPU time"};
    return *whole;
  }

  const std::string& name_;
  const batch_round_plan& plan_;
  random_source& random_;
  std::deque<arm> arms_;  // base, head, control
  clock::time_point until_;
  double cheapest_call_ = 1e9;
  double overhead_ = 1e9;
  std::uint64_t iterations_ = 0;
  std::uint64_t nanoseconds_ = static_cast<std::uint64_t>(batch_seconds * 1e9);
  std::size_t blocks_ = 0;  // In a repetition.
  std::size_t blocks_done_ = 0;
};

}  // namespace

result<round> run_batch_round(const program& base, const program* head, const std::string& name,
                              const batch_round_plan& plan, random_source& random) {
  return batch_round(base, head, name, plan, random).run();
}

}  // namespace deft::measure
