#include "layout/padding_object.hpp"

#include <cstddef>
#include <cstring>

#include <elf.h>

namespace deft::layout {
namespace {

constexpr std::array<const char*, 4> symbol_names{"deft_layout_padding_code", "deft_layout_padding_constants",
                                                  "deft_layout_padding_data", "deft_layout_padding_zeros"};

/// Collects names as ELF keeps them: one after another, each ended by a zero.
class name_table {
 public:
  std::uint32_t add(std::string_view name) {
    const auto at = static_cast<std::uint32_t>(text_.size());
    text_ += name;
    text_ += '\0';
    return at;
  }

  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_ = std::string(1, '\0');
};

template <class T>
void append(std::string& out, const T& value) {
  out.append(reinterpret_cast<const char*>(&value), sizeof value);
}

}  // namespace

padding_sizes random_sizes(measure::random_source& random) {
  // Instructions of fixed width are of four bytes; functions are aligned to 16 as a rule, so less shifts
  // nothing. Up to two pages of code: where a page begins is a part of the layout, too.
  const auto size = [&](std::uint64_t steps) {
    return static_cast<std::uint32_t>(16 * (1 + random.below(steps)));
  };
  padding_sizes sizes;
  sizes.code = size(512);
  sizes.constants = size(256);
  sizes.data = size(256);
  sizes.zeros = size(256);
  return sizes;
}

std::vector<std::string> padding_symbols() {
  return {symbol_names.begin(), symbol_names.end()};
}

std::optional<std::string> padding_object(std::string_view sample, const padding_sizes& sizes) {
  Elf64_Ehdr header{};
  if (sample.size() < sizeof header) return std::nullopt;
  std::memcpy(&header, sample.data(), sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64 ||
      header.e_ident[EI_DATA] != ELFDATA2LSB)
    return std::nullopt;

  struct content {
    const char* name;
    Elf64_Word type;
    Elf64_Xword flags;
    std::uint32_t size;
  };

  const std::array<content, 5> contents{{{".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, sizes.code},
                                         {".rodata", SHT_PROGBITS, SHF_ALLOC, sizes.constants},
                                         {".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, sizes.data},
                                         {".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, sizes.zeros},
                                         // Without it the linker takes the stack to be executable.
                                         {".note.GNU-stack", SHT_PROGBITS, 0, 0}}};

  name_table section_names;
  name_table names;
  std::string body(sizeof header, '\0');
  std::vector<Elf64_Shdr> sections(1);
  for (const content& c : contents) {
    Elf64_Shdr section{};
    section.sh_name = section_names.add(c.name);
    section.sh_type = c.type;
    section.sh_flags = c.flags;
    section.sh_offset = body.size();
    section.sh_size = c.size;
    section.sh_addralign = c.size > 0 ? 16 : 1;
    sections.push_back(section);
    if (c.type != SHT_NOBITS) body.append(c.size, '\0');  // Never run, never read.
  }

  std::string symbols(sizeof(Elf64_Sym), '\0');
  for (std::size_t i = 0; i < symbol_names.size(); ++i) {
    Elf64_Sym symbol{};
    symbol.st_name = names.add(symbol_names[i]);
    symbol.st_info = ELF64_ST_INFO(STB_GLOBAL, i == 0 ? STT_FUNC : STT_OBJECT);
    // Not exported: two images of one process may have one each.
    symbol.st_other = STV_HIDDEN;
    symbol.st_shndx = static_cast<Elf64_Section>(i + 1);
    symbol.st_size = contents[i].size;
    append(symbols, symbol);
  }
  const auto add_table = [&](const char* name, Elf64_Word type, const std::string& text) {
    body.resize((body.size() + 7) / 8 * 8, '\0');
    Elf64_Shdr section{};
    section.sh_name = section_names.add(name);
    section.sh_type = type;
    section.sh_offset = body.size();
    section.sh_size = text.size();
    section.sh_addralign = 8;
    sections.push_back(section);
    body += text;
  };
  add_table(".symtab", SHT_SYMTAB, symbols);
  sections.back().sh_link = static_cast<Elf64_Word>(sections.size());  // The next one: names of symbols.
  sections.back().sh_info = 1;                                         // The first that is not local.
  sections.back().sh_entsize = sizeof(Elf64_Sym);
  add_table(".strtab", SHT_STRTAB, names.text());
  const Elf64_Word own_name = section_names.add(".shstrtab");
  add_table("", SHT_STRTAB, section_names.text());
  sections.back().sh_name = own_name;

  body.resize((body.size() + 7) / 8 * 8, '\0');
  Elf64_Ehdr own{};
  std::memcpy(own.e_ident, header.e_ident, sizeof own.e_ident);
  own.e_type = ET_REL;
  own.e_machine = header.e_machine;
  own.e_version = EV_CURRENT;
  own.e_flags = header.e_flags;
  own.e_shoff = body.size();
  own.e_ehsize = sizeof own;
  own.e_shentsize = sizeof(Elf64_Shdr);
  own.e_shnum = static_cast<Elf64_Half>(sections.size());
  own.e_shstrndx = static_cast<Elf64_Half>(sections.size() - 1);
  std::memcpy(body.data(), &own, sizeof own);
  for (const Elf64_Shdr& section : sections) append(body, section);
  return body;
}

}  // namespace deft::layout
