#include "tests/report/sample.hpp"

#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "store/utc.hpp"
#include "tests/report/random_source.hpp"

namespace deft::report::test {
namespace {

using stats::verdict;

struct shape {
  stats::verdict verdict;
  double ratio;
};

constexpr std::array<shape, 12> shapes = {{{verdict::equivalent, 1.001},
                                           {verdict::regressed, 1.118},
                                           {verdict::equivalent, 0.998},
                                           {verdict::improved, 0.872},
                                           {verdict::inconclusive, 1.012},
                                           {verdict::equivalent, 1.003},
                                           {verdict::missing, 1},
                                           {verdict::equivalent, 1.0},
                                           {verdict::added, 1},
                                           {verdict::inconclusive, 0.991},
                                           {verdict::failed, 1},
                                           {verdict::regressed, 1.043}}};

std::string benchmark_name(std::size_t i) {
  switch (i) {
    case 5:
      return "<script>alert('a|b')</script>/\"quoted\"/`code`";
    case 7:
      return "größe/日本語/naïve😀";
    case 9:
      return "BM_insert<std::map<std::string, std::vector<std::pair<int, "
             "double>>>>/1000000/real_time/threads:2";
    default:
      break;
  }
  constexpr std::array<const char*, 5> containers = {"sorted_vector", "std_set", "bisect", "absl_btree",
                                                     "flat_map"};
  constexpr std::array<const char*, 4> operations = {"find_hit", "find_miss", "insort", "scan"};
  constexpr std::array<const char*, 4> keys = {"u64", "i32", "double", "string"};
  constexpr std::array<const char*, 3> sizes = {"1e3", "1e5", "1e7"};
  return std::string(containers[i % 5]) + "/" + operations[i / 5 % 4] + "/" + keys[i / 20 % 4] + "/" +
         sizes[i / 80 % 3] + (i >= 240 ? "/" + std::to_string(i) : "");
}

symbols::frame frame_of(std::string function, std::string module, std::string file, std::uint32_t line,
                        bool inlined = false) {
  return {std::move(function), std::move(module), std::move(file), line, inlined};
}

std::vector<symbols::frame> outer_frames(const std::string& name) {
  return {frame_of("_start", "sorted_bench", "", 0),
          frame_of("__libc_start_main_impl", "libc.so.6", "libc-start.c", 242),
          frame_of("main", "sorted_bench", "main.cpp", 11),
          frame_of("benchmark::RunSpecifiedBenchmarks(benchmark::BenchmarkReporter*)",
                   "libbenchmark.so.1.7.1", "benchmark.cc", 503),
          frame_of("benchmark::internal::BenchmarkRunner::DoOneRepetition()", "libbenchmark.so.1.7.1",
                   "benchmark_runner.cc", 301),
          frame_of("void measure<" + name.substr(0, 30) + ">(benchmark::State&)", "sorted_bench", "cases.cpp",
                   88)};
}

std::vector<symbols::frame> inner_frames(std::size_t variant) {
  const std::string n = std::to_string(variant);
  std::vector<symbols::frame> out = {
      frame_of("deft::sorted_vector<unsigned long, std::less<void>, std::allocator<unsigned "
               "long>>::insert(unsigned long const&)",
               "sorted_bench", "sorted_vector.hpp", 210),
      frame_of("deft::detail::bisect_u64(unsigned long const*, unsigned long, unsigned long)",
               "libdeft.so.0.1.0", "bisect.cpp", 71),
      frame_of("std::__introsort_loop<unsigned long*, long, __gnu_cxx::__ops::_Iter_less_iter>(unsigned "
               "long*, unsigned long*, long)",
               "sorted_bench", "stl_algo.h", 1918, true),
      frame_of("std::_Rb_tree<int, int, std::_Identity<int>>::_M_insert_unique(int const&)", "sorted_bench",
               "stl_tree.h", 2147),
      frame_of("operator new(unsigned long)", "libstdc++.so.6.0.30", "new_op.cc", 43),
      frame_of("_int_malloc", "libc.so.6", "malloc.c", 3734),
      frame_of("__memmove_avx_unaligned_erms", "libc.so.6", "memmove-vec-unaligned-erms.S", 267),
      frame_of("asm_exc_page_fault", "[kernel]", "", 0),
      frame_of("[libz.so.1+0x12f0]", "[libz.so.1]", "", 0),
      frame_of("std::less<void>::operator()(unsigned long const&, unsigned long const&) const",
               "sorted_bench", "stl_function.h", 583, true)};
  for (std::size_t i = 0; i < 30; ++i) {
    out.push_back(frame_of("step_" + n + "_" + std::to_string(i) + "(item<" + std::to_string(i) + ">&)",
                           i % 7 == 3 ? "libdeft.so.0.1.0" : "sorted_bench", "steps.cpp",
                           static_cast<std::uint32_t>(10 + 7 * i), i % 5 == 4));
  }
  return out;
}

symbols::stack_profile profile_of(const std::string& name, std::size_t variant, std::size_t stacks,
                                  random_source& random) {
  symbols::stack_profile out;
  out.collector = "perf_event cpu-clock + user stack copies";
  out.frequency_hz = 1000;
  out.discarded = 214 + variant;
  out.frames = outer_frames(name);
  const auto outer = static_cast<std::uint32_t>(out.frames.size());
  for (auto& frame : inner_frames(variant % 7)) out.frames.push_back(std::move(frame));
  const std::size_t inner = out.frames.size() - outer;
  for (std::size_t s = 0; s < stacks; ++s) {
    symbols::folded_stack stack;
    for (std::uint32_t f = 0; f < outer; ++f) stack.frames.push_back(f);
    const std::size_t depth = 1 + random.below(9);
    std::size_t at = random.below(3);
    for (std::size_t d = 0; d < depth; ++d) {
      stack.frames.push_back(outer + static_cast<std::uint32_t>(at % inner));
      const double spread = random.uniform();
      at = at * 3 + 1 + static_cast<std::size_t>(spread * spread * 4);
    }
    stack.count = 1 + static_cast<std::uint64_t>(400 / (1.0 + static_cast<double>(s)) * random.uniform());
    out.samples += stack.count;
    out.stacks.push_back(std::move(stack));
  }
  out.unrooted = out.samples / 300;
  return out;
}

measure::process_run process_of(double ns, random_source& random) {
  measure::process_run out;
  for (int i = 0; i < 5; ++i) {
    const double cpu = ns * random.noise(0.02);
    out.push_back({cpu, cpu * 1.002, static_cast<std::uint64_t>(1e7 / ns) + 1});
  }
  return out;
}

std::string reason_of(const shape& kind) {
  switch (kind.verdict) {
    case verdict::regressed:
      return "Slower by more than the band of 1 %, confirmed by fresh data.";
    case verdict::improved:
      return "Faster by more than the band of 1 %, confirmed by fresh data.";
    case verdict::equivalent:
      return "The whole interval lies within the margin of 3 %.";
    case verdict::inconclusive:
      return "The interval reaches beyond the band on one side only.";
    case verdict::missing:
      return "Only base has this benchmark.";
    case verdict::added:
      return "Only head has this benchmark.";
    case verdict::failed:
      return "Head was killed by SIGSEGV (Segmentation fault) in round 2.";
  }
  return {};
}

store::benchmark benchmark_of(std::size_t i, const sample_size& size) {
  random_source random(20261122 + i);
  const shape& kind = shapes[i % shapes.size()];
  store::benchmark out;
  out.name = benchmark_name(i);
  out.method = i % 10 == 9 ? measure::method::alternating : measure::method::same_core;
  const double ns = 4.2 * std::pow(7.0, static_cast<double>(i % 8)) * random.noise(0.3);
  const bool in_base = kind.verdict != verdict::added;
  const bool in_head = kind.verdict != verdict::missing && kind.verdict != verdict::failed;
  const std::size_t rounds = in_base && in_head ? size.rounds : 2;
  for (std::size_t r = 0; r < rounds; ++r) {
    const double weather = random.noise(0.08);
    measure::round round;
    if (in_base) round.base = process_of(ns * weather * random.noise(0.01), random);
    if (in_base) round.control = process_of(ns * weather * random.noise(0.01), random);
    if (in_head) round.head = process_of(ns * weather * kind.ratio * random.noise(0.01), random);
    round.confirmation =
        r + 3 >= rounds && (kind.verdict == verdict::regressed || kind.verdict == verdict::improved);
    out.rounds.push_back(std::move(round));
  }
  out.base_ns = in_base ? ns : 0;
  out.head_ns = in_head ? ns * kind.ratio : 0;

  stats::decision decision;
  decision.verdict = kind.verdict;
  decision.reason = reason_of(kind);
  if (in_base && in_head) {
    const double half = (kind.verdict == verdict::inconclusive ? 0.028 : 0.009) * random.noise(0.4);
    const double ratio = kind.ratio * random.noise(0.002);
    decision.head = {ratio, ratio * (1 - half), ratio * (1 + half)};
    const double control = random.noise(0.006);
    decision.control = {control, control * (1 - half), control * (1 + half)};
    decision.smallest_effect = 2 * half;
    decision.p_value = kind.verdict == verdict::regressed ? 0.0002 : 0.4;
    decision.confirmed = kind.verdict == verdict::regressed || kind.verdict == verdict::improved;
  } else {
    decision.head = decision.control = {std::nan(""), std::nan(""), std::nan("")};
    decision.smallest_effect = std::nan("");
  }
  out.decision = decision;
  if (kind.verdict == verdict::failed) out.failure = decision.reason;
  if (in_head) out.profile = profile_of(out.name, i, size.stacks, random);
  if (in_base) out.base_profile = profile_of(out.name, i, size.stacks, random);
  if (i % 12 == 9) {
    out.profile = symbols::stack_profile{};
    out.profile->unavailable = "perf_event_open was refused: perf_event_paranoid is 3 (Permission denied)";
    out.base_profile.reset();
  }
  return out;
}

}  // namespace

store::result_file sample_comparison(const sample_size& size) {
  store::result_file out;
  out.deft_version = "0.1.0";
  out.created = "2026-11-22T07:30:00Z";
  out.duration_seconds = 192.4;
  out.note = "These figures are made up: the report's tests read them.";
  out.machine = {"AMD EPYC 9B14", 2, 8ULL << 30U, "6.1.0-28-cloud-amd64", "Debian GNU/Linux 12 (bookworm)",
                 "available"};
  out.noise = {0.42, 1.87, 0.003, 0.021, 0.0041, 18234};
  out.base = {"a1b2c3d (2026-11-20)", "build/base/bin/sorted_bench",
              "a1b2c3d4e5f60718293a4b5c6d7e8f9012345678"};
  out.head = {"work tree", "build/head/bin/sorted_bench", ""};
  out.seed = 18'446'744'073'709'551'557ULL;
  for (std::size_t i = 0; i < size.benchmarks; ++i) out.benchmarks.push_back(benchmark_of(i, size));
  return out;
}

store::result_file sample_single(const sample_size& size) {
  store::result_file out = sample_comparison(size);
  out.kind = store::run_kind::single;
  out.head = {};
  for (auto& benchmark : out.benchmarks) {
    benchmark.decision.reset();
    benchmark.head_ns = 0;
    if (benchmark.base_profile) benchmark.profile = std::move(benchmark.base_profile);
    benchmark.base_profile.reset();
    for (auto& round : benchmark.rounds) {
      round.head.clear();
      round.control.clear();
    }
  }
  return out;
}

std::vector<history::series> sample_past(const store::result_file& file, std::size_t runs) {
  std::vector<history::series> all;
  for (std::size_t b = 0; b < file.benchmarks.size(); ++b) {
    if (b % 4 == 3) continue;
    const store::benchmark& benchmark = file.benchmarks[b];
    const double ns = benchmark.head_ns > 0 ? benchmark.head_ns : 100;
    const double factor = b % 4 == 0 ? 1 / 1.1 : b % 4 == 1 ? 1.2 : 1;
    history::series s{"box", benchmark.name, benchmark.method, {}, {}};
    for (std::size_t i = 0; i < runs; ++i) {
      history::observation o;
      o.time =
          store::to_utc(std::chrono::sys_days(std::chrono::year(2026) / 9 / 1) + std::chrono::hours(24 * i));
      o.run = std::to_string(i);
      o.commit = "c0ffee" + std::to_string(100'000 + i);
      const double wobble = 1 + 0.004 * static_cast<double>((i * 7 + b) % 5) - 0.008;
      o.value = i == 3 ? 0 : ns * wobble * (i < runs / 2 ? factor : 1);
      o.failed = i == 3;
      s.observations.push_back(std::move(o));
    }
    if (b % 4 < 2 && runs > 1) s.changes.push_back({runs / 2, ns * factor, ns, 0.001, b % 4 == 1});
    all.push_back(std::move(s));
  }
  return all;
}

}  // namespace deft::report::test
