#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "history/entry.hpp"
#include "support/result.hpp"

namespace deft::history {

/// A file of lines, one entry each, sorted, of one runner.
struct shard {
  std::string name;  ///< "RUNNER-0001.jsonl"
  std::string text;
};

/// The shards of these entries, in whatever order they come: the same entries give the same files. A shard
/// ends where the next line would exceed `most_bytes`; a single line that is longer has a shard to itself.
std::vector<shard> shards_of(std::span<const entry> entries, std::size_t most_bytes);

using entries_by_id = std::map<std::string, entry>;

/// Adds the entries in the lines of a shard. `origin` names the file in messages; they add the line.
support::result<void> add_lines(std::string_view text, const std::string& origin, entries_by_id& into);

/// The entries in all shards of a folder, each once. Lines may be in any order and repeated, as a merge
/// leaves them; what is no entry is an error with the file and the line, conflict markers as such.
support::result<std::vector<entry>> read_shards(const std::filesystem::path& folder);

struct shard_changes {
  std::size_t written = 0;
  std::size_t unchanged = 0;
  std::size_t removed = 0;
};

/// Makes the folder's shards these: writes those that differ, removes those that are too many. Other files
/// stay.
support::result<shard_changes> write_shards(std::span<const shard> shards,
                                            const std::filesystem::path& folder);

}  // namespace deft::history
