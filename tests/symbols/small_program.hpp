#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <string_view>
#include <vector>

#include <elf.h>

namespace deft::symbols::testing {

/// An ELF file of one function with call frame information of one's own.
class small_program {
 public:
  static constexpr std::uint64_t function = 0x1000;

  /// `program` is what the function's entry starts with.
  /// `section_type`: of .eh_frame.
  explicit small_program(const std::vector<std::uint8_t>& program,
                         std::uint32_t section_type = SHT_PROGBITS) {
    put(header_at,
        Elf64_Ehdr{.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB, EV_CURRENT},
                   .e_type = ET_DYN,
                   .e_machine = EM_X86_64,
                   .e_version = EV_CURRENT,
                   .e_entry = function,
                   .e_phoff = segment_at,
                   .e_shoff = sections_at,
                   .e_flags = 0,
                   .e_ehsize = sizeof(Elf64_Ehdr),
                   .e_phentsize = sizeof(Elf64_Phdr),
                   .e_phnum = 1,
                   .e_shentsize = sizeof(Elf64_Shdr),
                   .e_shnum = 3,
                   .e_shstrndx = 2});
    put(segment_at, Elf64_Phdr{.p_type = PT_LOAD,
                               .p_flags = PF_R | PF_X,
                               .p_offset = 0,
                               .p_vaddr = 0,
                               .p_paddr = 0,
                               .p_filesz = function + 16,
                               .p_memsz = function + 16,
                               .p_align = 0x1000});
    constexpr std::string_view names("\0.eh_frame\0.names\0", 18);
    put(names_at, names);

    std::vector<std::uint8_t> frames;
    // Version 1, "zR"; code in units of 1, data of -8; the return address is register 16, pointers are
    // absolute and of 8 bytes; CFA = rsp + 8, the return address lies below it.
    append_entry(frames, {0, 0, 0, 0, 1, 'z', 'R', 0, 1, 0x78, 16, 1, 0, 0x0c, 7, 8, 0x90, 1});
    std::vector<std::uint8_t> entry(4 + 8 + 8 + 1);
    entry[0] = static_cast<std::uint8_t>(frames.size() + 4);  // back to the first entry
    std::memcpy(entry.data() + 4, &function, 8);
    entry[12] = 16;  // bytes of the function
    entry.insert(entry.end(), program.begin(), program.end());
    append_entry(frames, entry);
    put(frames_at, std::string_view(reinterpret_cast<const char*>(frames.data()), frames.size()));

    Elf64_Shdr section = {};
    section.sh_name = 1;
    section.sh_type = section_type;
    section.sh_flags = SHF_ALLOC;
    section.sh_addr = section.sh_offset = frames_at;
    section.sh_size = frames.size();
    put(sections_at + sizeof section, section);
    section = {};
    section.sh_name = 11;
    section.sh_type = SHT_STRTAB;
    section.sh_offset = names_at;
    section.sh_size = names.size();
    put(sections_at + 2 * sizeof section, section);
  }

  const std::vector<char>& content() const { return content_; }

 private:
  static constexpr std::size_t header_at = 0;
  static constexpr std::size_t segment_at = 0x40;
  static constexpr std::size_t names_at = 0x80;
  static constexpr std::size_t sections_at = 0x100;
  static constexpr std::size_t frames_at = 0x200;

  template <class Value>
  void put(std::size_t at, const Value& value) {
    std::memcpy(content_.data() + at, &value, sizeof value);
  }

  void put(std::size_t at, std::string_view text) {
    std::copy(text.begin(), text.end(), content_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  static void append_entry(std::vector<std::uint8_t>& frames, std::vector<std::uint8_t> content) {
    while (content.size() % 4 != 0) content.push_back(0);  // DW_CFA_nop
    const auto size = static_cast<std::uint32_t>(content.size());
    frames.resize(frames.size() + sizeof size);
    std::memcpy(frames.data() + frames.size() - sizeof size, &size, sizeof size);
    frames.insert(frames.end(), content.begin(), content.end());
  }

  std::vector<char> content_ = std::vector<char>(function + 16);
};

}  // namespace deft::symbols::testing
