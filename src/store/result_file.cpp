#include "store/result_file.hpp"

#include <utility>

#include "support/files.hpp"

namespace deft::store {

support::result<result_file> load(const std::filesystem::path& path) {
  auto text = support::read_file(path);
  if (!text) return text.error();
  return from_json(*text, path.string());
}

support::result<void> save(const result_file& file, const std::filesystem::path& path) {
  return support::write_file(path, to_json(file));
}

}  // namespace deft::store
