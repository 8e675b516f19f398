#include "tests/report/paired_sample.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "store/paired_profiles.hpp"
#include "tests/report/random_source.hpp"

namespace deft::report::test {
namespace {

struct rate {
  std::vector<std::uint32_t> stack;
  double base = 0;  ///< ns per iteration.
  double head = 0;
};

enum frame_number : std::uint32_t {
  start,
  libc_start,
  main_function,
  repetition,
  measure,
  find,
  fold,
  mix,
  hash_part,
  less,
  probe_before,
  probe_now,
  insert,
  allocate,
  int_malloc,
  memmove,
  page_fault,
  check,
  first_step
};

std::vector<symbols::frame> frames_of(std::size_t paths) {
  std::vector<symbols::frame> out = {
      {"_start", "", "", 0, false},
      {"__libc_start_main_impl", "libc.so.6", "libc-start.c", 242, false},
      {"main", "", "main.cpp", 11, false},
      {"benchmark::internal::BenchmarkRunner::DoOneRepetition()", "libbenchmark.so.1.7.1",
       "benchmark_runner.cc", 301, false},
      {"void measure<table<std::string, std::vector<int>>>(benchmark::State&)", "", "cases.cpp", 88, false},
      {"table<std::string, std::vector<int>>::find(std::string const&) const", "", "table.hpp", 210, false},
      {"fold(std::basic_string_view<char>)", "", "hash.cpp", 40, false},
      {"mix(unsigned long, unsigned long)", "", "hash.cpp", 28, false},
      {"hash_part(unsigned char const*, unsigned long)", "", "hash.cpp", 12, false},
      {"std::less<void>::operator()(std::string const&, std::string const&) const", "", "stl_function.h", 583,
       true},
      {"probe_group_v1(group const&, unsigned char)", "", "probe.cpp", 19, false},
      {"probe_group(group const&, unsigned char)", "", "probe.cpp", 19, false},
      {"table<std::string, std::vector<int>>::insert(std::string&&, std::vector<int>&&)", "", "table.hpp",
       318, false},
      {"operator new(unsigned long)", "libstdc++.so.6.0.30", "new_op.cc", 43, false},
      {"_int_malloc", "libc.so.6", "malloc.c", 3734, false},
      {"__memmove_avx_unaligned_erms", "libc.so.6", "memmove-vec-unaligned-erms.S", 267, false},
      {"asm_exc_page_fault", "[kernel]", "", 0, false},
      {"check_invariants<table<std::string, std::vector<int>>>()", "", "table.hpp", 77, false}};
  for (std::size_t i = 0; i < paths; ++i)
    out.push_back({"step_" + std::to_string(i) + "(item<" + std::to_string(i) + ">&)", "", "steps.cpp",
                   static_cast<std::uint32_t>(10 + 7 * i), i % 5 == 4});
  return out;
}

constexpr double hash_share = 0.27;
constexpr double copy_share = 0.084;
constexpr double check_share = 0.024;

std::vector<rate> rates_of(const paired_size& size, random_source& random) {
  const bool changed = size.ratio != 1;
  // The copy is to take 45 % less, the check is new, and the hash takes what is left of the change.
  const double hash = changed ? 1 + (size.ratio - 1 + 0.45 * copy_share - check_share) / hash_share : 1;
  const auto below = [](std::initializer_list<std::uint32_t> inner) {
    std::vector<std::uint32_t> out = {start, libc_start, main_function, repetition, measure};
    out.insert(out.end(), inner);
    return out;
  };
  const auto same = [&](std::vector<std::uint32_t> stack, double share) {
    return rate{std::move(stack), share, share};
  };
  std::vector<rate> out = {
      same(below({}), 0.03),
      same(below({find}), 0.13),
      same(below({find, fold}), 0.05),
      same(below({find, fold, mix}), 0.07),
      {below({find, fold, mix, hash_part}), 0.74 * hash_share, 0.74 * hash_share * hash},
      same(below({find, less}), 0.085),
      {below({find, changed ? probe_before : probe_now}), 0.06, 0},
      {below({find, probe_now}), 0, 0.06},
      same(below({insert}), 0.04),
      {below({insert, fold, mix, hash_part}), 0.26 * hash_share, 0.26 * hash_share * hash},
      same(below({insert, allocate, int_malloc}), 0.104),
      {below({insert, memmove}), copy_share, copy_share * (changed ? 0.55 : 1)},
      same(below({insert, memmove, page_fault}), 0.019)};
  if (changed) out.push_back({below({insert, check}), 0, check_share});
  for (std::size_t i = 0; i < size.paths; ++i) {
    rate r = {below({insert}), 0, 0};
    std::size_t at = random.below(4);
    for (std::size_t d = 1 + random.below(7); d > 0; --d) {
      r.stack.push_back(first_step + static_cast<std::uint32_t>(at % size.paths));
      at = at * 3 + 1 + random.below(3);
    }
    r.base = r.head = 0.03 / (1.0 + static_cast<double>(i)) * random.uniform();
    out.push_back(std::move(r));
  }
  double sum = 0;
  for (const rate& r : out) sum += r.base;
  for (rate& r : out) {
    r.base *= size.base_ns / sum;
    r.head *= size.base_ns / sum;
  }
  return out;
}

symbols::annotated_function code_of(const symbols::frame& f, std::size_t instructions, bool is_head,
                                    std::size_t samples, random_source& random) {
  symbols::annotated_function out;
  out.function = f.function;
  out.module = f.module;
  for (std::uint32_t line = 0; line < 24; ++line) {
    std::string text =
        "  h ^= rotated(word[" + std::to_string(line) + "], " + std::to_string(line * 7 % 31) + ");";
    if (is_head && line == 11) text = "  for (int again = 0; again < 3; ++again) h *= k_prime;  // injected";
    out.sources.push_back({"src/hash/" + f.file, f.line + line, 0, std::move(text)});
  }
  for (std::size_t i = 0; i < instructions; ++i) {
    symbols::annotated_instruction one;
    one.address = 0x21F0 + 4 * i + (is_head ? 0x40 : 0);
    one.source = static_cast<std::uint32_t>(1 + i * 24 / instructions);
    const bool is_hot = one.source == 12 || one.source == 7;
    one.count = is_hot ? 1 + random.below(1 + 24 * samples / instructions) : random.below(3);
    one.text = i % 3 == 0 ? "imul   %rdx,%rax" : i % 3 == 1 ? "ror    $0x1d,%rax" : "xor    0x8(%rdi),%rax";
    out.sources[one.source - 1].count += one.count;
    out.count += one.count;
    out.instructions.push_back(std::move(one));
  }
  return out;
}

}  // namespace

diff::profile_rounds sample_rounds(std::size_t seed, const paired_size& size) {
  random_source random(7'000'000 + seed);
  diff::profile_rounds out;
  out.collector = "perf_event cpu-clock + user stack copies";
  out.note = "timed part found by the worker's marks";
  out.frequency_hz = 997;
  out.frames = frames_of(size.paths);
  double base = 0;
  double head = 0;
  for (const rate& r : rates_of(size, random)) {
    base += r.base;
    head += r.head;
    diff::paired_stack stack;
    stack.frames = r.stack;
    const auto samples = [&](double ns) {
      const double expected = 1000 * ns / size.base_ns;
      return static_cast<std::uint32_t>(
          std::max(0.0, expected + std::sqrt(expected) * 2.3 * std::log(random.noise(1)) + 0.5));
    };
    for (std::size_t round = 0; round < size.rounds; ++round) {
      stack.base.push_back(r.base > 0 ? samples(r.base) : 0);
      stack.head.push_back(r.head > 0 ? samples(r.head) : 0);
    }
    out.stacks.push_back(std::move(stack));
  }
  for (std::size_t round = 0; round < size.rounds; ++round) {
    diff::profiled_process of_base{0, base * random.noise(0.01)};
    diff::profiled_process of_head{0, head * random.noise(0.01)};
    for (const auto& stack : out.stacks) {
      of_base.samples += stack.base[round];
      of_head.samples += stack.head[round];
    }
    out.base.processes.push_back(of_base);
    out.head.processes.push_back(of_head);
  }
  out.base.discarded = 211;
  out.head.discarded = 207;
  out.head.unrooted = 3;
  for (const std::uint32_t f : {hash_part, memmove, mix}) {
    const std::size_t samples = f == mix ? 900 : 3000;
    out.base.code.push_back(code_of(out.frames[f], size.instructions, false, samples, random));
    out.head.code.push_back(code_of(out.frames[f], size.instructions, true, samples * 8 / 5, random));
  }
  return out;
}

void add_paired(store::result_file& file, const paired_size& size) {
  for (std::size_t i = 0; i < file.benchmarks.size(); ++i) {
    store::benchmark& benchmark = file.benchmarks[i];
    if (!benchmark.decision || benchmark.base_ns <= 0 || benchmark.head_ns <= 0) continue;
    const auto verdict = benchmark.decision->verdict;
    if (verdict == stats::verdict::inconclusive) continue;
    paired_size own = size;
    own.base_ns = benchmark.base_ns;
    own.ratio = verdict == stats::verdict::equivalent ? 1 : benchmark.head_ns / benchmark.base_ns;
    diff::profile_rounds rounds = sample_rounds(i, own);
    if (i % 12 == 7) {
      rounds = {};
      rounds.unavailable = "perf_event_open was refused: perf_event_paranoid is 3 (Permission denied)";
    }
    store::set_paired(benchmark, std::move(rounds));
  }
}

}  // namespace deft::report::test
