#include "symbols/elf_layout.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include <elf.h>

namespace deft::symbols {
namespace {

#if defined(__aarch64__)
constexpr Elf64_Half own_machine = EM_AARCH64;
#else
constexpr Elf64_Half own_machine = EM_X86_64;
#endif

constexpr std::size_t most_segments = 4096;
constexpr std::size_t most_sections = std::size_t{1} << 20;
constexpr std::uint64_t most_note_bytes = std::uint64_t{64} << 10;
constexpr std::size_t most_build_id_bytes = 64;

// zlib makes one byte of at most 1032.
constexpr std::uint64_t highest_compression = 1040;

bool inside(std::uint64_t offset, std::uint64_t count, std::uint64_t file_bytes) {
  return offset <= file_bytes && count <= file_bytes - offset;
}

template <class Entry>
bool read_table(const file_reader& read, std::uint64_t file_bytes, std::uint64_t offset, std::uint64_t count,
                std::vector<Entry>& entries) {
  if (!inside(offset, count * sizeof(Entry), file_bytes)) return false;
  entries.resize(count);
  return count == 0 || read(offset, entries.data(), count * sizeof(Entry));
}

bool ends_in_nul(const file_reader& read, const Elf64_Shdr& strings) {
  if (strings.sh_type != SHT_STRTAB) return false;
  char last = 1;
  return strings.sh_size == 0 || (read(strings.sh_offset + strings.sh_size - 1, &last, 1) && last == '\0');
}

bool is_sound(const file_reader& read, const std::vector<Elf64_Shdr>& sections, const Elf64_Shdr& section,
              std::uint64_t file_bytes) {
  if (section.sh_type == SHT_NOBITS || section.sh_type == SHT_NULL) return true;
  if (!inside(section.sh_offset, section.sh_size, file_bytes)) return false;
  // libelf aligns by it.
  if (section.sh_addralign != 0 && !std::has_single_bit(section.sh_addralign)) return false;
  if ((section.sh_flags & SHF_COMPRESSED) != 0) {
    Elf64_Chdr header;
    if (section.sh_size < sizeof header || !read(section.sh_offset, &header, sizeof header)) return false;
    return header.ch_size / highest_compression <= section.sh_size;
  }
  switch (section.sh_type) {
    case SHT_SYMTAB:
    case SHT_DYNSYM:
      return section.sh_entsize == sizeof(Elf64_Sym) && section.sh_link < sections.size() &&
             inside(sections[section.sh_link].sh_offset, sections[section.sh_link].sh_size, file_bytes) &&
             ends_in_nul(read, sections[section.sh_link]);
    case SHT_RELA:
      return section.sh_entsize == sizeof(Elf64_Rela) && section.sh_link < sections.size();
    default:
      return section.sh_link < sections.size();
  }
}

std::string hexadecimal(const unsigned char* bytes, std::size_t count) {
  constexpr char digits[] = "0123456789abcdef";
  std::string text;
  text.reserve(count * 2);
  for (std::size_t i = 0; i < count; ++i) {
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  return text;
}

std::string find_build_id(const file_reader& read, std::uint64_t offset, std::uint64_t count) {
  std::vector<unsigned char> notes(std::min(count, most_note_bytes));
  if (notes.empty() || !read(offset, notes.data(), notes.size())) return {};
  for (std::size_t at = 0; notes.size() - at >= sizeof(Elf64_Nhdr);) {
    Elf64_Nhdr note;
    std::memcpy(&note, notes.data() + at, sizeof note);
    at += sizeof note;
    const std::uint64_t name_bytes = (std::uint64_t{note.n_namesz} + 3) & ~std::uint64_t{3};
    const std::uint64_t content_bytes = (std::uint64_t{note.n_descsz} + 3) & ~std::uint64_t{3};
    if (name_bytes > notes.size() - at || note.n_descsz > notes.size() - at - name_bytes) break;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        std::memcmp(notes.data() + at, "GNU", 4) == 0 && note.n_descsz <= most_build_id_bytes) {
      return hexadecimal(notes.data() + at + name_bytes, note.n_descsz);
    }
    at += name_bytes + std::min<std::uint64_t>(content_bytes, notes.size() - at - name_bytes);
  }
  return {};
}

}  // namespace

std::optional<elf_layout> read_elf_layout(const file_reader& read, std::uint64_t file_bytes) {
  Elf64_Ehdr header;
  if (file_bytes < sizeof header || !read(0, &header, sizeof header)) return std::nullopt;
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != (std::endian::native == std::endian::little ? ELFDATA2LSB : ELFDATA2MSB) ||
      header.e_ident[EI_VERSION] != EV_CURRENT || header.e_machine != own_machine ||
      (header.e_type != ET_EXEC && header.e_type != ET_DYN)) {
    return std::nullopt;
  }

  std::vector<Elf64_Phdr> segments;
  if (header.e_phentsize != sizeof(Elf64_Phdr) || header.e_phnum > most_segments ||
      !read_table(read, file_bytes, header.e_phoff, header.e_phnum, segments)) {
    return std::nullopt;
  }
  elf_layout layout;
  layout.entry = header.e_entry;
  for (const Elf64_Phdr& segment : segments) {
    // A program's end is sometimes cut off together with its section table: what is there can be used.
    if (segment.p_type == PT_NOTE && layout.build_id.empty() &&
        inside(segment.p_offset, segment.p_filesz, file_bytes)) {
      layout.build_id = find_build_id(read, segment.p_offset, segment.p_filesz);
    }
    if (segment.p_type != PT_LOAD) continue;
    if (segment.p_filesz > segment.p_memsz || segment.p_vaddr + segment.p_memsz < segment.p_vaddr ||
        !inside(segment.p_offset, segment.p_filesz, file_bytes) ||
        (segment.p_align != 0 && !std::has_single_bit(segment.p_align))) {
      return std::nullopt;
    }
    layout.loads.push_back({segment.p_offset, segment.p_filesz, segment.p_vaddr, segment.p_memsz,
                            segment.p_align, (segment.p_flags & PF_X) != 0, (segment.p_flags & PF_W) != 0});
  }
  if (layout.loads.empty()) return std::nullopt;

  if (header.e_shoff == 0) return layout;
  Elf64_Shdr first;
  if (header.e_shentsize != sizeof first || !inside(header.e_shoff, sizeof first, file_bytes) ||
      !read(header.e_shoff, &first, sizeof first)) {
    return std::nullopt;
  }
  // More sections than fit into the header's field are counted in the first section.
  const std::uint64_t section_count = header.e_shnum != 0 ? header.e_shnum : first.sh_size;
  const std::uint64_t names = header.e_shstrndx != SHN_XINDEX ? header.e_shstrndx : first.sh_link;
  std::vector<Elf64_Shdr> sections;
  if (section_count > most_sections || (names != SHN_UNDEF && names >= section_count) ||
      !read_table(read, file_bytes, header.e_shoff, section_count, sections)) {
    return std::nullopt;
  }
  for (const Elf64_Shdr& section : sections) {
    if (&section != sections.data() && !is_sound(read, sections, section, file_bytes)) return std::nullopt;
  }
  if (names != SHN_UNDEF && !ends_in_nul(read, sections[names])) return std::nullopt;
  return layout;
}

}  // namespace deft::symbols
