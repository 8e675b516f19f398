#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "history/series.hpp"

namespace deft::cli {

/// A line for each benchmark: where it stands and how it came there.
std::string overview_of(std::span<const history::series> all, history::quantity what);

/// The last runs of one benchmark, changes marked.
std::string table_of(const history::series& one, history::quantity what, std::size_t last);

/// Schema "deft-history-view": the last runs of each benchmark, and all changes found.
std::string json_of(std::span<const history::series> all, history::quantity what, std::size_t last);

}  // namespace deft::cli
