#include "store/profile_file.hpp"

#include <utility>

#include "store/json_document.hpp"
#include "store/profile_json.hpp"
#include "store/schema.hpp"
#include "support/files.hpp"

namespace deft::store {
namespace {

using symbols::annotated_function;
using symbols::annotated_instruction;
using symbols::annotated_source;

ordered_json to_value(const annotated_function& f) {
  ordered_json instructions = ordered_json::array();
  for (const annotated_instruction& i : f.instructions) {
    instructions.push_back({i.address, i.count, i.text, i.function, i.source});
  }
  ordered_json sources = ordered_json::array();
  for (const annotated_source& s : f.sources) sources.push_back({s.file, s.line, s.count, s.text});
  return {{"function", f.function},
          {"module", f.module},
          {"count", f.count},
          {"instructions", std::move(instructions)},
          {"sources", std::move(sources)}};
}

void read(const node& from, annotated_source& out) {
  expect_size(from, 4, "[file, line, count, text]");
  from.at(0).read(out.file);
  from.at(1).read(out.line);
  from.at(2).read(out.count);
  from.at(3).read(out.text);
}

void read(const node& from, annotated_instruction& out, std::size_t source_count) {
  expect_size(from, 5, "[address, count, text, function, source]");
  from.at(0).read(out.address);
  from.at(1).read(out.count);
  from.at(2).read(out.text);
  from.at(3).read(out.function);
  from.at(4).read(out.source);
  if (out.source > source_count) from.at(4).fail("the number of a source line, from 1, or 0");
}

void read(const node& from, annotated_function& out) {
  from["function"].read(out.function);
  from["module"].read(out.module);
  from["count"].read(out.count);
  read_all(from["sources"], out.sources, [](const node& one, annotated_source& s) { read(one, s); });
  read_all(from["instructions"], out.instructions,
           [&](const node& one, annotated_instruction& i) { read(one, i, out.sources.size()); });
}

void read(const node& root, profile_file& out) {
  root["deft_version"].read(out.deft_version);
  root["created"].read(out.created);
  root["command"].read(out.command);
  root["ended"].read(out.ended);
  root["duration_seconds"].read(out.duration_seconds);
  read(root["machine"], out.machine);
  read(root["profile"], out.profile);
  read_all(root["hot_functions"], out.hot_functions,
           [](const node& one, annotated_function& f) { read(one, f); });
}

}  // namespace

std::string to_json(const profile_file& file) {
  ordered_json hot_functions = ordered_json::array();
  for (const annotated_function& f : file.hot_functions) hot_functions.push_back(to_value(f));
  return text_of({{"schema", profile_schema_name},
                  {"version", profile_file::current_version},
                  {"deft_version", file.deft_version},
                  {"created", file.created},
                  {"command", file.command},
                  {"ended", file.ended},
                  {"duration_seconds", file.duration_seconds},
                  {"machine", to_value(file.machine)},
                  {"profile", to_value(file.profile)},
                  {"hot_functions", std::move(hot_functions)}});
}

support::result<profile_file> profile_from_json(std::string_view text, std::string_view origin) {
  profile_file file;
  const auto read_file = [&file](const node& root) { read(root, file); };
  const auto outcome =
      read_document(text, origin, {profile_schema_name, "profile", profile_file::current_version}, read_file);
  if (!outcome) return outcome.error();
  return file;
}

}  // namespace deft::store
