/// @file
/// Bytes as text.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace deft::detail {

/// Two digits a byte, `separator` between groups of |group| bytes, counted from the end where `group` is
/// positive, as Python's bytes.hex. No separators where `group` is 0 or `separator` empty.
std::string hex_of(std::span<const std::byte> bytes, std::string_view separator, std::ptrdiff_t group);

}  // namespace deft::detail
