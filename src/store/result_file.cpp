#include "store/result_file.hpp"

#include <algorithm>
#include <utility>

#include "support/files.hpp"

namespace deft::store {

bool is_result_file(std::string_view text) noexcept {
  // Other programs may have written the JSON anew, with spaces between.
  for (const std::string_view token : {std::string_view("{"), std::string_view("\"schema\""),
                                       std::string_view(":"), std::string_view("\"deft-result\"")}) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (!text.starts_with(token)) return false;
    text.remove_prefix(token.size());
  }
  return true;
}

support::result<result_file> load(const std::filesystem::path& path) {
  auto text = support::read_file(path);
  if (!text) return text.error();
  return from_json(*text, path.string());
}

support::result<void> save(const result_file& file, const std::filesystem::path& path) {
  return support::write_file(path, to_json(file));
}

}  // namespace deft::store
