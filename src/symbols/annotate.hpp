#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "symbols/annotation.hpp"
#include "symbols/fold.hpp"
#include "symbols/number_index.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::symbols {

/// How often each instruction was the one that a sample interrupted. Takes samples in parts; grows with the
/// number of different instructions.
class leaf_counts {
 public:
  /// Samples that a profile of `kind` leaves out are left out here, too.
  explicit leaf_counts(profile_kind kind = profile_kind::cpu) { options_.kind = kind; }

  void add(std::span<const resolved_sample> samples);

  struct leaf {
    std::uint64_t address = 0;  ///< Link-time.
    std::uint64_t count = 0;
  };

  /// By module number, 0 is empty; leaves in the order in which they were met.
  const std::vector<std::vector<leaf>>& modules() const noexcept { return leaves_; }

 private:
  fold_options options_;
  std::vector<std::vector<leaf>> leaves_;
  std::vector<number_index> indices_;
};

struct annotate_limits {
  std::size_t functions = 20;
  std::size_t instructions = 400;  ///< Of each function: around the hottest ones.
};

/// The functions in whose own code most samples fell, most samples first, instruction by instruction.
/// `counts` are of samples of this `resolver`.
///
/// An interrupt is taken when an instruction has ended: the sample is at the one that would have come next,
/// so that a slow instruction's samples stand at its successor. Where a function has more instructions than
/// the limit, those far from any hot one are left out: addresses then have gaps.
std::vector<annotated_function> annotate(const leaf_counts& counts, stack_resolver& resolver,
                                         const annotate_limits& limits = {});

}  // namespace deft::symbols
