// What an exported table promises: the same memory, names, types, and one release.
#include "deft/interop/arrow_export.hpp"

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "deft/record/record_vector.hpp"

#include "tests/interop/arrow_schemas.hpp"

namespace {

using deft_test::exported;
using deft_test::make_exported;

deft::record_vector<exported> make_table(int rows) {
  deft::record_vector<exported> table;
  for (int i = 0; i < rows; ++i) table.push_back(make_exported(i));
  return table;
}

const ArrowSchema& field(const deft::arrow_schema& schema, std::string_view name) {
  for (std::int64_t i = 0; i < schema->n_children; ++i) {
    if (schema->children[i]->name == name) return *schema->children[i];
  }
  throw std::logic_error("no such field");
}

const ArrowArray& column(const deft::arrow_pair& pair, std::string_view name) {
  for (std::int64_t i = 0; i < pair.schema->n_children; ++i) {
    if (pair.schema->children[i]->name == name) return *pair.array->children[i];
  }
  throw std::logic_error("no such column");
}

TEST(ArrowExport, TypesAreThoseOfTheFields) {
  const deft::arrow_schema schema = deft::export_arrow_schema<exported>();
  EXPECT_EQ(std::string_view("+s"), schema->format);
  EXPECT_EQ(33, schema->n_children);
  const std::pair<std::string_view, std::string_view> formats[] = {
      {"i8", "c"},          {"u8", "C"},          {"i16", "s"},       {"u16", "S"},
      {"i32", "i"},         {"u32", "I"},         {"i64", "l"},       {"u64", "L"},
      {"f32", "f"},         {"f64", "g"},         {"flag", "b"},      {"level", "s"},
      {"way", "C"},         {"plain_side", "C"},  {"name", "U"},      {"symbol", "w:6"},
      {"at_s", "tss:"},     {"at_ms", "tsm:"},    {"at_us", "tsu:"},  {"at_ns", "tsn:"},
      {"day", "tdD"},       {"took", "tDu"},      {"triple", "+w:3"}, {"flags", "+w:2"},
      {"where", "+s"},      {"maybe_i32", "i"},   {"maybe_f64", "g"}, {"maybe_flag", "b"},
      {"maybe_name", "U"},  {"maybe_venue", "C"}, {"maybe_way", "C"}, {"maybe_at", "tsn:"},
      {"maybe_where", "+s"}};
  std::int64_t i = 0;
  for (const auto& [name, format] : formats) {
    const ArrowSchema& child = *schema->children[i++];
    EXPECT_EQ(name, child.name);
    EXPECT_EQ(format, child.format) << name;
    EXPECT_EQ(name.starts_with("maybe") ? ARROW_FLAG_NULLABLE : 0, child.flags) << name;
  }
  EXPECT_EQ(std::string_view("item"), field(schema, "triple").children[0]->name);
  EXPECT_EQ(std::string_view("s"), field(schema, "triple").children[0]->format);
  EXPECT_EQ(3, field(schema, "where").n_children);
  EXPECT_EQ(std::string_view("known"), field(schema, "where").children[2]->name);
  ASSERT_NE(nullptr, field(schema, "maybe_way").dictionary);
  EXPECT_EQ(std::string_view("u"), field(schema, "maybe_way").dictionary->format);
  EXPECT_EQ(nullptr, field(schema, "plain_side").dictionary);
}

TEST(ArrowExport, ColumnsStayWhereTheyAre) {
  auto table = make_table(1000);
  const auto shared = table.share();
  const deft::arrow_pair pair = deft::export_arrow(shared);
  EXPECT_EQ(1000, pair.array->length);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::i64>().data()), column(pair, "i64").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::f64>().data()), column(pair, "f64").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::level>().data()),
            column(pair, "level").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::way>().data()), column(pair, "way").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::flag>().data()),
            column(pair, "flag").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::name>().offsets().data()),
            column(pair, "name").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::name>().characters().data()),
            column(pair, "name").buffers[2]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::symbol>().data()),
            column(pair, "symbol").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::at_ns>().data()),
            column(pair, "at_ns").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::triple>().data()),
            column(pair, "triple").children[0]->buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.column<&exported::maybe_f64>().data()),
            column(pair, "maybe_f64").buffers[1]);
  EXPECT_EQ(static_cast<const void*>(shared.validity<&exported::maybe_f64>().data()),
            column(pair, "maybe_f64").buffers[0]);
  // The table itself had not to move either.
  EXPECT_EQ(static_cast<const void*>(std::as_const(table).column<&exported::i64>().data()),
            column(pair, "i64").buffers[1]);
}

