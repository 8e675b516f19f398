#include "formats/pprof_tables.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "formats/pprof_fields.hpp"
#include "formats/protobuf_reader.hpp"

namespace deft::formats::pprof {
namespace {

value_type read_value_type(protobuf_reader in) {
  value_type out;
  while (in.next()) {
    switch (in.field()) {
      case value_type_type:
        out.type = in.number();
        break;
      case value_type_unit:
        out.unit = in.number();
        break;
      default:
        in.skip();
    }
  }
  return out;
}

function read_function(protobuf_reader in) {
  function out;
  while (in.next()) {
    switch (in.field()) {
      case function_id:
        out.id = in.number();
        break;
      case function_name:
        out.name = in.number();
        break;
      case function_system_name:
        out.system_name = in.number();
        break;
      case function_filename:
        out.filename = in.number();
        break;
      case function_start_line:
        out.start_line = in.signed_number();
        break;
      default:
        in.skip();
    }
  }
  return out;
}

mapping read_mapping(protobuf_reader in) {
  mapping out;
  while (in.next()) {
    switch (in.field()) {
      case mapping_id:
        out.id = in.number();
        break;
      case mapping_start:
        out.start = in.number();
        break;
      case mapping_offset:
        out.offset = in.number();
        break;
      case mapping_filename:
        out.filename = in.number();
        break;
      default:
        in.skip();
    }
  }
  return out;
}

std::uint64_t read_line(protobuf_reader in) {
  std::uint64_t function = 0;
  while (in.next()) {
    if (in.field() == line_function_id) {
      function = in.number();
    } else {
      in.skip();
    }
  }
  return function;
}

location read_location(protobuf_reader in, std::vector<std::uint64_t>& line_functions) {
  location out;
  const std::size_t first = line_functions.size();
  while (in.next()) {
    switch (in.field()) {
      case location_id:
        out.id = in.number();
        break;
      case location_mapping_id:
        out.mapping_id = in.number();
        break;
      case location_address:
        out.address = in.number();
        break;
      case location_line:
        line_functions.push_back(read_line(in.message("line")));
        break;
      default:
        in.skip();
    }
  }
  if (line_functions.size() > std::numeric_limits<std::uint32_t>::max()) in.fail("too many lines");
  out.first_line = static_cast<std::uint32_t>(first);
  out.line_count = static_cast<std::uint32_t>(line_functions.size() - first);
  return out;
}

void read_field(protobuf_reader& in, tables& out) {
  switch (in.field()) {
    case profile_sample_type:
      out.sample_types.push_back(read_value_type(in.message("sample type")));
      break;
    case profile_sample:
      out.samples.push_back(in.bytes());
      break;
    case profile_mapping:
      out.mappings.push_back(read_mapping(in.message("mapping")));
      break;
    case profile_location:
      out.locations.push_back(read_location(in.message("location"), out.line_functions));
      break;
    case profile_function:
      out.functions.push_back(read_function(in.message("function")));
      break;
    case profile_string_table:
      out.strings.push_back(in.bytes());
      break;
    case profile_time_nanos:
      out.time_ns = in.signed_number();
      break;
    case profile_duration_nanos:
      out.duration_ns = in.signed_number();
      break;
    case profile_period_type:
      out.period_type = read_value_type(in.message("period type"));
      break;
    case profile_period:
      out.period = in.signed_number();
      break;
    case profile_comment:
      in.numbers([&](std::uint64_t comment) { out.comments.push_back(comment); });
      break;
    case profile_default_sample_type:
      out.default_sample_type = in.number();
      break;
    default:
      in.skip();
  }
}

/// Sorted, so that each id is found in O(log n) whatever the ids are.
template <class T>
void index_by_id(std::vector<T>& table, const char* name) {
  std::sort(table.begin(), table.end(), [](const T& a, const T& b) { return a.id < b.id; });
  if (!table.empty() && table.front().id == 0) throw malformed{"a " + std::string(name) + " has the id 0"};
  const auto twice =
      std::adjacent_find(table.begin(), table.end(), [](const T& a, const T& b) { return a.id == b.id; });
  if (twice != table.end())
    throw malformed{"two " + std::string(name) + "s have the id " + std::to_string(twice->id)};
}

template <class T>
const T& element_of(const std::vector<T>& table, std::uint64_t id, const char* name) {
  const auto found =
      std::lower_bound(table.begin(), table.end(), id,
                       [](const T& element, std::uint64_t wanted) { return element.id < wanted; });
  if (found == table.end() || found->id != id)
    throw malformed{"there is no " + std::string(name) + " with the id " + std::to_string(id)};
  return *found;
}

}  // namespace

tables read_tables(std::string_view bytes) {
  tables out;
  for (protobuf_reader in(bytes, bytes, "profile"); in.next();) read_field(in, out);
  if (out.sample_types.empty()) throw malformed{"not a pprof profile: it has no sample types"};
  if (out.strings.empty()) throw malformed{"not a pprof profile: it has no string table"};
  if (!out.strings.front().empty()) throw malformed{"the string table does not begin with \"\""};
  index_by_id(out.mappings, "mapping");
  index_by_id(out.locations, "location");
  index_by_id(out.functions, "function");
  return out;
}

std::string_view string_at(const tables& t, std::uint64_t number) {
  if (number >= t.strings.size())
    throw malformed{"there is no string " + std::to_string(number) + ", the table has " +
                    std::to_string(t.strings.size())};
  return t.strings[number];
}

const mapping& mapping_of(const tables& t, std::uint64_t id) {
  return element_of(t.mappings, id, "mapping");
}

const function& function_of(const tables& t, std::uint64_t id) {
  return element_of(t.functions, id, "function");
}

std::size_t location_index(const tables& t, std::uint64_t id) {
  return static_cast<std::size_t>(&element_of(t.locations, id, "location") - t.locations.data());
}

}  // namespace deft::formats::pprof
