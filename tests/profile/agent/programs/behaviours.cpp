// What programs do that a guest in their process must survive, and not change: one thing a run, named by the
// first argument. What it prints is compared with a run that has no guest.

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

extern char** environ;

namespace {

volatile std::uint64_t sink;

// By processor time of the thread: the number of samples does not depend on how busy the machine is.
template <class Work>
void work_for(std::chrono::milliseconds time, Work work) {
  const auto used = [] {
    timespec now{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
  };
  const auto end = used() + time;
  while (used() < end) work();
}

__attribute__((noinline)) void spin() {
  std::uint64_t value = sink + 1;
  for (int i = 0; i < 20'000; ++i) value = value * 6364136223846793005U + 1442695040888963407U;
  sink = value;
}

__attribute__((noinline)) void work_in_parent() {
  work_for(std::chrono::milliseconds(150), spin);
  sink = sink + 1;
}

__attribute__((noinline)) void work_in_child() {
  work_for(std::chrono::milliseconds(150), spin);
  sink = sink + 2;  // no copy of the one above
}

// Enough that one sample is less than one in a hundred, also where timers expire late.
void work_long(void (*part)()) {
  for (int i = 0; i < 5; ++i) part();
}

int wait_for(pid_t child) {
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 100 + WTERMSIG(status);
}

int fork_child() {
  const pid_t child = ::fork();
  if (child == 0) {
    work_long(work_in_child);
    ::_exit(7);
  }
  work_long(work_in_parent);
  std::printf("child: %d\n", wait_for(child));
  return 3;
}

int exec_again(const char* self) {
  work_long(work_in_parent);
  ::execl(self, self, "work", nullptr);
  return 9;
}

int spawn_child(const char* self) {
  pid_t child = 0;
  std::string program = self;
  std::string mode = "work";
  char* const arguments[] = {program.data(), mode.data(), nullptr};
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all;
  sigfillset(&all);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  if (::posix_spawn(&child, self, nullptr, &attributes, arguments, environ) != 0) return 9;
  work_long(work_in_parent);
  std::printf("child: %d\n", wait_for(child));
  return 0;
}

int run_threads() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([] { work_in_child(); });
  for (auto& thread : threads) thread.join();
  for (int i = 0; i < 300; ++i) std::thread([] { spin(); }).join();
  work_in_parent();
  return 0;
}

int work_cloned(void*) {
  for (int i = 0; i < 3; ++i) work_in_child();
  return 0;
}

// A thread that the C library knows nothing of.
int clone_thread() {
  constexpr std::size_t stack_bytes = 1 << 20;
  auto* stack = static_cast<char*>(
      ::mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  static int ended = 1;
  ::clone(
      work_cloned, stack + stack_bytes,
      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM | CLONE_CHILD_CLEARTID,
      nullptr, nullptr, nullptr, &ended);
  work_for(std::chrono::milliseconds(400), spin);
  while (__atomic_load_n(&ended, __ATOMIC_ACQUIRE) != 0) ::sched_yield();
  return 0;
}

volatile std::sig_atomic_t sigprof_count = 0;

// It profiles itself the classic way.
int own_sigprof() {
  struct sigaction action{};
  action.sa_handler = [](int) { sigprof_count = sigprof_count + 1; };
  ::sigaction(SIGPROF, &action, nullptr);
  const itimerval often{{0, 5000}, {0, 5000}};
  ::setitimer(ITIMER_PROF, &often, nullptr);
  work_in_parent();
  const itimerval never{};
  ::setitimer(ITIMER_PROF, &never, nullptr);
  struct sigaction now{};
  ::sigaction(SIGPROF, nullptr, &now);
  std::printf("own handler: %d, called: %d\n", now.sa_handler == action.sa_handler, sigprof_count > 10);
  return 0;
}

// As servers, shells and interpreters do at their start or before exec.
int reset_all_signals() {
  for (int signal = 1; signal < NSIG; ++signal) {
    if (signal == SIGKILL || signal == SIGSTOP || signal == 32 || signal == 33) continue;
    const auto former = ::signal(signal, SIG_DFL);
    if (former != SIG_DFL) std::printf("signal %d was %d\n", signal, former == SIG_IGN ? 1 : 2);
    struct sigaction action{};
    action.sa_handler = SIG_IGN;
    struct sigaction before{};
    ::sigaction(signal, &action, &before);
    if (before.sa_handler != SIG_DFL) std::printf("signal %d had a handler\n", signal);
    action.sa_handler = SIG_DFL;
    ::sigaction(signal, &action, &before);
    if (before.sa_handler != SIG_IGN) std::printf("signal %d was not ignored\n", signal);
  }
  work_in_parent();
  return 0;
}

int block_all_signals() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  work_in_parent();
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
  work_in_child();
  sigset_t pending;
  ::sigpending(&pending);
  for (int signal = 1; signal < NSIG; ++signal) {
    if (sigismember(&pending, signal) == 1) std::printf("pending: %d\n", signal);
  }
  return 0;
}

// Every real-time signal is used by the program, by number.
int real_time_signals() {
  static volatile std::sig_atomic_t received[NSIG];
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
    struct sigaction action{};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int number, siginfo_t*, void*) { received[number] = received[number] + 1; };
    ::sigaction(signal, &action, nullptr);
  }
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) ::raise(signal);
  work_in_parent();
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
    if (received[signal] != 1)
      std::printf("signal %d came %d times\n", signal, static_cast<int>(received[signal]));
  }
  return 0;
}

