// What comes back of an exported table, and what hostile arrays are told.
#include "deft/interop/arrow_import.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <limits>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "deft/interop/arrow_export.hpp"
#include "deft/record/record_vector.hpp"

#include "tests/interop/arrow_clone.hpp"
#include "tests/interop/arrow_schemas.hpp"

namespace {

using deft_test::arrow_clone;
using deft_test::exported;
using deft_test::make_exported;
using ::testing::HasSubstr;

deft::record_vector<exported> make_table(int rows) {
  deft::record_vector<exported> table;
  for (int i = 0; i < rows; ++i) table.push_back(make_exported(i));
  return table;
}

template <typename F>
std::string failure(F f) {
  try {
    f();
  } catch (const std::exception& e) {
    return e.what();
  }
  return "nothing";
}

TEST(ArrowImport, GivesBackWhatWasExported) {
  const auto shared = make_table(300).share();
  for (const deft::arrow_rows rows :
       {deft::arrow_rows{}, deft::arrow_rows{13, 100}, deft::arrow_rows{64, 1}, deft::arrow_rows{300, 0}}) {
    deft::arrow_pair pair = deft::export_arrow(shared, rows);
    const auto back = deft::import_arrow<exported>(pair.array.get(), pair.schema.get());
    EXPECT_FALSE(pair.array);
    EXPECT_FALSE(pair.schema);
    ASSERT_EQ(static_cast<std::size_t>(rows.count < 300 ? rows.count : 300), back.size());
    for (std::size_t i = 0; i < back.size(); ++i) {
      ASSERT_EQ(exported(shared[rows.first + i]), exported(back[i])) << rows.first + i;
    }
  }
}

TEST(ArrowImport, GivesBackAStream) {
  const auto shared = make_table(300).share();
  deft::arrow_stream stream = deft::export_arrow_stream(shared, {.batch_rows = 77});
  const auto back = deft::import_arrow_stream<exported>(stream.get());
  EXPECT_FALSE(stream);
  EXPECT_TRUE(back == shared);
}

TEST(ArrowImport, BatchesShowTheMemoryOfTheArray) {
  const auto shared = make_table(100).share();
  const deft::arrow_batch batch = deft::import_arrow(deft::export_arrow(shared));
  EXPECT_EQ(100U, batch.size());
  EXPECT_EQ(33U, batch.column_count());
  EXPECT_EQ(shared.column<&exported::f64>().data(), batch.column("f64").values<double>().data());
  EXPECT_EQ(shared.column<&exported::flag>().data(), batch.column("flag").bits().data());
  EXPECT_EQ(shared.column<&exported::name>()[7].data(), batch.column("name").text(7).data());
  EXPECT_EQ(25U, batch.column("maybe_i32").null_count());
  EXPECT_TRUE(batch.column("maybe_i32").is_null(4));
  EXPECT_FALSE(batch.column("maybe_i32").is_null(5));
  EXPECT_TRUE(batch.column("i32").validity().empty());
  EXPECT_EQ("sell", batch.column("way").text(1));
  EXPECT_EQ(3U, batch.column("way").dictionary()->size());
  EXPECT_EQ(deft::arrow_kind::timestamp, batch.column("at_us").kind());
  EXPECT_EQ(86461000003, batch.column("at_us").values<std::int64_t>()[1]);
  EXPECT_EQ(-5, batch.column("triple").list(5).values<std::int16_t>()[1]);
  EXPECT_EQ(10.0F, batch.column("where").child(0).values<float>()[5]);
  EXPECT_THAT(failure([&] { (void)batch.column("nobody"); }), HasSubstr("no column 'nobody'"));
  EXPECT_THAT(failure([&] { (void)batch.column("f64").values<float>(); }),
              HasSubstr("column 'f64' of format 'g'"));
}

TEST(ArrowImport, SharedColumnsOutliveTheBatch) {
  const auto shared = make_table(100).share();
  deft::arrow_pair pair = deft::export_arrow(shared);
  arrow_clone clone(*pair.array.get(), *pair.schema.get());
  std::optional<deft::shared_view<double>> column;
  {
    const deft::arrow_batch batch = deft::import_arrow(&clone.array(), &clone.schema());
    column = batch.shared_column<double>("f64");
    EXPECT_EQ(1, clone.schema_releases);
  }
  EXPECT_EQ(0, clone.array_releases);
  EXPECT_EQ(24.75, (*column)[99]);
  std::thread([moved = std::exchange(column, std::nullopt)]() mutable { moved.reset(); }).join();
  EXPECT_EQ(1, clone.array_releases);
}

TEST(ArrowImport, ColumnsOfOtherWidthsFitWhereTheirValuesDo) {
  struct narrow {
    std::int16_t i64;
    double i8;
    std::string symbol;
    std::chrono::sys_time<std::chrono::nanoseconds> at_us;
    std::optional<std::int64_t> maybe_i32;
    deft::bounded<int, 0, 2> plain_side;
  };

  struct source {
    std::int64_t i64;
    std::int8_t i8;
    deft::fixed_string<6> symbol;
    std::chrono::sys_time<std::chrono::microseconds> at_us;
    std::optional<std::int32_t> maybe_i32;
    std::uint32_t plain_side;
  };

  deft::record_vector<source> table{
      {-3, 4, "AB", std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(5)), {}, 2}};
  deft::arrow_pair pair = deft::export_arrow(table.share());
  const auto back = deft::import_arrow<narrow>(pair.array.get(), pair.schema.get());
  EXPECT_EQ(-3, back[0].get<&narrow::i64>());
  EXPECT_EQ(4.0, back[0].get<&narrow::i8>());
  EXPECT_EQ(std::string_view("AB\0\0\0\0", 6), back[0].get<&narrow::symbol>());
  EXPECT_EQ(5000, back[0].get<&narrow::at_us>().time_since_epoch().count());
  EXPECT_EQ(std::nullopt, back[0].get<&narrow::maybe_i32>());
  table[0].set<&source::plain_side>(3U);
  pair = deft::export_arrow(table.share());
  EXPECT_THAT(failure([&] { (void)deft::import_arrow<narrow>(pair.array.get(), pair.schema.get()); }),
              HasSubstr("column 'plain_side' has a value in row 0"));
  table[0].set<&source::plain_side>(1U);
  table[0].set<&source::i64>(40000);
  pair = deft::export_arrow(table.share());
  EXPECT_THROW((void)deft::import_arrow<narrow>(pair.array.get(), pair.schema.get()), std::out_of_range);
}

