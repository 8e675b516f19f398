#pragma once

#include "report/call_tree.hpp"
#include "report/data_columns.hpp"
#include "report/explanations.hpp"

namespace deft::report {

/// Call paths that took less of an iteration than this in base and in head, and whose change is not told, are
/// counted to their callers: thousands of them would be a page of their own.
inline constexpr double smallest_shown_path = 0.0002;

/// What the page shows of the difference between base and head: the functions and the call tree with their
/// changes, and the lines of the functions that changed. Times in the tree are whole numbers of a hundred
/// thousandth of an iteration, so that they pack well.
json difference_data(const explained& e, frame_table& table);

}  // namespace deft::report
