#pragma once

#include <span>
#include <string>
#include <string_view>

#include "diff/explanation.hpp"

namespace deft::store {

struct named_explanation {
  std::string benchmark;
  diff::explanation explained;
};

/// For other programs, schema "deft-explanation"; deft itself reads none, because it follows from the paired
/// profiles of a result file. The same content gives the same bytes; ends in a newline.
std::string to_json(std::span<const named_explanation> all);

}  // namespace deft::store