TEST(ArrowImport, AbsentValuesNeedAnOptionalField) {
  struct strict {
    std::int32_t maybe_i32;
  };

  const auto shared = make_table(10).share();
  deft::arrow_pair pair = deft::export_arrow(shared);
  EXPECT_THAT(failure([&] { (void)deft::import_arrow<strict>(pair.array.get(), pair.schema.get()); }),
              HasSubstr("column 'maybe_i32' has no value in row 0"));
}

struct hostile {
  const char* name;
  void (*spoil)(ArrowArray&, ArrowSchema&);
  const char* message;
};

// Columns by their numbers in `exported`.
constexpr std::int64_t i64 = 6;
constexpr std::int64_t way = 12;
constexpr std::int64_t text = 14;
constexpr std::int64_t triple = 22;
constexpr std::int64_t where = 24;
constexpr std::int64_t maybe_i32 = 25;

const std::int64_t falling[12] = {0, 5, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4};
const std::int64_t negative[12] = {-1, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5};
const unsigned char codes[10] = {0, 1, 2, 3, 0, 0, 0, 0, 0, 0};
alignas(8) const char unaligned[128] = {};
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

const hostile hostiles[] = {
    {"length", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->length = -1; },
     "column 'i64': the length is -1"},
    {"a long name",
     [](ArrowArray& a, ArrowSchema& s) {
       s.children[i64]->name = "a name of more characters than fit into a std::string itself";
       a.children[i64]->length = -1;
     },
     "column 'a name of more characters than fit into a std::string itself': the length is -1"},
    {"no name",
     [](ArrowArray& a, ArrowSchema& s) {
       s.children[i64]->name = nullptr;
       a.children[i64]->length = -1;
     },
     "column '6': the length is -1"},
    {"a name with a line's end",
     [](ArrowArray& a, ArrowSchema& s) {
       s.children[i64]->name = "i\n64";
       a.children[i64]->length = -1;
     },
     "column 'i?64': the length is -1"},
    {"offset", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->offset = -7; }, "the offset is -7"},
    {"huge length", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->length = largest; },
     "beyond what memory"},
    {"huge offset", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->offset = largest; },
     "beyond what memory"},
    {"short column", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->length = 9; },
     "has 9 rows where its parent refers to 10"},
    {"parent's offset", [](ArrowArray& a, ArrowSchema&) { a.offset = 1; }, "refers to 11"},
    {"null count", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->null_count = 11; },
     "absent values is 11 of 10"},
    {"nulls without bitmap", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->null_count = 1; },
     "without a validity bitmap"},
    {"wrong null count", [](ArrowArray& a, ArrowSchema&) { a.children[maybe_i32]->null_count = 2; },
     "has 3 zeros where 2"},
    {"nulls not allowed", [](ArrowArray&, ArrowSchema& s) { s.children[maybe_i32]->flags = 0; },
     "type allows none"},
    {"absent row",
     [](ArrowArray& a, ArrowSchema& s) {
       s.flags = ARROW_FLAG_NULLABLE;
       a.buffers[0] = a.children[maybe_i32]->buffers[0];
       a.null_count = -1;
     },
     "absent as a whole"},
    {"buffer count", [](ArrowArray& a, ArrowSchema&) { a.children[text]->n_buffers = 2; },
     "has 3 buffers, not 2"},
    {"buffers", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->buffers = nullptr; },
     "buffers are a null pointer"},
    {"values", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->buffers[1] = nullptr; },
     "values are a null pointer"},
    {"alignment", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->buffers[1] = unaligned + 1; },
     "not aligned to 8"},
    {"characters", [](ArrowArray& a, ArrowSchema&) { a.children[text]->buffers[2] = nullptr; },
     "characters are a null pointer"},
    {"falling offsets", [](ArrowArray& a, ArrowSchema&) { a.children[text]->buffers[1] = falling; },
     "behind row 1 is 4, before"},
    {"negative offset", [](ArrowArray& a, ArrowSchema&) { a.children[text]->buffers[1] = negative; },
     "first offset is -1"},
    {"index", [](ArrowArray& a, ArrowSchema&) { a.children[way]->buffers[1] = codes; },
     "row 3 refers to no entry"},
    {"one dictionary", [](ArrowArray& a, ArrowSchema&) { a.children[way]->dictionary = nullptr; },
     "only one of array and type"},
    {"dictionary of floats", [](ArrowArray&, ArrowSchema& s) { s.children[way]->format = "f"; },
     "indices are no integers"},
    {"child count", [](ArrowArray& a, ArrowSchema&) { a.children[where]->n_children = 2; },
     "type has 3 children, the array 2"},
    {"negative children", [](ArrowArray&, ArrowSchema& s) { s.children[where]->n_children = -1; },
     "number of children is -1"},
    {"many children", [](ArrowArray&, ArrowSchema& s) { s.n_children = largest; }, "number of children is"},
    {"children of a number", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->n_children = 1; },
     "does not have 1 children"},
    {"null children", [](ArrowArray& a, ArrowSchema&) { a.children[where]->children = nullptr; },
     "children are a null pointer"},
    {"null type children", [](ArrowArray&, ArrowSchema& s) { s.children[where]->children = nullptr; },
     "children are a null pointer"},
    {"null child", [](ArrowArray& a, ArrowSchema&) { a.children[where]->children[1] = nullptr; },
     "column 'where.y': array or type"},
    {"released child", [](ArrowArray& a, ArrowSchema&) { a.children[i64]->release = nullptr; },
     "released already"},
    {"released type", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->release = nullptr; },
     "released already"},
    {"list length", [](ArrowArray& a, ArrowSchema&) { a.children[triple]->children[0]->length = 29; },
     "refers to 30"},
    {"huge list", [](ArrowArray&, ArrowSchema& s) { s.children[triple]->format = "+w:2147483647"; },
     "refers to"},
    {"no format", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->format = nullptr; },
     "format is a null pointer"},
    {"empty format", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->format = ""; }, "format '' is none"},
    {"unknown format", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->format = "l\n"; },
     "format 'l?' is none"},
    {"union", [](ArrowArray&, ArrowSchema& s) { s.children[where]->format = "+ud:0,1,2"; },
     "is none that deft reads"},
    {"bad width", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->format = "w:-8"; },
     "is none that deft reads"},
    {"no width", [](ArrowArray&, ArrowSchema& s) { s.children[i64]->format = "w:"; },
     "is none that deft reads"},
    {"not a table",
     [](ArrowArray& a, ArrowSchema& s) {
       a = *a.children[i64];
       s = *s.children[i64];
     },
     "is no struct"},
    {"itself",
     [](ArrowArray& a, ArrowSchema& s) {
       a.children[where]->children[0] = a.children[where];
       s.children[where]->children[0] = s.children[where];
     },
     "nested deeper than 64 levels"},
    {"itself as its dictionary",
     [](ArrowArray& a, ArrowSchema& s) {
       a.children[way]->dictionary = a.children[way];
       s.children[way]->dictionary = s.children[way];
     },
     "nested deeper than 64 levels"},
};

