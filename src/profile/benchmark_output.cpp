#include "profile/benchmark_output.hpp"

#include <nlohmann/json.hpp>

namespace deft::profile {
namespace {

double unit_in_ns(const std::string& unit) {
  if (unit == "us") return 1e3;
  if (unit == "ms") return 1e6;
  if (unit == "s") return 1e9;
  return 1;
}

template <class Value>
Value value_or(const nlohmann::json& object, const char* key, Value fallback) {
  const auto found = object.find(key);
  if (found == object.end()) return fallback;
  if constexpr (std::is_same_v<Value, std::string>) {
    return found->is_string() ? found->template get<std::string>() : fallback;
  } else if constexpr (std::is_same_v<Value, bool>) {
    return found->is_boolean() ? found->template get<bool>() : fallback;
  } else {
    return found->is_number() ? found->template get<Value>() : fallback;
  }
}

}  // namespace

std::string exact_filter(std::string_view benchmark) {
  std::string pattern = "^";
  for (const char c : benchmark) {
    if (std::string_view(R"(.[]{}()\*+?^$|)").find(c) != std::string_view::npos) pattern += '\\';
    pattern += c;
  }
  return pattern + "$";
}

support::result<reported_run> read_reported_run(std::string_view json, const std::string& program,
                                                const std::string& benchmark) {
  const auto failed = [&](const std::string& what) {
    return support::error{support::error_kind::benchmark_failed, program + ": " + benchmark + ": " + what};
  };
  const nlohmann::json document = nlohmann::json::parse(json, nullptr, false);
  if (!document.is_object() || !document.contains("benchmarks") || !document["benchmarks"].is_array()) {
    return failed("wrote no result under the profiler (is it a Google Benchmark program?)");
  }
  for (const nlohmann::json& entry : document["benchmarks"]) {
    if (!entry.is_object() || value_or(entry, "name", std::string()) != benchmark) continue;
    if (value_or(entry, "run_type", std::string("iteration")) != "iteration") continue;
    if (value_or(entry, "error_occurred", false) || value_or(entry, "skipped", false)) {
      return failed("reported an error: " +
                    value_or(entry, "error_message", value_or(entry, "skip_message", std::string())));
    }
    reported_run run;
    run.iterations = value_or(entry, "iterations", 0.0);
    run.real_time_ns =
        value_or(entry, "real_time", 0.0) * unit_in_ns(value_or(entry, "time_unit", std::string("ns")));
    run.manual_time = benchmark.find("/manual_time") != std::string::npos;
    return run;
  }
  return failed("is not among the results of the run under the profiler");
}

}  // namespace deft::profile
