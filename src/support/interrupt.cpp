#include "support/interrupt.hpp"

#include <atomic>

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace deft::support {
namespace {

std::atomic<bool> stop_wanted{false};
std::atomic<int> read_end{-1};
std::atomic<int> write_end{-1};

// Async-signal-safe: lock-free atomics and write() only.
void note_signal(int signal_number) {
  if (stop_wanted.exchange(true)) {
    // Asked twice: end at once. The children die with us (PR_SET_PDEATHSIG).
    ::signal(signal_number, SIG_DFL);
    ::raise(signal_number);
    return;
  }
  const char byte = 0;
  const auto ignored = ::write(write_end.load(), &byte, 1);
  static_cast<void>(ignored);
}

}  // namespace

void install_interrupt_handlers() {
  if (read_end.load() != -1) return;
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    return;  // Without it Ctrl-C ends the program at once, as by default.
  read_end = ends[0];
  write_end = ends[1];
  struct sigaction action{};
  action.sa_handler = note_signal;
  sigemptyset(&action.sa_mask);
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(signal_number, &action, nullptr);
}

bool interrupted() noexcept {
  return stop_wanted.load(std::memory_order_relaxed);
}

void set_interrupted(bool value) noexcept {
  stop_wanted = value;
}

int interrupt_descriptor() noexcept {
  return read_end.load();
}

}  // namespace deft::support
