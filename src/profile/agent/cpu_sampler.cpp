#include "profile/agent/cpu_sampler.hpp"

#include <cerrno>
#include <ctime>

#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

namespace deft::profile::agent {
namespace {

constinit cpu_sampler the_sampler;

// Threads that nobody told us of are found within that. A scan takes 20 us.
constexpr std::uint64_t scan_interval_ns = 100'000'000;

// A thread that blocked the signal gets all that it missed at once, when it unblocks it: that says nothing
// about where it was. What the kernel's tick makes of a short period is less than this.
constexpr std::uint64_t most_believed_ns = 250'000'000;

// Far from both ends of the range, where others take theirs; more than one, should one be taken all the same.
constexpr int signals_below_last = 6;
constexpr int signals_tried = 4;

frame_registers registers_of(const void* context) {
  const greg_t* const saved = static_cast<const ucontext_t*>(context)->uc_mcontext.gregs;
  constexpr int by_number[register_count] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI,
                                             REG_RBP, REG_RSP, REG_R8,  REG_R9,  REG_R10, REG_R11,
                                             REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  frame_registers registers;
  for (unsigned number = 0; number < register_count; ++number) {
    registers.set(number, static_cast<std::uint64_t>(saved[by_number[number]]));
  }
  return registers;
}

}  // namespace

cpu_sampler& process_sampler() noexcept {
  return the_sampler;
}

bool cpu_sampler::take_signal() noexcept {
  for (int i = 0; i < signals_tried; ++i) {
    const int signal = SIGRTMAX - signals_below_last - i;
    struct sigaction now{};
    if (::sigaction(signal, nullptr, &now) != 0) continue;
    if ((now.sa_flags & SA_SIGINFO) != 0 || (now.sa_handler != SIG_DFL && now.sa_handler != SIG_IGN))
      continue;
    struct sigaction ours{};
    ours.sa_sigaction = &cpu_sampler::on_signal;
    ours.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    ::sigfillset(&ours.sa_mask);
    if (::sigaction(signal, &ours, nullptr) != 0) continue;
    signal_ = signal;
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, signal);
    ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
    return true;
  }
  return false;
}

start_problem cpu_sampler::start(recorder& to, const settings& wanted) noexcept {
  recorder_ = &to;
  settings_ = wanted;
  if (!take_signal()) return start_problem::no_signal;
  timers_.configure(signal_, wanted.period_ns, wanted.without);
  // A try: what this thread may, all may.
  if (!timers_.arm(static_cast<pid_t>(::syscall(SYS_gettid)))) {
    stop();
    return start_problem::no_timer;
  }
  if (wanted.paused) {
    pause();
  } else {
    resume();
  }
  return start_problem::none;
}

void cpu_sampler::resume() noexcept {
  running_.store(true, std::memory_order_seq_cst);
  look_for_threads();
}

void cpu_sampler::pause() noexcept {
  running_.store(false, std::memory_order_seq_cst);
  timers_.disarm_all();
}

void cpu_sampler::stop() noexcept {
  pause();
  give_back_signal();
}

// Ignoring it discards what is pending anywhere; without timers nothing follows.
void cpu_sampler::give_back_signal() noexcept {
  struct sigaction action{};
  action.sa_handler = SIG_IGN;
  ::sigaction(signal_, &action, nullptr);
  action.sa_handler = SIG_DFL;
  ::sigaction(signal_, &action, nullptr);
  signal_ = 0;
}

void cpu_sampler::add_thread() noexcept {
  if (running()) timers_.arm(static_cast<pid_t>(::syscall(SYS_gettid)));
}

void cpu_sampler::remove_thread() noexcept {
  timers_.disarm(static_cast<pid_t>(::syscall(SYS_gettid)), false);
}

void cpu_sampler::look_for_threads() noexcept {
  char buffer[4096];
  const int error_number = errno;
  timers_.arm_all(buffer, false);
  errno = error_number;
}

void cpu_sampler::restart_after_fork() noexcept {
  const int error_number = errno;
  timers_.forget_all();
  recorder_->note_fork();
  if (running()) timers_.arm(static_cast<pid_t>(::syscall(SYS_gettid)));
  errno = error_number;
}

void cpu_sampler::abandon_after_fork() noexcept {
  if (signal_ == 0) return;
  running_.store(false, std::memory_order_relaxed);
  timers_.forget_all();
  give_back_signal();
}

void cpu_sampler::rescan_if_due(std::uint64_t now_ns) noexcept {
  std::uint64_t due = next_scan_ns_.load(std::memory_order_relaxed);
  if (!settings_.rescans || now_ns < due ||
      !next_scan_ns_.compare_exchange_strong(due, now_ns + scan_interval_ns))
    return;
  if (due == 0) return;  // the first sample: all threads were just looked for
  char buffer[1024];
  timers_.arm_all(buffer, true);
}

void cpu_sampler::sample(const siginfo_t& info, const void* context) noexcept {
  sample_reason reason;
  reason.time_ns = monotonic_ns();
  if (recorder_->ring().header().closed.load(std::memory_order_relaxed) != 0) {
    timers_.disarm(static_cast<pid_t>(::syscall(SYS_gettid)), true);
    return;
  }
  const auto missed = static_cast<std::uint64_t>(info.si_overrun > 0 ? info.si_overrun : 0);
  if (missed * settings_.period_ns > most_believed_ns) {
    recorder_->count_lost(missed);
  } else {
    reason.weight = 1 + missed;
  }
  reason.thread = static_cast<std::uint32_t>(info.si_value.sival_int);
  recorder_->write_sample(registers_of(context), reason);
  rescan_if_due(reason.time_ns);
}

void cpu_sampler::on_signal(int signal, siginfo_t* info, void* context) noexcept {
  const int error_number = errno;
  cpu_sampler& self = the_sampler;
  if (info->si_code != SI_TIMER) {
    if (self.other_ != nullptr) self.other_(signal, info, context);
  } else if (self.running()) {
    self.sample(*info, context);
  }
  errno = error_number;
}

}  // namespace deft::profile::agent
