#include "profile/turns.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "diff/gather.hpp"
#include "support/interrupt.hpp"
#include "symbols/module_file.hpp"

namespace deft::profile {
namespace {

using clock = std::chrono::steady_clock;
using diff::process_profile;
using diff::profiled_round;
using support::error_kind;

// What the page shows: more would be most of a result file.
constexpr symbols::annotate_limits shown_code{.functions = 6, .instructions = 80};
constexpr double least_shown = 0.01;  // Of a side's samples.

constexpr std::uint32_t hopeless_failures = 3;

support::error unavailable(std::string message) {
  return {error_kind::unavailable, std::move(message)};
}

class turns {
 public:
  turns(benchmark_profiler& profiler, const turns_request& request, measure::random_source& random)
      : profiler_(profiler), request_(request), random_(random) {}

  turns_outcome run() {
    turns_outcome outcome;
    for (std::uint32_t round = 0; round < request_.rounds; ++round) {
      const clock::time_point begin = clock::now();
      if (request_.deadline && begin + longest_ > *request_.deadline) {
        note("the time budget ended it after " + std::to_string(taken_.size()) + " of " +
             std::to_string(request_.rounds) + " rounds");
        out_of_time_ = true;
        break;
      }
      if (request_.before_round) request_.before_round(round);
      support::result<profiled_round> both = take_round();
      if (!both && (both.error().kind == error_kind::interrupted || support::interrupted())) {
        outcome.interrupted = true;
        note("interrupted after " + std::to_string(taken_.size()) + " of " + std::to_string(request_.rounds) +
             " rounds");
        break;
      }
      longest_ = std::max(longest_, clock::now() - begin);
      if (both) {
        taken_.push_back(*std::move(both));
        continue;
      }
      failure_ = both.error();
      ++failures_;
      // A refusal stays one.
      if (taken_.empty() && (both.error().kind == error_kind::unavailable || failures_ == hopeless_failures))
        break;
    }
    if (taken_.empty() && failures_ != 0) outcome.failure = failure_;
    outcome.rounds = finish(outcome.interrupted);
    return outcome;
  }

 private:
  support::result<profiled_run> take(benchmark_profile_request request, symbols::leaf_counts& leaves) {
    request.environment.emplace_back("DEFT_ENVIRONMENT_PADDING", std::string(random_.below(4096), 'x'));
    if (request_.deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*request_.deadline - clock::now());
      request.time_limit = std::clamp(left, std::chrono::milliseconds(1), request.time_limit);
    }
    support::result<profiled_run> run = profiler_.run(request, &leaves);
    if (run && !run->profile.unavailable.empty()) return unavailable(run->profile.unavailable);
    if (run && !(run->iteration_ns > 0)) {
      return support::error{error_kind::benchmark_failed,
                            request.program + ": " + request.benchmark + " reports no processor time"};
    }
    return run;
  }

  support::result<profiled_round> take_round() {
    const bool base_first = random_.below(2) == 0;
    symbols::leaf_counts* const leaves[] = {&base_leaves_, &head_leaves_};
    const benchmark_profile_request* const requests[] = {&request_.base, &request_.head};
    std::optional<profiled_run> runs[2];
    for (const int step : {0, 1}) {
      const int side = base_first ? step : 1 - step;
      support::result<profiled_run> run = take(*requests[side], *leaves[side]);
      if (!run) return run.error();
      runs[side] = *std::move(run);
    }
    const std::string& wanted = taken_.empty() ? runs[0]->profile.collector : collector_;
    for (const std::optional<profiled_run>& run : runs) {
      if (run->profile.collector != wanted || run->profile.frequency_hz != runs[0]->profile.frequency_hz) {
        return support::error{error_kind::benchmark_failed,
                              "samples by " + run->profile.collector + ", not by " + wanted};
      }
    }
    collector_ = wanted;
    return profiled_round{{std::move(runs[0]->profile), runs[0]->iteration_ns},
                          {std::move(runs[1]->profile), runs[1]->iteration_ns}};
  }

  void note(const std::string& sentence) {
    if (!notes_.empty()) notes_ += "; ";
    notes_ += sentence;
  }

  diff::profile_rounds finish(bool interrupted) {
    if (failures_ != 0) {
      note(std::to_string(failures_) + (failures_ == 1 ? " round was" : " rounds were") +
           " left out: " + failure_.message);
    }
    diff::profile_rounds rounds = diff::gather(
        taken_, {symbols::base_name(request_.base.program), symbols::base_name(request_.head.program)});
    if (taken_.empty()) {
      rounds.unavailable = failure_.message;
      if (interrupted) rounds.unavailable = "interrupted before the first round had ended";
      if (out_of_time_) rounds.unavailable = "no time was left for it (--time-budget)";
      return rounds;
    }
    if (!notes_.empty()) rounds.note += (rounds.note.empty() ? "" : "; ") + notes_;
    rounds.base.code = profiler_.annotate(base_leaves_, shown_code);
    rounds.head.code = profiler_.annotate(head_leaves_, shown_code);
    tidy(rounds.base, request_.base.program);
    tidy(rounds.head, request_.head.program);
    return rounds;
  }

  /// The program's own module as in the frames; nothing of functions that hardly count.
  static void tidy(diff::profiled_side& side, const std::string& program) {
    std::uint64_t samples = 0;
    for (const diff::profiled_process& p : side.processes) samples += p.samples;
    std::erase_if(side.code, [&](const symbols::annotated_function& function) {
      return static_cast<double>(function.count) < least_shown * static_cast<double>(samples);
    });
    for (symbols::annotated_function& function : side.code) {
      if (function.module == symbols::base_name(program)) function.module.clear();
    }
  }

  benchmark_profiler& profiler_;
  const turns_request& request_;
  measure::random_source& random_;
  std::vector<profiled_round> taken_;
  symbols::leaf_counts base_leaves_;
  symbols::leaf_counts head_leaves_;
  std::string collector_;
  std::string notes_;
  support::error failure_{};
  std::uint32_t failures_ = 0;
  bool out_of_time_ = false;
  clock::duration longest_{};
};

}  // namespace

turns_outcome profile_in_turns(benchmark_profiler& profiler, const turns_request& request,
                               measure::random_source& random) {
  return turns(profiler, request, random).run();
}

}  // namespace deft::profile
