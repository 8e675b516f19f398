#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "history/entry.hpp"
#include "support/result.hpp"

namespace deft::history {

class database;

/// What is to be forgotten: everything but the newest runs.
struct retention {
  std::optional<std::size_t> most_runs;  ///< Of each runner.
  std::string since;                     ///< Runs before this time go; empty: none for its age.
};

struct prune_outcome {
  std::size_t removed = 0;
  std::size_t kept = 0;
};

/// The history of a repository: entries in an SQLite file. Entries are added, never changed, and removed by
/// `prune` only. Several processes may use the file at once; one that is killed loses what it had not
/// reported as added. A file that is damaged, of another program or of a newer deft is an error that names
/// it, and stays as it is.
class history_file {
 public:
  /// For reading, and for changes that make no sense without anything to change.
  static support::result<history_file> open(const std::filesystem::path& path);

  /// Likewise; where there is no file, an empty history is made, its folder too.
  static support::result<history_file> open_or_create(const std::filesystem::path& path);

  history_file(history_file&& other) noexcept;
  history_file& operator=(history_file&& other) noexcept;
  ~history_file();

  const std::filesystem::path& path() const noexcept { return path_; }

  /// Adds those that are not there yet, all or none; how many that were.
  support::result<std::size_t> add(std::span<const entry> entries);

  /// The names of all runners, sorted.
  support::result<std::vector<std::string>> runners() const;

  /// The newest runs of a runner, the oldest of them first.
  support::result<std::vector<entry>> newest_runs(const std::string& runner, std::size_t most) const;

  support::result<std::vector<entry>> blessings(const std::string& runner) const;

  /// Everything, by runner and time.
  support::result<std::vector<entry>> all() const;

  /// Blessings go with the runs that they speak of.
  support::result<prune_outcome> prune(const retention& keep);

  /// Reads everything, the database's own structure too; how many entries there are.
  support::result<std::size_t> check() const;

 private:
  history_file(std::filesystem::path path, std::unique_ptr<database> connection);

  support::result<std::vector<entry>> select(const char* sql,
                                             std::initializer_list<std::string_view> values) const;

  std::filesystem::path path_;
  std::unique_ptr<database> database_;
};

}  // namespace deft::history
