#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::symbols {

struct fold_options {
  profile_kind kind = profile_kind::cpu;
  std::uint64_t period_ns = 0;  ///< What a weight of 1 stands for; 0: no values but those of allocations.
  bool by_thread = false;       ///< Equal stacks of two threads are counted apart.
};

/// What one sample adds to a profile.
struct sample_amount {
  std::uint64_t count = 0;  ///< 1; of an allocation the objects that it stands for.
  std::uint64_t value = 0;  ///< ns, or bytes.
};

/// Empty where a profile of this kind leaves such samples out: one of processor time has `cpu`, of elapsed
/// time `running` and `waiting`, off-processor `waiting`, of allocations `allocation`.
std::optional<sample_amount> amount_of(const resolved_sample& sample, const fold_options& options);

/// Counts equal stacks, from as many parts as a recording has: what it keeps grows with the number of
/// different stacks and not with the samples. The result depends on the samples' content only: not on their
/// order, the parts, or the frames' numbers.
class stack_folder {
 public:
  explicit stack_folder(const fold_options& options = {});
  stack_folder(stack_folder&&) noexcept;
  stack_folder& operator=(stack_folder&&) noexcept;
  ~stack_folder();

  /// Learns names from the recording's events: the last one of a thread counts. A forked process has its
  /// parent's until it gets its own, and a thread that has none is called as its process, as the kernel does.
  void name_threads(const recording& part);

  /// All samples that are ever added have their frames' numbers from one resolver.
  void add(std::span<const resolved_sample> samples);

  /// The profile so far. `frames` is what the samples' numbers point into. Sets what follows from samples:
  /// kind, samples, unrooted, threads, frames, stacks.
  stack_profile finish(std::span<const frame> frames) const;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Of samples of processor time that are there all at once, threads together.
stack_profile fold(std::span<const resolved_sample> samples, std::span<const frame> frames);

}  // namespace deft::symbols
