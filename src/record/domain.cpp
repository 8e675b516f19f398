// The messages of values outside their domain: out of line, as contracts.hpp's throw helpers.
#include "deft/record/detail/domain.hpp"

#include <charconv>
#include <string>
#include <utility>

#include "deft/core/contracts.hpp"

namespace deft::detail {

namespace {

void append(std::string& text, shown_integer value) {
  char digits[24];
  const auto end = value.is_signed
                       ? std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(value.bits))
                       : std::to_chars(digits, digits + sizeof digits, value.bits);
  text.append(digits, end.ptr);
}

[[noreturn]] void throw_not_of(std::string what, shown_integer lowest, shown_integer highest) {
  what += " is not of [";
  append(what, lowest);
  what += ", ";
  append(what, highest);
  what += ']';
  throw_out_of_range(what.c_str());
}

}  // namespace

void throw_outside_domain(shown_integer value, shown_integer lowest, shown_integer highest) {
  std::string what = "deft::bounded: ";
  append(what, value);
  throw_not_of(std::move(what), lowest, highest);
}

void throw_outside_domain(const char* what, shown_integer lowest, shown_integer highest) {
  throw_not_of(what, lowest, highest);
}

}  // namespace deft::detail
