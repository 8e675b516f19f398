#include "store/json_document.hpp"

#include "support/one_line.hpp"

namespace deft::store {
namespace {

using nlohmann::json;

// Before anything else is looked at: another kind of file, or one that this program is too old for?
void check_schema(const node& root, const file_schema& schema) {
  const std::string none_of_ours = "not a deft " + std::string(schema.noun) + " file: ";
  if (!root.has("schema")) throw mismatch{none_of_ours + "it has no \"schema\""};
  std::string name;
  root["schema"].read(name);
  if (name != schema.name) throw mismatch{none_of_ours + "its schema is \"" + support::one_line(name) + "\""};
  std::uint64_t version = 0;
  root["version"].read(version);
  if (version > schema.newest_version) {
    throw mismatch{"written by a newer deft (schema version " + std::to_string(version) +
                   ", this program reads up to " + std::to_string(schema.newest_version) + ")"};
  }
  if (version == 0) root["version"].fail("a schema version of at least 1");
}

// nlohmann counts the byte it stumbled over from 1, and the end of the input as one more.
std::string syntax_message(std::string_view text, std::size_t byte, const file_schema& schema) {
  if (text.empty()) return "the file is empty";
  const std::string start = "{\"schema\":\"" + std::string(schema.name) + "\"";
  const bool ours = text.substr(0, start.size()) == std::string_view(start).substr(0, text.size());
  if (ours && byte >= text.size()) {
    return "the file is cut off: it ends after " + std::to_string(text.size()) +
           " bytes in the middle of a deft " + std::string(schema.noun);
  }
  return "not valid JSON at byte " + std::to_string(byte == 0 ? 0 : byte - 1) + " of " +
         std::to_string(text.size());
}

}  // namespace

std::string text_of(const ordered_json& document) {
  return document.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

support::result<void> read_document(std::string_view text, std::string_view origin, const file_schema& schema,
                                    const std::function<void(const node&)>& read) {
  const auto failure = [&](const std::string& message) {
    return support::error{support::error_kind::unreadable_input, std::string(origin) + ": " + message};
  };
  try {
    const json document = json::parse(text);
    const node root(document, "$");
    check_schema(root, schema);
    read(root);
    return {};
  } catch (const json::parse_error& e) {
    return failure(syntax_message(text, e.byte, schema));
  } catch (const json::exception& e) {  // A number that no double holds.
    return failure("not valid JSON: " + support::one_line(e.what()));
  } catch (const mismatch& e) {
    return failure(e.message);
  }
}

}  // namespace deft::store
