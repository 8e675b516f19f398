// What deft::profile::sampler costs a program that samples itself, and what a scope costs: the sampler is
// switched on and off at random between windows of equal work, and the processor time that they take is
// compared.
//
//     deft_region_windows [SECONDS]
//
// One line per frequency (in brackets what the kernel's timers can): the trimmed mean of the slowdown with
// its standard error and the median, the samples, and the processor time of the thread that writes the file
// as a share of the program's.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

#include <unistd.h>

#include "deft/profile.hpp"

#include "bench/profile/windows.hpp"

namespace {

using deft_bench::estimate;
using deft_bench::nanoseconds;
using deft_bench::trimmed_mean;

volatile std::uint64_t sink;
std::vector<std::uint32_t> table(64 * 1024);

// Arithmetic and a table of 256 KiB, in the second-level cache: a sampler costs its victim's cache as well.
[[gnu::noinline]] void work(int rounds) {
  std::uint64_t state = 88172645463325252U + sink;
  for (int i = 0; i < rounds; ++i) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    state += table[state % table.size()];
  }
  sink = state;
}

// Below as many frames as real programs have.
[[gnu::noinline]] void work_at(int depth, int rounds) {
  if (depth == 0) {
    work(rounds);
  } else {
    work_at(depth - 1, rounds);
  }
  sink = sink + 1;
}

double window_ns(int rounds) {
  const std::uint64_t begin = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  for (int i = 0; i < 10; ++i) work_at(25, rounds / 10);
  return static_cast<double>(nanoseconds(CLOCK_THREAD_CPUTIME_ID) - begin);
}

bool measure(unsigned frequency_hz, int seconds, const std::string& output) {
  deft::profile::sampler region({.output = output, .frequency_hz = frequency_hz, .paused = true});
  if (!region.problem().empty()) {
    std::fprintf(stderr, "%s\n", region.problem().c_str());
    return false;
  }
  int rounds = 1'000'000;
  rounds = static_cast<int>(rounds * 20e6 / window_ns(rounds));  // 20 ms
  std::mt19937 random(frequency_hz);
  std::vector<double> slowdown;
  double thread_ns = 0;
  double others_ns = 0;
  const std::uint64_t end =
      nanoseconds(CLOCK_MONOTONIC) + static_cast<std::uint64_t>(seconds) * 1'000'000'000U;
  while (nanoseconds(CLOCK_MONOTONIC) < end) {
    double taken_ns[2];
    const bool on_first = (random() & 1) != 0;
    for (const bool on : {on_first, !on_first}) {
      region.resume();  // in either case: its system calls leave cold caches behind
      if (!on) region.pause();
      const std::uint64_t process = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
      taken_ns[on ? 1 : 0] = window_ns(rounds);
      if (on) {
        others_ns += static_cast<double>(nanoseconds(CLOCK_PROCESS_CPUTIME_ID) - process) - taken_ns[1];
        thread_ns += taken_ns[1];
        region.pause();
      }
    }
    slowdown.push_back(taken_ns[1] / taken_ns[0] - 1);
  }
  const unsigned had_hz = region.frequency_hz();
  region.stop();
  const estimate cost = trimmed_mean(slowdown);
  std::printf(
      "%4u Hz (%u): %+.2f %% (+- %.2f, median %+.2f; %zu pairs), writer %.2f %%, %ju bytes of samples\n",
      frequency_hz, had_hz, cost.mean * 100, cost.error * 100, cost.median * 100, slowdown.size(),
      others_ns / thread_ns * 100, static_cast<std::uintmax_t>(std::filesystem::file_size(output)));
  return true;
}

[[gnu::noinline]] void open_scope(std::uint64_t i) {
  deft::profile::scope mark("a stretch of code");
  sink = i;
}

[[gnu::noinline]] void open_nothing(std::uint64_t i) {
  sink = i;
}

void measure_scope() {
  constexpr std::uint64_t rounds = 10'000'000;
  std::vector<double> nanoseconds_each;
  for (int i = 0; i < 11; ++i) {
    const std::uint64_t begin = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    for (std::uint64_t k = 0; k < rounds; ++k) open_nothing(k);
    const std::uint64_t middle = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    for (std::uint64_t k = 0; k < rounds; ++k) open_scope(k);
    const std::uint64_t end = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
    nanoseconds_each.push_back((static_cast<double>(end - middle) - static_cast<double>(middle - begin)) /
                               rounds);
  }
  std::sort(nanoseconds_each.begin(), nanoseconds_each.end());
  std::printf("a scope: %.2f ns (median of %zu)\n", nanoseconds_each[nanoseconds_each.size() / 2],
              nanoseconds_each.size());
}

}  // namespace

int main(int count, char** arguments) {
  const int seconds = count > 1 ? std::atoi(arguments[1]) : 30;
  for (std::uint32_t i = 0; i < table.size(); ++i) table[i] = i * 2654435761U;
  const std::string output =
      std::filesystem::temp_directory_path() / ("deft_region_windows." + std::to_string(::getpid()));
  measure_scope();
  bool measured = true;
  for (const unsigned frequency_hz : {99U, 250U, 1000U})
    measured = measured && measure(frequency_hz, seconds, output);
  std::filesystem::remove(output);
  return measured ? 0 : 1;
}
