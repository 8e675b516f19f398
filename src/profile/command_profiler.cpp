#include "profile/command_profiler.hpp"

#include <algorithm>
#include <optional>
#include <span>

#include "profile/agent_session.hpp"
#include "profile/perf_events.hpp"
#include "profile/perf_sampler.hpp"
#include "profile/preloading.hpp"
#include "profile/profile_builder.hpp"
#include "profile/ptrace_sampler.hpp"
#include "support/interrupt.hpp"

namespace deft::profile {
namespace {

using clock = std::chrono::steady_clock;
using symbols::profile_kind;

constexpr std::uint64_t second_ns = 1'000'000'000;
constexpr std::chrono::milliseconds no_limit = std::chrono::hours(24 * 3650);

// Above that, stops take more of the program's time than it has.
constexpr unsigned highest_stop_frequency_hz = 1000;

// Copies cost the program about the same whatever their length. But an unprivileged user's ring has 512 KiB,
// and the reader must come before it is full: in 30 to 50 ms at the highest frequencies of both kinds.
std::uint32_t stack_copy_bytes(unsigned frequency_hz) {
  return frequency_hz <= 500 ? 16 * 1024 : 8 * 1024;
}

support::error unavailable(std::string message) {
  return {support::error_kind::unavailable, std::move(message)};
}

void add_sentence(std::string& text, const std::string& sentence) {
  if (sentence.empty()) return;
  if (!text.empty()) text += "; ";
  text += sentence;
}

const char* name_of(profile_kind kind) {
  switch (kind) {
    case profile_kind::cpu:
      return "processor time";
    case profile_kind::wall:
      return "elapsed time";
    case profile_kind::off_cpu:
      return "waiting";
    case profile_kind::allocation:
      return "allocations";
  }
  return "";
}

const char* name_of(collector how) {
  switch (how) {
    case collector::automatic:
      return "automatic";
    case collector::perf:
      return "perf";
    case collector::agent:
      return "agent";
    case collector::ptrace:
      return "ptrace";
  }
  return "";
}

std::span<const collector> able_to(profile_kind kind) {
  static constexpr collector all[] = {collector::perf, collector::agent, collector::ptrace};
  switch (kind) {
    case profile_kind::cpu:
      return all;
    case profile_kind::allocation:
      return std::span(all).subspan(1, 1);
    case profile_kind::wall:
    case profile_kind::off_cpu:
      return std::span(all).subspan(2, 1);
  }
  return {};
}

// Looks only: nothing has been started yet.
std::string obstacle_to(collector how, const command_profile_request& request) {
  switch (how) {
    case collector::perf: {
      const std::optional<refusal> refused = perf_event_refusal();
      return refused ? in_one_sentence(*refused) : "";
    }
    case collector::agent: {
      const preload_check check = check_preload(request.argv.front());
      return check.possible ? ""
                            : "nothing can be preloaded into " + request.argv.front() + ": " + check.obstacle;
    }
    case collector::ptrace: {
      const std::optional<refusal> refused = ptrace_refusal();
      return refused ? in_one_sentence(*refused) : "";
    }
    case collector::automatic:
      break;
  }
  return "";
}

support::spawn_options options_for(const command_profile_request& request) {
  support::spawn_options options;
  options.argv = request.argv;
  options.environment = request.environment;
  options.inherit_stdin = true;
  options.stdout_path.clear();
  options.stderr_path.clear();
  options.hold = true;
  return options;
}

support::exit_status wait_for(support::child& child, const command_profile_request& request) {
  const auto limit = request.time_limit.count() > 0 ? request.time_limit : no_limit;
  return support::wait_all({&child, 1}, limit).front();
}

profile_builder::settings builder_settings(const command_profile_request& request, unsigned frequency_hz) {
  profile_builder::settings settings;
  settings.kind = request.kind;
  settings.period_ns = second_ns / frequency_hz;
  return settings;
}

command_profile completed(profile_builder& builder, support::exit_status status, clock::time_point begin,
                          unsigned frequency_hz) {
  command_profile result;
  result.status = status;
  // Ctrl-C in a terminal reaches the command as well, which may be faster.
  result.status.interrupted = status.interrupted || support::interrupted();
  result.duration_seconds = std::chrono::duration<double>(clock::now() - begin).count();
  profile_builder::outcome built = builder.finish();
  result.profile = std::move(built.profile);
  result.profile.frequency_hz = frequency_hz;
  result.hot_functions = std::move(built.hot_functions);
  return result;
}

std::string lowered(unsigned wanted_hz, unsigned frequency_hz, const char* by) {
  if (frequency_hz >= wanted_hz) return "";
  return std::to_string(frequency_hz) + " samples per second instead of " + std::to_string(wanted_hz) + ": " +
         by;
}

support::result<command_profile> run_with_perf(const command_profile_request& request) {
  support::result<support::child> child = support::spawn(options_for(request));
  if (!child) return child.error();
  const unsigned frequency_hz = std::clamp(request.frequency_hz, 1U, highest_frequency_hz());
  profile_builder builder(builder_settings(request, frequency_hz));
  perf_settings settings;
  settings.clock = {.frequency_hz = frequency_hz, .stack_bytes = stack_copy_bytes(frequency_hz)};
  settings.on_part = [&builder](symbols::recording part) { builder.add(std::move(part)); };
  support::result<perf_sampler> sampler = perf_sampler::attach(child->pid(), std::move(settings));
  if (!sampler) return sampler.error();
  const clock::time_point begin = clock::now();
  if (const support::result<void> started = child->start(); !started) return started.error();
  const support::exit_status status = wait_for(*child, request);
  perf_sampler::outcome rest = sampler->finish();
  builder.add(std::move(rest.recording));
  command_profile result = completed(builder, status, begin, frequency_hz);
  result.profile.collector = "perf_event cpu-clock + user stack copies";
  std::string& note = result.profile.note;
  add_sentence(note, lowered(request.frequency_hz, frequency_hz, "kernel.perf_event_max_sample_rate"));
  if (!rest.sees_kernel)
    add_sentence(note, "without time in the kernel, which only privileged users may sample");
  if (rest.throttled)
    add_sentence(note, "the kernel stopped the clock for moments, because it cost too much");
  return result;
}

support::result<command_profile> run_with_agent(const command_profile_request& request) {
  const bool timed = request.kind == profile_kind::cpu;
  const unsigned frequency_hz = timed ? agent_frequency_hz(request.frequency_hz) : 0;
  profile_builder builder(builder_settings(request, std::max(frequency_hz, 1U)));
  support::result<agent_session> session = agent_session::start(
      {.kind = request.kind,
       .frequency_hz = request.frequency_hz,
       .allocation_interval_bytes = request.allocation_interval_bytes,
       .agent_path = request.agent_path,
       .on_part = [&builder](symbols::recording part) { builder.add(std::move(part)); }});
  if (!session) return session.error();
  support::spawn_options options = options_for(request);
  options.hold = false;
  add_agent(options.environment, session->environment());
  const clock::time_point begin = clock::now();
  support::result<support::child> child = support::spawn(options);
  if (!child) return child.error();
  const support::exit_status status = wait_for(*child, request);
  agent_session::outcome seen = session->finish();
  builder.add(std::move(seen.recording));
  command_profile result = completed(builder, status, begin, frequency_hz);
  result.profile.collector =
      timed ? "preloaded agent: CPU timers of the threads" : "preloaded agent: sampled allocations";
  std::string& note = result.profile.note;
  if (!seen.agent_answered) {
    add_sentence(note, "nothing was sampled: the program did not load the agent" +
                           std::string(timed ? "; --collector ptrace looks at it from outside" : ""));
  } else if (timed) {
    add_sentence(note, lowered(request.frequency_hz, frequency_hz, "the kernel's timer ticks no faster"));
    add_sentence(note, "time in the kernel counts for the function that called it");
  }
  return result;
}

support::result<command_profile> run_with_ptrace(const command_profile_request& request) {
  support::result<support::child> child = support::spawn(options_for(request));
  if (!child) return child.error();
  const unsigned frequency_hz = std::clamp(request.frequency_hz, 1U, highest_stop_frequency_hz);
  profile_builder builder(builder_settings(request, frequency_hz));
  ptrace_settings settings;
  settings.kind = request.kind;
  settings.frequency_hz = frequency_hz;
  settings.time_limit = request.time_limit;
  settings.on_part = [&builder](symbols::recording part) { builder.add(std::move(part)); };
  support::result<ptrace_sampler> sampler = ptrace_sampler::attach(*child, std::move(settings));
  if (!sampler) return sampler.error();
  const clock::time_point begin = clock::now();
  const support::result<void> started = child->start();
  const support::exit_status status = sampler->finish();
  if (!started) return started.error();
  command_profile result = completed(builder, status, begin, frequency_hz);
  result.profile.collector = "ptrace: threads looked at from outside";
  std::string& note = result.profile.note;
  add_sentence(note, lowered(request.frequency_hz, frequency_hz, "each sample stops a thread"));
  if (request.kind == profile_kind::cpu)
    add_sentence(note, "time in the kernel counts for the function that called it");
  add_sentence(note, "threads that live for less than a period may be missed");
  return result;
}

support::result<command_profile> run_with(collector how, const command_profile_request& request) {
  if (how == collector::perf) return run_with_perf(request);
  if (how == collector::agent) return run_with_agent(request);
  return run_with_ptrace(request);
}

}  // namespace

support::result<command_profile> profile_command(const command_profile_request& request) {
  if (request.argv.empty()) return support::error{support::error_kind::usage, "no command to profile"};
  if (request.frequency_hz == 0)
    return support::error{support::error_kind::usage, "a profile needs at least one sample per second"};
  const std::span<const collector> able = able_to(request.kind);
  if (request.how != collector::automatic && std::find(able.begin(), able.end(), request.how) == able.end()) {
    return support::error{support::error_kind::usage, std::string("the collector ") + name_of(request.how) +
                                                          " cannot see " + name_of(request.kind)};
  }
  std::string reasons;
  for (const collector how : able) {
    if (request.how != collector::automatic && request.how != how) continue;
    std::string obstacle = obstacle_to(how, request);
    if (obstacle.empty()) {
      support::result<command_profile> taken = run_with(how, request);
      if (taken) {
        std::string note = reasons;
        add_sentence(note, taken->profile.note);
        taken->profile.note = std::move(note);
        return taken;
      }
      // Nothing has run yet where the collector could not be had.
      if (taken.error().kind != support::error_kind::unavailable) return taken;
      obstacle = taken.error().message;
    }
    add_sentence(reasons, obstacle);
  }
  return unavailable("no profile of " + request.argv.front() + " can be taken: " + reasons);
}

}  // namespace deft::profile
