// DuckDB reads what deft exports, and deft what DuckDB exports: every type, the same values, and the same
// addresses where that is promised. Skipped where DuckDB's library is not installed.
//
// duckdb_arrow_scan gives wrong columns where a query does not want all of them in their order
// (duckdb#17012): hence the setting.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/interop/arrow.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/interop/arrow_schemas.hpp"
#include "tests/interop/duckdb/capi.hpp"

namespace {

using deft_test::exported;
using deft_test::make_exported;
using deft_test::duckdb::api;
using deft_test::duckdb::handle;
using deft_test::duckdb::idx;

std::string library_path() {
  const char* const path = std::getenv("DEFT_LIBDUCKDB");
  return path != nullptr ? path : DEFT_TEST_LIBDUCKDB;
}

const api& library() {
  static const api loaded(library_path().c_str());
  return loaded;
}

deft::record_vector<exported> make_table(int rows) {
  deft::record_vector<exported> table;
  for (int i = 0; i < rows; ++i) table.push_back(make_exported(i));
  return table;
}

class DuckDb : public testing::Test {
 protected:
  void SetUp() override {
    if (!library())
      GTEST_SKIP() << library_path() << " is not there: tests/interop/duckdb/install FOLDER installs it";
    ASSERT_EQ(0, db().open(nullptr, &database_));
    ASSERT_EQ(0, db().connect(database_, &connection_));
    run("SET disabled_optimizers='unused_columns'");
    run("SET threads=1");
    run("SET TimeZone='UTC'");
  }

  void TearDown() override {
    if (connection_ != nullptr) db().disconnect(&connection_);
    if (database_ != nullptr) db().close(&database_);
  }

  static const api& db() { return library(); }

  /// Rows of texts.
  std::vector<std::vector<std::string>> run(const std::string& sql) {
    deft_test::duckdb::result result{};
    std::vector<std::vector<std::string>> rows;
    if (db().query(connection_, sql.c_str(), &result) != 0) {
      ADD_FAILURE() << sql << ": " << db().result_error(&result);
    } else {
      for (idx r = 0; r < db().row_count(&result); ++r) {
        auto& row = rows.emplace_back();
        for (idx c = 0; c < db().column_count(&result); ++c) {
          char* const text = db().value_varchar(&result, c, r);
          row.emplace_back(text == nullptr ? "NULL" : text);
          db().free_memory(text);
        }
      }
    }
    db().destroy_result(&result);
    return rows;
  }

