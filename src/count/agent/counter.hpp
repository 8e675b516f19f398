#pragma once

#include <cstdint>

#include "count/agent/run_record.hpp"

// What the two agents have each of their own: how they count while the benchmark's clock runs. Called by one
// thread at a time.

namespace deft::count::agent {

/// The agent has work to do in this process.
void prepare_counting() noexcept;

/// Run `index` of the benchmark begins; the clock does not run yet.
void begin_run(std::uint64_t index) noexcept;

/// From here on, and no further than `stop_counting`, what happens counts. Each is the last and the first
/// thing that is done between two parts of the program.
void start_counting() noexcept;
void stop_counting() noexcept;

/// Adds what was counted since the last start to the run's record.
void add_counts(run_record& all, timed_run& run) noexcept;

}  // namespace deft::count::agent
