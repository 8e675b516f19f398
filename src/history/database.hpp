#pragma once

#include <cstdint>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "support/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace deft::history {

/// Thrown by what is below, caught in history_file.cpp, never further.
struct database_failure {
  support::error error;
};

/// A connection to an SQLite file. What is committed is on the device. Others may use the file at the same
/// time; who finds it locked waits.
class database {
 public:
  enum class access {
    existing,  ///< The file has to be there.
    create,    ///< It is made if it is not.
  };

  database(const std::filesystem::path& path, access how);

  /// Statements without values.
  void execute(const char* sql);

  /// The first column of the first row, or 0 if there is none.
  std::int64_t number(const char* sql);

  /// Of the last statement.
  std::int64_t changed_rows() const;

  [[noreturn]] void fail(int code) const;

 private:
  friend class statement;

  struct closer {
    void operator()(sqlite3* connection) const noexcept;
  };

  std::string path_;
  bool may_create_;
  std::unique_ptr<sqlite3, closer> connection_;
};

/// A prepared statement.
class statement {
 public:
  statement(database& on, const char* sql);

  /// Puts texts and numbers where "?" stands.
  statement& bind(std::initializer_list<std::string_view> values);
  statement& bind(int position, std::int64_t value);

  /// Whether there is one more row.
  bool next();

  /// Of the present row; valid until `next`.
  std::string_view text(int column) const;

 private:
  struct finaliser {
    void operator()(sqlite3_stmt* prepared) const noexcept;
  };

  database& database_;
  std::unique_ptr<sqlite3_stmt, finaliser> prepared_;
};

/// All or nothing: what is not committed when this ends never was. Takes the right to write at once, for two
/// that read first and then both want to write would have to give up.
class transaction {
 public:
  explicit transaction(database& on);
  ~transaction();
  transaction(const transaction&) = delete;
  transaction& operator=(const transaction&) = delete;

  void commit();

 private:
  database& database_;
  bool open_ = true;
};

}  // namespace deft::history