  handle database_ = nullptr;
  handle connection_ = nullptr;
};

TEST_F(DuckDb, ReadsEveryTypeOfAStream) {
  const auto shared = make_table(300).share();
  deft::arrow_stream stream = deft::export_arrow_stream(shared, {.batch_rows = 77});
  ASSERT_EQ(0, db().arrow_scan(connection_, "scanned", stream.get()));
  run("CREATE TABLE t AS SELECT * FROM scanned");
  EXPECT_EQ("300", run("SELECT count(*) FROM t")[0][0]);
  // Row 8, by hand.
  const std::pair<const char*, const char*> expected[] = {
      {"i8", "-117"},
      {"u8", "8"},
      {"i16", "-32512"},
      {"u16", "296"},
      {"i32", "-8008"},
      {"u32", "4000000008"},
      {"i64", "-800000000024"},
      {"u64", "18000000000000000008"},
      {"f32", "4.0"},
      {"f64", "2.0"},
      {"flag", "false"},
      {"level", "3"},
      {"way", "cross"},
      {"plain_side", "0"},
      {"name", "row 8"},
      {"symbol", "A\\x00\\x00\\x00\\x00\\x00"},
      {"at_s", "1970-01-09 00:08:08"},
      {"at_ms", "1970-01-09 00:08:08.008"},
      {"at_us", "1970-01-09 00:08:08.000024"},
      {"at_ns", "1970-01-09 00:08:08.000000056"},
      {"day", "1970-01-09"},
      {"took", "00:00:00.008024"},
      {"triple", "[8, -8, 7]"},
      {"flags", "[true, false]"},
      {"\"where\".x", "16.0"},
      {"\"where\".y", "-8"},
      {"\"where\".known", "true"},
      {"maybe_i32", "NULL"},
      {"maybe_f64", "1.0"},
      {"maybe_flag", "true"},
      {"maybe_name", "iiiiiiii"},
      {"maybe_venue", "8"},
      {"maybe_way", "cross"},
      {"maybe_at", "1970-01-01 00:00:00.000000104"},
      {"maybe_where", "NULL"},
  };
  for (const auto& [column, value] : expected) {
    EXPECT_EQ(value, run(std::string("SELECT coalesce((") + column +
                         ")::VARCHAR, 'NULL') FROM t WHERE u16 = 296")[0][0])
        << column;
  }
  EXPECT_EQ("60", run("SELECT count(*) FROM t WHERE maybe_f64 IS NULL")[0][0]);
  EXPECT_EQ("100", run("SELECT count(*) FROM t WHERE maybe_where IS NULL")[0][0]);
  EXPECT_EQ("[way, cross]",
            run("SELECT ['way', max(way::VARCHAR)]::VARCHAR FROM t WHERE way::VARCHAR = 'cross'")[0][0]);
}

// All of a table comes back through DuckDB and Arrow; durations are intervals there, which are no durations.
struct through_duckdb {
  std::int8_t i8;
  std::uint8_t u8;
  std::int16_t i16;
  std::uint16_t u16;
  std::int32_t i32;
  std::uint32_t u32;
  std::int64_t i64;
  std::uint64_t u64;
  float f32;
  double f64;
  bool flag;
  deft::bounded<int, -5, 300> level;
  deft::bounded_enum<deft_test::side, deft_test::side::cross> way;
  deft_test::side plain_side;
  std::string name;
  deft::fixed_string<6> symbol;
  std::chrono::sys_seconds at_s;
  std::chrono::sys_time<std::chrono::milliseconds> at_ms;
  std::chrono::sys_time<std::chrono::microseconds> at_us;
  std::chrono::sys_time<std::chrono::nanoseconds> at_ns;
  std::chrono::sys_days day;
  deft_test::place where;
  std::optional<std::int32_t> maybe_i32;
  std::optional<double> maybe_f64;
  std::optional<bool> maybe_flag;
  std::optional<std::string> maybe_name;
  std::optional<deft::bounded<int, 0, 19>> maybe_venue;
  std::optional<deft::bounded_enum<deft_test::side, deft_test::side::cross>> maybe_way;
  std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> maybe_at;
  std::optional<deft_test::place> maybe_where;

  bool operator==(const through_duckdb&) const = default;
};

TEST_F(DuckDb, GivesBackEveryRow) {
  const auto shared = make_table(5000).share();
  deft::arrow_stream stream = deft::export_arrow_stream(shared, {.batch_rows = 1999});
  ASSERT_EQ(0, db().arrow_scan(connection_, "scanned", stream.get()));
  run("CREATE TABLE t AS SELECT * FROM scanned");
  deft_test::duckdb::result result{};
  ASSERT_EQ(0, db().query(connection_, "SELECT * FROM t", &result)) << db().result_error(&result);
  handle options = db().arrow_options(&result);
  std::vector<handle> types;
  std::vector<const char*> names;
  for (idx c = 0; c < db().column_count(&result); ++c) {
    types.push_back(db().column_logical_type(&result, c));
    names.push_back(db().column_name(&result, c));
  }
  deft::record_vector<through_duckdb> back;
  while (handle chunk = db().fetch_chunk(result)) {
    deft::arrow_pair pair;
    db().check(db().to_arrow_schema(options, types.data(), names.data(), names.size(), pair.schema.get()));
    db().check(db().chunk_to_arrow(options, chunk, pair.array.get()));
    db().destroy_chunk(&chunk);
    back.append(deft::to_records<through_duckdb>(deft::import_arrow(std::move(pair))));
  }
  for (handle& type : types) db().destroy_logical_type(&type);
  db().destroy_arrow_options(&options);
  db().destroy_result(&result);
  ASSERT_EQ(5000U, back.size());
  for (std::size_t i = 0; i < back.size(); ++i) {
    const exported e(shared[i]);
    const through_duckdb expected{e.i8,         e.u8,          e.i16,       e.u16,        e.i32,
                                  e.u32,        e.i64,         e.u64,       e.f32,        e.f64,
                                  e.flag,       e.level,       e.way,       e.plain_side, e.name,
                                  e.symbol,     e.at_s,        e.at_ms,     e.at_us,      e.at_ns,
                                  e.day,        e.where,       e.maybe_i32, e.maybe_f64,  e.maybe_flag,
                                  e.maybe_name, e.maybe_venue, e.maybe_way, e.maybe_at,   e.maybe_where};
    ASSERT_EQ(expected, through_duckdb(back[i])) << i;
  }
}

/// A chunk of DuckDB's over an array.
struct chunk_of {
  chunk_of(const api& functions, handle connection, deft::arrow_pair& pair) : db(functions) {
    handle converted = nullptr;
    db.check(db.schema_from_arrow(connection, pair.schema.get(), &converted));
    handle error = db.chunk_from_arrow(connection, pair.array.get(), converted, &chunk);
    db.destroy_converted_schema(&converted);
    db.check(error);
  }

