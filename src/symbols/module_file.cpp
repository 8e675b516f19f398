#include "symbols/module_file.hpp"

#include <cstdlib>
#include <cstring>

#include <elf.h>
#include <elfutils/libdwfl.h>
#include <fcntl.h>
#include <gelf.h>
#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace deft::symbols {
namespace {

constexpr std::uint64_t page_bytes = 4096;

// dwfl_standard_find_debuginfo asks the servers in DEBUGINFOD_URLS when the local folders have nothing. A
// profiler that goes out to a network is a surprise, and a slow one: the variable is taken away before
// elfutils first looks at it.
int find_local_debug_info(Dwfl_Module* module, void** userdata, const char* module_name, Dwarf_Addr base,
                          const char* file_name, const char* debuglink_file, GElf_Word debuglink_crc,
                          char** debuginfo_file_name) {
  ::unsetenv("DEBUGINFOD_URLS");  // NOLINT(concurrency-mt-unsafe): symbolising is single-threaded
  return dwfl_standard_find_debuginfo(module, userdata, module_name, base, file_name, debuglink_file,
                                      debuglink_crc, debuginfo_file_name);
}

const Dwfl_Callbacks callbacks = {
    .find_elf = dwfl_build_id_find_elf,
    .find_debuginfo = find_local_debug_info,
    .section_address = dwfl_offline_section_address,
    .debuginfo_path = nullptr,
};

int open_vdso() {
  const unsigned long image = ::getauxval(AT_SYSINFO_EHDR);
  if (image == 0) return -1;
  ElfW(Ehdr) header;
  std::memcpy(&header, reinterpret_cast<const void*>(image), sizeof header);  // NOLINT: the kernel's image
  const std::size_t size = header.e_shoff + std::size_t{header.e_shnum} * header.e_shentsize;
  const int file = ::memfd_create("vdso", MFD_CLOEXEC);
  if (file < 0) return -1;
  if (::write(file, reinterpret_cast<const void*>(image), size) != static_cast<ssize_t>(size)) {  // NOLINT
    ::close(file);
    return -1;
  }
  return file;
}

// A FIFO or device in place of a library must neither block nor be read.
int open_regular(const std::string& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  struct stat info{};
  if (file >= 0 && (::fstat(file, &info) != 0 || !S_ISREG(info.st_mode))) {
    ::close(file);
    return -1;
  }
  return file;
}

}  // namespace

std::string base_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::unique_ptr<module_file> module_file::open(const std::string& path) {
  const int file = path == "[vdso]" ? open_vdso() : open_regular(path);
  if (file < 0) return nullptr;
  std::unique_ptr<module_file> opened(new module_file);
  opened->name_ = base_name(path);
  opened->session_ = dwfl_begin(&callbacks);
  if (opened->session_ == nullptr) {
    ::close(file);
    return nullptr;
  }
  dwfl_report_begin(opened->session_);
  opened->module_ = dwfl_report_elf(opened->session_, opened->name_.c_str(), path.c_str(), file, 0, false);
  if (opened->module_ == nullptr) ::close(file);
  dwfl_report_end(opened->session_, nullptr, nullptr);
  if (opened->module_ == nullptr || !opened->read_segments()) return nullptr;
  return opened;
}

module_file::~module_file() {
  if (session_ != nullptr) dwfl_end(session_);
}

bool module_file::read_segments() {
  GElf_Addr bias = 0;
  Elf* elf = dwfl_module_getelf(module_, &bias);
  std::size_t count = 0;
  if (elf == nullptr || elf_getphdrnum(elf, &count) != 0) return false;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr header;
    if (gelf_getphdr(elf, static_cast<int>(i), &header) == nullptr) return false;
    if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
    // The kernel maps whole pages: what lies before the segment on its first page has an address too.
    const std::uint64_t slack = header.p_offset % page_bytes;
    if (slack > header.p_vaddr) continue;
    segments_.push_back({header.p_offset - slack, header.p_vaddr - slack + bias, header.p_filesz + slack});
  }
  return true;
}

std::optional<std::uint64_t> module_file::address_of(std::uint64_t file_offset) const {
  for (const segment& part : segments_) {
    if (file_offset >= part.file_offset && file_offset - part.file_offset < part.size_bytes) {
      return part.address + (file_offset - part.file_offset);
    }
  }
  return std::nullopt;
}

std::optional<std::uint64_t> module_file::offset_of(std::uint64_t address) const {
  for (const segment& part : segments_) {
    if (address >= part.address && address - part.address < part.size_bytes) {
      return part.file_offset + (address - part.address);
    }
  }
  return std::nullopt;
}

}  // namespace deft::symbols
