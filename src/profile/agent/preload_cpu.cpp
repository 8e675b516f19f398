// libdeft_agent.so: the CPU profile of a program that knows nothing of it. Preloaded, so that these functions
// come before the C library's. What the program sees of them is what it would see without.

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include <dlfcn.h>
#include <pthread.h>

#include "profile/agent/cpu_sampler.hpp"
#include "profile/agent/preload_session.hpp"

#define DEFT_INTERPOSED extern "C" [[gnu::visibility("default")]]

namespace deft::profile::agent {
namespace {

constinit recorder records;
constinit std::atomic<bool> collecting{false};
pthread_key_t thread_end;

/// The function of that name that the program would have called. Looked up when first needed, which may be
/// before this library's constructor: other libraries' may run first.
template <class Function>
class next_function {
 public:
  explicit constexpr next_function(const char* name) : name_(name) {}

  Function* get() noexcept {
    Function* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) {
      function = reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name_));
      function_.store(function, std::memory_order_relaxed);
    }
    return function;
  }

 private:
  const char* name_;
  std::atomic<Function*> function_{nullptr};
};

using create_function = int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);
using action_function = int(int, const struct sigaction*, struct sigaction*);
using mask_function = int(int, const sigset_t*, sigset_t*);
using handler_function = sighandler_t(int, sighandler_t);

constinit next_function<create_function> next_pthread_create("pthread_create");
constinit next_function<action_function> next_sigaction("sigaction");
constinit next_function<handler_function> next_signal("signal");
constinit next_function<mask_function> next_sigprocmask("sigprocmask");
constinit next_function<mask_function> next_pthread_sigmask("pthread_sigmask");

bool is_ours(int signal) {
  return collecting.load(std::memory_order_relaxed) && signal == process_sampler().signal_number();
}

// What the program believes to be the action for our signal. Written by one thread at a time: programs set
// actions at their start.
constinit struct sigaction programs_action{};

void pass_to_program(int signal, siginfo_t* info, void* context) noexcept {
  if ((programs_action.sa_flags & SA_SIGINFO) != 0) {
    programs_action.sa_sigaction(signal, info, context);
  } else if (programs_action.sa_handler != SIG_DFL && programs_action.sa_handler != SIG_IGN) {
    programs_action.sa_handler(signal);
  }
}

/// A set without our signal, which nobody may block.
class without_ours {
 public:
  without_ours(int how, const sigset_t* set) : set_(set) {
    if (set == nullptr || how == SIG_UNBLOCK || !collecting.load(std::memory_order_relaxed)) return;
    copy_ = *set;
    ::sigdelset(&copy_, process_sampler().signal_number());
    set_ = &copy_;
  }

  const sigset_t* get() const { return set_; }

 private:
  const sigset_t* set_;
  sigset_t copy_;
};

struct thread_start {
  void* (*function)(void*);
  void* argument;
};

void* run_thread(void* given) {
  const thread_start start = *static_cast<thread_start*>(given);
  std::free(given);
  process_sampler().add_thread();
  ::pthread_setspecific(thread_end, &thread_end);  // any value: it has its destructor called
  return start.function(start.argument);
}

void forget_thread(void*) {
  process_sampler().remove_thread();
}

[[gnu::constructor]] void begin() {
  if (!join_session(records)) return;
  const std::uint64_t period_ns = records.ring().header().period_ns;
  if (period_ns == 0 || ::pthread_key_create(&thread_end, forget_thread) != 0) return;
  next_pthread_create.get();
  next_sigaction.get();
  next_signal.get();
  next_sigprocmask.get();
  next_pthread_sigmask.get();
  process_sampler().pass_on_to(pass_to_program);
  const cpu_sampler::settings wanted{.period_ns = period_ns, .rescans = true};
  if (process_sampler().start(records, wanted) != start_problem::none) {
    records.count_lost(1);
    return;
  }
  ::pthread_atfork(nullptr, nullptr, [] { process_sampler().restart_after_fork(); });
  collecting.store(true, std::memory_order_relaxed);
}

}  // namespace
}  // namespace deft::profile::agent

namespace agent = deft::profile::agent;

DEFT_INTERPOSED int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                   void* (*function)(void*), void* argument) noexcept {
  const auto next = agent::next_pthread_create.get();
  if (!agent::collecting.load(std::memory_order_relaxed)) return next(thread, attributes, function, argument);
  auto* const start = static_cast<agent::thread_start*>(std::malloc(sizeof(agent::thread_start)));
  if (start == nullptr) return next(thread, attributes, function, argument);
  *start = {function, argument};
  const int result = next(thread, attributes, agent::run_thread, start);
  if (result != 0) std::free(start);
  return result;
}

DEFT_INTERPOSED int sigaction(int signal, const struct sigaction* action, struct sigaction* former) noexcept {
  if (!agent::is_ours(signal)) return agent::next_sigaction.get()(signal, action, former);
  const struct sigaction before = agent::programs_action;
  if (action != nullptr) agent::programs_action = *action;
  if (former != nullptr) *former = before;
  return 0;
}

DEFT_INTERPOSED sighandler_t signal(int signal, sighandler_t handler) noexcept {
  if (!agent::is_ours(signal)) return agent::next_signal.get()(signal, handler);
  const sighandler_t before = agent::programs_action.sa_handler;
  agent::programs_action = {};
  agent::programs_action.sa_handler = handler;
  return before;
}

DEFT_INTERPOSED int sigprocmask(int how, const sigset_t* set, sigset_t* former) noexcept {
  return agent::next_sigprocmask.get()(how, agent::without_ours(how, set).get(), former);
}

DEFT_INTERPOSED int pthread_sigmask(int how, const sigset_t* set, sigset_t* former) noexcept {
  return agent::next_pthread_sigmask.get()(how, agent::without_ours(how, set).get(), former);
}
