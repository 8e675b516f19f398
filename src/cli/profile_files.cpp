#include "cli/profile_files.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "deft/core/version.hpp"

#include "cli/output.hpp"
#include "profile/samples_file.hpp"
#include "report/report.hpp"
#include "store/result_file.hpp"
#include "support/files.hpp"

namespace deft::cli {
namespace {

using support::error;
using support::error_kind;

std::string text_of(const store::profile_file& file, formats::format as) {
  switch (as) {
    case formats::format::deft_json:
      return store::to_json(file);
    case formats::format::html:
      return report::to_html(file);
    case formats::format::collapsed:
      return formats::to_collapsed(file.profile);
    case formats::format::pprof:
      return formats::to_pprof(file);
    case formats::format::speedscope:
      return formats::to_speedscope(file);
    case formats::format::callgrind:
      return formats::to_callgrind(file);
  }
  return {};
}

/// For a message: which benchmarks have a profile.
std::string profiled_benchmarks(const store::result_file& file) {
  std::string names;
  for (const store::benchmark& b : file.benchmarks) {
    if (b.profile || b.base_profile) names += (names.empty() ? "" : ", ") + b.name;
  }
  return names.empty() ? "it has no profiles" : "it has profiles of " + names;
}

support::result<store::profile_file> profile_in(store::result_file result, const std::string& path,
                                                const std::string& benchmark, bool base) {
  if (benchmark.empty()) {
    return error{error_kind::usage, path + ": a result of deft run or deft ab; name one with --benchmark (" +
                                        profiled_benchmarks(result) + ")"};
  }
  const auto found = std::find_if(result.benchmarks.begin(), result.benchmarks.end(),
                                  [&](const store::benchmark& b) { return b.name == benchmark; });
  if (found == result.benchmarks.end()) {
    return error{error_kind::usage,
                 path + ": there is no benchmark '" + benchmark + "'; " + profiled_benchmarks(result)};
  }
  auto& profile = base ? found->base_profile : found->profile;
  if (!profile) {
    return error{error_kind::usage, path + ": " + benchmark + " has no " + (base ? "base " : "") +
                                        "profile; " + profiled_benchmarks(result)};
  }
  store::profile_file file;
  file.deft_version = result.deft_version;
  file.created = result.created;
  file.command = benchmark + " of " +
                 (base || result.kind == store::run_kind::single ? result.base : result.head).program;
  file.machine = std::move(result.machine);
  file.profile = *std::move(profile);
  return file;
}

}  // namespace

support::result<void> check_writable(const std::vector<output_file>& outputs) {
  for (const output_file& output : outputs) {
    if (auto writable = check_writable(std::filesystem::path(output.path)); !writable) return writable;
  }
  return {};
}

support::result<void> write_profile(const store::profile_file& file,
                                    const std::vector<output_file>& outputs) {
  support::result<void> outcome;
  for (const output_file& output : outputs) {
    auto written = support::write_file(output.path, text_of(file, output.as));
    if (!written && outcome) outcome = std::move(written);
  }
  return outcome;
}

support::result<store::profile_file> load_profile(const std::string& path, const std::string& benchmark,
                                                  bool base) {
  auto bytes = support::read_file(path);
  if (!bytes) return bytes.error();
  if (store::is_result_file(*bytes)) {
    auto result = store::from_json(*bytes, path);
    if (!result) return result.error();
    return profile_in(*std::move(result), path, benchmark, base);
  }
  if (!benchmark.empty())
    return error{error_kind::usage, path + ": --benchmark is for result files of deft run or deft ab"};
  if (!profile::is_samples_file(*bytes)) return formats::import_profile(*bytes, path);
  auto taken = profile::load_samples(path);
  if (!taken) return taken.error();
  store::profile_file file = file_of(*std::move(taken));
  file.command = path;
  return file;
}

store::profile_file file_of(profile::command_profile taken) {
  store::profile_file file;
  file.deft_version = DEFT_VERSION_STRING;
  file.duration_seconds = taken.duration_seconds;
  file.profile = std::move(taken.profile);
  file.hot_functions = std::move(taken.hot_functions);
  return file;
}

}  // namespace deft::cli
