#include "symbols/elf_symbols.hpp"

#include <algorithm>
#include <cstring>
#include <span>
#include <tuple>
#include <unordered_map>

#include <elf.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

namespace deft::symbols {
namespace {

// Of functions whose end is not known.
constexpr std::uint64_t longest_guess = 4096;

bool in_executable_section(Elf* elf, GElf_Word index) {
  GElf_Shdr header;
  return elf != nullptr && index != SHN_UNDEF && index < SHN_LORESERVE &&
         gelf_getshdr(elf_getscn(elf, index), &header) != nullptr && (header.sh_flags & SHF_EXECINSTR) != 0;
}

template <class Visit>
void for_each_section(Elf* elf, Visit visit) {
  std::size_t names = 0;
  if (elf == nullptr || elf_getshdrstrndx(elf, &names) != 0) return;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    visit(section, header, std::string_view(name == nullptr ? "" : name));
  }
}

std::span<const unsigned char> raw_bytes(Elf_Scn* section, const GElf_Shdr& header) {
  if (header.sh_type == SHT_NOBITS) return {};
  const Elf_Data* data = elf_rawdata(section, nullptr);
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const unsigned char*>(data->d_buf), data->d_size};
}

// Of the names of one address, the one that a programmer wrote: exported before local, few leading
// underscores.
int rank_of(const GElf_Sym& entry, std::string_view name) {
  const int binding = GELF_ST_BIND(entry.st_info);
  const int untyped = GELF_ST_TYPE(entry.st_info) == STT_NOTYPE ? 100 : 0;
  const int scope = binding == STB_GLOBAL ? 0 : binding == STB_WEAK ? 10 : 20;
  const std::size_t underscores = std::min(name.find_first_not_of('_'), std::size_t{9});
  return untyped + scope + static_cast<int>(name.starts_with("_Z") ? 0 : underscores);
}

}  // namespace

elf_symbols::elf_symbols(Dwfl_Module* module) {
  read_tables(module);
  read_plt(module);
  read_unwind_starts(module);
  sort();
}

void elf_symbols::read_tables(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 0; i < count; ++i) {
    GElf_Sym entry;
    GElf_Addr address = 0;
    GElf_Word section = 0;
    Elf* elf = nullptr;
    Dwarf_Addr bias = 0;
    const char* name = dwfl_module_getsym_info(module, i, &entry, &address, &section, &elf, &bias);
    if (name == nullptr || *name == '\0' || *name == '$' || section == SHN_UNDEF) continue;
    const int type = GELF_ST_TYPE(entry.st_info);
    const bool function = type == STT_FUNC || type == STT_GNU_IFUNC;
    if (!function && (type != STT_NOTYPE || !in_executable_section(elf, section))) continue;
    const std::uint64_t end = address + entry.st_size;
    symbols_.push_back({address, end < address ? address : end, rank_of(entry, name), name});
  }
}

// Linkers write no symbols for PLT entries: an entry is found by the jump in it, and its name by the
// relocation of the address that the jump goes through.
void elf_symbols::read_plt(Dwfl_Module* module) {
#if defined(__x86_64__)
  GElf_Addr bias = 0;
  Elf* elf = dwfl_module_getelf(module, &bias);
  std::unordered_map<std::uint64_t, std::string_view> slots;
  for_each_section(elf, [&](Elf_Scn* section, const GElf_Shdr& header, std::string_view) {
    if (header.sh_type != SHT_RELA || header.sh_entsize == 0) return;
    Elf_Data* relocations = elf_getdata(section, nullptr);
    Elf_Scn* symbol_section = elf_getscn(elf, header.sh_link);
    GElf_Shdr symbol_header;
    if (relocations == nullptr || gelf_getshdr(symbol_section, &symbol_header) == nullptr) return;
    if (symbol_header.sh_type != SHT_DYNSYM) return;
    Elf_Data* symbols = elf_getdata(symbol_section, nullptr);
    for (std::size_t i = 0; symbols != nullptr && i < header.sh_size / header.sh_entsize; ++i) {
      GElf_Rela relocation;
      GElf_Sym entry;
      if (gelf_getrela(relocations, static_cast<int>(i), &relocation) == nullptr) break;
      const auto type = GELF_R_TYPE(relocation.r_info);
      if (type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) continue;
      if (gelf_getsym(symbols, static_cast<int>(GELF_R_SYM(relocation.r_info)), &entry) == nullptr) continue;
      const char* name = elf_strptr(elf, symbol_header.sh_link, entry.st_name);
      if (name != nullptr && *name != '\0') slots.emplace(relocation.r_offset, name);
    }
  });
  for_each_section(elf, [&](Elf_Scn* section, const GElf_Shdr& header, std::string_view section_name) {
    if (!section_name.starts_with(".plt")) return;
    const std::span<const unsigned char> code = raw_bytes(section, header);
    constexpr std::size_t jump_bytes = 6;  // ff 25 and a 32-bit displacement from the next instruction
    for (std::size_t at = 0; at + jump_bytes <= code.size(); ++at) {
      if (code[at] != 0xff || code[at + 1] != 0x25) continue;
      std::int32_t displacement = 0;
      std::memcpy(&displacement, code.data() + at + 2, sizeof displacement);
      const auto slot = slots.find(header.sh_addr + at + jump_bytes +
                                   static_cast<std::uint64_t>(std::int64_t{displacement}));
      if (slot == slots.end()) continue;
      const std::uint64_t start =
          header.sh_addr + (at & ~std::size_t{7}) + bias;  // an endbr64 may come before
      plt_names_.push_back(std::string(slot->second) + "@plt");
      symbols_.push_back({start, start + (section_name == ".plt.got" ? 8 : 16), 0, plt_names_.back()});
    }
  });
#else
  (void)module;
#endif
}

