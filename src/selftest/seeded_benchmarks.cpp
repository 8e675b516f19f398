#include "selftest/seeded_benchmarks.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include <time.h>

#include "measure/program.hpp"
#include "support/files.hpp"

namespace deft::selftest {
namespace {

constexpr std::size_t usual_work = 2000;

/// What the compiler must take to be read, and changed.
template <class T>
void keep(T& value) {
  asm volatile("" : "+m"(value) : : "memory");
}

std::uint64_t next_random(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

std::vector<std::uint64_t> random_values(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint64_t> values(count);
  for (auto& value : values) value = next_random(seed);
  return values;
}

using iteration = std::function<void()>;

/// Branches that the processor cannot foresee.
iteration search(std::size_t work) {
  auto sorted = random_values(1 << 14, 1);
  std::sort(sorted.begin(), sorted.end());
  return [work, sorted, needles = random_values(2 * usual_work, 2)] {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < work; ++i) {
      sum += static_cast<std::uint64_t>(std::lower_bound(sorted.begin(), sorted.end(), needles[i]) -
                                        sorted.begin());
    }
    keep(sum);
  };
}

/// Allocations, and strings too long to be stored in place.
iteration map(std::size_t work) {
  return [work = work / 4, keys = random_values(usual_work, 3)] {
    std::map<std::string, std::size_t> counts;
    for (std::size_t i = 0; i < work; ++i)
      ++counts["a key of some length " + std::to_string(keys[i % keys.size()] % 512)];
    std::size_t size = counts.size();
    keep(size);
  };
}

/// A chain in which each step waits for the one before.
iteration hash(std::size_t work) {
  return [work = work * 4] {
    std::uint64_t value = 1469598103934665603U;
    for (std::size_t i = 0; i < work; ++i) value = (value ^ i) * 1099511628211U;
    keep(value);
  };
}

/// Reads in a straight line.
iteration sum(std::size_t work) {
  return [work = work * 8, values = random_values(3 * usual_work * 8, 4)] {
    std::uint64_t total = 0;
    for (std::size_t i = 0; i < work; ++i) total += values[i];
    keep(total);
  };
}

/// Moves data about.
iteration sort(std::size_t work) {
  return [work = work / 2, values = random_values(2 * usual_work, 5),
          copy = std::vector<std::uint64_t>()]() mutable {
    copy.resize(work);
    for (std::size_t i = 0; i < work; ++i) copy[i] = values[i];
    std::sort(copy.begin(), copy.end());
    keep(copy.front());
  };
}

struct kernel {
  const char* name;
  iteration (*make)(std::size_t work);
};

constexpr kernel kernels[] = {{"search", search}, {"map", map}, {"hash", hash}, {"sum", sum}, {"sort", sort}};

std::size_t work_of(std::string_view name) {
  const char* variable = std::getenv(slowdown_variable);
  const std::string_view wish = variable != nullptr ? variable : "";
  const std::size_t equals = wish.find('=');
  if (equals == std::string_view::npos || wish.substr(0, equals) != name) return usual_work;
  const double scale = std::strtod(std::string(wish.substr(equals + 1)).c_str(), nullptr);
  // Up to twice the work: what is prepared is enough for that.
  return static_cast<std::size_t>(std::lround(std::clamp(scale, 0.5, 2.0) * usual_work));
}

double processor_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

double wall_ns() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double, std::nano>(now).count();
}

struct timing {
  double cpu_ns = 0;
  double real_ns = 0;
};

timing repeat(const iteration& one, std::uint64_t iterations) {
  const double wall = wall_ns();
  const double cpu = processor_ns();
  for (std::uint64_t i = 0; i < iterations; ++i) one();
  return {processor_ns() - cpu, wall_ns() - wall};
}

/// As many as take the time, found as Google Benchmark does.
std::uint64_t iterations_for(const iteration& one, double wanted_ns) {
  for (std::uint64_t count = 1;;) {
    const double took = repeat(one, count).cpu_ns;
    if (took >= wanted_ns || count > (std::uint64_t{1} << 40)) return count;
    const double factor = took / wanted_ns > 0.1 ? 1.4 * wanted_ns / took : 10;
    count = static_cast<std::uint64_t>(static_cast<double>(count) * factor) + 1;
  }
}

std::string rows_of(const kernel& k, int repetitions, double wanted_ns) {
  const iteration one = k.make(work_of(k.name));
  const std::uint64_t iterations = iterations_for(one, wanted_ns);
  std::string rows;
  for (int i = 0; i < repetitions; ++i) {
    const timing t = repeat(one, iterations);
    const auto count = static_cast<double>(iterations);
    char row[400];
    std::snprintf(row, sizeof row,
                  "%s{\"name\":\"%s\",\"run_name\":\"%s\",\"run_type\":\"iteration\",\"iterations\":%llu,"
                  "\"real_time\":%.9g,\"cpu_time\":%.9g,\"time_unit\":\"ns\"}",
                  rows.empty() ? "" : ",\n", k.name, k.name, static_cast<unsigned long long>(iterations),
                  t.real_ns / count, t.cpu_ns / count);
    rows += row;
  }
  return rows;
}

/// The value of `--NAME=VALUE`, the last one given.
std::string option(int argc, const char* const* argv, const std::string& name, std::string usual) {
  const std::string begin = "--benchmark_" + name + "=";
  for (int i = 2; i < argc; ++i) {
    if (std::string_view(argv[i]).starts_with(begin)) usual = argv[i] + begin.size();
  }
  return usual;
}

}  // namespace

int run_benchmarks(int argc, const char* const* argv) {
  std::vector<std::string> names;
  for (const kernel& k : kernels) names.emplace_back(k.name);
  const std::string filter = option(argc, argv, "filter", "");
  if (!filter.empty()) {
    auto chosen = measure::matching(names, filter);
    if (!chosen) return 1;
    names = *std::move(chosen);
  }
  const std::string output = option(argc, argv, "out", "");
  if (option(argc, argv, "list_tests", "false") == "true") {
    for (const std::string& name : names) std::puts(name.c_str());
    return output.empty() || support::write_file(output, "") ? 0 : 1;
  }
  const int repetitions = std::clamp(std::atoi(option(argc, argv, "repetitions", "1").c_str()), 1, 1000);
  const double seconds = std::strtod(option(argc, argv, "min_time", "0.5").c_str(), nullptr);
  std::string rows;
  for (const kernel& k : kernels) {
    if (std::find(names.begin(), names.end(), k.name) == names.end()) continue;
    rows += (rows.empty() ? "" : ",\n") + rows_of(k, repetitions, seconds * 1e9);
  }
  const std::string text = "{\"context\":{},\"benchmarks\":[" + rows + "]}\n";
  if (output.empty()) {
    std::fputs(text.c_str(), stdout);
    return 0;
  }
  return support::write_file(output, text) ? 0 : 1;
}

}  // namespace deft::selftest
