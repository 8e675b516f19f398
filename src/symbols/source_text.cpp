#include "symbols/source_text.hpp"

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

std::string source_text::line(const std::string& file, std::uint32_t number, std::int64_t not_after_s) {
  const content& source = load(file);
  if (number == 0 || number > source.starts.size() || source.modified_s > not_after_s) return {};
  std::string_view text = std::string_view(source.text).substr(source.starts[number - 1]);
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return to_printable(text, longest_line);
}

}  // namespace deft::symbols
