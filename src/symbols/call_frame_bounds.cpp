#include "symbols/call_frame_bounds.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <dwarf.h>
#include <gelf.h>

namespace deft::symbols {
namespace {

constexpr std::uint64_t most_registers = 1024;
constexpr unsigned deepest_remembered = 64;
constexpr std::size_t longest_program = 200'000;

class byte_cursor {
 public:
  explicit byte_cursor(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool ok() const { return ok_; }

  std::span<const std::uint8_t> rest() const { return bytes_; }

  void skip(std::uint64_t count) {
    ok_ = ok_ && count <= bytes_.size();
    if (ok_) bytes_ = bytes_.subspan(count);
  }

  std::uint8_t byte() {
    const std::uint8_t value = bytes_.empty() ? 0 : bytes_.front();
    skip(1);
    return value;
  }

  // As long as 64 bits need at most: elfutils does not read on either.
  std::uint64_t uleb() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t next = byte();
      value |= std::uint64_t{next & 0x7fU} << std::min(shift, 63U);
      if ((next & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  bool ok_ = true;
};

// Of an encoded pointer; empty where that depends on more than the encoding.
std::optional<std::size_t> bytes_of_pointer(std::uint8_t encoding) {
  if ((encoding & 0x70) == DW_EH_PE_aligned) return std::nullopt;
  switch (encoding & 0x07) {
    case DW_EH_PE_absptr:
    case DW_EH_PE_udata8:
      return 8;
    case DW_EH_PE_udata2:
      return 2;
    case DW_EH_PE_udata4:
      return 4;
    default:
      return std::nullopt;
  }
}

bool is_bounded(std::span<const std::uint8_t> program, std::size_t pointer_bytes) {
  if (program.size() > longest_program) return false;
  byte_cursor in(program);
  unsigned remembered = 0;
  bool ok = true;
  const auto read_register = [&] { ok = ok && in.uleb() < most_registers; };
  while (ok && in.ok() && !in.rest().empty()) {
    const std::uint8_t instruction = in.byte();
    switch ((instruction & 0xc0) != 0 ? instruction & 0xc0 : instruction) {
      case DW_CFA_advance_loc:
      case DW_CFA_restore:
      case DW_CFA_nop:
      case DW_CFA_GNU_window_save:
        break;
      case DW_CFA_set_loc:
        in.skip(pointer_bytes);
        break;
      case DW_CFA_advance_loc1:
        in.skip(1);
        break;
      case DW_CFA_advance_loc2:
        in.skip(2);
        break;
      case DW_CFA_advance_loc4:
        in.skip(4);
        break;
      case DW_CFA_restore_extended:
      case DW_CFA_undefined:
      case DW_CFA_same_value:
        read_register();
        break;
      case DW_CFA_offset_extended:
      case DW_CFA_register:
      case DW_CFA_offset_extended_sf:
      case DW_CFA_val_offset:
      case DW_CFA_val_offset_sf:
      case DW_CFA_GNU_negative_offset_extended:
        read_register();
        in.uleb();
        break;
      case DW_CFA_remember_state:
        ok = ++remembered <= deepest_remembered;
        break;
      case DW_CFA_restore_state:
        if (remembered > 0) --remembered;
        break;
      case DW_CFA_offset:
      case DW_CFA_def_cfa_register:
      case DW_CFA_def_cfa_offset:
      case DW_CFA_def_cfa_offset_sf:
      case DW_CFA_GNU_args_size:
        in.uleb();
        break;
      case DW_CFA_def_cfa:
      case DW_CFA_def_cfa_sf:
        in.uleb();
        in.uleb();
        break;
      case DW_CFA_def_cfa_expression:
        in.skip(in.uleb());
        break;
      case DW_CFA_expression:
      case DW_CFA_val_expression:
        read_register();
        in.skip(in.uleb());
        break;
      default:
        return false;
    }
  }
  return ok && in.ok();
}

// What the functions' entries of one kind have in common (a CIE).
struct common_entry {
  Dwarf_Off offset = 0;
  std::size_t pointer_bytes = 8;
  bool has_augmentation_size = false;
  bool bounded = false;
};

common_entry read_common(Dwarf_Off offset, const Dwarf_CIE& entry) {
  common_entry common;
  common.offset = offset;
  std::string_view letters = entry.augmentation;
  if (letters.starts_with('z')) {
    common.has_augmentation_size = true;
    letters.remove_prefix(1);
    byte_cursor data({entry.augmentation_data, entry.augmentation_data_size});
    for (const char letter : letters) {
      std::optional<std::size_t> bytes = 0;
      if (letter == 'R' || letter == 'P') {
        bytes = bytes_of_pointer(data.byte());
        if (!bytes) return common;
      }
      if (letter == 'R') common.pointer_bytes = *bytes;
      if (letter == 'P') data.skip(*bytes);
      if (letter == 'L') data.skip(1);
      if (std::string_view("RPLSBG").find(letter) == std::string_view::npos || !data.ok()) return common;
    }
  } else if (!letters.empty()) {
    return common;
  }
  common.bounded =
      is_bounded({entry.initial_instructions, entry.initial_instructions_end}, common.pointer_bytes);
  return common;
}

struct function_entry {
  Dwarf_Off offset = 0;
  Dwarf_FDE entry = {};
};

class frame_section {
 public:
  /// `ends_with_mark`: its end is not known otherwise.
  frame_section(Elf* elf, Elf_Data* data, bool is_exception_frame, bool ends_with_mark) {
    const auto* const ident = reinterpret_cast<const unsigned char*>(elf_getident(elf, nullptr));
    if (ident == nullptr || data == nullptr || data->d_buf == nullptr)
      return;  // as in files of debug information
    for (Dwarf_Off offset = 0; offset < data->d_size;) {
      Dwarf_CFI_Entry entry;
      Dwarf_Off next = offset;
      const int result = dwarf_next_cfi(ident, data, is_exception_frame, offset, &next, &entry);
      if (result > 0) break;
      if (result == 0 && dwarf_cfi_cie_p(&entry)) commons_.push_back(read_common(offset, entry.cie));
      if (result == 0 && !dwarf_cfi_cie_p(&entry)) functions_.push_back({offset, entry.fde});
      if (next <= offset) {
        // Linkers leave the end mark of one object file between the entries of others.
        std::uint32_t length = 1;
        if (data->d_size - offset >= sizeof length) {
          std::memcpy(&length, static_cast<const char*>(data->d_buf) + offset, sizeof length);
        }
        if (length != 0 || ends_with_mark) break;
        next = offset + sizeof length;
      }
      offset = next;
    }
  }

  bool is_bounded() const {
    return std::all_of(functions_.begin(), functions_.end(), [&](const function_entry& function) {
      const common_entry* common = find_common(function.entry.CIE_pointer);
      if (common == nullptr || !common->bounded) return false;
      byte_cursor in({function.entry.start, function.entry.end});
      in.skip(2 * common->pointer_bytes);
      if (common->has_augmentation_size) in.skip(in.uleb());
      return in.ok() && symbols::is_bounded(in.rest(), common->pointer_bytes);
    });
  }

  // Whether the table that elfutils finds functions by (.eh_frame_hdr) leads to entries that were looked at.
  bool is_led_to_by(std::span<const std::uint8_t> header, std::uint64_t header_address,
                    std::uint64_t section_address) const {
    constexpr std::size_t table_at = 12;
    constexpr std::size_t row_bytes = 8;
    if (header.size() < 4 || header[0] != 1) return true;                       // elfutils does not read on
    if (header[2] == DW_EH_PE_omit || header[3] == DW_EH_PE_omit) return true;  // no table
    // The only form that linkers write: a count of 32 bits, rows of two offsets of 32 bits from the header.
    if (header.size() < table_at || bytes_of_pointer(header[1]) != 4 || header[2] != DW_EH_PE_udata4 ||
        header[3] != (DW_EH_PE_datarel | DW_EH_PE_sdata4)) {
      return false;
    }
    std::uint32_t count = 0;
    std::memcpy(&count, header.data() + 8, sizeof count);
    if (count > (header.size() - table_at) / row_bytes) return false;
    for (std::size_t row = 0; row < count; ++row) {
      std::int32_t entry = 0;
      std::memcpy(&entry, header.data() + table_at + row * row_bytes + 4, sizeof entry);
      const Dwarf_Off offset =
          header_address + static_cast<std::uint64_t>(std::int64_t{entry}) - section_address;
      const auto found =
          std::lower_bound(functions_.begin(), functions_.end(), offset,
                           [](const function_entry& f, Dwarf_Off at) { return f.offset < at; });
      if (found == functions_.end() || found->offset != offset) return false;
    }
    return true;
  }

 private:
  const common_entry* find_common(Dwarf_Off offset) const {
    const auto found = std::lower_bound(commons_.begin(), commons_.end(), offset,
                                        [](const common_entry& c, Dwarf_Off at) { return c.offset < at; });
    return found == commons_.end() || found->offset != offset ? nullptr : &*found;
  }

  std::vector<common_entry> commons_;  // both in the order of the section
  std::vector<function_entry> functions_;
};

std::span<const std::uint8_t> bytes_of(const Elf_Data* data) {
  if (data == nullptr || data->d_buf == nullptr) return {};
  return {static_cast<const std::uint8_t*>(data->d_buf), data->d_size};
}

struct named_section {
  Elf_Scn* section = nullptr;
  GElf_Shdr header = {};
};

std::vector<named_section> sections_named(Elf* elf, std::string_view wanted) {
  std::vector<named_section> found;
  std::size_t names = 0;
  if (elf_getshdrstrndx(elf, &names) != 0 || names == 0) return found;
  for (Elf_Scn* section = elf_nextscn(elf, nullptr); section != nullptr;
       section = elf_nextscn(elf, section)) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr) continue;
    const char* name = elf_strptr(elf, names, header.sh_name);
    if (name != nullptr && name == wanted) found.push_back({section, header});
  }
  return found;
}

// Where sections have no names, the header is found by the program header, and leads to the entries.
bool unnamed_frames_are_bounded(Elf* elf) {
  std::size_t count = 0;
  if (elf_getphdrnum(elf, &count) != 0) return true;
  for (std::size_t i = 0; i < count; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr) return true;
    if (segment.p_type != PT_GNU_EH_FRAME) continue;
    const std::span<const std::uint8_t> header = bytes_of(
        elf_getdata_rawchunk(elf, static_cast<std::int64_t>(segment.p_offset), segment.p_filesz, ELF_T_BYTE));
    std::size_t file_bytes = 0;
    if (header.size() < 8 || elf_rawfile(elf, &file_bytes) == nullptr) return true;
    if (header[1] != (DW_EH_PE_pcrel | DW_EH_PE_sdata4)) return false;
    std::int32_t distance = 0;
    std::memcpy(&distance, header.data() + 4, sizeof distance);
    const auto signed_distance = static_cast<std::uint64_t>(std::int64_t{distance}) + 4;
    const std::uint64_t offset = segment.p_offset + signed_distance;
    if (offset >= file_bytes) return true;
    Elf_Data* data =
        elf_getdata_rawchunk(elf, static_cast<std::int64_t>(offset), file_bytes - offset, ELF_T_BYTE);
    const frame_section frames(elf, data, true, true);
    return frames.is_bounded() &&
           frames.is_led_to_by(header, segment.p_vaddr, segment.p_vaddr + signed_distance);
  }
  return true;
}

}  // namespace

bool exception_frames_are_bounded(Elf* elf) {
  if (elf == nullptr) return true;
  const std::vector<named_section> named = sections_named(elf, ".eh_frame");
  if (named.empty()) return unnamed_frames_are_bounded(elf);
  const named_section& first = named.front();
  // Of any type: which ones elfutils takes has changed.
  const frame_section frames(elf, elf_rawdata(first.section, nullptr), true, false);
  const std::vector<named_section> headers = sections_named(elf, ".eh_frame_hdr");
  return frames.is_bounded() && std::all_of(headers.begin(), headers.end(), [&](const named_section& header) {
           return frames.is_led_to_by(bytes_of(elf_rawdata(header.section, nullptr)), header.header.sh_addr,
                                      first.header.sh_addr);
         });
}

bool debug_frames_are_bounded(Elf* elf) {
  if (elf == nullptr) return true;
  for (const char* name : {".debug_frame", ".zdebug_frame"}) {
    for (const named_section& section : sections_named(elf, name)) {
      if (!frame_section(elf, elf_rawdata(section.section, nullptr), false, false).is_bounded()) return false;
    }
  }
  return true;
}

}  // namespace deft::symbols
