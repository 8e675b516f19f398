// Waits in ways that a tracer can disturb, and says what it saw: "waiting WAY".

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>

#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int turns = 10;
constexpr int turn_ms = 30;

volatile int last_called;

__attribute__((noinline)) void wait_here(int milliseconds) {
  timespec time{0, milliseconds * 1'000'000L};
  if (::nanosleep(&time, nullptr) != 0) std::puts("nanosleep was interrupted");
  last_called = 1;
}

int wait_for_events() {
  const int events = ::epoll_create1(0);
  for (int i = 0; i < turns; ++i) {
    epoll_event event{};
    if (::epoll_wait(events, &event, 1, turn_ms) != 0)
      return std::printf("epoll_wait: %s\n", std::strerror(errno));
    if (::poll(nullptr, 0, turn_ms) != 0) return std::printf("poll: %s\n", std::strerror(errno));
  }
  // So short that a tracer finds us running, and stops us when we wait already.
  for (int i = 0; i < 30 * turns; ++i) {
    epoll_event event{};
    if (::epoll_wait(events, &event, 1, 1) != 0) return std::printf("epoll_wait: %s\n", std::strerror(errno));
  }
  return 0;
}

volatile sig_atomic_t signals;

int take_signals() {
  struct sigaction action{};
  action.sa_handler = [](int) { signals = signals + 1; };
  ::sigaction(SIGUSR1, &action, nullptr);
  for (int i = 0; i < 1000; ++i) ::raise(SIGUSR1);
  return signals == 1000 ? 0 : 1;
}

// A parent that waits for its child to stop, continues it and takes its exit code, as shells do.
int stop_and_continue() {
  const pid_t child = ::fork();
  if (child == 0) {
    ::raise(SIGSTOP);
    ::_exit(42);
  }
  int status = 0;
  if (::waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status)) return 1;
  ::kill(child, SIGCONT);
  if (::waitpid(child, &status, 0) != child || !WIFEXITED(status)) return 2;
  return WEXITSTATUS(status) == 42 ? 0 : 3;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string way = argc > 1 ? argv[1] : "";
  if (way == "events") return wait_for_events();
  if (way == "signals") return take_signals();
  if (way == "stop") return stop_and_continue();
  if (way == "crash") ::raise(SIGSEGV);
  if (way == "forever") ::pause();
  std::thread sleeper([] { wait_here(turns * turn_ms); });
  wait_here(turns * turn_ms);
  sleeper.join();
  return way == "seven" ? 7 : 0;
}
