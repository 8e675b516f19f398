#pragma once

#include <cstddef>

#include "symbols/recording.hpp"

namespace deft::symbols::testing {

/// This process's executable mappings, as a collector would have recorded them at time 0.
recording own_mappings();

/// The calling thread as if it had been interrupted here, with at most `stack_bytes` of its stack.
stack_sample sample_own_stack(std::size_t stack_bytes);

/// The calling thread as a collector inside of the process sees it: addresses by the C library's unwinder.
stack_sample addresses_of_own_stack();

}  // namespace deft::symbols::testing
