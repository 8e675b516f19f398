#include "deft/memo/detail/entry_function.hpp"

#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include <cxxabi.h>

namespace deft::detail {
namespace {

std::string readable(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  return name ? name.get() : type.name();
}

}  // namespace

void throw_entry_types_differ(const char* what, const std::type_info& expected, const std::type_info& found) {
  throw std::invalid_argument(std::string("deft: memo_options::") + what + " takes " + readable(found) +
                              " where this cache has " + readable(expected));
}

}  // namespace deft::detail
