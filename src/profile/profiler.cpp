#include "profile/profiler.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <span>
#include <utility>

#include "measure/program.hpp"
#include "profile/benchmark_output.hpp"
#include "profile/perf_events.hpp"
#include "profile/perf_sampler.hpp"
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

timed_selection select_timed_part(std::span<const symbols::resolved_sample> samples,
                                  std::span<const symbols::frame> frames,
                                  const perf_sampler::outcome& collected, const reported_run& reported,
                                  const std::string& program) {
  if (collected.marks_set) {
    timed_selection exact =
        select_by_marks(samples, frames, collected.recording.marks, !collected.throttled, reported);
    if (exact.keep.size() == samples.size()) return exact;
  }
  return select_by_duration(samples, frames, reported, symbols::base_name(program));
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
  if (const std::string refusal = perf_event_state(); refusal != "available") return without_stacks(refusal);
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
  options.hold = true;
  support::result<support::child> child = support::spawn(options);
  if (!child) return child.error();

  const unsigned frequency_hz = std::clamp(request.frequency_hz, 1U, highest_frequency_hz());
  perf_settings settings;
  settings.clock = {.frequency_hz = frequency_hz, .stack_bytes = stack_copy_bytes};
  settings.find_marks = [&](const std::string& path) { return state_->find_marks(path, request.program); };
  support::result<perf_sampler> attached = perf_sampler::attach(child->pid(), std::move(settings));
  if (!attached) return without_stacks(attached.error().message);
  child->release();
  const support::exit_status status = support::wait_all({&*child, 1}, request.time_limit).front();
  perf_sampler::outcome collected = attached->finish();
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

  std::vector<symbols::resolved_sample> samples = state_->resolver.resolve(collected.recording);
  const timed_selection selection =
      select_timed_part(samples, state_->resolver.frames(), collected, *reported, request.program);
  std::vector<symbols::resolved_sample> timed;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (selection.keep[i]) timed.push_back(std::move(samples[i]));
  }
  symbols::stack_profile profile = symbols::fold(timed, state_->resolver.frames());
  profile.collector = "perf_event cpu-clock + user stack copies";
  profile.note = selection.note;
  if (timed.empty()) {
    profile.note +=
        "; no sample fell into it: it is idle, or its threads live for less than a sampling period";
  }
  profile.frequency_hz = frequency_hz;
  profile.discarded = samples.size() - timed.size();
  profile.lost = collected.recording.lost;
  return profile;
}

}  // namespace deft::profile
