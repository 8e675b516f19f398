#pragma once

#include "store/profile_file.hpp"

namespace deft::tests {

/// A small profile in which every field has a value that no default has.
store::profile_file sample_profile();

}  // namespace deft::tests
