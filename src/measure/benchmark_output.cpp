#include "measure/benchmark_output.hpp"

#include <string>

#include <nlohmann/json.hpp>

#include "support/one_line.hpp"

namespace deft::measure {
namespace {

using nlohmann::json;
using support::error;
using support::error_kind;

// The program's own words are a part of some messages.
error failed(const std::string& message) {
  return {error_kind::benchmark_failed, support::one_line(message)};
}

/// The library writes a user counter that is not finite as NaN or Infinity, which JSON does not know: null
/// instead.
std::string without_non_finite(std::string_view text) {
  std::string clean;
  clean.reserve(text.size());
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\' && i + 1 < text.size()) {
      clean += c;
      clean += text[++i];
      continue;
    }
    if (c == '"') quoted = !quoted;
    if (!quoted && (c == 'N' || c == 'I')) {
      const std::string_view word = c == 'N' ? "NaN" : "Infinity";
      if (text.substr(i).starts_with(word)) {
        if (clean.ends_with('-')) clean.pop_back();
        clean += "null";
        i += word.size() - 1;
        continue;
      }
    }
    clean += c;
  }
  return clean;
}

double nanoseconds_per(const std::string& unit) {
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  return 1;
}

repetition read_row(const json& row) {
  const double scale = nanoseconds_per(row.value("time_unit", "ns"));
  repetition r;
  r.cpu_ns = row.at("cpu_time").get<double>() * scale;
  r.real_ns = row.at("real_time").get<double>() * scale;
  r.iterations = row.value("iterations", std::uint64_t{0});
  return r;
}

support::result<process_run> read_rows(const json& document, std::string_view name) {
  process_run run;
  process_run means;
  for (const json& row : document.at("benchmarks")) {
    // Programs older than 1.5 write no run_name.
    const std::string row_name = row.value("run_name", row.value("name", ""));
    if (row_name != name) continue;
    if (row.value("error_occurred", false))
      return failed("reported an error: " + row.value("error_message", "(no message)"));
    if (row.value("skipped", false)) {
      return error{error_kind::unavailable,
                   "skipped by the program: " + support::one_line(row.value("skip_message", "(no message)"))};
    }
    const std::string aggregate = row.value("aggregate_name", "");
    if (aggregate.empty() && row.value("run_type", "iteration") == "iteration") run.push_back(read_row(row));
    if (aggregate == "mean") {
      means.push_back(read_row(row));
      means.back().iterations = 0;  // What stands there is the number of repetitions.
    }
  }
  if (run.empty()) run = std::move(means);
  if (run.empty()) return failed("no result of a benchmark of this name");
  return run;
}

}  // namespace

support::result<process_run> parse_benchmark_output(std::string_view text, std::string_view name) {
  if (text.empty()) return failed("ended without writing its results");
  const json document = json::parse(without_non_finite(text), nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded())
    return failed("its result is cut off (it ended early, or the temporary folder is full)");
  try {
    return read_rows(document, name);
  } catch (const json::exception& failure) {
    return failed(std::string("its result is not that of a Google Benchmark program: ") + failure.what());
  }
}

}  // namespace deft::measure
