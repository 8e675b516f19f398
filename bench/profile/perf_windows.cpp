// What sampling with perf_event costs a program: the clock is switched on and off in windows of 50 ms while
// one program runs, and the work it gets done per processor time is compared between neighbouring windows.
// Restarts itself as that program.
//
//     deft_perf_windows [SECONDS] [STACK_DEPTH_KIB] [HZ]
//
// One line per frequency and size of stack copies: the trimmed mean of the slowdown with its standard error,
// and the collector's own processor time, both as shares of the program's.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bench/profile/windows.hpp"
#include "profile/perf_sampler.hpp"
#include "support/files.hpp"
#include "support/process.hpp"

namespace {

using namespace deft;
using deft_bench::estimate;
using deft_bench::nanoseconds;
using deft_bench::trimmed_mean;

constexpr auto window = std::chrono::milliseconds(50);

using counter = std::atomic<std::uint64_t>;

counter* map_counter(const char* path) {
  const int file = ::open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || ::ftruncate(file, sizeof(counter)) != 0) return nullptr;
  void* memory = ::mmap(nullptr, sizeof(counter), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  return memory == MAP_FAILED ? nullptr : static_cast<counter*>(memory);
}

// Arithmetic and a table of 256 KiB, in the second-level cache: a collector costs its victims' cache as well.
[[noreturn]] void work(counter& done) {
  std::vector<std::uint32_t> table(64 * 1024);
  for (std::uint32_t i = 0; i < table.size(); ++i) table[i] = i * 2654435761U;
  std::uint64_t state = 88172645463325252U;
  for (;;) {
    for (int i = 0; i < 1000; ++i) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      state += table[state % table.size()];
    }
    done.store(done.load(std::memory_order_relaxed) + 1 + (state == 0), std::memory_order_relaxed);
  }
}

[[noreturn]] __attribute__((noinline)) void work_deep(counter& done, int depth_kib) {
  volatile char frame[1024];
  std::memset(const_cast<char*>(frame), depth_kib, sizeof frame);
  if (depth_kib > 0) work_deep(done, depth_kib - 1);
  work(done);
}

struct reading {
  double work;
  double program_ns;
  double collector_ns;
};

double quantile(std::vector<double> values, double share) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(share * static_cast<double>(values.size() - 1));
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

bool measure(const char* self, unsigned frequency_hz, std::uint32_t stack_bytes, int seconds, int depth_kib) {
  auto folder = support::temporary_folder::make("windows");
  if (!folder) return false;
  const std::string path = (folder->path() / "counter").string();
  const counter* done = map_counter(path.c_str());
  support::spawn_options options;
  options.argv = {self, "--work", path, std::to_string(depth_kib)};
  options.hold = true;
  auto child = support::spawn(options);
  if (done == nullptr || !child) return false;
  profile::perf_settings settings;
  settings.clock = {.frequency_hz = frequency_hz, .stack_bytes = stack_bytes};
  std::uint64_t samples = 0;
  settings.on_part = [&samples](const symbols::recording& part) { samples += part.samples.size(); };
  auto sampler = profile::perf_sampler::attach(child->pid(), std::move(settings));
  if (!sampler) {
    std::fprintf(stderr, "%s\n", sampler.error().message.c_str());
    return false;
  }
  child->release();
  clockid_t program{};
  ::clock_getcpuclockid(child->pid(), &program);
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const auto read = [&] {
    return reading{static_cast<double>(done->load(std::memory_order_relaxed)),
                   static_cast<double>(nanoseconds(program)),
                   static_cast<double>(nanoseconds(CLOCK_PROCESS_CPUTIME_ID))};
  };
  std::vector<double> slowdown;
  std::vector<double> rates[2];
  double program_ns = 0;
  double collector_ns = 0;
  const int pairs = static_cast<int>(std::chrono::seconds(seconds) / (2 * window));
  for (int i = 0; i < pairs; ++i) {
    double rate[2];
    for (const bool first : {true, false}) {
      const bool on = first == (i % 2 == 0);
      on ? sampler->resume() : sampler->pause();
      const reading begin = read();
      std::this_thread::sleep_for(window);
      const reading end = read();
      rate[on ? 1 : 0] = (end.work - begin.work) / (end.program_ns - begin.program_ns);
      if (on) {
        program_ns += end.program_ns - begin.program_ns;
        collector_ns += end.collector_ns - begin.collector_ns;
      }
    }
    if (!(rate[0] > 0 && rate[1] > 0)) continue;      // too busy elsewhere: the program did not run at all
    slowdown.push_back(std::log(rate[0] / rate[1]));  // a ratio's mean would grow with the noise
    for (const int on : {0, 1}) rates[on].push_back(rate[on]);
  }
  child->kill();
  support::wait_all({&*child, 1}, std::chrono::seconds(10));
  const auto rest = sampler->finish();
  samples += rest.recording.samples.size();
  const estimate slower = trimmed_mean(std::move(slowdown));
  const double undisturbed = quantile(rates[0], 0.8) / quantile(rates[1], 0.8) - 1;
  std::printf(
      "%5u Hz %6u bytes: %+6.2f %% +- %.2f, undisturbed %+6.2f %%, collector %5.2f %%, %.0f samples/s, %llu "
      "lost\n",
      frequency_hz, stack_bytes, 100 * slower.mean, 100 * slower.error, 100 * undisturbed,
      100 * collector_ns / program_ns, static_cast<double>(samples) / (program_ns / 1e9),
      static_cast<unsigned long long>(rest.recording.lost));
  std::fflush(stdout);
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 4 && std::strcmp(argv[1], "--work") == 0) {
    counter* done = map_counter(argv[2]);
    if (done == nullptr) return 1;
    work_deep(*done, std::atoi(argv[3]));
  }
  const int seconds = argc > 1 ? std::atoi(argv[1]) : 20;
  const int depth_kib = argc > 2 ? std::atoi(argv[2]) : 4;
  const unsigned only_hz = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 0;
  for (const unsigned frequency_hz : {99U, 250U, 1000U}) {
    if (only_hz != 0 && only_hz != frequency_hz) continue;
    for (const std::uint32_t stack_bytes : {8U << 10, 16U << 10, 32U << 10}) {
      if (!measure(argv[0], frequency_hz, stack_bytes, seconds, depth_kib)) return 1;
    }
  }
}
