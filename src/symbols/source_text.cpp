#include "symbols/source_text.hpp"

#include <filesystem>
#include <system_error>
#include <utility>

#include <sys/stat.h>

#include "support/files.hpp"
#include "symbols/printable.hpp"

namespace deft::symbols {
namespace {

constexpr std::int64_t largest_file = std::int64_t{4} << 20;
constexpr std::size_t most_files = 200;
constexpr std::size_t longest_line = 300;

}  // namespace

const source_text::content& source_text::load(const std::string& file) {
  static const content nothing;
  const auto known = files_.find(file);
  if (known != files_.end()) return known->second;
  if (files_.size() >= most_files) return nothing;
  content& loaded = files_[file];
  struct stat info{};
  if (::stat(file.c_str(), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > largest_file)
    return loaded;
  support::result<std::string> text = support::read_file(file);
  if (!text) return loaded;
  loaded.text = std::move(*text);
  loaded.modified_s = info.st_mtim.tv_sec;
  for (std::size_t at = 0; at < loaded.text.size(); ++at) {
    loaded.starts.push_back(at);
    at = loaded.text.find('\n', at);
    if (at == std::string::npos) break;
  }
  return loaded;
}

const std::string& source_text::place_of(const std::string& file, const std::string& program) {
  const std::filesystem::path relative = file;
  if (program.empty() || relative.is_absolute()) return file;
  const auto [known, is_new] = places_.try_emplace({program, file}, file);
  if (!is_new) return known->second;
  for (std::filesystem::path folder = std::filesystem::path(program).parent_path();;
       folder = folder.parent_path()) {
    std::error_code ignored;
    if (is_regular_file(folder / relative, ignored)) {
      known->second = (folder / relative).string();
      break;
    }
    if (folder == folder.parent_path()) break;
  }
  return known->second;
}

std::string source_text::line(const std::string& file, std::uint32_t number, std::int64_t not_after_s,
                              const std::string& program) {
  const content& source = load(place_of(file, program));
  if (number == 0 || number > source.starts.size() || source.modified_s > not_after_s) return {};
  std::string_view text = std::string_view(source.text).substr(source.starts[number - 1]);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return to_printable(text, longest_line);
}

}  // namespace deft::symbols
