#pragma once

#include <string_view>

#include "measure/observation.hpp"
#include "support/result.hpp"

namespace deft::measure {

/// The repetitions of the benchmark `name` in the JSON that a Google Benchmark program wrote
/// (--benchmark_out). Rows of aggregates are left out; only where a benchmark reports nothing else does its
/// mean stand in as the one repetition.
///
/// An error of kind benchmark_failed if the text is not whole, the benchmark is not in it or reported an
/// error; of kind unavailable if the program chose to skip the benchmark (SkipWithMessage).
support::result<process_run> parse_benchmark_output(std::string_view json, std::string_view name);

}  // namespace deft::measure