TEST(ArrowImport, HostileArraysAreErrorsThatSayWhatIsWrong) {
  const auto shared = make_table(10).share();
  const deft::arrow_pair pair = deft::export_arrow(shared);
  for (const hostile& each : hostiles) {
    arrow_clone clone(*pair.array.get(), *pair.schema.get());
    each.spoil(clone.array(), clone.schema());
    clone.array().private_data = &clone.array_releases;
    clone.schema().private_data = &clone.schema_releases;
    EXPECT_THAT(failure([&] { (void)deft::import_arrow(&clone.array(), &clone.schema()); }),
                HasSubstr(each.message))
        << each.name;
    EXPECT_EQ(1, clone.array_releases) << each.name;
    EXPECT_EQ(1, clone.schema_releases) << each.name;
  }
}

TEST(ArrowImport, NullPointersAndReleasedStructsAreErrors) {
  const auto shared = make_table(3).share();
  deft::arrow_pair pair = deft::export_arrow(shared);
  EXPECT_THROW((void)deft::import_arrow(nullptr, pair.schema.get()), std::invalid_argument);
  EXPECT_FALSE(pair.schema);
  pair = deft::export_arrow(shared);
  EXPECT_THROW((void)deft::import_arrow(pair.array.get(), nullptr), std::invalid_argument);
  EXPECT_FALSE(pair.array);
  EXPECT_THROW((void)deft::import_arrow(deft::arrow_pair{}), std::invalid_argument);
  EXPECT_THROW(deft::arrow_reader(nullptr), std::invalid_argument);
}

