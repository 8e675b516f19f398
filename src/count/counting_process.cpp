#include "count/counting_process.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

#include <unistd.h>

#include "count/callgrind_output.hpp"
#include "measure/benchmark_output.hpp"
#include "profile/preloading.hpp"
#include "support/files.hpp"
#include "support/one_line.hpp"
#include "support/process.hpp"

namespace deft::count {
namespace {

namespace fs = std::filesystem;
using support::error;
using support::error_kind;

error not_countable(const std::string& why) {
  return {error_kind::unavailable, support::one_line(why)};
}

bool has_part(std::string_view name, std::string_view part) {
  return (std::string(name) + "/").find("/" + std::string(part) + "/") != std::string::npos;
}

/// Which time Google Benchmark looks at to see whether a run was long enough.
const char* deciding_clock(std::string_view benchmark) {
  if (has_part(benchmark, "manual_time")) return "manual";
  return has_part(benchmark, "real_time") ? "real" : "cpu";
}

std::vector<std::string> benchmark_flags(const std::string& benchmark, const char* min_time,
                                         const fs::path& output) {
  return {"--benchmark_filter=" + measure::exact_filter(benchmark),
          std::string("--benchmark_min_time=") + min_time,
          "--benchmark_repetitions=1",
          "--benchmark_out=" + output.string(),
          "--benchmark_out_format=json",
          "--benchmark_format=json",
          "--benchmark_report_aggregates_only=false"};
}

support::spawn_options program_with(const measure::program& p, const std::vector<std::string>& in_front,
                                    const std::vector<std::string>& flags, const fs::path& complaints) {
  support::spawn_options options;
  options.argv = in_front;
  options.argv.push_back(measure::executable(p));
  options.argv.insert(options.argv.end(), p.arguments.begin(), p.arguments.end());
  options.argv.insert(options.argv.end(), flags.begin(), flags.end());
  options.environment = p.environment;
  options.stderr_path = complaints.string();
  options.fixed_addresses = true;
  return options;
}

std::string last_line(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  const std::size_t begin = text.rfind('\n');
  if (begin != std::string_view::npos) text.remove_prefix(begin + 1);
  return std::string(text.substr(0, 200));
}

std::string text_of(const fs::path& file) {
  auto text = support::read_file(file);
  return text ? *std::move(text) : std::string();
}

/// Why a process under valgrind did not end well: it says so in many lines, of which these matter.
std::string valgrinds_complaint(std::string_view said, const support::exit_status& status) {
  if (said.find("unrecognised instruction") != std::string_view::npos ||
      said.find("Unrecognised instruction") != std::string_view::npos ||
      said.find("unhandled instruction") != std::string_view::npos || status.signal == SIGILL)
    return "valgrind does not know one of its instructions (AVX-512, say)";
  std::string why = "under valgrind: " + status.describe();
  for (std::string_view rest = said; !rest.empty();) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (line.starts_with("valgrind: ")) return why + ": " + std::string(line.substr(0, 200));
  }
  return why;
}

support::result<agent::run_record> read_record(const fs::path& file) {
  const auto bytes = support::read_file(file);
  if (!bytes) return not_countable(bytes.error().message);
  agent::run_record record;
  if (bytes->size() != sizeof record) return not_countable("what the agent wrote is not whole");
  std::memcpy(&record, bytes->data(), sizeof record);
  return record;
}

support::result<void> check_record(const agent::run_record& record) {
  if (record.version != agent::run_record::current_version)
    return not_countable("deft's library cannot be preloaded into it");
  if (record.runs == 0)
    return not_countable("its clock readings are not those of a Google Benchmark program");
  if (record.confusions > 0) return not_countable("it reads the processor time itself");
  return {};
}

}  // namespace

std::vector<std::uint64_t> iterations_of_runs(std::string_view benchmark, std::uint64_t made,
                                              std::uint64_t last_iterations) {
  if (made == 0 || last_iterations == 0) return {};
  if (benchmark.find("/iterations:") != std::string_view::npos) return {last_iterations};
  std::vector<std::uint64_t> all = {1};
  while (all.size() < made && all.back() < last_iterations) all.push_back(all.back() * 10);
  if (all.size() != made || all.back() != last_iterations) return {};
  return all;
}

