#include "measure/worker/batch_source.hpp"

#include <algorithm>
#include <exception>

namespace deft::measure {

std::uint64_t state::next_batch() {
  return source_->next();
}

void state::skip(std::string_view why) {
  source_->refuse(why, true);
}

void state::fail(std::string_view why) {
  source_->refuse(why, false);
}

namespace detail {

void batch_source::run(void (*function)(state&)) {
  running_ = 0;
  looped_ = skipped_ = false;
  refusal_.clear();
  state given(*this);
  try {
    function(given);
  } catch (const std::exception& failure) {
    refuse(std::string("threw an exception: ") + failure.what(), false);
  } catch (...) {
    refuse("threw an exception", false);
  }
  if (refusal_.empty() && !looped_) refuse("returned without its loop: for (auto _ : state)", false);
}

std::uint64_t batch_source::next() {
  batch ended;
  if (running_ > 0) {
    ended = meter_.end();
    ended.iterations = running_;
  }
  looped_ = true;
  const std::uint64_t iterations = refusal_.empty() ? choose(running_ > 0 ? &ended : nullptr) : 0;
  running_ = iterations;
  if (iterations > 0) meter_.begin();
  return iterations;
}

void batch_source::refuse(std::string_view why, bool skipped) {
  if (!refusal_.empty()) return;
  refusal_ = why.empty() ? "gave no reason" : why.substr(0, 4096);
  skipped_ = skipped;
}

std::uint64_t calibration::learn(const batch* ended, std::uint64_t nanoseconds) noexcept {
  if (known_) return 0;
  if (ended == nullptr) return iterations_ = 1;
  const double took = std::max<double>(1, static_cast<double>(ended->cpu_ns));
  const double wanted = static_cast<double>(nanoseconds);
  // What is read off a batch much shorter than the one wanted is mostly the clock's own time.
  const double factor = std::clamp(wanted / took, 0.001, took < wanted / 10 ? 10.0 : 2.0);
  const auto before = iterations_;
  iterations_ = std::max<std::uint64_t>(1, static_cast<std::uint64_t>(static_cast<double>(before) * factor));
  known_ = took * 2 >= wanted;
  return known_ ? 0 : std::max(iterations_, before + 1);
}

}  // namespace detail
}  // namespace deft::measure
