#pragma once

#include "store/result_file.hpp"

namespace deft::tests {

/// A small result in which every field has a value that no default has.
store::result_file sample_result();

}  // namespace deft::tests
