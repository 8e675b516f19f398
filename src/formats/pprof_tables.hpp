#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace deft::formats::pprof {

// What is in a pprof file, as it stands there: strings are indices, and ids may lead nowhere.

struct value_type {
  std::uint64_t type = 0;
  std::uint64_t unit = 0;
};

struct function {
  std::uint64_t id = 0;
  std::uint64_t name = 0;
  std::uint64_t system_name = 0;
  std::uint64_t filename = 0;
  std::int64_t start_line = 0;
};

struct mapping {
  std::uint64_t id = 0;
  std::uint64_t start = 0;
  std::uint64_t offset = 0;
  std::uint64_t filename = 0;
};

struct location {
  std::uint64_t id = 0;
  std::uint64_t mapping_id = 0;
  std::uint64_t address = 0;
  std::uint32_t first_line = 0;  ///< Into `tables::line_functions`.
  std::uint32_t line_count = 0;
};

/// Everything but the samples, which are read one at a time.
struct tables {
  std::vector<value_type> sample_types;
  std::vector<std::string_view> samples;  ///< Undecoded.
  std::vector<mapping> mappings;          ///< By id, as all that have one.
  std::vector<location> locations;
  std::vector<function> functions;
  std::vector<std::uint64_t> line_functions;  ///< Ids, the innermost of a location first.
  std::vector<std::string_view> strings;
  std::vector<std::uint64_t> comments;
  value_type period_type;
  std::int64_t period = 0;
  std::int64_t time_ns = 0;
  std::int64_t duration_ns = 0;
  std::uint64_t default_sample_type = 0;
};

/// Throws `malformed` where the bytes are no such file, a table is missing, or an id is 0 or taken twice.
tables read_tables(std::string_view bytes);

/// The string, or throws `malformed` where there is none of that number.
std::string_view string_at(const tables& t, std::uint64_t number);

/// Throws `malformed` where there is none of that id.
const mapping& mapping_of(const tables& t, std::uint64_t id);
const function& function_of(const tables& t, std::uint64_t id);

/// Where in `t.locations` it is; throws likewise.
std::size_t location_index(const tables& t, std::uint64_t id);

}  // namespace deft::formats::pprof
