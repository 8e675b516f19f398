#include "profile/benchmark_output.hpp"

#include "measure/benchmark_output.hpp"

namespace deft::profile {

support::result<reported_run> read_reported_run(std::string_view json, const std::string& program,
                                                const std::string& benchmark) {
  const auto measured = measure::parse_benchmark_output(json, benchmark);
  if (!measured) {
    return support::error{support::error_kind::benchmark_failed,
                          program + ": " + benchmark + ": under the profiler: " + measured.error().message};
  }
  const measure::repetition& last = measured->back();
  return reported_run{static_cast<double>(last.iterations), last.real_ns, last.cpu_ns,
                      benchmark.find("/manual_time") != std::string::npos};
}

}  // namespace deft::profile
