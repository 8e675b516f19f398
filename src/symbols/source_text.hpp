#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace deft::symbols {

/// Lines of source files on this machine. Each file is read once; files that are too large for source, and
/// those beyond a bound on their number, are left out.
class source_text {
 public:
  /// The line, printable and cut where it is too long to be shown. Empty where the file is not there, or was
  /// changed after `not_after_s` (seconds since 1970): then it is not what the program was compiled from.
  std::string line(const std::string& file, std::uint32_t number, std::int64_t not_after_s);

 private:
  struct content {
    std::string text;
    std::vector<std::size_t> starts;  // of the lines
    std::int64_t modified_s = 0;
  };

  const content& load(const std::string& file);

  std::map<std::string, content> files_;
};

}  // namespace deft::symbols
