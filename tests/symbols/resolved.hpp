#pragma once

#include <string>
#include <vector>

#include "symbols/stack_resolver.hpp"

namespace deft::symbols::testing {

/// A resolved sample with its frames, root first.
struct resolved {
  resolved_sample sample;
  std::vector<frame> frames;

  std::vector<std::string> names() const;

  /// Where the first function is whose name contains `part`; behind the last frame if there is none.
  std::size_t position(const std::string& part) const;
};

/// One sample of this process.
resolved resolve(stack_sample sample);

/// One sample by a resolver and mappings of one's own.
resolved resolve(stack_resolver& resolver, recording mappings, stack_sample sample);

}  // namespace deft::symbols::testing
