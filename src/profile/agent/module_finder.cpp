#include "profile/agent/module_finder.hpp"

#include <cstring>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>
#include <sys/auxv.h>

#include "profile/agent/byte_reader.hpp"

namespace deft::profile::agent {
namespace {

using program_header = ElfW(Phdr);

// Large enough that code made at run time is not asked for with each function.
constexpr std::uint64_t region_bytes = std::uint64_t{1} << 20;

image_bytes bytes_between(std::uint64_t start, std::uint64_t end) {
  return {{reinterpret_cast<const std::uint8_t*>(start), static_cast<std::size_t>(end - start)},  // NOLINT
          start};
}

/// Of the program itself, whose segments the kernel maps: those of libraries have no gaps.
struct header_list {
  const program_header* first = nullptr;
  std::size_t count = 0;
};

header_list headers_of_program() {
  return {reinterpret_cast<const program_header*>(::getauxval(AT_PHDR)), ::getauxval(AT_PHNUM)};  // NOLINT
}

// The segment of the program that contains an address; of nothing where none does.
image_bytes segment_of_program(std::uint64_t address, std::uint64_t bias) {
  const header_list headers = headers_of_program();
  for (std::size_t i = 0; i < headers.count; ++i) {
    const program_header& each = headers.first[i];
    if (each.p_type == PT_LOAD && address - bias >= each.p_vaddr &&
        address - bias - each.p_vaddr < each.p_filesz) {
      return bytes_between(each.p_vaddr + bias, each.p_vaddr + bias + each.p_filesz);
    }
  }
  return {};
}

header_list headers_of(const loaded_image& image) {
  const header_list programs = headers_of_program();
  ElfW(Ehdr) header;
  if (image.end - image.start >= sizeof header) {
    std::memcpy(&header, reinterpret_cast<const void*>(image.start), sizeof header);  // NOLINT: mapped
    // All linkers put the program headers behind the file's.
    if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_phentsize == sizeof(program_header) &&
        header.e_phoff + header.e_phnum * sizeof(program_header) <= 4096) {
      return {reinterpret_cast<const program_header*>(image.start + header.e_phoff),
              header.e_phnum};  // NOLINT
    }
  }
  // A segment of a program with gaps, or something unknown.
  return segment_of_program(image.start, image.bias).bytes.empty() ? header_list{} : programs;
}

}  // namespace

bool find_image(std::uint64_t address, loaded_image& image) noexcept {
  image = {};
  dl_find_object found;
  if (::_dl_find_object(reinterpret_cast<void*>(address), &found) != 0) {  // NOLINT: perhaps nothing's
    image.start = address & ~(region_bytes - 1);
    image.end = image.start + region_bytes;
    image.identity = (image.start * 0x9e3779b97f4a7c15ULL) | 1;
    return false;
  }
  image.of_file = true;
  image.start = reinterpret_cast<std::uint64_t>(found.dlfo_map_start);
  image.end = reinterpret_cast<std::uint64_t>(found.dlfo_map_end);
  image.header = reinterpret_cast<std::uint64_t>(found.dlfo_eh_frame);
  image.bias = found.dlfo_link_map != nullptr ? found.dlfo_link_map->l_addr : 0;
  if (image.header != 0) {
    image.frames = image.contains(image.header) ? bytes_between(image.start, image.end)
                                                : segment_of_program(image.header, image.bias);
    if (image.frames.bytes.empty()) image.header = 0;
  }
  std::uint64_t identity = image.start * 3 ^ image.end * 5;
  const auto add = [&identity](std::uint64_t word) {
    identity = (identity ^ word) * 0x9e3779b97f4a7c15ULL;
    identity ^= identity >> 32;
  };
  if (image.header != 0) {
    // What is at the same place now need not be what was there before: its functions are elsewhere, or it has
    // another name.
    byte_reader reader(image.frames.bytes, static_cast<std::size_t>(image.header - image.frames.address));
    for (int i = 0; i < 3; ++i) add(reader.read<std::uint64_t>());
  }
  if (found.dlfo_link_map != nullptr && found.dlfo_link_map->l_name != nullptr) {
    for (const char* c = found.dlfo_link_map->l_name; *c != 0; ++c) add(static_cast<unsigned char>(*c));
  }
  image.identity = identity | 1;
  return true;
}

std::size_t copy_build_id(const loaded_image& image, std::uint8_t* to, std::size_t most) noexcept {
  const header_list headers = image.of_file ? headers_of(image) : header_list{};
  for (std::size_t i = 0; i < headers.count; ++i) {
    const program_header& each = headers.first[i];
    if (each.p_type != PT_NOTE) continue;
    const std::uint64_t notes = each.p_vaddr + image.bias;
    byte_reader reader(bytes_between(notes, notes + each.p_filesz).bytes);
    while (reader.ok() && !reader.at_end()) {
      const auto name_bytes = reader.read<std::uint32_t>();
      const auto content_bytes = reader.read<std::uint32_t>();
      const auto type = reader.read<std::uint32_t>();
      const auto name = reader.read<std::uint32_t>();
      if (name_bytes != 4) break;
      if (type == NT_GNU_BUILD_ID && name == 0x00554e47 && content_bytes <= most) {  // "GNU"
        for (std::size_t k = 0; k < content_bytes; ++k) to[k] = reader.read<std::uint8_t>();
        return reader.ok() ? content_bytes : 0;
      }
      reader.skip((std::uint64_t{content_bytes} + 3) / 4 * 4);
    }
  }
  return 0;
}

}  // namespace deft::profile::agent
