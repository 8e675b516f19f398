#include "profile/program_kind.hpp"

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string_view>

#include <elf.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deft::profile {
namespace {

constexpr int deepest_script = 4;  // as the kernel's own limit

std::string look_up(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* variable = std::getenv("PATH");
  const std::string_view search = variable != nullptr ? variable : "/usr/bin:/bin";
  for (std::size_t begin = 0; begin <= search.size();) {
    const std::size_t end = std::min(search.find(':', begin), search.size());
    std::string candidate = std::string(end == begin ? "." : search.substr(begin, end - begin)) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return {};
}

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
  if (!read_at(file, 0, header)) return {true, ""};
  if (header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_machine != our_machine)
    return {false, "it was built for another machine than deft"};
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    if (!read_at(file, header.e_phoff + i * std::uint64_t{header.e_phentsize}, segment)) break;
    if (segment.p_type != PT_INTERP) continue;
    char loader[256] = {};
    file.seekg(static_cast<std::streamoff>(segment.p_offset));
    file.read(loader,
              static_cast<std::streamsize>(std::min<std::uint64_t>(segment.p_filesz, sizeof loader - 1)));
    if (std::string_view(loader).find("ld-linux") == std::string_view::npos)
      return {false, "its C library is not glibc"};
    return {true, ""};
  }
  return {false, "it is statically linked"};
}

}  // namespace

preload_check check_preload(const std::string& name) {
  std::string path = look_up(name);
  for (int depth = 0; depth <= deepest_script; ++depth) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return {true, ""};
    const bool gains = ((status.st_mode & S_ISUID) != 0 && status.st_uid != ::geteuid()) ||
                       ((status.st_mode & S_ISGID) != 0 && status.st_gid != ::getegid());
    if (gains) return {false, "it runs with other privileges than ours (setuid or setgid)"};
    std::ifstream file(path, std::ios::binary);
    char begin[256] = {};
    if (!file.read(begin, 4)) return {true, ""};
    if (std::memcmp(begin, ELFMAG, SELFMAG) == 0) return check_elf(file);
    if (begin[0] != '#' || begin[1] != '!') return {true, ""};
    file.read(begin + 4, sizeof begin - 5);
    file.clear();
    const std::string_view line = std::string_view(begin).substr(2);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {true, ""};
    path = line.substr(first, line.find_first_of(" \t\r\n", first) - first);
  }
  return {true, ""};
}

}  // namespace deft::profile
