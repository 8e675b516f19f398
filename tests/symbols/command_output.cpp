#include "tests/symbols/command_output.hpp"

#include <array>
#include <cstdio>

namespace deft::symbols::testing {

std::vector<std::string> output_of(const std::string& command) {
  std::vector<std::string> lines(1);
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 4096> buffer;
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), pipe)) {
    for (std::size_t i = 0; i < got; ++i) {
      if (buffer[i] == '\n') {
        lines.emplace_back();
      } else {
        lines.back() += buffer[i];
      }
    }
  }
  ::pclose(pipe);
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::string plugin(const std::string& name) {
  return std::string(DEFT_TEST_PLUGINS "/") + name;
}

}  // namespace deft::symbols::testing
