#include "profile/preloading.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <string_view>
#include <utility>

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/process.hpp"

namespace deft::profile {
namespace {

constexpr int deepest_script = 4;  // as the kernel's own limit

template <class Header>
bool read_at(std::ifstream& file, std::uint64_t offset, Header& header) {
  file.seekg(static_cast<std::streamoff>(offset));
  return static_cast<bool>(file.read(reinterpret_cast<char*>(&header), sizeof header));  // NOLINT: a C struct
}

preload_check check_elf(std::ifstream& file) {
#if defined(__x86_64__)
  constexpr int our_machine = EM_X86_64;
#elif defined(__aarch64__)
  constexpr int our_machine = EM_AARCH64;
#else
  constexpr int our_machine = EM_NONE;
#endif
  Elf64_Ehdr header{};
  if (!read_at(file, 0, header)) return {.possible = true, .obstacle = ""};
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != our_machine)
    return {.possible = false, .obstacle = "it was built for another machine than deft"};
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    if (!read_at(file, header.e_phoff + i * std::uint64_t{header.e_phentsize}, segment)) break;
    if (segment.p_type != PT_INTERP) continue;
    char loader[256] = {};
    file.seekg(static_cast<std::streamoff>(segment.p_offset));
    file.read(loader,
              static_cast<std::streamsize>(std::min<std::uint64_t>(segment.p_filesz, sizeof loader - 1)));
    if (std::string_view(loader).find("ld-linux") == std::string_view::npos)
      return {.possible = false, .obstacle = "its C library is not glibc"};
    return {.possible = true, .obstacle = ""};
  }
  return {.possible = false, .obstacle = "it is statically linked"};
}

}  // namespace

preload_check check_preload(const std::string& name) {
  std::string path = support::find_program(name);
  for (int depth = 0; depth <= deepest_script; ++depth) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode))
      return {.possible = true, .obstacle = ""};
    const bool gains = ((status.st_mode & S_ISUID) != 0 && status.st_uid != ::geteuid()) ||
                       ((status.st_mode & S_ISGID) != 0 && status.st_gid != ::getegid());
    if (gains)
      return {.possible = false,
              .obstacle = "it runs with other privileges than ours (setuid or setgid)",
              .other_privileges = true};
    std::ifstream file(path, std::ios::binary);
    char begin[256] = {};
    if (!file.read(begin, 4)) return {.possible = true, .obstacle = ""};
    if (std::memcmp(begin, ELFMAG, SELFMAG) == 0) return check_elf(file);
    if (begin[0] != '#' || begin[1] != '!') return {.possible = true, .obstacle = ""};
    file.read(begin + 4, sizeof begin - 5);
    file.clear();
    const std::string_view line = std::string_view(begin).substr(2);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {.possible = true, .obstacle = ""};
    path = line.substr(first, line.find_first_of(" \t\r\n", first) - first);
  }
  return {.possible = true, .obstacle = ""};
}

void add_agent(std::vector<std::pair<std::string, std::string>>& environment,
               const std::vector<std::pair<std::string, std::string>>& agent) {
  for (const auto& [name, value] : agent) {
    const auto same = std::find_if(environment.begin(), environment.end(),
                                   [&name = name](const auto& variable) { return variable.first == name; });
    if (same == environment.end()) {
      environment.emplace_back(name, value);
    } else {
      same->second = name == "LD_PRELOAD" && !same->second.empty() ? value + ":" + same->second : value;
    }
  }
}

}  // namespace deft::profile
