// All that a profiler has to follow: a C library function that calls back, a tree, inlined functions in a
// thread, a forked child, a child that runs another program, a library that is opened at run time. Each for
// the same processor time, whatever else the machine does.

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include <dlfcn.h>
#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

volatile std::uint64_t sink;

std::uint64_t next(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

__attribute__((noinline)) int compare_callback(const void* left, const void* right) {
  const auto a = *static_cast<const std::uint64_t*>(left);
  const auto b = *static_cast<const std::uint64_t*>(right);
  return a < b ? -1 : a > b;
}

__attribute__((noinline)) void sort_with_callback(std::uint64_t& state) {
  std::vector<std::uint64_t> numbers(2000);
  for (auto& number : numbers) number = next(state);
  std::qsort(numbers.data(), numbers.size(), sizeof numbers[0], compare_callback);
  sink = numbers[7];
}

__attribute__((noinline)) void fill_map(std::uint64_t& state) {
  std::map<std::uint64_t, std::uint64_t> numbers;
  for (int i = 0; i < 1000; ++i) numbers[next(state)] = 1;
  sink = numbers.begin()->first;
}

__attribute__((always_inline)) inline std::uint64_t innermost_inlined(std::uint64_t value) {
  for (int i = 0; i < 4000; ++i) value = value * 6364136223846793005U + 1442695040888963407U;
  return value;
}

__attribute__((always_inline)) inline std::uint64_t outer_inlined(std::uint64_t value) {
  return innermost_inlined(value ^ 1) + 1;
}

__attribute__((noinline)) void work_of_thread(std::uint64_t& state) {
  sink = outer_inlined(next(state));
}

__attribute__((noinline)) void work_of_fork(std::uint64_t& state) {
  for (int i = 0; i < 1000; ++i) sink = next(state) % 1001;
}

__attribute__((noinline)) void work_of_exec(std::uint64_t& state) {
  for (int i = 0; i < 1000; ++i) sink = next(state) % 1003;
}

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

template <class Work>
void work_for_a_while(Work work) {
  constexpr double seconds = 0.15;
  const double end = processor_seconds() + seconds;
  std::uint64_t state = 88172645463325252U;
  while (processor_seconds() < end) work(state);
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