TEST(ArrowImport, TwoColumnsOfANameAreNotChosenFrom) {
  const auto shared = make_table(3).share();
  const deft::arrow_pair pair = deft::export_arrow(shared);
  arrow_clone clone(*pair.array.get(), *pair.schema.get());
  clone.schema().children[0]->name = "i64";
  const deft::arrow_batch batch = deft::import_arrow(&clone.array(), &clone.schema());
  EXPECT_THAT(failure([&] { (void)batch.column("i64"); }), HasSubstr("more than one column 'i64'"));
}

struct broken_stream {
  int schemas = 0;
  int arrays = 0;
  int releases = 0;

  ArrowArrayStream make(int (*schema)(ArrowArrayStream*, ArrowSchema*),
                        int (*next)(ArrowArrayStream*, ArrowArray*)) {
    return {schema, next, [](ArrowArrayStream*) { return "the disk is on fire"; },
            [](ArrowArrayStream* self) {
              ++static_cast<broken_stream*>(self->private_data)->releases;
              self->release = nullptr;
            },
            this};
  }
};

int good_schema(ArrowArrayStream*, ArrowSchema* out) {
  deft::export_arrow_schema<exported>(out);
  return 0;
}

TEST(ArrowImport, ErrorsOfStreamsAreTold) {
  broken_stream state;
  ArrowArrayStream stream = state.make([](ArrowArrayStream*, ArrowSchema*) { return EIO; },
                                       [](ArrowArrayStream*, ArrowArray*) { return 0; });
  EXPECT_THAT(failure([&] { deft::arrow_reader reader(&stream); }), HasSubstr("the disk is on fire"));
  EXPECT_EQ(1, state.releases);
  stream = state.make(good_schema, [](ArrowArrayStream*, ArrowArray*) { return EIO; });
  EXPECT_THAT(failure([&] { (void)deft::import_arrow_stream<exported>(&stream); }),
              HasSubstr("error 5: the disk"));
  EXPECT_EQ(2, state.releases);
  stream = state.make(good_schema, [](ArrowArrayStream*, ArrowArray* out) {
    out->release = nullptr;
    return 0;
  });
  EXPECT_EQ(0U, deft::import_arrow_stream<exported>(&stream).size());
  EXPECT_EQ(3, state.releases);
  stream = state.make(nullptr, nullptr);
  EXPECT_THAT(failure([&] { deft::arrow_reader reader(&stream); }), HasSubstr("without its functions"));
  EXPECT_EQ(4, state.releases);
}