support::result<counted_process> run_counted(const measure::program& p, const std::string& benchmark,
                                             const counting_settings& settings) {
  const auto folder = support::temporary_folder::make("count");
  if (!folder) return folder.error();
  const fs::path at = folder->path();
  // A link of our own: a list of libraries to preload is separated by spaces and colons, and as a side effect
  // all paths are of one length, wherever deft is installed.
  std::error_code failed;
  fs::create_symlink(fs::absolute(settings.agent), at / "agent.so", failed);
  if (failed) return not_countable("no link to " + settings.agent + ": " + failed.message());
  if (auto made = support::write_file(at / "record", std::string(sizeof(agent::run_record), '\0')); !made)
    return made.error();

  std::vector<std::string> in_front = settings.valgrind;
  if (!in_front.empty()) in_front.push_back("--callgrind-out-file=" + (at / "callgrind").string());
  // Longer than any run takes by the agent's clock.
  auto options = program_with(p, in_front, benchmark_flags(benchmark, "1000", at / "output"), at / "stderr");
  std::string preloaded = (at / "agent.so").string();
  const char* const others = std::getenv("LD_PRELOAD");
  const bool inherited = others != nullptr && *others != '\0' &&
                         std::none_of(p.environment.begin(), p.environment.end(),
                                      [](const auto& variable) { return variable.first == "LD_PRELOAD"; });
  if (inherited) preloaded += std::string(":") + others;
  profile::add_agent(options.environment, {{"LD_PRELOAD", preloaded},
                                           {"LD_BIND_NOW", "1"},
                                           {agent::record_variable, (at / "record").string()},
                                           {agent::parent_variable, std::to_string(::getpid())},
                                           {agent::runs_variable, std::to_string(settings.runs)},
                                           {agent::clock_variable, deciding_clock(benchmark)}});
  const auto status = support::run(options, settings.time_limit);
  if (!status) return not_countable(status.error().message);
  if (status->interrupted) return error{error_kind::interrupted, "stopped by the user"};
  if (!status->ok()) {
    if (status->timed_out) return error{error_kind::benchmark_failed, status->describe()};
    const std::string said = text_of(at / "stderr");
    if (!settings.valgrind.empty()) return not_countable(valgrinds_complaint(said, *status));
    const std::string line = last_line(said);
    return not_countable(status->describe() + (line.empty() ? "" : ": " + line));
  }

  const auto record = read_record(at / "record");
  if (!record) return record.error();
  if (const auto whole = check_record(*record); !whole) return whole.error();
  const std::uint64_t made = std::min<std::uint64_t>(record->runs, settings.runs);
  counted_process result;
  if (record->runs > settings.runs && has_part(benchmark, "manual_time")) {
    // The agent put an end to it. Nothing it measured was near the minimum time, so each run was ten times
    // the last.
    std::uint64_t iterations = 1;
    for (std::uint64_t i = 0; i < made; ++i, iterations *= 10) result.iterations.push_back(iterations);
  } else {
    const auto reported = measure::parse_benchmark_output(text_of(at / "output"), benchmark);
    if (!reported) return not_countable(reported.error().message);
    result.iterations = iterations_of_runs(benchmark, made, reported->back().iterations);
  }
  if (result.iterations.empty()) return not_countable("its runs are not of 1, 10, 100, ... iterations");
  result.runs.assign(record->run, record->run + result.iterations.size());
  result.all_allocations = record->all_allocations;
  if (settings.valgrind.empty()) return result;

  const auto counted = parse_callgrind_output(text_of(at / "callgrind"));
  if (!counted) return counted.error();
  if (counted->size() < result.iterations.size()) return not_countable("callgrind's output lacks runs");
  result.instructions.assign(counted->begin(),
                             counted->begin() + static_cast<std::ptrdiff_t>(result.iterations.size()));
  return result;
}

support::result<std::string> how_it_fails(const measure::program& p, const std::string& benchmark,
                                          std::chrono::milliseconds time_limit) {
  const auto folder = support::temporary_folder::make("count");
  if (!folder) return folder.error();
  const fs::path at = folder->path();
  const auto status = support::run(
      program_with(p, {}, benchmark_flags(benchmark, "0.001", at / "output"), at / "stderr"), time_limit);
  if (!status) return status.error().message;
  if (status->interrupted) return error{error_kind::interrupted, "stopped by the user"};
  if (!status->ok()) {
    const std::string line = status->timed_out ? std::string() : last_line(text_of(at / "stderr"));
    return support::one_line(status->describe() + (line.empty() ? "" : ": " + line));
  }
  const auto reported = measure::parse_benchmark_output(text_of(at / "output"), benchmark);
  if (!reported && reported.error().kind == error_kind::benchmark_failed) return reported.error().message;
  return std::string();
}

}  // namespace deft::count
