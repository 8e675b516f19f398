// All that a profiler has to follow: a C library function that calls back, a tree, inlined functions in a
// thread, a forked child, a child that runs another program, a library that is opened at run time. Each for
// the same processor time, whatever else the machine does.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <thread>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "workload.hpp"

namespace {

__attribute__((noinline)) void work_of_thread(std::uint64_t& state) {
  sink = outer_inlined(next(state));
}

__attribute__((noinline)) void work_of_fork(std::uint64_t& state) {
  for (int i = 0; i < 1000; ++i) sink = next(state) % 1001;
}

__attribute__((noinline)) void work_of_exec(std::uint64_t& state) {
  for (int i = 0; i < 1000; ++i) sink = next(state) % 1003;
}

template <class Work>
void work_for_a_while(Work work) {
  work_for(0.15, work);
}

void wait_for(pid_t child) {
  int status = 0;
  if (child < 0 || ::waitpid(child, &status, 0) != child || status != 0) std::_Exit(1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) {
    work_for_a_while(work_of_exec);
    return 0;
  }
  work_for_a_while(sort_with_callback);
  work_for_a_while(fill_map);
  std::thread([] {
    ::pthread_setname_np(::pthread_self(), "hashing");
    work_for_a_while(work_of_thread);
  }).join();

  const std::string folder = std::string(argv[0]).substr(0, std::string(argv[0]).rfind('/'));
  void* const library = ::dlopen((folder + "/libfamily_plugin.so").c_str(), RTLD_NOW);
  if (library == nullptr) return 2;
  // NOLINTNEXTLINE: what dlsym is for
  const auto call_back = reinterpret_cast<void (*)(void (*)())>(::dlsym(library, "plugin_entry"));
  if (call_back == nullptr) return 2;
  call_back([] { work_for_a_while(work_of_fork); });

  const pid_t forked = ::fork();
  if (forked == 0) {
    work_for_a_while(work_of_fork);
    std::_Exit(0);
  }
  const pid_t executed = ::fork();
  if (executed == 0) {
    ::execl(argv[0], "family", "again", nullptr);
    std::_Exit(1);
  }
  wait_for(forked);
  wait_for(executed);
}
