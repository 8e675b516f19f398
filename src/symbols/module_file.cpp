#include "symbols/module_file.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <utility>

#include <elf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/debug_file.hpp"

namespace deft::symbols {
namespace {

constexpr std::uint64_t page_bytes = 4096;
constexpr std::uint64_t largest_copy = std::uint64_t{64} << 20;

std::vector<char> copy_vdso() {
  const unsigned long image = ::getauxval(AT_SYSINFO_EHDR);
  if (image == 0) return {};
  const char* const bytes = reinterpret_cast<const char*>(image);  // NOLINT: the kernel's image
  ElfW(Ehdr) header;
  std::memcpy(&header, bytes, sizeof header);
  return {bytes, bytes + header.e_shoff + std::size_t{header.e_shnum} * header.e_shentsize};
}

// A FIFO or device in place of a library must neither block nor be read.
int open_regular(const std::string& path, struct stat& info) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file >= 0 && (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode))) {
    ::close(file);
    return -1;
  }
  return file;
}

bool read_at(int file, std::uint64_t offset, char* into, std::size_t count) {
  while (count > 0) {
    const ssize_t got = ::pread(file, into, count, static_cast<off_t>(offset));
    if (got <= 0) return false;
    into += got;
    offset += static_cast<std::uint64_t>(got);
    count -= static_cast<std::size_t>(got);
  }
  return true;
}

constexpr const char* default_debug_path = ":.debug:/usr/lib/debug";

}  // namespace

struct module_file::session {
  std::string path;
  std::vector<char> content;  // of files that were copied; else the descriptor is open
  int descriptor = -1;
  std::uint64_t size_bytes = 0;
  struct stat info{};
  bool has_debug_files = false;
  std::string debug_path;
  std::string build_id;
  Dwfl_Callbacks callbacks{};
  Dwfl* dwfl = nullptr;

  session() = default;
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  ~session() {
    if (dwfl != nullptr) dwfl_end(dwfl);
    if (descriptor >= 0) ::close(descriptor);
  }

  bool read(std::uint64_t offset, void* into, std::size_t count) const {
    if (offset > size_bytes || count > size_bytes - offset) return false;
    if (descriptor >= 0) return read_at(descriptor, offset, static_cast<char*>(into), count);
    std::memcpy(into, content.data() + offset, count);
    return true;
  }

  static int find_elf(Dwfl_Module*, void** userdata, const char*, Dwarf_Addr, char** file_name, Elf** elf) {
    auto& self = *static_cast<session*>(*userdata);
    ::elf_version(EV_CURRENT);
    *elf = self.descriptor >= 0 ? ::elf_begin(self.descriptor, ELF_C_READ_MMAP_PRIVATE, nullptr)
                                : ::elf_memory(self.content.data(), self.content.size());
    *file_name = self.path.empty() ? nullptr : ::strdup(self.path.c_str());
    return -1;  // the descriptor stays ours
  }

  // elfutils asks for the file's debug information first, and then, with that one's name, for the part that
  // several of them share.
  static int find_local_debug_info(Dwfl_Module*, void** userdata, const char*, Dwarf_Addr,
                                   const char* file_name, const char* debuglink_file, GElf_Word debuglink_crc,
                                   char** debuginfo_file_name) {
    const auto& self = *static_cast<session*>(*userdata);
    if (!self.has_debug_files) return -1;
    const bool is_first = file_name == nullptr || self.path == file_name;
    const debug_file found = find_debug_file({.path = file_name == nullptr ? self.path : file_name,
                                              .build_id = self.build_id,
                                              .link = debuglink_file == nullptr ? "" : debuglink_file,
                                              .link_crc = debuglink_crc,
                                              .is_shared = !is_first},
                                             self.debug_path);
    if (found.descriptor >= 0) *debuginfo_file_name = ::strdup(found.path.c_str());
    return found.descriptor;
  }
};

std::string base_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

module_file::module_file() : session_(std::make_unique<session>()) {}

module_file::~module_file() = default;

std::unique_ptr<module_file> module_file::open(const std::string& path, const std::string& debug_path) {
  if (path == "[vdso]") return from_bytes(path, copy_vdso());
  std::unique_ptr<module_file> opened(new module_file);
  session& self = *opened->session_;
  self.descriptor = open_regular(path, self.info);
  if (self.descriptor < 0) return nullptr;
  self.size_bytes = static_cast<std::uint64_t>(self.info.st_size);
  self.path = path;
  self.has_debug_files = true;
  self.debug_path = debug_path.empty() ? default_debug_path : debug_path;
  if (self.size_bytes <= largest_copy) {
    std::vector<char> content(self.size_bytes);
    if (!self.read(0, content.data(), content.size())) return nullptr;
    self.content = std::move(content);
    ::close(std::exchange(self.descriptor, -1));
  }
  opened->name_ = base_name(path);
  opened->path_ = path;
  return finish(std::move(opened));
}

