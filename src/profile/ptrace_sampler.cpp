#include "profile/ptrace_sampler.hpp"

#include <cerrno>
#include <charconv>
#include <csignal>
#include <ctime>
#include <future>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "profile/tracer.hpp"
#include "support/files.hpp"

namespace deft::profile {
namespace {

refusal refusal_of_ptrace(int error_number) {
  const std::string refused = "ptrace was refused (" + std::generic_category().message(error_number) + "): ";
  const support::result<std::string> yama = support::read_file("/proc/sys/kernel/yama/ptrace_scope");
  if (yama && (yama->starts_with('2') || yama->starts_with('3'))) {
    return {refused + "kernel.yama.ptrace_scope is " + yama->substr(0, 1) +
                ", and a user may trace his own programs at 0 and 1",
            "run `sysctl kernel.yama.ptrace_scope=1` as root"};
  }
  return {refused + "a seccomp filter or a security module forbids it, or a debugger traces the program",
          "start the container with `--cap-add SYS_PTRACE`"};
}

// Interrupts the waiting of the thread that constructs it once in a period.
class ticks {
 public:
  explicit ticks(unsigned frequency_hz) {
    struct sigaction action{};
    action.sa_handler = [](int) {};  // without SA_RESTART, so that waitid returns
    ::sigaction(signal_number, &action, &before_);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = signal_number;
    event._sigev_un._tid = ::gettid();
    ::timer_create(CLOCK_MONOTONIC, &event, &timer_);
    itimerspec when{};
    when.it_interval.tv_sec = frequency_hz == 1 ? 1 : 0;
    when.it_interval.tv_nsec = frequency_hz == 1 ? 0 : 1'000'000'000L / static_cast<long>(frequency_hz);
    when.it_value = when.it_interval;
    ::timer_settime(timer_, 0, &when, nullptr);
  }

  ticks(const ticks&) = delete;
  ticks& operator=(const ticks&) = delete;

  ~ticks() {
    ::timer_delete(timer_);
    ::sigaction(signal_number, &before_, nullptr);
  }

 private:
  static inline const int signal_number = SIGRTMAX - 3;
  struct sigaction before_{};
  timer_t timer_{};
};

}  // namespace

struct ptrace_sampler::state {
  state(pid_t child, ptrace_settings wanted) : pid(child), settings(std::move(wanted)) {}

  pid_t pid;
  ptrace_settings settings;
  support::exit_status status;
  std::thread thread;

  void trace(std::promise<int> attached);
};

void ptrace_sampler::state::trace(std::promise<int> attached) {
  tracer one(pid, settings);
  if (!one.seize()) return attached.set_value(errno);
  const ticks ticking(settings.frequency_hz);
  attached.set_value(0);
  status = one.run();
}

ptrace_sampler::ptrace_sampler(std::unique_ptr<state> prepared) : state_(std::move(prepared)) {}

ptrace_sampler::ptrace_sampler(ptrace_sampler&&) noexcept = default;
ptrace_sampler& ptrace_sampler::operator=(ptrace_sampler&&) noexcept = default;

ptrace_sampler::~ptrace_sampler() {
  if (!state_ || !state_->thread.joinable()) return;
  if (::kill(-state_->pid, SIGKILL) != 0) ::kill(state_->pid, SIGKILL);
  finish();
}

support::result<ptrace_sampler> ptrace_sampler::attach(support::child& held_child, ptrace_settings settings) {
  auto prepared = std::make_unique<state>(held_child.pid(), std::move(settings));
  std::promise<int> attached;
  std::future<int> refusal = attached.get_future();
  prepared->thread = std::thread(&state::trace, prepared.get(), std::move(attached));
  if (const int error_number = refusal.get(); error_number != 0) {
    prepared->thread.join();
    return support::error{support::error_kind::unavailable, in_one_sentence(refusal_of_ptrace(error_number))};
  }
  held_child.disown();
  return ptrace_sampler(std::move(prepared));
}

support::exit_status ptrace_sampler::finish() {
  state_->thread.join();
  return state_->status;
}

std::optional<refusal> ptrace_refusal() {
  int hold[2];
  if (::pipe(hold) != 0) return refusal{std::generic_category().message(errno), ""};
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(hold[1]);
    char byte;
    const auto ended = ::read(hold[0], &byte, 1);
    ::_exit(static_cast<int>(ended));
  }
  ::close(hold[0]);
  const bool allowed = child > 0 && ::ptrace(PTRACE_SEIZE, child, nullptr, nullptr) == 0;
  const int error_number = errno;
  ::close(hold[1]);
  if (child > 0) {
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, __WALL);
  }
  if (allowed) return std::nullopt;
  return refusal_of_ptrace(error_number);
}

}  // namespace deft::profile
