// Arrays of Arrow that may be anything, beside a plain reader of the specification that says whether they are
// arrays, and what they hold.
#include "deft/interop/arrow_import.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>

#include "fuzz/interop/arrow_columns.hpp"
#include "fuzz/interop/arrow_formats.hpp"
#include "fuzz/interop/arrow_maker.hpp"
#include "fuzz/interop/arrow_records.hpp"
#include "fuzz/interop/arrow_specification.hpp"
#include "fuzz/op_source.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace deft_fuzz::arrow;  // NOLINT(google-build-using-namespace)
  deft_fuzz::op_source in({data, size});
  maker make(in);
  const auto [array, schema] = make.table();
  int nodes = 0;
  const bool valid = array->release != nullptr && schema->release != nullptr &&
                     is_array(array, schema, 1, nodes) && std::strcmp(schema->format, "+s") == 0 && [&] {
                       for (std::int64_t i = 0; i < array->length; ++i) {
                         if (!present(*array, types[structs], i)) return false;
                       }
                       return true;
                     }();
  const bool has_array = array->release != nullptr;
  const bool has_schema = schema->release != nullptr;
  const ArrowArray was_array = *array;
  const ArrowSchema was_schema = *schema;
  try {
    const deft::arrow_batch batch = deft::import_arrow(array, schema);
    DEFT_FUZZ_CHECK(valid);
    DEFT_FUZZ_CHECK(make.array_releases == 0 && make.schema_releases == 1);
    DEFT_FUZZ_CHECK(static_cast<std::int64_t>(batch.size()) == was_array.length);
    for (std::size_t i = 0; i < batch.column_count(); ++i) {
      compare(batch.column(i), *was_array.children[i], *was_schema.children[i], was_array.offset);
    }
    compare_fields(batch, was_array, was_schema);
    read_loosely(batch);
  } catch (const std::invalid_argument& e) {
    check_message(e);
    DEFT_FUZZ_CHECK(!valid);
  }
  DEFT_FUZZ_CHECK(make.array_releases == (has_array ? 1 : 0));
  DEFT_FUZZ_CHECK(make.schema_releases == (has_schema ? 1 : 0));
  return 0;
}
