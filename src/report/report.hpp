#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "history/series.hpp"
#include "store/profile_file.hpp"
#include "store/result_file.hpp"

namespace deft::report {

/// Of a series in a history, this many runs are shown at the most.
inline constexpr std::size_t most_runs_shown = 200;

/// One HTML file without any external reference: verdict table, for each benchmark what made it slower and
/// flame graphs, the machine and the noise of the run; of benchmarks in `past`, series on one runner, a plot
/// of how they developed. The same content gives the same bytes.
std::string to_html(const store::result_file& file, std::span<const history::series> past = {});

/// One HTML file of one profile: flame graph, top functions, threads, hot functions' source and instructions.
std::string to_html(const store::profile_file& file);

/// For a comment on a pull request: at most 60,000 bytes; what was left out is counted in the last line.
/// Other lengths and forms for publishing: publish.hpp.
std::string to_markdown(const store::result_file& file);

/// A line per benchmark and a summary line, for a terminal.
std::string to_text(const store::result_file& file);

}  // namespace deft::report
