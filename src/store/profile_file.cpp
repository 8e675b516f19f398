#include "store/profile_file.hpp"

#include <utility>

#include "store/json_document.hpp"
#include "store/profile_json.hpp"
#include "store/schema.hpp"
#include "support/files.hpp"

namespace deft::store {
namespace {

using symbols::annotated_function;

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
