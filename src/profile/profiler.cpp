#include "profile/profiler.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <span>
#include <utility>

#include "measure/program.hpp"
#include "profile/agent_session.hpp"
#include "profile/benchmark_output.hpp"
#include "profile/perf_events.hpp"
#include "profile/perf_sampler.hpp"
#include "profile/preloading.hpp"
#include "profile/timed_region.hpp"
#include "support/files.hpp"
#include "support/process.hpp"
#include "symbols/fold.hpp"
#include "symbols/module_file.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::profile {
namespace {

// 16 KiB hold most programs' stacks, but not Google Benchmark's: its runner alone takes 11 KiB below the
// benchmark, and with 16 KiB no stack of the 1.7.1 library reached main.
constexpr std::uint32_t stack_copy_bytes = 32 * 1024;

constexpr std::array<std::pair<timing_function, const char*>, 4> timing_symbols = {
    {{timing_function::start, "_ZN9benchmark5State16StartKeepRunningEv"},
     {timing_function::resume, "_ZN9benchmark5State12ResumeTimingEv"},
     {timing_function::pause, "_ZN9benchmark5State11PauseTimingEv"},
     {timing_function::finish, "_ZN9benchmark5State17FinishKeepRunningEv"}}};

symbols::stack_profile without_stacks(std::string reason) {
  symbols::stack_profile profile;
  profile.unavailable = std::move(reason);
  return profile;
}

std::string seconds(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", value);
  return text;
}

// What a program says last tells best why it ended.
std::string last_line_of(const std::string& path) {
  const support::result<std::string> text = support::read_file(path);
  if (!text) return {};
  const std::size_t end = text->find_last_not_of(" \n");
  if (end == std::string::npos) return {};
  const std::size_t newline = text->rfind('\n', end);
  const std::size_t begin = newline == std::string::npos ? 0 : newline + 1;
  return text->substr(begin, std::min(end + 1 - begin, std::size_t{200}));
}

/// One run of the benchmark and what was seen of it.
struct observed_run {
  symbols::recording recording;
  support::exit_status status;
  std::string collector;
  std::string note;
  unsigned frequency_hz = 0;
  bool marks_set = false;
  bool pauses_complete = true;
};

timed_selection select_timed_part(std::span<const symbols::resolved_sample> samples,
                                  std::span<const symbols::frame> frames, const observed_run& run,
                                  const reported_run& reported, const std::string& program) {
  if (run.marks_set) {
    timed_selection exact =
        select_by_marks(samples, frames, run.recording.marks, run.pauses_complete, reported);
    if (exact.keep.size() == samples.size()) return exact;
  }
  return select_by_duration(samples, frames, reported, symbols::base_name(program));
}

support::result<observed_run> run_with_perf(support::spawn_options options,
                                            const benchmark_profile_request& request,
                                            mark_finder find_marks) {
  if (const std::optional<refusal> refused = perf_event_refusal())
    return support::error{support::error_kind::unavailable, in_one_sentence(*refused)};
  options.hold = true;
  support::result<support::child> child = support::spawn(options);
  if (!child) return child.error();
  observed_run run;
  run.collector = "perf_event cpu-clock + user stack copies";
  run.frequency_hz = std::clamp(request.frequency_hz, 1U, highest_frequency_hz());
  perf_settings settings;
  settings.clock = {.frequency_hz = run.frequency_hz, .stack_bytes = stack_copy_bytes};
  settings.find_marks = std::move(find_marks);
  support::result<perf_sampler> attached = perf_sampler::attach(child->pid(), std::move(settings));
  if (!attached) return attached.error();
  child->release();
  run.status = support::wait_all({&*child, 1}, request.time_limit).front();
  perf_sampler::outcome seen = attached->finish();
  run.recording = std::move(seen.recording);
  run.marks_set = seen.marks_set;
  run.pauses_complete = !seen.throttled;
  return run;
}

// Exact marks would need breakpoints, which are perf_event's: the timed part is known by its duration.
support::result<observed_run> run_with_agent(support::spawn_options options,
                                             const benchmark_profile_request& request,
                                             std::string why_not_perf) {
  const preload_check check = check_preload(request.program);
  if (!check.possible) {
    return support::error{support::error_kind::unavailable,
                          why_not_perf + "; nothing can be preloaded either: " + check.obstacle};
  }
  agent_settings settings;
  settings.frequency_hz = request.frequency_hz;
  support::result<agent_session> session = agent_session::start(settings);
  if (!session) {
    return support::error{support::error_kind::unavailable,
                          why_not_perf + "; without the agent, too: " + session.error().message};
  }
  add_agent(options.environment, session->environment());
  support::result<support::child> child = support::spawn(options);
  if (!child) return child.error();
  observed_run run;
  run.status = support::wait_all({&*child, 1}, request.time_limit).front();
  agent_session::outcome seen = session->finish();
  run.collector = "preloaded agent: CPU timers of the threads";
  run.note = std::move(why_not_perf);
  run.frequency_hz = agent_frequency_hz(request.frequency_hz);
  run.recording = std::move(seen.recording);
  if (!seen.agent_answered) run.note += "; the program did not load the agent";
  return run;
}

}  // namespace