TEST(ArrowExport, AbsentValuesAreWhereTheBitIsZero) {
  const auto shared = make_table(100).share();
  const deft::arrow_pair pair = deft::export_arrow(shared);
  EXPECT_EQ(0, column(pair, "i32").null_count);
  EXPECT_EQ(nullptr, column(pair, "i32").buffers[0]);
  EXPECT_EQ(-1, column(pair, "maybe_i32").null_count);
  EXPECT_EQ(14, column(pair, "maybe_way").null_count);  // DuckDB takes -1 for 0 there
  const auto* const bits = static_cast<const unsigned char*>(column(pair, "maybe_i32").buffers[0]);
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(i % 4 != 0, ((bits[i / 8] >> (i % 8)) & 1) != 0) << i;
  }
}

TEST(ArrowExport, NestedStructsBecomeColumns) {
  const auto shared = make_table(100).share();
  const deft::arrow_pair pair = deft::export_arrow(shared);
  const ArrowArray& where = column(pair, "maybe_where");
  ASSERT_EQ(3, where.n_children);
  const auto* const bits = static_cast<const unsigned char*>(where.buffers[0]);
  const auto* const x = static_cast<const float*>(where.children[0]->buffers[1]);
  const auto* const known = static_cast<const unsigned char*>(where.children[2]->buffers[1]);
  for (int i = 0; i < 100; ++i) {
    ASSERT_EQ(i % 3 != 2, ((bits[i / 8] >> (i % 8)) & 1) != 0) << i;
    if (i % 3 == 2) continue;
    EXPECT_EQ(static_cast<float>(-i), x[i]);
    EXPECT_EQ(i % 2 == 0, ((known[i / 8] >> (i % 8)) & 1) != 0);
  }
}

TEST(ArrowExport, DictionariesNameTheEnumerators) {
  const auto shared = make_table(3).share();
  const deft::arrow_pair pair = deft::export_arrow(shared);
  const ArrowArray* const names = column(pair, "way").dictionary;
  ASSERT_NE(nullptr, names);
  ASSERT_EQ(3, names->length);
  const auto* const offsets = static_cast<const std::int32_t*>(names->buffers[1]);
  const auto* const characters = static_cast<const char*>(names->buffers[2]);
  EXPECT_EQ("sell",
            std::string_view(characters + offsets[1], static_cast<std::size_t>(offsets[2] - offsets[1])));
  EXPECT_EQ("cross",
            std::string_view(characters + offsets[2], static_cast<std::size_t>(offsets[3] - offsets[2])));
}

enum class sparse : std::uint8_t { zero, two = 2, twelve = 12 };

struct with_gaps {
  deft::bounded_enum<sparse, sparse::twelve> code;
};

TEST(ArrowExport, ValuesWithoutAnEnumeratorAreNamedByTheirNumber) {
  deft::record_vector<with_gaps> table{{sparse::two}};
  const deft::arrow_pair pair = deft::export_arrow(table.share());
  const ArrowArray* const names = pair.array->children[0]->dictionary;
  ASSERT_EQ(13, names->length);
  const auto* const offsets = static_cast<const std::int32_t*>(names->buffers[1]);
  EXPECT_EQ("zero1two34567891011twelve", std::string_view(static_cast<const char*>(names->buffers[2]),
                                                          static_cast<std::size_t>(offsets[13])));
}

TEST(ArrowExport, RowsBeginAtAnOffset) {
  const auto shared = make_table(100).share();
  deft::arrow_pair pair = deft::export_arrow(shared, {.first = 13, .count = 50});
  EXPECT_EQ(50, pair.array->length);
  EXPECT_EQ(0, pair.array->offset);
  EXPECT_EQ(13, column(pair, "i64").offset);
  EXPECT_EQ(50, column(pair, "i64").length);
  const ArrowArray& triple = *column(pair, "triple").children[0];
  EXPECT_EQ(150, triple.length);
  EXPECT_EQ(13, static_cast<const std::int16_t*>(triple.buffers[1])[triple.offset]);
  pair = deft::export_arrow(shared, {.first = 90});
  EXPECT_EQ(10, pair.array->length);
  pair = deft::export_arrow(shared, {.first = 1000});
  EXPECT_EQ(0, pair.array->length);
}