  chunk_of(const chunk_of&) = delete;
  chunk_of& operator=(const chunk_of&) = delete;

  ~chunk_of() {
    if (chunk != nullptr) db.destroy_chunk(&chunk);
  }

  [[nodiscard]] const void* data(idx column) const { return db.vector_data(db.chunk_vector(chunk, column)); }

  const api& db;
  handle chunk = nullptr;
};

struct plain {
  std::int64_t i64;
  double f64;
  std::uint32_t u32;
  deft::bounded<int, 0, 19> venue;
  std::chrono::sys_time<std::chrono::nanoseconds> at;
  std::optional<float> maybe;
  std::int16_t i16;
};

TEST_F(DuckDb, ChunksHaveTheTablesOwnAddresses) {
  deft::record_vector<plain> table;
  for (int i = 0; i < 2000; ++i) {
    table.push_back({i, i * 0.5, static_cast<std::uint32_t>(i), i % 20,
                     std::chrono::sys_time<std::chrono::nanoseconds>(std::chrono::nanoseconds(i)),
                     i % 3 == 0 ? std::optional<float>() : std::optional<float>(static_cast<float>(i)),
                     static_cast<std::int16_t>(i)});
  }
  const auto shared = table.share();
  deft::arrow_pair pair = deft::export_arrow(shared);
  const chunk_of chunk(db(), connection_, pair);
  ASSERT_EQ(2000U, db().chunk_size(chunk.chunk));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::i64>().data()), chunk.data(0));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::f64>().data()), chunk.data(1));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::u32>().data()), chunk.data(2));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::venue>().data()), chunk.data(3));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::at>().data()), chunk.data(4));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::maybe>().data()), chunk.data(5));
  EXPECT_EQ(static_cast<const void*>(shared.column<&plain::i16>().data()), chunk.data(6));
  const std::uint64_t* const validity = db().vector_validity(db().chunk_vector(chunk.chunk, 5));
  for (std::size_t i = 0; i < 2000; ++i) ASSERT_EQ(i % 3 != 0, (validity[i / 64] >> (i % 64) & 1) != 0) << i;
}

TEST_F(DuckDb, MemoryOutlivesTheExporter) {
  auto table = std::make_unique<deft::record_vector<plain>>();
  for (int i = 0; i < 1000; ++i) table->push_back({i, i * 0.5, 1, 2, {}, {}, 3});
  auto shared = table->share();
  deft::arrow_pair pair = deft::export_arrow(shared);
  const std::size_t uses = shared.owner().use_count();
  auto chunk = std::make_unique<chunk_of>(db(), connection_, pair);
  pair = {};
  EXPECT_EQ(uses, shared.owner().use_count());
  const deft::shared_buffer owner = shared.owner();
  shared = {};
  table.reset();
  const auto* const values = static_cast<const double*>(chunk->data(1));
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(i * 0.5, values[i]);
  EXPECT_EQ(2U, owner.use_count());
  chunk.reset();
  EXPECT_EQ(1U, owner.use_count());
}

}  // namespace
