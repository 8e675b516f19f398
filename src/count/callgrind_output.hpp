#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "support/result.hpp"

namespace deft::count {

/// The instructions of each run of a benchmark out of what callgrind wrote, with the runs marked by deft's
/// agent as "deft run 0", "deft run 1", and so on; the last is what was counted until the program ended. An
/// error of kind `unavailable` if it is none, or not whole.
support::result<std::vector<std::uint64_t>> parse_callgrind_output(std::string_view text);

}  // namespace deft::count
