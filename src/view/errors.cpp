#include "deft/view/detail/errors.hpp"

#include <cstddef>
#include <string>

#if defined(__cpp_exceptions)
#include <stdexcept>
#else
#include <cstdio>
#include <cstdlib>
#endif

#include "deft/view/cast_view.hpp"

namespace deft::detail {

void throw_invalid_argument(const std::string& what) {
#if defined(__cpp_exceptions)
  throw std::invalid_argument(what);
#else
  std::fprintf(stderr, "deft: invalid argument: %s (exceptions are disabled in this build)\n", what.c_str());
  std::abort();
#endif
}

void throw_invalid_argument(const char* what) {
  throw_invalid_argument(std::string(what));
}

void throw_cast_size(std::size_t bytes, std::size_t each) {
  throw_invalid_argument("deft: cast_view: " + std::to_string(bytes) +
                         " bytes are no whole number of elements of " + std::to_string(each) + " bytes");
}

void throw_cast_alignment(std::size_t alignment) {
  throw_invalid_argument("deft: cast_view: the address is not aligned to " + std::to_string(alignment) +
                         " bytes (le<T>, be<T> and unaligned<T> need no alignment)");
}

}  // namespace deft::detail
