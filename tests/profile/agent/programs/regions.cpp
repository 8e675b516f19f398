// Programs that sample themselves: regions and scopes, one case a run, named by the first argument; the
// second is the file to write.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "deft/profile.hpp"

namespace {

volatile std::uint64_t sink;

[[gnu::noinline]] void spin() {
  std::uint64_t value = sink + 1;
  for (int i = 0; i < 20'000; ++i) value = value * 6364136223846793005U + 1442695040888963407U;
  sink = value;
}

std::chrono::nanoseconds processor_time() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

void work_for(std::chrono::milliseconds time) {
  const auto end = processor_time() + time;
  while (processor_time() < end) spin();
}

// On a machine that does much else, a timer of processor time may miss nine of ten of its ticks.
constexpr std::chrono::milliseconds moment{300};

[[gnu::noinline]] void before() {
  work_for(moment);
  sink = sink + 1;
}

[[gnu::noinline]] void inside() {
  work_for(moment);
  sink = sink + 2;
}

[[gnu::noinline]] void in_pause() {
  work_for(moment);
  sink = sink + 3;
}

[[gnu::noinline]] void after() {
  work_for(moment);
  sink = sink + 4;
}

int fail(const deft::profile::sampler& region) {
  std::printf("%s\n", region.problem().c_str());
  return 1;
}

int sample_region(const std::string& path) {
  before();
  {
    deft::profile::sampler region({.output = path, .frequency_hz = 250});
    if (!region.running()) return fail(region);
    inside();
    region.pause();
    in_pause();
    region.resume();
    inside();
    if (!region.stop()) return fail(region);
    after();
  }
  after();
  return 0;
}

int sample_later(const std::string& path) {
  deft::profile::sampler region({.output = path, .frequency_hz = 250, .paused = true});
  before();
  if (region.running()) return 2;
  region.resume();
  inside();
  return region.stop() ? 0 : fail(region);
}

int sample_threads(const std::string& path) {
  std::thread early([] {
    work_for(3 * moment);
    inside();
  });
  deft::profile::sampler region({.output = path, .frequency_hz = 250});
  std::thread late([] {
    work_for(std::chrono::milliseconds(60));
    inside();
  });
  early.join();
  late.join();
  return region.stop() ? 0 : fail(region);
}

[[gnu::noinline]] void callee() {
  work_for(moment / 2);
  sink = sink + 5;
}

inline void inlined_part() {
  deft::profile::scope part("inlined part");
  callee();
}

// A leaf: its scope would be in the red zone, if there were no call.
[[gnu::noinline]] void leaf_with_scope() {
  deft::profile::scope mark("leaf");
  std::uint64_t value = sink;
  for (int i = 0; i < 300'000'000; ++i) value = value * 6364136223846793005U + 1442695040888963407U;
  sink = value;
}

[[gnu::noinline]] void throw_through_scope() {
  deft::profile::scope gone("gone");
  if (sink != 1) throw std::runtime_error("through");
}

[[gnu::noinline]] void with_scopes() {
  deft::profile::scope outer("outer");
  for (int i = 0; i < 2; ++i) {
    deft::profile::scope inner(deft::profile::scope_name::of_constant(i == 0 ? "first" : "second"));
    inlined_part();
  }
  try {
    throw_through_scope();
  } catch (const std::runtime_error&) {
    callee();
  }
}

int sample_scopes(const std::string& path) {
  deft::profile::sampler region({.output = path, .frequency_hz = 250});
  with_scopes();
  leaf_with_scope();
  after();
  return region.stop() ? 0 : fail(region);
}

int sample_twice(const std::string& path) {
  deft::profile::sampler region({.output = path, .frequency_hz = 250});
  {
    deft::profile::sampler second({.output = path + ".second"});
    if (second.running() || second.problem().empty()) return 2;
    std::printf("%s\n", second.problem().c_str());
    inside();
  }
  if (!region.running()) return 3;
  inside();
  if (!region.stop()) return 4;
  deft::profile::sampler third({.output = path, .frequency_hz = 250});
  if (!third.running()) return 5;
  inside();
  return third.stop() ? 0 : 6;
}

int sample_across_fork(const std::string& path) {
  deft::profile::sampler region({.output = path, .frequency_hz = 250});
  const pid_t child = ::fork();
  if (child == 0) {
    in_pause();
    const bool quiet = !region.running();
    bool own = false;
    {
      deft::profile::sampler mine({.output = path + ".child", .frequency_hz = 250});
      own = mine.running();
      inside();
      own = mine.stop() && own;
    }
    std::_Exit(quiet && own ? 0 : 1);
  }
  inside();
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!region.stop()) return fail(region);
  return status == 0 ? 0 : 2;
}

// Everything that was taken is given back.
int leave_no_trace(const std::string& path) {
  {
    deft::profile::sampler region({.output = path});
    inside();
  }
  for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
    struct sigaction now{};
    ::sigaction(signal, nullptr, &now);
    if (now.sa_handler != SIG_DFL) return 2;
  }
  deft::profile::sampler unwritable({.output = "/nowhere/at/all"});
  std::printf("%s\n", unwritable.problem().c_str());
  return unwritable.running() || unwritable.stop() ? 3 : 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string mode = count > 2 ? arguments[1] : "";
  if (mode == "region") return sample_region(arguments[2]);
  if (mode == "later") return sample_later(arguments[2]);
  if (mode == "threads") return sample_threads(arguments[2]);
  if (mode == "scopes") return sample_scopes(arguments[2]);
  if (mode == "twice") return sample_twice(arguments[2]);
  if (mode == "fork") return sample_across_fork(arguments[2]);
  if (mode == "trace") return leave_no_trace(arguments[2]);
  return 9;
}
