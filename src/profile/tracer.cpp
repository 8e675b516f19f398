#include "profile/tracer.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <ctime>
#include <utility>
#include <vector>

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include "profile/process_files.hpp"
#include "profile/recording_parts.hpp"
#include "profile/traced_thread.hpp"
#include "support/interrupt.hpp"
#include "symbols/unwind_rules.hpp"

namespace deft::profile {
namespace {

constexpr std::uint64_t part_bytes = std::uint64_t{8} << 20;

// A gap this long is no tick that came late: the machine slept, or all of us were stopped with Ctrl-Z.
constexpr std::uint64_t longest_gap_ns = 1'000'000'000;

// Enough of a stack to see that a thread which waits in the same call came there by the same way.
constexpr std::size_t compared_bytes = 1024;

constexpr int waiting_flags = __WALL | __WNOTHREAD;

constexpr auto trace_options =
    PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACEEXEC | PTRACE_O_TRACEEXIT;

std::uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

bool stops_a_group(int signal_number) {
  return signal_number == SIGSTOP || signal_number == SIGTSTP || signal_number == SIGTTIN ||
         signal_number == SIGTTOU;
}

void resume(pid_t tid, int signal_number = 0) {
  // Fails where the thread was killed meanwhile: its end is the next event.
  ::ptrace(PTRACE_CONT, tid, nullptr, static_cast<std::uintptr_t>(signal_number));
}

}  // namespace

tracer::tracer(pid_t root, const ptrace_settings& settings)
    : root_(root),
      settings_(settings),
      period_ns_(1'000'000'000U / settings.frequency_hz),
      begin_ns_(now_ns()),
      last_tick_ns_(begin_ns_) {}

bool tracer::seize() {
  if (::ptrace(PTRACE_SEIZE, root_, nullptr, trace_options) != 0) return false;
  adopt(root_);
  return true;
}

support::exit_status tracer::run() {
  while (!ended_) {
    wait_for_event();
    keep_limits();
    if (now_ns() - last_tick_ns_ >= period_ns_) tick();
    if (kept_bytes_ >= part_bytes) hand_over();
  }
  for (auto& [tid, t] : threads_) flush_waiting(t, now_ns());
  hand_over();
  return status_;
}

// The timer of `run_ticks` interrupts the wait.
void tracer::wait_for_event() {
  siginfo_t info{};
  if (::waitid(P_ALL, 0, &info, WEXITED | WSTOPPED | WNOWAIT | waiting_flags) != 0) {
    if (errno == ECHILD) ended_ = true;
    return;
  }
  const pid_t tid = info.si_pid;
  // What it leaves behind in its group: swept while the number is still its.
  const bool stopped = info.si_code == CLD_STOPPED || info.si_code == CLD_TRAPPED;
  if (tid == root_ && !stopped) ::kill(-root_, SIGKILL);
  int wait_status = 0;
  if (::waitpid(tid, &wait_status, waiting_flags) != tid) return;
  if (WIFSTOPPED(wait_status)) {
    handle_stop(tid, wait_status);
  } else {
    handle_end(tid, wait_status);
  }
}

tracer::thread& tracer::adopt(pid_t tid) {
  const auto [kept, added] = threads_.try_emplace(tid);
  thread& t = kept->second;
  if (!added) return t;
  const task_identity identity = identity_of(tid).value_or(task_identity{tid, root_});
  t.pid = identity.pid;
  if (!mappings_.knows(t.pid)) mappings_.forked(t.pid, identity.parent, now_ns());
  note_name(t.pid, tid);
  return t;
}

void tracer::forget(thread_table::iterator ended) {
  flush_waiting(ended->second, now_ns());
  const pid_t pid = ended->second.pid;
  if (ended->first == pid) mappings_.ended(pid);
  threads_.erase(ended);
}

void tracer::handle_end(pid_t tid, int wait_status) {
  if (const auto ended = threads_.find(tid); ended != threads_.end()) forget(ended);
  if (tid != root_) return;
  ended_ = true;
  if (WIFEXITED(wait_status)) status_.code = WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) status_.signal = WTERMSIG(wait_status);
}

// All other threads of the process are gone, without another word of the kernel.
void tracer::handle_exec(pid_t pid) {
  for (auto each = threads_.begin(); each != threads_.end();) {
    const auto next = std::next(each);
    if (each->second.pid == pid) {
      flush_waiting(each->second, now_ns());
      threads_.erase(each);
    }
    each = next;
  }
  mappings_.replaced(pid, now_ns());
  adopt(pid);
  if (pid == root_) executed_ = true;
}

void tracer::handle_stop(pid_t tid, int wait_status) {
  const int event = wait_status >> 16;
  const int signal_number = WSTOPSIG(wait_status);
  if (event == PTRACE_EVENT_EXEC) {
    handle_exec(tid);
    resume(tid);
    return;
  }
  thread& t = adopt(tid);
  // Any stop serves as the one that was asked for, and takes its place.
  const bool asked_for = std::exchange(t.interrupting, false);
  if (event == PTRACE_EVENT_EXIT) {
    // The last chance to see what is mapped, and which name a thread gave itself.
    note_name(t.pid, tid);
    if (tid == t.pid) mappings_.look(t.pid, now_ns());
    t.wanted_weight = 0;
  } else if (t.wanted_weight != 0) {
    take(tid, t);
  }
  t.stopped = event == PTRACE_EVENT_STOP && stops_a_group(signal_number);
  if (t.stopped) {
    ::ptrace(PTRACE_LISTEN, tid, nullptr, nullptr);  // stays stopped until SIGCONT, as it should
  } else {
    // It ran when it was looked at, and has come into such a call since.
    if (event == PTRACE_EVENT_STOP && asked_for) undo_interruption(tid);
    resume(tid, event == 0 ? signal_number : 0);
  }
}

void tracer::keep_limits() {
  if (status_.interrupted || status_.timed_out) return;
  status_.interrupted = support::interrupted();
  const auto running = std::chrono::nanoseconds(now_ns() - begin_ns_);
  status_.timed_out =
      !status_.interrupted && settings_.time_limit.count() > 0 && running >= settings_.time_limit;
  if (!status_.interrupted && !status_.timed_out) return;
  if (::kill(-root_, SIGKILL) != 0) ::kill(root_, SIGKILL);
}

void tracer::tick() {
  const std::uint64_t now = now_ns();
  const std::uint64_t periods = (now - last_tick_ns_) / period_ns_;
  const bool slept = now - last_tick_ns_ > longest_gap_ns;
  last_tick_ns_ += periods * period_ns_;
  if (!executed_) return;
  for (auto& [tid, t] : threads_) look_at(tid, t, slept ? 1 : periods);
}

void tracer::look_at(pid_t tid, thread& t, std::uint64_t weight) {
  const std::optional<thread_activity> activity = activity_of(t.pid, tid);
  if (!activity || activity->state == 'Z' || activity->state == 'X') return;
  t.unsampled_ns +=
      static_cast<std::int64_t>(activity->running_ns - t.running_ns.value_or(activity->running_ns));
  t.running_ns = activity->running_ns;
  mappings_.look_where_due(t.pid, now_ns());
  // A stop that is still to be told of serves as ours, and there the registers can be read.
  t.telling = activity->state == 't' && !t.stopped;
  const bool running = activity->state == 'R' || t.telling;
  if (settings_.kind == symbols::profile_kind::cpu) {
    look_at_processor_time(tid, t, running);
  } else if (!running) {
    look_at_waiting(tid, t, activity->state, weight);
  } else {
    flush_waiting(t, now_ns());
    if (settings_.kind == symbols::profile_kind::wall) want(tid, t, weight, symbols::sample_cause::running);
  }
}

// A thread is more likely to be met running the more it runs, and the sample stands for all that it ran since
// the last one: also where the kernel tells processor time in steps that are longer than our period.
void tracer::look_at_processor_time(pid_t tid, thread& t, bool running) {
  const auto period = static_cast<std::int64_t>(period_ns_);
  if (!running || t.unsampled_ns < period / 2) return;
  const std::int64_t weight = (t.unsampled_ns + period / 2) / period;
  t.unsampled_ns -= weight * period;
  want(tid, t, static_cast<std::uint64_t>(weight), symbols::sample_cause::cpu);
}

void tracer::look_at_waiting(pid_t tid, thread& t, char state, std::uint64_t weight) {
  std::optional<blocking_call> call = blocking_call_of(t.pid, tid);
  if (!call) return want(tid, t, weight, symbols::sample_cause::waiting);  // it runs again
  if (t.waiting_weight != 0 && call->text == t.call) {
    const std::size_t compared = std::min(compared_bytes, t.waiting.stack.size());
    const std::vector<std::uint8_t> now = read_memory(t.pid, call->stack_pointer, compared);
    if (std::equal(now.begin(), now.end(), t.waiting.stack.begin(),
                   t.waiting.stack.begin() + static_cast<std::ptrdiff_t>(compared))) {
      t.waiting_weight += weight;
      return;
    }
  }
  flush_waiting(t, now_ns());
  // A stopped thread is left alone, one in an uninterruptible sleep cannot be stopped, and some calls fail if
  // it is: what /proc tells is enough for most stacks, though not for code that keeps its frame in a
  // register.
  if (state != 'S' || fails_when_stopped(call->number)) {
    const symbols::register_numbers machine = symbols::machine_registers();
    t.waiting = {};
    t.waiting.pid = static_cast<std::uint32_t>(t.pid);
    t.waiting.tid = static_cast<std::uint32_t>(tid);
    t.waiting.cause = symbols::sample_cause::waiting;
    t.waiting.has_registers = true;
    t.waiting.registers[machine.stack_pointer] = call->stack_pointer;
    t.waiting.registers[machine.program_counter] = call->program_counter;
    t.waiting.stack = read_memory(t.pid, call->stack_pointer, settings_.stack_bytes);
    t.waiting_weight = weight + std::exchange(t.wanted_weight, 0);
    t.call = std::move(call->text);
    return;
  }
  t.call = std::move(call->text);
  want(tid, t, weight, symbols::sample_cause::waiting);
}

void tracer::want(pid_t tid, thread& t, std::uint64_t weight, symbols::sample_cause cause) {
  t.wanted_weight += weight;
  t.wanted_cause = cause;
  if (!t.interrupting && !t.telling) t.interrupting = ::ptrace(PTRACE_INTERRUPT, tid, nullptr, nullptr) == 0;
}

void tracer::take(pid_t tid, thread& t) {
  symbols::stack_sample sample;
  sample.time_ns = now_ns();
  sample.pid = static_cast<std::uint32_t>(t.pid);
  sample.tid = static_cast<std::uint32_t>(tid);
  sample.cause = t.wanted_cause;
  sample.weight = std::exchange(t.wanted_weight, 0);
  if (read_registers(tid, sample)) {
    const std::uint64_t stack_pointer = sample.registers[symbols::machine_registers().stack_pointer];
    sample.stack = read_memory(t.pid, stack_pointer, settings_.stack_bytes);
  }
  if (sample.cause == symbols::sample_cause::waiting) {
    // May become more of the same.
    t.waiting_weight = sample.weight;
    t.waiting = std::move(sample);
  } else {
    push(std::move(sample));
  }
}

void tracer::flush_waiting(thread& t, std::uint64_t time_ns) {
  if (t.waiting_weight == 0) return;
  t.waiting.time_ns = time_ns;
  t.waiting.weight = std::exchange(t.waiting_weight, 0);
  push(std::exchange(t.waiting, {}));
}

void tracer::push(symbols::stack_sample sample) {
  kept_bytes_ += sizeof sample + sample.stack.size();
  seen_.samples.push_back(std::move(sample));
}

void tracer::note_name(pid_t pid, pid_t tid) {
  std::string name = name_of(pid, tid);
  if (name.empty()) return;
  seen_.thread_names.push_back(
      {now_ns(), static_cast<std::uint32_t>(pid), static_cast<std::uint32_t>(tid), std::move(name)});
}

void tracer::hand_over() {
  const std::uint64_t now = now_ns();
  mappings_.look_at_all(now);
  kept_bytes_ = 0;
  settings_.on_part(take_until(seen_, now));
}

}  // namespace deft::profile
