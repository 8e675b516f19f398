#include "stats/verdict.hpp"

namespace deft::stats {

const char* to_string(verdict v) noexcept {
  switch (v) {
    case verdict::regressed:
      return "regressed";
    case verdict::improved:
      return "improved";
    case verdict::equivalent:
      return "equivalent";
    case verdict::inconclusive:
      return "inconclusive";
    case verdict::missing:
      return "missing";
    case verdict::added:
      return "new";
    case verdict::failed:
      return "failed";
  }
  return "unknown";
}

}  // namespace deft::stats
