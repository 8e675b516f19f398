#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deft::symbols {

/// Lines of source files on this machine. Each file is read once; files that are too large for source, and
/// those beyond a bound on their number, are left out.
class source_text {
 public:
  /// The line, printable and cut where it is too long to be shown. Empty where the file is not there, or was
  /// changed after `not_after_s` (seconds since 1970): then it is not what the program was compiled from.
  /// A relative path, as -ffile-prefix-map leaves it, is looked for from the folder of `program` upwards, so
  /// that each of two builds finds its own tree, and from the current folder last.
  std::string line(const std::string& file, std::uint32_t number, std::int64_t not_after_s,
                   const std::string& program = {});

 private:
  struct content {
    std::string text;
    std::vector<std::size_t> starts;  // of the lines
    std::int64_t modified_s = 0;
  };

  const content& load(const std::string& file);
  const std::string& place_of(const std::string& file, const std::string& program);

  std::map<std::string, content> files_;
  std::map<std::pair<std::string, std::string>, std::string> places_;  // of a program's relative paths
};

}  // namespace deft::symbols
