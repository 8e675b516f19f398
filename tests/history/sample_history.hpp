#pragma once

#include <string>
#include <vector>

#include "history/entry.hpp"
#include "history/line.hpp"

namespace deft::tests {

/// "2026-11-01T00:00:00Z" and so on, a minute for each number.
std::string time_number(int number);

/// A run of `deft run` with one benchmark "sort" that takes that long.
history::entry run_number(int number, double ns, const std::string& runner = "box");

/// A comparison in which every field has a value that no default has.
history::entry sample_comparison();

/// Blesses "sort" up to and including that run.
history::entry blessing_until(const history::entry& run);

}  // namespace deft::tests