// Layouts that deft does not make itself.
struct hand_made {
  template <typename... Buffers>
  hand_made(const char* format, std::int64_t length, Buffers... buffers) : pointers{buffers...} {
    column = {length,
              -1,
              0,
              static_cast<std::int64_t>(pointers.size()),
              0,
              pointers.data(),
              nullptr,
              nullptr,
              done<ArrowArray>,
              nullptr};
    type = {format, "c", nullptr, ARROW_FLAG_NULLABLE, 0, nullptr, nullptr, done<ArrowSchema>, nullptr};
    rows = {length, 0, 0, 1, 1, &none, &column_pointer, nullptr, done<ArrowArray>, nullptr};
    row_type = {"+s", "", nullptr, 0, 1, &type_pointer, nullptr, done<ArrowSchema>, nullptr};
  }

  template <typename Struct>
  static void done(Struct* self) {
    self->release = nullptr;
  }

  deft::arrow_batch import() { return deft::import_arrow(&rows, &row_type); }

  std::vector<const void*> pointers;
  const void* none = nullptr;
  ArrowArray column{};
  ArrowSchema type{};
  ArrowArray* column_pointer = &column;
  ArrowSchema* type_pointer = &type;
  ArrowArray rows{};
  ArrowSchema row_type{};
};

struct text_view {
  std::int32_t length;
  char bytes[12];
};

text_view far_view(std::int32_t length, std::int32_t buffer, std::int32_t offset) {
  text_view view{length, {}};
  std::memcpy(view.bytes + 4, &buffer, 4);
  std::memcpy(view.bytes + 8, &offset, 4);
  return view;
}

TEST(ArrowImport, TextsByViewsAreReadAndChecked) {
  const char bytes[] = "a text of more than twelve characters";
  const std::int64_t sizes[] = {sizeof bytes - 1};
  text_view views[] = {{5, "short"}, far_view(20, 0, 2), far_view(17, 0, 20)};

  struct texts {
    std::string c;
  };

  {
    hand_made made("vu", 3, nullptr, views, bytes, sizes);
    const auto back = deft::to_records<texts>(made.import());
    EXPECT_EQ("short", back[0].get<&texts::c>());
    EXPECT_EQ("text of more than tw", back[1].get<&texts::c>());
    EXPECT_EQ("twelve characters", back[2].get<&texts::c>());
  }
  for (const text_view& view :
       {far_view(18, 0, 20), far_view(13, 1, 0), far_view(13, -1, 0), far_view(13, 0, -1), far_view(-1, 0, 0),
        far_view(std::numeric_limits<std::int32_t>::max(), 0, 2)}) {
    views[1] = view;
    hand_made made("vu", 3, nullptr, views, bytes, sizes);
    EXPECT_THAT(failure([&] { (void)made.import(); }), HasSubstr("row 1 refers to bytes outside"));
  }
}

