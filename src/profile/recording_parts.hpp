#pragma once

#include <cstdint>

#include "symbols/recording.hpp"

namespace deft::profile {

/// Adds `more` to the end of `all`.
void append(symbols::recording& all, symbols::recording more);

/// Takes what happened up to `time_ns`, each list in order of time. Marks and what was lost go with it.
symbols::recording take_until(symbols::recording& all, std::uint64_t time_ns);

/// What its samples take in memory.
std::size_t sample_bytes(const symbols::recording& part);

}  // namespace deft::profile
