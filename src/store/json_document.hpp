#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "store/json_node.hpp"
#include "store/schema.hpp"
#include "support/result.hpp"

// What all files that deft writes as JSON have in common. The order of the keys is that in which they are
// put, and every number is written in its shortest form that reads back the same: the same content gives the
// same bytes. Numbers that JSON lacks (infinity, NaN) become null.

namespace deft::store {

using ordered_json = nlohmann::ordered_json;

/// The word for a value; none for a value that the enumeration does not have.
template <class Enum, std::size_t N>
std::string_view word(const words<Enum, N>& known, Enum value) {
  for (const auto& [candidate, text] : known) {
    if (candidate == value) return text;
  }
  return {};
}

/// On one line that ends in a newline. Names come from other people's programs and need not be UTF-8: what is
/// not becomes U+FFFD.
std::string text_of(const ordered_json& document);

struct file_schema {
  std::string_view name;  ///< "deft-result"
  std::string_view noun;  ///< "result": what messages call such a file.
  std::uint64_t newest_version = 1;
};

/// Parses `text`, checks that it is of that schema and of no newer version, and calls `read` with its top.
/// All that can be wrong with it, `mismatch` thrown by `read` included, is an error that begins with
/// `origin`.
support::result<void> read_document(std::string_view text, std::string_view origin, const file_schema& schema,
                                    const std::function<void(const node&)>& read);

}  // namespace deft::store
