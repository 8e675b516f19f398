#pragma once

#include <cstdint>
#include <string>

#include "deft/measure/worker.hpp"

#include "measure/worker/meter.hpp"

namespace deft::measure::detail {

/// Sits behind a `state`: measures the batches that its loop runs, and says how long the next one is.
class batch_source {
 public:
  batch_source() = default;
  batch_source(const batch_source&) = delete;
  batch_source& operator=(const batch_source&) = delete;
  virtual ~batch_source() = default;

  /// Runs the benchmark, whose loop then calls next().
  void run(void (*function)(state&));

  /// Ends the batch that runs, if one does, and begins another.
  /// @returns     Its iterations; 0: none.
  std::uint64_t next();

  void refuse(std::string_view why, bool skipped);

  bool looped() const noexcept { return looped_; }

  const std::string& refusal() const noexcept { return refusal_; }

  bool skipped() const noexcept { return skipped_; }

 protected:
  /// How many iterations come next, given the batch that ended; null: none yet in this run. 0: the loop ends.
  virtual std::uint64_t choose(const batch* ended) = 0;

 private:
  wire::meter meter_;
  std::uint64_t running_ = 0;
  bool looped_ = false;
  bool skipped_ = false;
  std::string refusal_;
};

/// Finds how many iterations take a time: after batch upon batch of more and more of them.
class calibration {
 public:
  /// @returns     Iterations for another try; 0: iterations() is known.
  std::uint64_t learn(const batch* ended, std::uint64_t nanoseconds) noexcept;

  std::uint64_t iterations() const noexcept { return iterations_; }

 private:
  std::uint64_t iterations_ = 0;
  bool known_ = false;
};

}  // namespace deft::measure::detail
