#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diff/profile_rounds.hpp"
#include "measure/observation.hpp"
#include "stats/verdict.hpp"
#include "stats/work.hpp"
#include "store/measured_program.hpp"
#include "support/result.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::store {

/// The machine, as far as it explains figures.
struct machine {
  std::string cpu_model;
  std::uint32_t logical_cpus = 0;
  std::uint64_t memory_bytes = 0;
  std::string kernel;
  std::string operating_system;
  std::string perf_event;  ///< "available", or why not.
};

/// How noisy the run was: read before and after, and from the A/A controls.
struct run_noise {
  double load_average_before = 0;
  double load_average_after = 0;
  double steal_fraction = 0;       ///< Of all processor time during the run.
  double other_busy_fraction = 0;  ///< Processor time of others than the benchmarks, of all.
  double control_spread = 0;       ///< Median over benchmarks of the standard error of log(control/base).
  std::uint64_t involuntary_switches = 0;
};

/// One side of a comparison, or the only program of `deft run`.
struct arm {
  std::string label;                            ///< "abc1234 (2026-11-20)" or the path as given.
  std::string program;                          ///< As given on the command line.
  std::string revision;                         ///< Full commit hash where known.
  std::vector<measured_program> programs = {};  ///< Those of benchmarks that were compared; see `benchmark`.
};

/// One benchmark of the run: what was measured, decided and profiled.
struct benchmark {
  std::string name;
  measure::method method = measure::method::same_core;
  std::vector<measure::round> rounds;       ///< Raw data. `deft run` fills the base arm only.
  std::optional<stats::decision> decision;  ///< Absent in a `deft run` file.
  double base_ns = 0;                       ///< Typical time per iteration, 0 where not measured.
  double head_ns = 0;
  std::string failure;                            ///< Why there are no or not all figures.
  std::optional<symbols::stack_profile> profile;  ///< Of head (`deft run`: of the program).
  std::optional<symbols::stack_profile> base_profile;
  std::optional<diff::profile_rounds> paired;     ///< Profiles of base and head in turns. See set_paired().
  std::optional<std::uint32_t> program;           ///< Into `programs` of both arms, where it was compared.
  std::string name_in_program;                    ///< Where `name` is another.
  std::optional<stats::work_counts> base_counts;  ///< Of a single run, the program's. Absent: not asked for.
  std::optional<stats::work_counts> head_counts;
};

enum class run_kind { single, comparison };

/// Everything a report is made from. The same content gives the same bytes.
struct result_file {
  static constexpr int current_version = 1;

  run_kind kind = run_kind::comparison;
  std::string deft_version;
  std::string created;  ///< UTC, ISO 8601: "2026-11-22T07:30:00Z".
  double duration_seconds = 0;
  bool interrupted = false;  ///< Stopped by the user: what was measured until then.
  std::string note;          ///< "The tree is compared with itself: ..." or empty.
  store::machine machine;
  run_noise noise;
  arm base;
  arm head;
  std::uint64_t seed = 0;
  double band = 0.01;  ///< Changes within 1 +- band are tolerated.
  double confidence = 0.95;
  std::vector<benchmark> benchmarks;
};

/// The JSON text of a result file, schema "deft-result", ends in a newline.
std::string to_json(const result_file& file);

/// The inverse. `origin` names the file in messages. Errors say at what byte, what was expected, and tell a
/// file cut in half from a newer version.
support::result<result_file> from_json(std::string_view text, std::string_view origin);

/// Whether the text begins as one of these does, so that a reader of several kinds of files knows.
bool is_result_file(std::string_view text) noexcept;

support::result<result_file> load(const std::filesystem::path& path);
support::result<void> save(const result_file& file, const std::filesystem::path& path);

}  // namespace deft::store