__attribute__((noinline)) void work_in_handler(int) {
  work_for(std::chrono::milliseconds(100), spin);
  sink = sink + 1;
}

int signal_stack() {
  static char alternate[64 * 1024];
  stack_t stack{};
  stack.ss_sp = alternate;
  stack.ss_size = sizeof alternate;
  ::sigaltstack(&stack, nullptr);
  struct sigaction action{};
  action.sa_handler = work_in_handler;
  action.sa_flags = SA_ONSTACK;
  ::sigaction(SIGUSR1, &action, nullptr);
  ::raise(SIGUSR1);
  return 0;
}

__attribute__((noinline)) std::uint64_t recurse(int depth) {
  if (depth == 0) {
    work_for(std::chrono::milliseconds(100), spin);
    return sink;
  }
  const std::uint64_t below = recurse(depth - 1);
  sink = below;  // after the call, so that it is one
  return below + 1;
}

int deep_recursion(int depth) {
  sink = recurse(depth);
  return 0;
}

ucontext_t main_context;
ucontext_t other_context;

__attribute__((noinline)) void work_on_own_stack() {
  for (int i = 0; i < 200; ++i) {
    for (int k = 0; k < 20; ++k) spin();
    ::swapcontext(&other_context, &main_context);
  }
}

// Coroutines on stacks that come and go.
int coroutines() {
  constexpr std::size_t stack_bytes = 16 * 1024;
  for (int round = 0; round < 5; ++round) {
    void* stack = ::mmap(nullptr, stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    ::getcontext(&other_context);
    other_context.uc_stack.ss_sp = stack;
    other_context.uc_stack.ss_size = stack_bytes;
    other_context.uc_link = &main_context;
    ::makecontext(&other_context, work_on_own_stack, 0);
    for (int i = 0; i < 200; ++i) ::swapcontext(&main_context, &other_context);
    ::munmap(stack, stack_bytes);
  }
  return 0;
}

int load_and_unload(const char* first, const char* second) {
  for (int i = 0; i < 4; ++i) {
    void* library = ::dlopen(i % 2 == 0 ? first : second, RTLD_NOW);
    if (library == nullptr) return 9;
    using work_function = void (*)(void (*)());
    const auto work =
        reinterpret_cast<work_function>(::dlsym(library, i % 2 == 0 ? "work_in_first" : "work_in_second"));
    if (work == nullptr) return 8;
    work([] { work_for(std::chrono::milliseconds(80), spin); });
    ::dlclose(library);
  }
  return 0;
}

// An exact number of objects and bytes.
__attribute__((noinline)) void* allocate_small() {
  void* block = std::malloc(48);
  asm volatile("" : : "r"(block) : "memory");
  return block;
}

__attribute__((noinline)) void* allocate_large() {
  void* block = std::calloc(1000, 300);
  asm volatile("" : : "r"(block) : "memory");
  return block;
}

int allocate() {
  for (int i = 0; i < 2'000'000; ++i) std::free(allocate_small());
  for (int i = 0; i < 2'000; ++i) std::free(allocate_large());
  std::vector<std::thread> threads;
  for (int t = 0; t < 2; ++t) {
    threads.emplace_back([] {
      for (int i = 0; i < 500'000; ++i) std::free(allocate_small());
    });
  }
  for (auto& thread : threads) thread.join();
  void* block = nullptr;
  if (::posix_memalign(&block, 64, 100) != 0) return 9;
  block = std::realloc(block, 5000);
  std::free(block);
  std::free(std::aligned_alloc(32, 64));
  std::free(::reallocarray(nullptr, 3, 5));
  return 0;
}

int overflow_of_ring() {
  std::vector<std::thread> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([] { sink = recurse(900); });
  for (auto& thread : threads) thread.join();
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count > 1 ? arguments[1] : "";
  std::setvbuf(stdout, nullptr, _IONBF, 0);
  if (mode == "work") return work_long(work_in_child), 5;
  if (mode == "fork") return fork_child();
  if (mode == "exec") return exec_again(arguments[0]);
  if (mode == "spawn") return spawn_child(arguments[0]);
  if (mode == "threads") return run_threads();
  if (mode == "clone") return clone_thread();
  if (mode == "sigprof") return own_sigprof();
  if (mode == "reset") return reset_all_signals();
  if (mode == "block") return block_all_signals();
  if (mode == "realtime") return real_time_signals();
  if (mode == "altstack") return signal_stack();
  if (mode == "recursion") return deep_recursion(std::atoi(arguments[2]));
  if (mode == "coroutines") return coroutines();
  if (mode == "dlopen") return load_and_unload(arguments[2], arguments[3]);
  if (mode == "allocate") return allocate();
  if (mode == "overflow") return overflow_of_ring();
  std::fprintf(stderr, "no such behaviour: %s\n", mode.c_str());
  return 2;
}