struct benchmark_profiler::state {
  symbols::stack_resolver resolver;

  std::vector<marked_function> find_marks(const std::string& path, const std::string& program);
};

// Symbols of other libraries are not worth reading while the program runs: Google Benchmark is in the program
// or in a library of its name.
std::vector<marked_function> benchmark_profiler::state::find_marks(const std::string& path,
                                                                   const std::string& program) {
  std::vector<marked_function> found;
  const std::string name = symbols::base_name(path);
  if (name != symbols::base_name(program) && name.find("benchmark") == std::string::npos) return found;
  for (const auto& [function, symbol] : timing_symbols) {
    if (const std::uint64_t offset = resolver.function_file_offset(path, symbol)) {
      found.push_back({static_cast<std::uint32_t>(function), offset});
    }
  }
  if (found.size() != timing_symbols.size()) found.clear();
  return found;
}

benchmark_profiler::benchmark_profiler() : state_(std::make_unique<state>()) {}

benchmark_profiler::benchmark_profiler(benchmark_profiler&&) noexcept = default;
benchmark_profiler& benchmark_profiler::operator=(benchmark_profiler&&) noexcept = default;
benchmark_profiler::~benchmark_profiler() = default;

support::result<symbols::stack_profile> benchmark_profiler::profile(
    const benchmark_profile_request& request) {
  support::result<profiled_run> taken = run(request);
  if (!taken) return taken.error();
  return std::move(taken->profile);
}

std::vector<symbols::annotated_function> benchmark_profiler::annotate(
    const symbols::leaf_counts& leaves, const symbols::annotate_limits& limits) {
  return symbols::annotate(leaves, state_->resolver, limits);
}

support::result<profiled_run> benchmark_profiler::run(const benchmark_profile_request& request,
                                                      symbols::leaf_counts* leaves) {
  support::result<support::temporary_folder> folder = support::temporary_folder::make("profile");
  if (!folder) return folder.error();

  const std::string output = (folder->path() / "benchmark.json").string();
  const std::string messages = (folder->path() / "messages.txt").string();
  support::spawn_options options;
  options.argv = {request.program};
  options.argv.insert(options.argv.end(), request.arguments.begin(), request.arguments.end());
  options.argv.push_back("--benchmark_filter=" + measure::exact_filter(request.benchmark));
  options.argv.push_back("--benchmark_min_time=" + seconds(request.min_time_s));
  options.argv.push_back("--benchmark_out=" + output);
  options.argv.push_back("--benchmark_out_format=json");
  options.environment = request.environment;
  options.stderr_path = messages;

  support::result<observed_run> seen = run_with_perf(
      options, request, [&](const std::string& path) { return state_->find_marks(path, request.program); });
  if (!seen && seen.error().kind == support::error_kind::unavailable)
    seen = run_with_agent(options, request, seen.error().message);
  if (!seen && seen.error().kind == support::error_kind::unavailable)
    return profiled_run{without_stacks(seen.error().message), 0};
  if (!seen) return seen.error();
  const support::exit_status& status = seen->status;
  if (status.interrupted)
    return support::error{support::error_kind::interrupted, "interrupted while profiling"};
  if (!status.ok()) {
    const std::string said = status.timed_out ? std::string() : last_line_of(messages);
    return support::error{support::error_kind::benchmark_failed,
                          request.program + ": " + request.benchmark + ": " + status.describe() +
                              " under the profiler" + (said.empty() ? "" : ": " + said)};
  }
  const support::result<std::string> json = support::read_file(output);
  const support::result<reported_run> reported =
      read_reported_run(json ? *json : std::string(), request.program, request.benchmark);
  if (!reported) return reported.error();

  std::vector<symbols::resolved_sample> samples = state_->resolver.resolve(seen->recording);
  const timed_selection selection =
      select_timed_part(samples, state_->resolver.frames(), *seen, *reported, request.program);
  std::vector<symbols::resolved_sample> timed;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (selection.keep[i]) timed.push_back(std::move(samples[i]));
  }
  if (leaves != nullptr) leaves->add(timed);
  symbols::stack_profile profile = symbols::fold(timed, state_->resolver.frames());
  profile.collector = seen->collector;
  profile.note = selection.note;
  if (!seen->note.empty()) profile.note += "; " + seen->note;
  if (timed.empty()) {
    profile.note +=
        "; no sample fell into it: it is idle, or its threads live for less than a sampling period";
  }
  profile.frequency_hz = seen->frequency_hz;
  profile.discarded = samples.size() - timed.size();
  profile.lost = seen->recording.lost;
  return profiled_run{std::move(profile), reported->cpu_time_ns};
}

}  // namespace deft::profile