TEST(ArrowExport, EmptyTablesHaveOffsetsToo) {
  const deft::arrow_pair pair = deft::export_arrow(deft::record_vector<exported>().share());
  EXPECT_EQ(0, pair.array->length);
  EXPECT_EQ(0, *static_cast<const std::int64_t*>(column(pair, "name").buffers[1]));
}

TEST(ArrowExport, BitPackedColumnsAreDecoded) {
  struct codes {
    deft::bounded<int, 3, 9> a;
    std::optional<deft::bounded<int, 0, 1000>> b;
  };

  deft::record_vector<codes, deft::bit_packed<&codes::a, &codes::b>> table;
  for (int i = 0; i < 200; ++i) table.push_back({3 + i % 7, {}});
  for (std::size_t i = 0; i < 200; i += 3) table[i].set<&codes::b>(static_cast<int>(i));
  const auto shared = table.share();
  for (const std::size_t first : {std::size_t{0}, std::size_t{5}}) {
    const deft::arrow_pair pair = deft::export_arrow(shared, {.first = first});
    const ArrowArray& a = column(pair, "a");
    const ArrowArray& b = column(pair, "b");
    const auto* const bits = static_cast<const unsigned char*>(b.buffers[0]);
    for (std::int64_t i = 0; i < a.length; ++i) {
      const int row = static_cast<int>(i) + static_cast<int>(first);
      EXPECT_EQ(3 + row % 7, static_cast<const std::uint8_t*>(a.buffers[1])[a.offset + i]);
      const auto bit = static_cast<std::size_t>(b.offset + i);
      ASSERT_EQ(row % 3 == 0, ((bits[bit / 8] >> (bit % 8)) & 1) != 0) << row;
      if (row % 3 != 0) continue;
      EXPECT_EQ(row, static_cast<const std::uint16_t*>(b.buffers[1])[b.offset + i]);
    }
  }
}

TEST(ArrowExport, ExportsKeepWhatTheySawWhileTheTableGrows) {
  auto table = make_table(10);
  deft::arrow_pair pair = deft::export_arrow(table.share());
  const void* const before = column(pair, "i64").buffers[1];
  for (int i = 0; i < 1000; ++i) table.push_back(make_exported(i));
  table[0].set<&exported::i64>(77);
  EXPECT_EQ(before, column(pair, "i64").buffers[1]);
  EXPECT_EQ(0, static_cast<const std::int64_t*>(before)[0]);
  EXPECT_NE(before, static_cast<const void*>(std::as_const(table).column<&exported::i64>().data()));
}

TEST(ArrowExport, ATableIsItsOwnAgainAfterTheRelease) {
  auto table = make_table(10);
  const void* const before = std::as_const(table).column<&exported::i64>().data();
  {
    const deft::arrow_pair pair = deft::export_arrow(table.share());
  }
  table[0].set<&exported::i64>(77);
  EXPECT_EQ(before, static_cast<const void*>(std::as_const(table).column<&exported::i64>().data()));
}

TEST(ArrowExport, MemoryOutlivesTheExporter) {
  deft::arrow_pair pair;
  {
    auto table = make_table(1000);
    pair = deft::export_arrow(std::move(table).share());
  }
  const auto* const values = static_cast<const std::int64_t*>(column(pair, "i64").buffers[1]);
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(i * -100000000003LL, values[i]);
}