std::unique_ptr<module_file> module_file::from_bytes(std::string name, std::vector<char> content) {
  std::unique_ptr<module_file> opened(new module_file);
  opened->name_ = std::move(name);
  opened->session_->size_bytes = content.size();
  opened->session_->content = std::move(content);
  return finish(std::move(opened));
}

std::unique_ptr<module_file> module_file::finish(std::unique_ptr<module_file> file) {
  session& self = *file->session_;
  std::optional<elf_layout> layout = read_elf_layout(
      [&](std::uint64_t offset, void* into, std::size_t count) { return self.read(offset, into, count); },
      self.size_bytes);
  if (!layout) return nullptr;
  file->layout_ = std::move(*layout);

  self.build_id = file->layout_.build_id;
  self.callbacks = {.find_elf = session::find_elf,
                    .find_debuginfo = session::find_local_debug_info,
                    .section_address = dwfl_offline_section_address,
                    .debuginfo_path = nullptr};
  self.dwfl = dwfl_begin(&self.callbacks);
  if (self.dwfl == nullptr) return nullptr;
  // Where elfutils expects the first segment: there it finds nothing to relocate.
  const elf_segment& first = file->layout_.loads.front();
  const std::uint64_t start = first.alignment > 1 ? first.address & (~first.alignment + 1) : first.address;
  std::uint64_t end = start;
  for (const elf_segment& load : file->layout_.loads) {
    end = std::max(end, load.address + load.memory_bytes);
    if (load.address < start) return nullptr;  // the format wants them in order
  }
  dwfl_report_begin(self.dwfl);
  file->module_ = dwfl_report_module(self.dwfl, file->name_.c_str(), start, end);
  dwfl_report_end(self.dwfl, nullptr, nullptr);
  if (file->module_ == nullptr) return nullptr;
  void** userdata = nullptr;
  dwfl_module_info(file->module_, &userdata, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr);
  *userdata = &self;
  GElf_Addr bias = 0;
  if (dwfl_module_getelf(file->module_, &bias) == nullptr || bias != 0) return nullptr;
  return file;
}

std::optional<std::uint64_t> module_file::address_of(std::uint64_t file_offset) const {
  for (const elf_segment& part : layout_.loads) {
    // The kernel maps whole pages: what lies before the segment on its first page has an address too.
    const std::uint64_t slack = part.file_offset % page_bytes;
    const std::uint64_t start = part.file_offset - slack;
    if (!part.executable || slack > part.address) continue;
    if (file_offset >= start && file_offset - start < part.file_bytes + slack) {
      return part.address - slack + (file_offset - start);
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> module_file::offset_of(std::uint64_t address) const {
  for (const elf_segment& part : layout_.loads) {
    const std::uint64_t slack = part.file_offset % page_bytes;
    if (!part.executable || slack > part.address) continue;
    const std::uint64_t start = part.address - slack;
    if (address >= start && address - start < part.file_bytes + slack) {
      return part.file_offset - slack + (address - start);
    }
  }
  return std::nullopt;
}

std::size_t module_file::read_constant(std::uint64_t address, std::span<char> into) const {
  for (const elf_segment& part : layout_.loads) {
    if (part.writable || address < part.address || address - part.address >= part.file_bytes) continue;
    const std::uint64_t offset = address - part.address;
    const std::size_t count = std::min<std::uint64_t>(into.size(), part.file_bytes - offset);
    return session_->read(part.file_offset + offset, into.data(), count) ? count : 0;
  }
  return 0;
}

bool module_file::is_still_there() const {
  if (session_->path.empty()) return true;
  struct stat now{};
  const struct stat& then = session_->info;
  return ::stat(session_->path.c_str(), &now) == 0 && now.st_dev == then.st_dev &&
         now.st_ino == then.st_ino && now.st_size == then.st_size &&
         now.st_mtim.tv_sec == then.st_mtim.tv_sec && now.st_mtim.tv_nsec == then.st_mtim.tv_nsec;
}

std::int64_t module_file::modified_s() const noexcept {
  return session_->path.empty() ? 0 : session_->info.st_mtim.tv_sec;
}

}  // namespace deft::symbols