TEST(ArrowImport, SmallOffsetsAndListsAreRead) {
  const std::int32_t offsets[] = {1, 3, 3, 6};
  const char bytes[] = "xabcde";
  hand_made made("u", 3, nullptr, offsets, bytes);
  const deft::arrow_batch batch = made.import();
  EXPECT_EQ("ab", batch.column(0).text(0));
  EXPECT_EQ("", batch.column(0).text(1));
  EXPECT_EQ("cde", batch.column(0).text(2));

  hand_made inner("i", 6, nullptr,
                  static_cast<const void*>("\1\0\0\0\2\0\0\0\3\0\0\0\4\0\0\0\5\0\0\0\6\0\0"));
  alignas(4) const std::int32_t numbers[] = {1, 2, 3, 4, 5, 6};
  inner.pointers[1] = numbers;
  hand_made list("+l", 3, nullptr, offsets);
  list.column.n_children = 1;
  list.column.children = &inner.column_pointer;
  list.type.n_children = 1;
  list.type.children = &inner.type_pointer;
  const deft::arrow_batch lists = list.import();
  EXPECT_EQ(3U, lists.column(0).list(2).size());
  EXPECT_EQ(6, lists.column(0).list(2).values<std::int32_t>()[2]);
}

TEST(ArrowImport, AListBeyondItsElementsIsAnError) {
  const std::int32_t offsets[] = {0, 3, 3, 7};
  const std::int32_t numbers[] = {1, 2, 3, 4, 5, 6};
  hand_made inner("i", 6, nullptr, numbers);
  hand_made list("+l", 3, nullptr, offsets);
  list.column.n_children = 1;
  list.column.children = &inner.column_pointer;
  list.type.n_children = 1;
  list.type.children = &inner.type_pointer;
  EXPECT_THAT(failure([&] { (void)list.import(); }), HasSubstr("has 6 rows where its parent refers to 7"));
}

TEST(ArrowImport, NullColumnsHaveNoValues) {
  hand_made made("n", 3);

  struct nothing {
    std::optional<int> c;
  };

  const auto back = deft::to_records<nothing>(made.import());
  ASSERT_EQ(3U, back.size());
  EXPECT_EQ(std::nullopt, back[2].get<&nothing::c>());
}

/// Makes `entries` the dictionary of `made`.
void give_dictionary(hand_made& made, hand_made& entries) {
  made.column.dictionary = &entries.column;
  made.type.dictionary = &entries.type;
}

TEST(ArrowImport, IndicesOfADictionaryAreNoValues) {
  const std::int8_t indices[] = {1, 0};
  const std::int64_t numbers[] = {1000, 2000};
  const std::int32_t offsets[] = {0, 1, 2};
  const auto refused = [&]<typename Table>(Table*) {
    hand_made of_numbers("l", 2, nullptr, numbers);
    hand_made of_texts("u", 2, nullptr, offsets, "ab");
    for (hand_made* entries : {&of_numbers, &of_texts}) {
      hand_made made("c", 2, nullptr, indices);
      give_dictionary(made, *entries);
      EXPECT_THAT(failure([&] { (void)deft::to_records<Table>(made.import()); }),
                  HasSubstr("column 'c' of format 'c' does not hold integers, but indices of a dictionary"));
    }
  };

  enum class plain : std::int8_t { a, b };

  struct of_int {
    std::int32_t c;
  };

  struct of_bounded {
    std::optional<deft::bounded<int, 0, 5>> c;
  };

  struct of_enum {
    plain c;
  };

  struct of_double {
    double c;
  };

  refused(static_cast<of_int*>(nullptr));
  refused(static_cast<of_bounded*>(nullptr));
  refused(static_cast<of_enum*>(nullptr));
  refused(static_cast<of_double*>(nullptr));
}