TEST(ArrowExport, ChildrenMayBeMovedOutAndReleasedLater) {
  auto table = make_table(100);
  const auto shared = table.share();
  const std::size_t uses = shared.owner().use_count();
  deft::arrow_pair pair = deft::export_arrow(shared);
  EXPECT_EQ(uses + 1, shared.owner().use_count());
  deft::arrow_array moved(pair.array->children[9]);
  deft::arrow_array nested(pair.array->children[24]);
  deft::arrow_array names(pair.array->children[12]->dictionary);
  deft::arrow_schema type(pair.schema->children[24]);
  pair.array.reset();
  pair.schema.reset();
  EXPECT_EQ(uses + 1, shared.owner().use_count());
  EXPECT_EQ(99 * 0.25, static_cast<const double*>(moved->buffers[1])[99]);
  EXPECT_EQ(198.0F, static_cast<const float*>(nested->children[0]->buffers[1])[99]);
  EXPECT_EQ(std::string_view("y"), type->children[1]->name);
  moved.reset();
  names.reset();
  EXPECT_EQ(uses + 1, shared.owner().use_count());
  nested.reset();
  EXPECT_EQ(uses, shared.owner().use_count());
}

TEST(ArrowExport, ReleasesOnOtherThreadsFreeOnce) {
  auto table = make_table(100);
  const auto shared = table.share();
  const std::size_t uses = shared.owner().use_count();
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    deft::arrow_pair pair = deft::export_arrow(shared);
    deft::arrow_array child(pair.array->children[6]);
    threads.emplace_back([array = std::move(pair.array)]() mutable { array.reset(); });
    threads.emplace_back([array = std::move(child)]() mutable { array.reset(); });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(uses, shared.owner().use_count());
}

TEST(ArrowStream, GivesTheTablesInPieces) {
  const auto a = make_table(10).share();
  const auto b = deft::record_vector<exported>().share();
  const auto c = make_table(5).share();
  deft::arrow_stream stream;
  deft::export_arrow_stream(std::vector{a, b, c}, stream.put(), {.batch_rows = 4});
  deft::arrow_schema schema;
  ASSERT_EQ(0, stream->get_schema(stream.get(), schema.put()));
  EXPECT_EQ(33, schema->n_children);
  std::vector<std::int64_t> lengths;
  for (;;) {
    deft::arrow_array array;
    ASSERT_EQ(0, stream->get_next(stream.get(), array.put()));
    if (!array) break;
    lengths.push_back(array->length);
  }
  EXPECT_EQ((std::vector<std::int64_t>{4, 4, 2, 4, 1}), lengths);
  deft::arrow_array array;
  EXPECT_EQ(0, stream->get_next(stream.get(), array.put()));
  EXPECT_FALSE(array);
  EXPECT_EQ(nullptr, stream->get_last_error(stream.get()));
}

TEST(ArrowStream, ErrorsAreCodesWithATextNotExceptions) {
  struct dated {
    std::chrono::time_point<std::chrono::system_clock, std::chrono::duration<std::int64_t, std::ratio<86400>>>
        day;
  };

  deft::record_vector<dated> table;
  table.resize(3);
  table.column<&dated::day>()[1] +=
      std::chrono::duration<std::int64_t, std::ratio<86400>>(std::int64_t{1} << 40);
  const auto shared = table.share();
  deft::arrow_pair pair;
  EXPECT_THROW(pair = deft::export_arrow(shared), std::out_of_range);
  deft::arrow_stream stream = deft::export_arrow_stream(shared);
  deft::arrow_array array;
  EXPECT_EQ(EINVAL, stream->get_next(stream.get(), array.get()));
  EXPECT_FALSE(array);
  EXPECT_NE(std::string::npos, std::string(stream->get_last_error(stream.get())).find("date"));
}

TEST(ArrowStream, TellsOfTheLastCallAlone) {
  struct dated {
    std::chrono::time_point<std::chrono::system_clock, std::chrono::duration<std::int64_t, std::ratio<86400>>>
        day;
  };

  deft::record_vector<dated> table;
  table.resize(1);
  table.column<&dated::day>()[0] +=
      std::chrono::duration<std::int64_t, std::ratio<86400>>(std::int64_t{1} << 40);
  deft::arrow_stream stream = deft::export_arrow_stream(table.share());
  deft::arrow_array array;
  ASSERT_EQ(EINVAL, stream->get_next(stream.get(), array.get()));
  ASSERT_NE(nullptr, stream->get_last_error(stream.get()));
  deft::arrow_schema schema;
  ASSERT_EQ(0, stream->get_schema(stream.get(), schema.put()));
  EXPECT_EQ(nullptr, stream->get_last_error(stream.get()));
}

}  // namespace
