#pragma once

namespace deft::selftest {

/// The first word of a command line that says so: this program is then a benchmark program.
inline constexpr const char* benchmarks_word = "--as-benchmarks";

/// KERNEL=SCALE: that much more of the same work, by the same code.
inline constexpr const char* slowdown_variable = "DEFT_SELFTEST_SLOWDOWN";

/// A program that takes those options of Google Benchmark that deft uses, with the benchmarks search, map,
/// hash, sum and sort. Returns its exit code. `argv[1]` is `benchmarks_word`.
int run_benchmarks(int argc, const char* const* argv);

}  // namespace deft::selftest
