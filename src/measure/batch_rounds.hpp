#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measure/observation.hpp"
#include "measure/program.hpp"
#include "measure/random_source.hpp"
#include "measure/round_runner.hpp"
#include "support/result.hpp"

namespace deft::measure {

/// What one round of workers needs besides its programs.
struct batch_round_plan {
  method how = method::workers;
  process_settings settings;
  std::vector<int> cpus;         ///< workers: all on the first. duet: two at once, on the first two.
  std::filesystem::path folder;  ///< For files while the round runs.
};

/// A round of processes that deft drives: batches of about a millisecond of base, head and base again, in
/// random order, the second half of the repetitions by other processes than the first. A repetition takes
/// about `settings.min_time_seconds` of each process, what it spends around its batches included; where that
/// is much, batches are longer and fewer.
///
/// Without `head`, batches of base alone.
support::result<round> run_batch_round(const program& base, const program* head, const std::string& name,
                                       const batch_round_plan& plan, random_source& random);

}  // namespace deft::measure
