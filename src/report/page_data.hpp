#pragma once

#include <span>
#include <string>

#include "history/series.hpp"
#include "store/profile_file.hpp"
#include "store/result_file.hpp"

namespace deft::report {

/// What the page shows, as JSON: no raw repetitions, each frame once, numbers rounded to what can be seen,
/// null where one is not finite. Read only by the viewer built with this program, so it has no version of its
/// own. `past`: how the benchmarks developed on one runner.
std::string page_data(const store::result_file& file, std::span<const history::series> past = {});

/// The same of one profile: its tree once, and what each thread holds in which node.
std::string page_data(const store::profile_file& file);

}  // namespace deft::report
