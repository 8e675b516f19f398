#pragma once

#include "report/data_columns.hpp"
#include "symbols/annotation.hpp"

namespace deft::report {

/// A function's source lines and instructions with the samples at each, column by column.
json code_data(const symbols::annotated_function& hot);

}  // namespace deft::report
