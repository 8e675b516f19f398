#pragma once

#include <string>
#include <utility>
#include <vector>

#include "support/result.hpp"

namespace deft::measure {

/// "head: what went wrong"; an arm without a name is the only one.
inline std::string prefixed(const char* arm, const std::string& message) {
  return *arm == '\0' ? message : std::string(arm) + ": " + message;
}

/// One error of several arms: the user's wish first, then all failures, base before head.
class arm_failures {
 public:
  void add(const char* arm, const support::error& e);

  bool interrupted() const noexcept { return interrupted_; }

  /// An error if one was added; of kind unavailable only if all were.
  support::result<void> outcome();

 private:
  std::vector<std::pair<std::string, std::string>> messages_;
  bool interrupted_ = false;
  bool all_unavailable_ = true;
};

}  // namespace deft::measure
