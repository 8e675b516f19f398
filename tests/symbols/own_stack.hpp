#pragma once

#include <cstddef>

#include "symbols/recording.hpp"

namespace deft::symbols::testing {

/// This process's executable mappings, as a collector would have recorded them at time 0.
recording own_mappings();

/// The calling thread as if it had been interrupted here, with at most `stack_bytes` of its stack.
stack_sample sample_own_stack(std::size_t stack_bytes);

}  // namespace deft::symbols::testing
