#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "measure/session.hpp"
#include "support/result.hpp"

namespace deft::cli {

enum class presence { both, base_only, head_only };

struct listed_benchmark {
  std::string name;  ///< In its program.
  std::string
      shown;  ///< In the result: the same, or "program: name" where several programs have one of that name.
  std::size_t contender = 0;
  presence where = presence::both;
};

/// A program that could not even be asked for its benchmarks.
struct broken_program {
  std::string path;
  std::string message;
};

/// What is to be measured.
struct lineup {
  std::vector<measure::contender>
      contenders;                  ///< Of a head_only benchmark, `base` is the head program and alone.
  std::vector<std::string> paths;  ///< Of the contenders' programs, as the user gave them.
  std::vector<listed_benchmark> benchmarks;
  std::vector<broken_program> broken;
};

/// A program with the variables of both sides and its own, which win.
measure::program program_at(const std::string& path, const measure_options& options, const environment& own);

/// The names of the program's benchmarks; notes in it whether it lets deft drive it, which some modes need.
support::result<std::vector<std::string>> names_of(measure::program& p, const measure_options& options);

/// The benchmarks of the programs of `deft run`. A program that cannot be asked is noted as broken, if
/// another can.
support::result<lineup> line_up(const run_command& run);

/// The benchmarks of both sides of `deft ab`. `base` and `head` are programs, or the folders for `ab.bench`.
support::result<lineup> line_up(const ab_command& ab, const std::filesystem::path& base,
                                const std::filesystem::path& head);

}  // namespace deft::cli
