#include "history/history_file.hpp"

#include <algorithm>
#include <utility>

#include "history/database.hpp"
#include "history/line.hpp"

namespace deft::history {
namespace {

constexpr std::int64_t application_id = 0x64656674;  // "deft", in the header of the file
constexpr std::int64_t layout_version = 1;

constexpr const char* layout = R"(
  CREATE TABLE entries (
    id TEXT NOT NULL PRIMARY KEY,
    what TEXT NOT NULL,            -- 'run' or 'bless'
    runner TEXT NOT NULL,
    time TEXT NOT NULL,
    line TEXT NOT NULL);           -- the whole entry, as in a shard
  CREATE INDEX entries_by_time ON entries (runner, what, time, id);
  PRAGMA application_id = 1684366964;
  PRAGMA user_version = 1;
)";
static_assert(application_id == 1684366964 && layout_version == 1);

support::error unreadable(const std::filesystem::path& path, const std::string& why) {
  return {support::error_kind::unreadable_input, path.string() + ": " + why};
}

bool is_empty(database& db) {
  return db.number("SELECT count(*) FROM sqlite_schema") == 0;
}

/// Whether this file may be used, before anything in it is changed.
void check_layout(database& db, const std::filesystem::path& path) {
  if (is_empty(db)) return;  // A writer was killed before it had made the table, or has yet to.
  if (db.number("PRAGMA application_id") != application_id)
    throw database_failure{unreadable(path, "not a history of deft, but a database of another program")};
  const std::int64_t version = db.number("PRAGMA user_version");
  if (version > layout_version) {
    throw database_failure{unreadable(path, "written by a newer deft (layout " + std::to_string(version) +
                                                ", this program reads up to " +
                                                std::to_string(layout_version) + ")")};
  }
}

/// A write into a damaged file could make the damage worse.
void check_structure(database& db, const std::filesystem::path& path, const char* check) {
  statement query(db, check);
  query.next();
  if (query.text(0) != "ok")
    throw database_failure{unreadable(path, "the history is damaged: " + std::string(query.text(0)))};
}

/// Runs `work`, and turns what the database has to say into an error.
template <class Work>
auto guarded(Work work) -> support::result<decltype(work())> {
  try {
    return work();
  } catch (const database_failure& failure) {
    return failure.error;
  }
}

}  // namespace

history_file::history_file(std::filesystem::path path, std::unique_ptr<database> connection)
    : path_(std::move(path)), database_(std::move(connection)) {}

history_file::history_file(history_file&& other) noexcept = default;
history_file& history_file::operator=(history_file&& other) noexcept = default;
history_file::~history_file() = default;

support::result<history_file> history_file::open(const std::filesystem::path& path) {
  return guarded([&] {
    auto db = std::make_unique<database>(path, database::access::existing);
    check_layout(*db, path);
    return history_file(path, std::move(db));
  });
}

support::result<history_file> history_file::open_or_create(const std::filesystem::path& path) {
  return guarded([&] {
    auto db = std::make_unique<database>(path, database::access::create);
    check_layout(*db, path);
    if (is_empty(*db)) {
      db->execute("PRAGMA auto_vacuum = FULL");  // So that `prune` makes the file smaller.
      transaction whole(*db);
      if (is_empty(*db)) db->execute(layout);  // Another process may have been faster.
      whole.commit();
    }
    return history_file(path, std::move(db));
  });
}

support::result<std::size_t> history_file::add(std::span<const entry> entries) {
  return guarded([&] {
    check_structure(*database_, path_, "PRAGMA quick_check(1)");
    transaction whole(*database_);
    std::size_t added = 0;
    for (const entry& e : entries) {
      const std::string line = to_line(e);
      // Nothing goes in that could not be read again, a time that is none for one.
      if (const auto back = from_line(line, path_.string() + ": not added"); !back)
        throw database_failure{back.error()};
      statement known(*database_, "SELECT line FROM entries WHERE id = ?");
      if (known.bind({e.id}).next()) {
        if (known.text(0) == line) continue;
        throw database_failure{unreadable(path_, "another entry has the id " + e.id)};
      }
      statement insert(*database_,
                       "INSERT INTO entries (id, what, runner, time, line) VALUES (?, ?, ?, ?, ?)");
      const bool is_run = std::holds_alternative<run>(e.what);
      insert.bind({e.id, is_run ? "run" : "bless", runner_of(e), time_of(e), line}).next();
      ++added;
    }
    whole.commit();
    return added;
  });
}

