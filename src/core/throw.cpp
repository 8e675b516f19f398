// The throw helpers of contracts.hpp: out of line, so that a hot function carries a call and not the
// construction of an exception, and so that headers need neither <stdexcept> nor exceptions.
#include "deft/core/contracts.hpp"

#if defined(__cpp_exceptions)
#include <stdexcept>
#else
#include <cstdio>
#include <cstdlib>
#endif

namespace deft::detail {

#if defined(__cpp_exceptions)

void throw_out_of_range(const char* what) {
  throw std::out_of_range(what);
}

void throw_length_error(const char* what) {
  throw std::length_error(what);
}

#else

namespace {

[[noreturn]] void report_and_abort(const char* kind, const char* what) noexcept {
  std::fprintf(stderr, "deft: %s: %s (exceptions are disabled in this build)\n", kind, what);
  std::abort();
}

}  // namespace

void throw_out_of_range(const char* what) {
  report_and_abort("out of range", what);
}

void throw_length_error(const char* what) {
  report_and_abort("length error", what);
}

#endif

}  // namespace deft::detail
