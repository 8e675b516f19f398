#include "store/machine.hpp"

#include <charconv>
#include <string>
#include <string_view>

#include <sys/utsname.h>
#include <unistd.h>

#include "support/files.hpp"

namespace deft::store {

namespace {

// The value of the first line "key<spaces><separator><value>", without spaces and quotes around it; else
// empty.
std::string value_of(std::string_view text, std::string_view key, char separator) {
  const auto trim = [](std::string_view s) {
    constexpr std::string_view outside = " \t\"'";
    const std::size_t first = s.find_first_not_of(outside);
    if (first == std::string_view::npos) return std::string_view{};
    return s.substr(first, s.find_last_not_of(outside) - first + 1);
  };
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t middle = line.find(separator);
    if (middle != std::string_view::npos && trim(line.substr(0, middle)) == key) {
      return std::string(trim(line.substr(middle + 1)));
    }
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return {};
}

std::string read_or_empty(const std::filesystem::path& path) {
  auto text = support::read_file(path);
  return text ? *std::move(text) : std::string{};
}

}  // namespace

machine read_machine(const std::filesystem::path& root) {
  machine result;
  utsname system{};
  uname(&system);
  result.kernel = std::string(system.sysname) + " " + system.release;

  result.cpu_model = value_of(read_or_empty(root / "proc/cpuinfo"), "model name", ':');
  if (result.cpu_model.empty()) result.cpu_model = system.machine;  // Arm's /proc/cpuinfo names no model.

  const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
  if (cpus > 0) result.logical_cpus = static_cast<std::uint32_t>(cpus);

  const std::string memory = value_of(read_or_empty(root / "proc/meminfo"), "MemTotal", ':');
  std::uint64_t kibibytes = 0;
  std::from_chars(memory.data(), memory.data() + memory.size(), kibibytes);
  result.memory_bytes = kibibytes * 1024;

  result.operating_system = value_of(read_or_empty(root / "etc/os-release"), "PRETTY_NAME", '=');
  return result;
}

}  // namespace deft::store
