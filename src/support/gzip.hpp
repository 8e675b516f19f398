#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "support/result.hpp"

namespace deft::support {

/// A gzip stream without name and time: the same input gives the same bytes (of one zlib version).
std::string gzipped(std::string_view bytes);

/// Whether it begins as a gzip stream does.
bool is_gzip(std::string_view bytes) noexcept;

/// What was compressed, of one or several gzip streams one after another. A few bytes may stand for
/// gigabytes: more than `limit_bytes` are an error, and so is a damaged or cut off stream. `origin` names it
/// in messages.
result<std::string> gunzipped(std::string_view bytes, std::size_t limit_bytes, std::string_view origin);

}  // namespace deft::support
