#include "deft/core/contracts.hpp"

#include <cstdio>
#include <cstdlib>

namespace deft::detail {

void precondition_failed(const char* file, int line, const char* message) noexcept {
  std::fprintf(stderr, "%s:%d: deft: precondition violated: %s\n", file, line, message);
  std::abort();
}

}  // namespace deft::detail