void elf_symbols::read_unwind_starts(Dwfl_Module* module) {
  GElf_Addr bias = 0;
  for_each_section(dwfl_module_getelf(module, &bias), [&](Elf_Scn* section, const GElf_Shdr& header,
                                                          std::string_view section_name) {
    if (section_name != ".eh_frame_hdr") return;
    // The only form that linkers write: version 1, 32-bit count, a table of 32-bit offsets from this section.
    const std::span<const unsigned char> table = raw_bytes(section, header);
    if (table.size() < 12 || table[0] != 1 || table[2] != 0x03 || table[3] != 0x3b) return;
    for (std::size_t at = 12; at + 8 <= table.size(); at += 8) {
      std::int32_t offset = 0;
      std::memcpy(&offset, table.data() + at, sizeof offset);
      unwind_starts_.push_back(header.sh_addr + static_cast<std::uint64_t>(std::int64_t{offset}) + bias);
    }
  });
}

void elf_symbols::sort() {
  std::sort(unwind_starts_.begin(), unwind_starts_.end());
  std::sort(symbols_.begin(), symbols_.end(), [](const symbol& a, const symbol& b) {
    return std::tie(a.start, a.rank, a.name) < std::tie(b.start, b.rank, b.name);
  });
  std::size_t kept = 0;
  for (const symbol& next : symbols_) {
    if (kept > 0 && symbols_[kept - 1].start == next.start) {
      symbols_[kept - 1].end = std::max(symbols_[kept - 1].end, next.end);
    } else {
      symbols_[kept++] = next;
    }
  }
  symbols_.resize(kept);
  // Hand-written assembler often gives no size: such a function ends where the next one starts.
  for (std::size_t i = 0; i < symbols_.size(); ++i) {
    if (symbols_[i].end != symbols_[i].start) continue;
    const std::uint64_t limit = symbols_[i].start + longest_guess;
    symbols_[i].end = i + 1 < symbols_.size() ? std::min(limit, symbols_[i + 1].start) : limit;
  }
}

const elf_symbols::symbol* elf_symbols::find(std::uint64_t address) const {
  auto after = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                                [](std::uint64_t wanted, const symbol& s) { return wanted < s.start; });
  // A few steps back: a short symbol may lie inside of a longer one.
  for (int steps = 0; steps < 8 && after != symbols_.begin(); ++steps) {
    --after;
    if (address < after->end) return &*after;
  }
  return nullptr;
}

std::string_view elf_symbols::name_at(std::uint64_t address) const {
  const symbol* found = find(address);
  return found == nullptr ? std::string_view() : found->name;
}

std::optional<elf_symbols::range> elf_symbols::function_range(std::uint64_t address) const {
  if (const symbol* found = find(address)) return range{found->start, found->end};
  const auto after = std::upper_bound(unwind_starts_.begin(), unwind_starts_.end(), address);
  if (after == unwind_starts_.begin()) return std::nullopt;
  const std::uint64_t start = *std::prev(after);
  return range{start, after == unwind_starts_.end() ? start + longest_guess : *after};
}

std::uint64_t elf_symbols::function_start(std::uint64_t address) const {
  const auto after = std::upper_bound(unwind_starts_.begin(), unwind_starts_.end(), address);
  return after == unwind_starts_.begin() ? address : *std::prev(after);
}

std::optional<std::uint64_t> elf_symbols::address_of(std::string_view name) const {
  const auto found =
      std::find_if(symbols_.begin(), symbols_.end(), [&](const symbol& s) { return s.name == name; });
  if (found == symbols_.end()) return std::nullopt;
  return found->start;
}

}  // namespace deft::symbols
