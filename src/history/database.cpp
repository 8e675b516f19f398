#include "history/database.hpp"

#include <cerrno>
#include <system_error>

#include <sqlite3.h>
#include <unistd.h>

namespace deft::history {
namespace {

constexpr int wait_ms = 10'000;

}  // namespace

void database::closer::operator()(sqlite3* connection) const noexcept {
  sqlite3_close(connection);
}

database::database(const std::filesystem::path& path, access how)
    : path_(path.string()), may_create_(how == access::create) {
  // SQLite's own words for a file that is not there or not ours to read are the same: "unable to open".
  if (!may_create_ && ::access(path_.c_str(), R_OK) != 0) {
    const std::string why = std::generic_category().message(errno);
    throw database_failure{{support::error_kind::unreadable_input, "cannot read " + path_ + ": " + why}};
  }
  if (may_create_ && path.has_parent_path()) {
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) {
      throw database_failure{
          {support::error_kind::unwritable_output,
           "cannot create folder " + path.parent_path().string() + ": " + failure.message()}};
    }
  }
  sqlite3* opened = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | (may_create_ ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path_.c_str(), &opened, flags, nullptr);
  connection_.reset(opened);
  if (code != SQLITE_OK) fail(code);
  sqlite3_busy_timeout(opened, wait_ms);
  // EXTRA: a commit that was reported survives a power cut, too.
  execute("PRAGMA synchronous = EXTRA");
}

void database::fail(int code) const {
  using support::error_kind;
  const std::string words = connection_ ? sqlite3_errmsg(connection_.get()) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      throw database_failure{
          {error_kind::unwritable_output,
           "cannot use " + path_ + ": another process held it for " + std::to_string(wait_ms / 1000) + " s"}};
    case SQLITE_NOTADB:
      throw database_failure{
          {error_kind::unreadable_input, path_ + ": not a history of deft: it is no SQLite database"}};
    case SQLITE_CORRUPT:
      throw database_failure{
          {error_kind::unreadable_input, path_ + ": the history is damaged (" + words + ")"}};
    case SQLITE_FULL:
    case SQLITE_READONLY:
      throw database_failure{{error_kind::unwritable_output, "cannot write " + path_ + ": " + words}};
    default:
      throw database_failure{{may_create_ ? error_kind::unwritable_output : error_kind::unreadable_input,
                              "cannot use " + path_ + ": " + words}};
  }
}

void database::execute(const char* sql) {
  const int code = sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) fail(code);
}

std::int64_t database::number(const char* sql) {
  statement query(*this, sql);
  return query.next() ? std::stoll("0" + std::string(query.text(0))) : 0;
}

std::int64_t database::changed_rows() const {
  return sqlite3_changes(connection_.get());
}

void statement::finaliser::operator()(sqlite3_stmt* prepared) const noexcept {
  sqlite3_finalize(prepared);
}

statement::statement(database& on, const char* sql) : database_(on) {
  sqlite3_stmt* prepared = nullptr;
  const int code = sqlite3_prepare_v2(on.connection_.get(), sql, -1, &prepared, nullptr);
  prepared_.reset(prepared);
  if (code != SQLITE_OK) on.fail(code);
}

statement& statement::bind(std::initializer_list<std::string_view> values) {
  int position = 0;
  for (const std::string_view value : values) {
    const int code = sqlite3_bind_text64(prepared_.get(), ++position, value.empty() ? "" : value.data(),
                                         value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    if (code != SQLITE_OK) database_.fail(code);
  }
  return *this;
}

statement& statement::bind(int position, std::int64_t value) {
  const int code = sqlite3_bind_int64(prepared_.get(), position, value);
  if (code != SQLITE_OK) database_.fail(code);
  return *this;
}

bool statement::next() {
  const int code = sqlite3_step(prepared_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) database_.fail(code);
  return false;
}

std::string_view statement::text(int column) const {
  const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(prepared_.get(), column));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(prepared_.get(), column));
  return bytes == nullptr ? std::string_view() : std::string_view(bytes, size);
}

transaction::transaction(database& on) : database_(on) {
  on.execute("BEGIN IMMEDIATE");
}

transaction::~transaction() {
  if (!open_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (
      const database_failure&) {  // SQLite has rolled back already, or does when the file is opened next.
  }
}

void transaction::commit() {
  database_.execute("COMMIT");
  open_ = false;
}

}  // namespace deft::history
