#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "measure/observation.hpp"
#include "support/result.hpp"

namespace deft::measure {

/// How a program that is no Google Benchmark program is run: as it is, and what it takes is its time.
struct command_settings {
  bool any_exit_code = false;  ///< Else one that is not 0 is a failure.
  bool show_output = false;    ///< On our own standard output and error; else thrown away.
};

/// A Google Benchmark program as the user gave it, with what is passed to every one of its processes; or any
/// command, looked up in PATH.
struct program {
  std::string path;
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;
  std::optional<command_settings> command = std::nullopt;  ///< Empty: a benchmark program.
  bool worker = false;                                     ///< It lets deft drive it (deft::measure).
  bool own_benchmarks = false;  ///< Of deft::measure: it takes none of Google Benchmark's options.
};

/// What to execute: `path`, with "./" in front where a plain name means a file of the current folder.
std::string executable(const program& p);

/// The names of the benchmarks in the program, each once, in its own order. An error if it cannot be started,
/// is not a Google Benchmark program, or does not answer in time. What the program prints besides is not
/// taken for names.
support::result<std::vector<std::string>> list_benchmarks(const program& p,
                                                          std::chrono::milliseconds time_limit);

/// A value for --benchmark_filter that matches `name` and nothing else.
std::string exact_filter(std::string_view name);

/// Those of `names` that a Google Benchmark program would choose for --benchmark_filter=`expression`: POSIX
/// extended syntax, found anywhere in the name, negated by a leading '-'. An error of kind usage if it is no
/// regular expression.
support::result<std::vector<std::string>> matching(const std::vector<std::string>& names,
                                                   const std::string& expression);

/// How a benchmark is compared best, judging by what Google Benchmark puts into its name: alternating if the
/// time that counts is not one thread's CPU time (/real_time, /manual_time, /process_time, /threads:N with N
/// > 1).
method natural_method(std::string_view name);

}  // namespace deft::measure
