#include "history/shards.hpp"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <string_view>
#include <system_error>

#include "history/line.hpp"
#include "support/files.hpp"

namespace deft::history {
namespace {

namespace fs = std::filesystem;

std::string shard_name(const std::string& runner, std::size_t number) {
  std::string digits = std::to_string(number);
  digits.insert(0, digits.size() < 4 ? 4 - digits.size() : 0, '0');
  return runner + "-" + digits + ".jsonl";
}

bool is_shard_name(std::string_view name) {
  constexpr std::string_view suffix = ".jsonl";
  if (!name.ends_with(suffix)) return false;
  name.remove_suffix(suffix.size());
  const std::size_t dash = name.rfind('-');
  if (dash == std::string_view::npos || !is_runner_name(name.substr(0, dash))) return false;
  const std::string_view digits = name.substr(dash + 1);
  return digits.size() >= 4 && digits.find_first_not_of("0123456789") == std::string_view::npos;
}

/// The names of the shards in a folder, sorted; none where there is no such folder.
support::result<std::vector<std::string>> shard_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code failure;
  fs::directory_iterator at(folder, failure);
  if (failure == std::errc::no_such_file_or_directory) return names;
  for (; !failure && at != fs::directory_iterator(); at.increment(failure)) {
    std::string name = at->path().filename().string();
    if (is_shard_name(name)) names.push_back(std::move(name));
  }
  if (failure) {
    return support::error{support::error_kind::unreadable_input,
                          "cannot read " + folder.string() + ": " + failure.message()};
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

support::result<void> add_lines(std::string_view text, const std::string& origin, entries_by_id& into) {
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.ends_with('\r')) line.remove_suffix(1);  // git may have been told to change line ends.
    if (line.empty()) continue;
    const std::string place = origin + ": line " + std::to_string(number);
    if (line.starts_with("<<<<<<<") || line.starts_with("=======") || line.starts_with(">>>>>>>")) {
      return support::error{
          support::error_kind::unreadable_input,
          place + ": a merge conflict; keep the lines of both sides and remove the markers"};
    }
    auto e = from_line(line, place);
    if (!e) return e.error();
    std::string id = e->id;
    into.emplace(std::move(id), *std::move(e));
  }
  return {};
}

std::vector<shard> shards_of(std::span<const entry> entries, std::size_t most_bytes) {
  std::map<std::string, std::vector<std::string>> lines;
  for (const entry& e : entries) lines[runner_of(e)].push_back(to_line(e) + "\n");
  std::vector<shard> shards;
  for (auto& [runner, of_runner] : lines) {
    std::sort(of_runner.begin(), of_runner.end());
    std::size_t number = 0;
    for (const std::string& line : of_runner) {
      if (number == 0 || shards.back().text.size() + line.size() > most_bytes)
        shards.push_back({shard_name(runner, ++number), {}});
      shards.back().text += line;
    }
  }
  return shards;
}

support::result<std::vector<entry>> read_shards(const fs::path& folder) {
  const auto names = shard_names(folder);
  if (!names) return names.error();
  entries_by_id by_id;
  for (const std::string& name : *names) {
    const auto text = support::read_file(folder / name);
    if (!text) return text.error();
    if (auto added = add_lines(*text, (folder / name).string(), by_id); !added) return added.error();
  }
  std::vector<entry> entries;
  entries.reserve(by_id.size());
  for (auto& [id, e] : by_id) entries.push_back(std::move(e));
  return entries;
}

support::result<shard_changes> write_shards(std::span<const shard> shards, const fs::path& folder) {
  const auto present = shard_names(folder);
  if (!present) return present.error();
  shard_changes changes;
  std::set<std::string> wanted;
  for (const shard& s : shards) {
    wanted.insert(s.name);
    const bool is_there = std::binary_search(present->begin(), present->end(), s.name);
    if (is_there) {
      const auto old = support::read_file(folder / s.name);
      if (old && *old == s.text) {
        ++changes.unchanged;
        continue;
      }
    }
    if (auto written = support::write_file(folder / s.name, s.text); !written) return written.error();
    ++changes.written;
  }
  for (const std::string& name : *present) {
    if (wanted.contains(name)) continue;
    std::error_code failure;
    if (!fs::remove(folder / name, failure) && failure) {
      return support::error{support::error_kind::unwritable_output,
                            "cannot remove " + (folder / name).string() + ": " + failure.message()};
    }
    ++changes.removed;
  }
  return changes;
}

}  // namespace deft::history