support::result<std::vector<std::string>> history_file::runners() const {
  return guarded([&] {
    std::vector<std::string> names;
    if (is_empty(*database_)) return names;
    statement query(*database_, "SELECT DISTINCT runner FROM entries WHERE what = 'run' ORDER BY runner");
    while (query.next()) names.emplace_back(query.text(0));
    return names;
  });
}

support::result<std::vector<entry>> history_file::select(
    const char* sql, std::initializer_list<std::string_view> values) const {
  return guarded([&] {
    std::vector<entry> found;
    if (is_empty(*database_)) return found;
    statement query(*database_, sql);
    query.bind(values);
    while (query.next()) {
      auto e = from_line(query.text(1), path_.string() + ": entry " + std::string(query.text(0)));
      if (!e) throw database_failure{e.error()};
      if (e->id != query.text(0))
        throw database_failure{unreadable(
            path_,
            "the history is damaged: entry " + std::string(query.text(0)) + " holds another one's content")};
      found.push_back(*std::move(e));
    }
    return found;
  });
}

support::result<std::vector<entry>> history_file::newest_runs(const std::string& runner,
                                                              std::size_t most) const {
  const std::string limit = std::to_string(most);
  auto found = select(
      "SELECT id, line FROM entries WHERE runner = ? AND what = 'run' ORDER BY time DESC, id DESC "
      "LIMIT CAST(? AS INTEGER)",
      {runner, limit});
  if (found) std::reverse(found->begin(), found->end());
  return found;
}

support::result<std::vector<entry>> history_file::blessings(const std::string& runner) const {
  return select("SELECT id, line FROM entries WHERE runner = ? AND what = 'bless' ORDER BY time, id",
                {runner});
}

support::result<std::vector<entry>> history_file::all() const {
  return select("SELECT id, line FROM entries ORDER BY runner, time, id", {});
}

support::result<prune_outcome> history_file::prune(const retention& keep) {
  const auto names = runners();
  if (!names) return names.error();
  return guarded([&] {
    prune_outcome outcome;
    if (is_empty(*database_)) return outcome;
    check_structure(*database_, path_, "PRAGMA quick_check(1)");
    transaction whole(*database_);
    for (const std::string& runner : *names) {
      if (keep.most_runs) {
        statement excess(
            *database_,
            "DELETE FROM entries WHERE id IN (SELECT id FROM entries WHERE runner = ? AND what = 'run' "
            "ORDER BY time DESC, id DESC LIMIT -1 OFFSET CAST(? AS INTEGER))");
        excess.bind({runner, std::to_string(*keep.most_runs)}).next();
        outcome.removed += static_cast<std::size_t>(database_->changed_rows());
      }
      statement old(*database_, "DELETE FROM entries WHERE runner = ? AND what = 'run' AND time < ?");
      old.bind({runner, keep.since}).next();
      outcome.removed += static_cast<std::size_t>(database_->changed_rows());
    }
    // Of blessings the line alone knows the run. Those of runs that other histories hold go as well: what
    // they accept lies before all that is kept.
    std::vector<std::string> pointless;
    statement blessed(
        *database_,
        "SELECT b.id FROM entries b WHERE b.what = 'bless' AND json_extract(b.line, '$.bless.until_time') "
        "< ifnull((SELECT min(r.time) FROM entries r WHERE r.what = 'run' AND r.runner = b.runner), 'z')");
    while (blessed.next()) pointless.emplace_back(blessed.text(0));
    for (const std::string& id : pointless) {
      statement gone(*database_, "DELETE FROM entries WHERE id = ?");
      gone.bind({id}).next();
    }
    outcome.kept =
        static_cast<std::size_t>(database_->number("SELECT count(*) FROM entries WHERE what = 'run'"));
    whole.commit();
    return outcome;
  });
}

support::result<std::size_t> history_file::check() const {
  const auto structure = guarded([&] {
    if (!is_empty(*database_)) check_structure(*database_, path_, "PRAGMA integrity_check(1)");
    return true;
  });
  if (!structure) return structure.error();
  const auto entries = all();
  if (!entries) return entries.error();
  return entries->size();
}

}  // namespace deft::history
