#include "symbols/debug_file.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "symbols/elf_layout.hpp"

namespace deft::symbols {
namespace {

bool read_at(int file, std::uint64_t offset, void* into, std::size_t count) {
  return ::pread(file, into, count, static_cast<off_t>(offset)) == static_cast<ssize_t>(count);
}

std::uint32_t checksum(int file) {
  std::vector<unsigned char> buffer(std::size_t{1} << 16);
  uLong sum = ::crc32(0, nullptr, 0);
  std::uint64_t offset = 0;
  for (ssize_t got = 0;
       (got = ::pread(file, buffer.data(), buffer.size(), static_cast<off_t>(offset))) > 0;) {
    sum = ::crc32(sum, buffer.data(), static_cast<uInt>(got));
    offset += static_cast<std::uint64_t>(got);
  }
  return static_cast<std::uint32_t>(sum);
}

bool belongs(int file, const debug_file_hints& hints) {
  struct stat info{};
  if (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode)) return false;
  const std::optional<elf_layout> layout = read_elf_layout(
      [&](std::uint64_t offset, void* into, std::size_t count) { return read_at(file, offset, into, count); },
      static_cast<std::uint64_t>(info.st_size));
  if (!layout) return false;
  if (hints.is_shared) return true;
  if (!hints.build_id.empty() && !layout->build_id.empty()) return layout->build_id == hints.build_id;
  return !hints.link.empty() && checksum(file) == hints.link_crc;
}

// The places in the order in which debuggers look.
std::vector<std::filesystem::path> candidates(const debug_file_hints& hints, std::string_view debug_path) {
  std::vector<std::filesystem::path> folders;
  for (std::size_t at = 0; at <= debug_path.size();) {
    const std::size_t end = std::min(debug_path.find(':', at), debug_path.size());
    folders.emplace_back(debug_path.substr(at, end - at));
    at = end + 1;
  }
  std::vector<std::filesystem::path> places;
  if (hints.build_id.size() > 2 && !hints.is_shared) {
    for (const std::filesystem::path& folder : folders) {
      if (folder.is_absolute())
        places.push_back(folder / ".build-id" / hints.build_id.substr(0, 2) /
                         (hints.build_id.substr(2) + ".debug"));
    }
  }
  if (hints.link.empty()) return places;
  const std::filesystem::path link = hints.link;
  if (link.is_absolute()) places.push_back(link);
  std::error_code none;
  const std::filesystem::path given = hints.path;
  for (const std::filesystem::path& file : {given, std::filesystem::canonical(given, none)}) {
    const std::filesystem::path beside = file.parent_path();
    for (const std::filesystem::path& folder : folders) {
      if (folder.is_absolute()) {
        places.push_back(folder / beside.relative_path() / link.relative_path());
      } else {
        places.push_back(beside / folder / link.relative_path());
      }
    }
  }
  return places;
}

}  // namespace

debug_file find_debug_file(const debug_file_hints& hints, const std::string& debug_path) {
  for (const std::filesystem::path& place : candidates(hints, debug_path)) {
    std::error_code none;
    if (std::filesystem::equivalent(place, hints.path, none)) continue;
    const int file = ::open(place.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) continue;
    if (belongs(file, hints)) return {file, place.string()};
    ::close(file);
  }
  return {};
}

}  // namespace deft::symbols
