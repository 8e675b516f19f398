#pragma once

#include <string>
#include <string_view>

namespace deft::report {

/// A gzip stream without name and time: the same input gives the same bytes (of one zlib version).
std::string gzipped(std::string_view bytes);

/// Base64 with padding, in one line.
std::string base64(std::string_view bytes);

}  // namespace deft::report
