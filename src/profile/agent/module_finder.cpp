#include "profile/agent/module_finder.hpp"

#include <cstring>

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include "profile/agent/byte_reader.hpp"

namespace deft::profile::agent {

image_bytes loaded_image::bytes() const noexcept {
  return {{reinterpret_cast<const std::uint8_t*>(start), static_cast<std::size_t>(end - start)},  // NOLINT
          start};
}

bool find_image(std::uint64_t address, loaded_image& image) noexcept {
  dl_find_object found;
  if (::_dl_find_object(reinterpret_cast<void*>(address), &found) != 0) return false;  // NOLINT
  image.start = reinterpret_cast<std::uint64_t>(found.dlfo_map_start);
  image.end = reinterpret_cast<std::uint64_t>(found.dlfo_map_end);
  image.bias = found.dlfo_link_map != nullptr ? found.dlfo_link_map->l_addr : 0;
  image.header = reinterpret_cast<std::uint64_t>(found.dlfo_eh_frame);
  std::uint64_t identity = image.start * 3 ^ image.end * 5;
  const auto add = [&identity](std::uint64_t word) {
    identity = (identity ^ word) * 0x9e3779b97f4a7c15ULL;
    identity ^= identity >> 32;
  };
  if (image.header != 0) {
    // What is at the same place now need not be what was there before: its functions are elsewhere, or it has
    // another name.
    byte_reader reader(image.bytes().bytes, static_cast<std::size_t>(image.header - image.start));
    for (int i = 0; i < 3; ++i) add(reader.read<std::uint64_t>());
  }
  if (found.dlfo_link_map != nullptr && found.dlfo_link_map->l_name != nullptr) {
    for (const char* c = found.dlfo_link_map->l_name; *c != 0; ++c) {
      add(static_cast<unsigned char>(*c));
    }
  }
  image.identity = identity | 1;
  return true;
}

std::size_t copy_build_id(const loaded_image& image, std::uint8_t* to, std::size_t most) noexcept {
  const image_bytes all = image.bytes();
  ElfW(Ehdr) header;
  if (all.bytes.size() < sizeof header) return 0;
  std::memcpy(&header, all.bytes.data(), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof(ElfW(Phdr))) return 0;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    // The program headers are in the first page of every linker's output.
    const std::uint64_t at = header.e_phoff + i * sizeof(ElfW(Phdr));
    if (at > 4096 - sizeof(ElfW(Phdr)) || at + sizeof(ElfW(Phdr)) > all.bytes.size()) return 0;
    ElfW(Phdr) segment;
    std::memcpy(&segment, all.bytes.data() + at, sizeof segment);
    const std::uint64_t from = segment.p_vaddr + image.bias - image.start;
    if (segment.p_type != PT_NOTE || from > all.bytes.size() || segment.p_filesz > all.bytes.size() - from) {
      continue;
    }
    byte_reader reader(all.bytes.subspan(from, segment.p_filesz));
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
