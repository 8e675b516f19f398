/// @file
/// How views report mistakes that are not the programmer's but the data's.
#pragma once

#include <string>

namespace deft::detail {

/// Throws std::invalid_argument(what), or reports `what` and aborts where exceptions are disabled in the
/// library's build.
/// @{
[[noreturn, gnu::cold]] void throw_invalid_argument(const char* what);
[[noreturn, gnu::cold]] void throw_invalid_argument(const std::string& what);
/// @}

}  // namespace deft::detail
