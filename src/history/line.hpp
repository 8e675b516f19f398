#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "history/entry.hpp"
#include "support/result.hpp"

// An entry as a line of text: in shards, and in the database, which so holds nothing that shards lack.

namespace deft::history {

/// The entry with the id that its content has.
entry with_id(std::variant<run, blessing> what);

/// One line of JSON without its end. The same entry gives the same bytes; lines sorted as bytes are sorted by
/// time.
std::string to_line(const entry& e);

/// The inverse. `origin` names the file and the line in messages. A line whose id is not that of its content
/// was damaged, and is an error.
support::result<entry> from_line(std::string_view text, std::string_view origin);

}  // namespace deft::history