TEST(ArrowImport, RowsOfEntriesWithoutAValueHaveNone) {
  const std::uint8_t indices[] = {0, 0, 1, 0, 1, 1};  // the first is before the offset
  const unsigned char rows_valid[] = {0b101111};
  const unsigned char entries_valid[] = {0b100};  // of entries 1 and 2: the offset is 1
  const std::int32_t offsets[] = {0, 1, 4, 8};
  hand_made entries("u", 2, entries_valid, offsets, "xbuysell");
  entries.column.offset = 1;

  struct texts {
    std::optional<std::string> c;
  };

  struct sides {
    std::optional<deft::bounded_enum<deft_test::side, deft_test::side::cross>> c;
  };

  struct strict {
    std::string c;
  };

  for (const unsigned char* valid : {static_cast<const unsigned char*>(nullptr), rows_valid}) {
    const bool all = valid == nullptr;
    const auto make = [&](hand_made& made) {
      made.column.offset = 1;
      made.type.flags = all ? 0 : ARROW_FLAG_NULLABLE;
      entries.column.release = hand_made::done<ArrowArray>;
      entries.type.release = hand_made::done<ArrowSchema>;
      give_dictionary(made, entries);
    };
    hand_made first("C", 5, valid, indices);
    make(first);
    const deft::arrow_batch batch = first.import();
    const deft::arrow_column column = batch.column(0);
    EXPECT_EQ(all ? 2U : 3U, column.null_count());
    EXPECT_TRUE(column.nullable());
    EXPECT_TRUE(column.is_null(0));
    EXPECT_FALSE(column.is_null(1));
    EXPECT_EQ("", column.text(0));
    EXPECT_EQ("sell", column.text(1));
    ASSERT_EQ(5U, column.validity().size());
    EXPECT_FALSE(column.validity()[2]);
    EXPECT_TRUE(column.validity()[4]);
    EXPECT_EQ(!all, column.is_null(3));
    const auto read = deft::to_records<texts>(batch);
    EXPECT_EQ(std::nullopt, read[2].get<&texts::c>());
    EXPECT_EQ("sell", read[4].get<&texts::c>());
    const auto by_name = deft::to_records<sides>(batch);
    EXPECT_EQ(std::nullopt, by_name[0].get<&sides::c>());
    EXPECT_EQ(deft_test::side::sell, by_name[1].get<&sides::c>());
    EXPECT_THAT(failure([&] { (void)deft::to_records<strict>(batch); }),
                HasSubstr("column 'c' has no value in row 0"));
  }
}

TEST(ArrowImport, WhatStandsUnderAnAbsentParentIsNotLookedAt) {
  const unsigned char valid[] = {0b101};
  const std::int32_t numbers[] = {3, 99, 4, 5, 98, 97, 1, 2, 0};
  hand_made inner("i", 9, nullptr, numbers);
  inner.type.name = "v";
  const auto below = [&](hand_made& outer) {
    inner.column.release = hand_made::done<ArrowArray>;
    inner.type.release = hand_made::done<ArrowSchema>;
    outer.column.n_children = 1;
    outer.column.children = &inner.column_pointer;
    outer.type.n_children = 1;
    outer.type.children = &inner.type_pointer;
  };

  struct holder {
    deft::bounded<int, 0, 5> v;
  };

  struct structs {
    std::optional<holder> c;
  };

  hand_made first("+s", 3, valid);
  below(first);
  const auto of_structs = deft::to_records<structs>(first.import());
  EXPECT_EQ(3, of_structs[0].get<&structs::c>()->v);
  EXPECT_FALSE(of_structs[1].get<&structs::c>().has_value());
  EXPECT_EQ(4, of_structs[2].get<&structs::c>()->v);

  struct lists {
    std::optional<std::array<deft::bounded<int, 0, 99>, 3>> c;
  };

  struct narrow_lists {
    std::optional<std::array<deft::bounded<int, 0, 5>, 3>> c;
  };

  const unsigned char middle[] = {0b100};
  hand_made second("+w:3", 3, valid);
  below(second);
  const auto of_lists = deft::to_records<lists>(second.import());
  EXPECT_EQ(99, (*of_lists[0].get<&lists::c>())[1]);
  EXPECT_FALSE(of_lists[1].get<&lists::c>().has_value());
  hand_made third("+w:3", 3, middle);
  below(third);
  const auto of_narrow = deft::to_records<narrow_lists>(third.import());
  EXPECT_FALSE(of_narrow[0].get<&narrow_lists::c>().has_value());
  EXPECT_EQ(2, (*of_narrow[2].get<&narrow_lists::c>())[1]);
  hand_made fourth("+w:3", 3, valid);
  below(fourth);
  EXPECT_THAT(failure([&] { (void)deft::to_records<narrow_lists>(fourth.import()); }),
              HasSubstr("column 'v' has a value in row 1"));
}

