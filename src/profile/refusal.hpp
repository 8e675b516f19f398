#pragma once

#include <string>

namespace deft::profile {

/// Why something cannot be had of this machine, and the one line that would help; empty where nothing would.
struct refusal {
  std::string reason;
  std::string help;
};

inline std::string in_one_sentence(const refusal& refused) {
  return refused.help.empty() ? refused.reason : refused.reason + "; " + refused.help;
}

}  // namespace deft::profile
