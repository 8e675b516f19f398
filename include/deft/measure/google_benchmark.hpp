/// @file
/// The adapter that lets deft drive a Google Benchmark program a millisecond at a time: include this header
/// and write DEFT_BENCHMARK_MAIN() where BENCHMARK_MAIN() stands. Includes Google Benchmark's header, which
/// deft itself does not need; link deft::measure and benchmark::benchmark.
#pragma once

#include <cstdint>
#include <cstdio>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/core/contracts.hpp"
#include "deft/measure/detail/suite.hpp"

namespace deft::measure {

namespace detail {

inline namespace DEFT_TAG {

// The versions of Google Benchmark tell of errors in different members.
template <class Run>
void note_refusal(const Run& run, batch_answer& answer) {
  if constexpr (requires { run.error_occurred; }) {
    if (run.error_occurred) answer.failure = "reported an error: " + run.error_message;
  } else {
    using state_of_run = decltype(run.skipped);
    if (run.skipped != state_of_run{}) {
      answer.skipped = static_cast<int>(run.skipped) == 1;  // skipped by a message, not an error
      answer.failure =
          (answer.skipped ? "skipped by the program: " : "reported an error: ") + run.skip_message;
    }
  }
}

}  // namespace DEFT_TAG

/// Prints nothing, and adds up what the runs of one batch took.
class batch_reporter final : public ::benchmark::BenchmarkReporter {
 public:
  DEFT_TAGGED batch_reporter() {
    SetOutputStream(&printed_);
    SetErrorStream(&printed_);
  }

  DEFT_TAGGED bool ReportContext(const Context&) override { return true; }

  DEFT_TAGGED void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      note_refusal(run, answer_);
      if (run.run_type != Run::RT_Iteration) continue;
      answer_.measured.iterations += static_cast<std::uint64_t>(run.iterations);
      answer_.measured.cpu_ns += static_cast<std::uint64_t>(run.cpu_accumulated_time * 1e9);
      answer_.measured.wall_ns += static_cast<std::uint64_t>(run.real_accumulated_time * 1e9);
    }
  }

  DEFT_TAGGED batch_answer take_answer() { return std::exchange(answer_, {}); }

  /// Since the last time.
  DEFT_TAGGED std::string take_printed() {
    std::string text = printed_.str();
    printed_.str({});
    return text;
  }

 private:
  std::ostringstream printed_;
  batch_answer answer_;
};

/// The benchmarks that are registered with Google Benchmark. A batch is a run of the library's of its own, of
/// one benchmark by name and with --benchmark_min_time: version 1.7 has no other way that every program may
/// use. The library finds the number of iterations anew each time, so a batch of a millisecond takes about
/// another half, and the set-up of a benchmark comes three or four times; deft sees that and asks for fewer,
/// longer ones.
class google_benchmark_suite final : public suite {
 public:
  DEFT_TAGGED explicit google_benchmark_suite(char* program) : program_(program) {}

  DEFT_TAGGED std::vector<std::string> names() override {
    set({"--benchmark_list_tests=true"});
    ::benchmark::RunSpecifiedBenchmarks(&reporter_, ".");
    names_.clear();
    std::istringstream lines(reporter_.take_printed());
    for (std::string line; std::getline(lines, line);) names_.push_back(line);
    set({"--benchmark_list_tests=false", "--benchmark_repetitions=1",
         "--benchmark_out=", "--benchmark_report_aggregates_only=false",
         "--benchmark_display_aggregates_only=false", "--benchmark_enable_random_interleaving=false"});
    return names_;
  }

  DEFT_TAGGED batch_answer run(const batch_request& request) override {
    const std::uint64_t wanted = request.nanoseconds > 0 ? request.nanoseconds : 1'000'000;
    if (wanted != nanoseconds_) {
      char flag[64];
      std::snprintf(flag, sizeof flag, "--benchmark_min_time=%.9f", static_cast<double>(wanted) * 1e-9);
      set({flag});
      nanoseconds_ = wanted;
    }
    ::benchmark::RunSpecifiedBenchmarks(&reporter_, exact_filter(names_[request.benchmark]));
    const std::string printed = reporter_.take_printed();
    batch_answer answer = reporter_.take_answer();
    if (answer.failure.empty() && answer.measured.iterations == 0)
      answer.failure = "reports no iterations" + (printed.empty() ? "" : ": " + printed);
    return answer;
  }

 private:
  DEFT_TAGGED void set(std::vector<std::string> flags) {
    std::vector<char*> arguments{program_};
    for (std::string& flag : flags) arguments.push_back(flag.data());
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    ::benchmark::Initialize(&count, arguments.data());
  }

  char* program_;
  batch_reporter reporter_;
  std::vector<std::string> names_;
  std::uint64_t nanoseconds_ = 0;
};

}  // namespace detail

/// What main() of a Google Benchmark program does, and if deft started the program to drive it, what deft
/// asks for. Not driven, it is BENCHMARK_MAIN() to the letter.
/// @returns     What main returns.
/// @pre         Called once; Google Benchmark was not initialised before.
/// @throws      std::bad_alloc, and what the program's benchmarks throw.
/// @complexity  O(what is measured). @concurrency Exclusive.
[[nodiscard]] DEFT_TAGGED inline int google_benchmark_main(int count, char** arguments) {
  ::benchmark::Initialize(&count, arguments);
  if (::benchmark::ReportUnrecognizedArguments(count, arguments)) return 1;
  if (detail::driven()) {
    detail::google_benchmark_suite benchmarks(arguments[0]);
    return detail::serve(benchmarks);
  }
  ::benchmark::RunSpecifiedBenchmarks();
  ::benchmark::Shutdown();
  return 0;
}

}  // namespace deft::measure

/// Instead of BENCHMARK_MAIN().
#define DEFT_BENCHMARK_MAIN()                                        \
  int main(int count, char** arguments) {                            \
    return ::deft::measure::google_benchmark_main(count, arguments); \
  }