TEST(ArrowImport, AbsenceGoesDownThroughAllLevels) {
  const unsigned char outer_valid[] = {0b01};
  const std::int32_t numbers[] = {1, 2, 77, 78};
  hand_made items("i", 4, nullptr, numbers);
  hand_made lists("+w:2", 2, nullptr);
  lists.type.name = "v";
  lists.column.n_children = 1;
  lists.column.children = &items.column_pointer;
  lists.type.n_children = 1;
  lists.type.children = &items.type_pointer;
  hand_made outer("+s", 2, outer_valid);
  outer.column.n_children = 1;
  outer.column.children = &lists.column_pointer;
  outer.type.n_children = 1;
  outer.type.children = &lists.type_pointer;

  struct holder {
    std::array<deft::bounded<int, 0, 5>, 2> v;
  };

  struct table {
    std::optional<holder> c;
  };

  const auto back = deft::to_records<table>(outer.import());
  EXPECT_EQ(2, back[0].get<&table::c>()->v[1]);
  EXPECT_FALSE(back[1].get<&table::c>().has_value());
}

TEST(ArrowImport, WidthsHaveNoSign) {
  const char bytes[] = "";
  for (const char* format : {"w:-0", "+w:-0", "d:-0,2"}) {
    hand_made made(format, 1, nullptr, bytes);
    EXPECT_THAT(failure([&] { (void)made.import(); }), HasSubstr("is none that deft reads")) << format;
  }
}

TEST(ArrowImport, RowsThatNoMemoryStandsForAreLimited) {
  constexpr std::int64_t limit = std::int64_t{1} << 24;
  EXPECT_EQ(static_cast<std::size_t>(limit), hand_made("n", limit).import().size());
  EXPECT_THAT(failure([&] { (void)hand_made("n", limit + 1).import(); }),
              HasSubstr("there are 16777217 rows, and no column has memory for them"));
  EXPECT_THAT(failure([&] { (void)hand_made("w:0", std::int64_t{1} << 40, nullptr, nullptr).import(); }),
              HasSubstr("no column has memory"));
}

TEST(ArrowImportDeathTest, AReaderThatWasMovedFromHasNoNext) {
  const auto shared = make_table(3).share();
  deft::arrow_stream stream = deft::export_arrow_stream(shared);
  deft::arrow_reader reader(stream.get());
  deft::arrow_reader taken = std::move(reader);
  EXPECT_EQ(3U, taken.next()->size());
  EXPECT_DEATH((void)reader.next(), "moved from");  // NOLINT(bugprone-use-after-move): the subject
}

TEST(ArrowImport, CharactersOfAnyWidthComeBack) {
  struct letters {
    char a;
    char8_t b;
    char16_t c;
    char32_t d;
    wchar_t e;
  };

  struct wide {
    std::int32_t c;
  };

  deft::record_vector<letters> table{{'x', u8'y', u'z', U'u', L'v'}};
  deft::arrow_pair pair = deft::export_arrow(table.share());
  const auto back = deft::import_arrow<letters>(pair.array.get(), pair.schema.get());
  EXPECT_TRUE(back[0].get<&letters::a>() == 'x' && back[0].get<&letters::b>() == u8'y' &&
              back[0].get<&letters::c>() == u'z' && back[0].get<&letters::d>() == U'u' &&
              back[0].get<&letters::e>() == L'v');
  deft::record_vector<wide> numbers{{70000}};
  pair = deft::export_arrow(numbers.share());

  struct narrow {
    char16_t c;
  };

  EXPECT_THROW((void)deft::import_arrow<narrow>(pair.array.get(), pair.schema.get()), std::out_of_range);
}

}  // namespace
