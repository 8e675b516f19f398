#include "profile/agent/eh_frame.hpp"

#include "profile/agent/byte_reader.hpp"

namespace deft::profile::agent {
namespace {

// Encodings of pointers (DW_EH_PE_*).
constexpr std::uint8_t form_mask = 0x0f;
constexpr std::uint8_t base_mask = 0x70;
constexpr std::uint8_t indirect = 0x80;
constexpr std::uint8_t omitted = 0xff;
constexpr std::uint8_t relative_to_field = 0x10;
constexpr std::uint8_t relative_to_header = 0x30;
constexpr std::uint8_t four_signed_bytes = 0x0b;

// A program of a rule that takes longer was not made by a compiler.
constexpr unsigned most_instructions = 100'000;

// Reads an encoded pointer. `header` is what relative_to_header refers to.
bool read_pointer(byte_reader& reader, const image_bytes& image, std::uint8_t encoding, std::uint64_t header,
                  std::uint64_t& pointer) {
  const std::uint64_t field = image.address + reader.position();
  switch (encoding & form_mask) {
    case 0x00:
    case 0x04:
    case 0x0c:
      pointer = reader.read<std::uint64_t>();
      break;
    case 0x01:
      pointer = reader.read_uleb();
      break;
    case 0x02:
      pointer = reader.read<std::uint16_t>();
      break;
    case 0x03:
      pointer = reader.read<std::uint32_t>();
      break;
    case 0x09:
      pointer = static_cast<std::uint64_t>(reader.read_sleb());
      break;
    case 0x0a:
      pointer = static_cast<std::uint64_t>(std::int64_t{reader.read<std::int16_t>()});
      break;
    case four_signed_bytes:
      pointer = static_cast<std::uint64_t>(std::int64_t{reader.read<std::int32_t>()});
      break;
    default:
      return false;
  }
  switch (encoding & base_mask) {
    case 0x00:
      break;
    case relative_to_field:
      pointer += field;
      break;
    case relative_to_header:
      pointer += header;
      break;
    default:
      return false;
  }
  return reader.ok();
}

struct entry_extent {
  std::size_t content = 0;  // behind the length field
  std::size_t end = 0;
};

// The entry (CIE or FDE) at this offset. `last`: the end mark, of length 0.
rule_search read_extent(const image_bytes& image, std::size_t offset, entry_extent& extent, bool& last) {
  byte_reader reader(image.bytes, offset);
  std::uint64_t length = reader.read<std::uint32_t>();
  if (length == 0xffffffff) length = reader.read<std::uint64_t>();
  if (!reader.ok()) return rule_search::malformed;
  last = length == 0;
  extent.content = reader.position();
  if (length > image.bytes.size() - extent.content) return rule_search::malformed;
  extent.end = extent.content + static_cast<std::size_t>(length);
  return rule_search::found;
}

// What the entries of one kind of function have in common (a CIE).
struct common_entry {
  std::uint64_t code_unit = 1;
  std::int64_t data_unit = 1;
  std::uint8_t pointer_encoding = 0;
  bool has_augmentation_size = false;
  bool signal_frame = false;
  std::size_t program = 0;
  std::size_t end = 0;
};

rule_search read_common_entry(const image_bytes& image, std::size_t offset, common_entry& common) {
  entry_extent extent;
  bool last = false;
  if (const auto got = read_extent(image, offset, extent, last); got != rule_search::found) return got;
  if (last) return rule_search::malformed;
  const std::span<const std::uint8_t> upto_end = image.bytes.first(extent.end);
  byte_reader reader(upto_end, extent.content);
  if (reader.read<std::uint32_t>() != 0) return rule_search::malformed;
  const auto version = reader.read<std::uint8_t>();
  if (version != 1 && version != 3 && version != 4) return rule_search::unsupported;
  byte_reader augmentation = reader;  // a string, read once the fields behind it are known
  while (reader.ok() && reader.read<std::uint8_t>() != 0) {
  }
  if (version == 4) {
    if (reader.read<std::uint8_t>() != 8) return rule_search::unsupported;  // bytes of an address
    if (reader.read<std::uint8_t>() != 0) return rule_search::unsupported;  // of a segment selector
  }
  common.code_unit = reader.read_uleb();
  common.data_unit = reader.read_sleb();
  const std::uint64_t column = version == 1 ? reader.read<std::uint8_t>() : reader.read_uleb();
  if (!reader.ok()) return rule_search::malformed;
  if (column != return_address) return rule_search::unsupported;

  common.program = reader.position();
  common.end = extent.end;
  auto letter = augmentation.read<std::uint8_t>();
  if (letter == 'z') {
    const std::uint64_t size = reader.read_uleb();
    byte_reader data = reader;
    reader.skip(size);
    if (!reader.ok()) return rule_search::malformed;
    common.program = reader.position();
    common.has_augmentation_size = true;
    while ((letter = augmentation.read<std::uint8_t>()) != 0) {
      std::uint64_t ignored = 0;
      if (letter == 'R') {
        common.pointer_encoding = data.read<std::uint8_t>();
      } else if (letter == 'P') {
        const auto encoding = data.read<std::uint8_t>();
        if (!read_pointer(data, image, encoding & form_mask, 0, ignored)) return rule_search::unsupported;
      } else if (letter == 'L') {
        data.skip(1);
      } else if (letter == 'S') {
        common.signal_frame = true;
      } else if (letter != 'B') {  // B: pointer authentication on AArch64
        return rule_search::unsupported;
      }
    }
    if (!data.ok() || data.position() > reader.position()) return rule_search::malformed;
  } else if (letter != 0) {
    return rule_search::unsupported;
  }
  return rule_search::found;
}

// Runs programs of CIEs and FDEs up to one instruction.
class rule_builder {
 public:
  rule_builder(const image_bytes& image, const common_entry& common, std::uint64_t header,
               std::uint64_t address, frame_rule& rule, rule_workspace& workspace)
      : image_(image),
        common_(common),
        header_(header),
        address_(address),
        rule_(rule),
        workspace_(workspace) {}

  // `rule.from` is where the function starts, `rule.to` where it ends.
  rule_search build(std::size_t program, std::size_t end) {
    if (const auto done = run(common_.program, common_.end); done != rule_search::found) return done;
    workspace_.initial.registers = rule_.registers;
    in_common_entry_ = false;
    remembered_ = 0;
    return run(program, end);
  }

 private:
  rule_search run(std::size_t program, std::size_t end);
  rule_search run_extended(std::uint8_t instruction, byte_reader& reader);

  // False when the rule for `address` is complete.
  bool advance(std::uint64_t units) {
    const std::uint64_t next = rule_.from + units * common_.code_unit;
    if (next > address_ || next < rule_.from) {
      if (next >= rule_.from && next < rule_.to) rule_.to = next;
      return false;
    }
    rule_.from = next;
    return true;
  }

  // Registers that nobody follows (vectors) have rules too.
  void set(std::uint64_t number, recovery how, std::int64_t value, std::uint32_t size = 0) {
    if (number < register_count) rule_.registers[number] = {how, size, value};
  }

  void restore(std::uint64_t number) {
    if (number < register_count) rule_.registers[number] = workspace_.initial.registers[number];
  }

  std::int64_t scaled(std::uint64_t factor) const {
    return static_cast<std::int64_t>(factor * static_cast<std::uint64_t>(common_.data_unit));
  }

  bool set_cfa_register(std::uint64_t number) {
    if (number >= register_count) return false;
    rule_.cfa_register = static_cast<std::uint32_t>(number);
    rule_.cfa_expression_size = 0;
    return true;
  }

  // An expression of the section: its address, and the reader moves behind it.
  bool read_expression(byte_reader& reader, std::int64_t& address, std::uint32_t& size) {
    const std::uint64_t length = reader.read_uleb();
    address = static_cast<std::int64_t>(image_.address + reader.position());
    reader.skip(length);
    size = static_cast<std::uint32_t>(length);
    return reader.ok() && length != 0 && length == size;
  }

  const image_bytes& image_;
  const common_entry& common_;
  std::uint64_t header_;
  std::uint64_t address_;
  frame_rule& rule_;
  rule_workspace& workspace_;
  std::size_t remembered_ = 0;
  bool in_common_entry_ = true;
  bool complete_ = false;
};

rule_search rule_builder::run(std::size_t program, std::size_t end) {
  if (program > end || end > image_.bytes.size()) return rule_search::malformed;
  byte_reader reader(image_.bytes.first(end), program);
  unsigned instructions = 0;
  while (!reader.at_end()) {
    if (++instructions > most_instructions) return rule_search::unsupported;
    const auto instruction = reader.read<std::uint8_t>();
    const std::uint8_t operand = instruction & 0x3f;
    switch (instruction & 0xc0) {
      case 0x40:  // DW_CFA_advance_loc
        if (in_common_entry_) return rule_search::malformed;
        if (!advance(operand)) return rule_search::found;
        break;
      case 0x80:  // DW_CFA_offset
        set(operand, recovery::at_cfa, scaled(reader.read_uleb()));
        break;
      case 0xc0:  // DW_CFA_restore
        restore(operand);
        break;
      default:
        if (const auto done = run_extended(instruction, reader); done != rule_search::found) return done;
        if (complete_) return rule_search::found;
    }
  }
  return reader.ok() ? rule_search::found : rule_search::malformed;
}

rule_search rule_builder::run_extended(std::uint8_t instruction, byte_reader& reader) {
  std::uint64_t number = 0;
  std::int64_t address = 0;
  std::uint32_t size = 0;
  bool moves = false;
  std::uint64_t units = 0;
  switch (instruction) {
    case 0x00:  // DW_CFA_nop
      break;
    case 0x01: {  // DW_CFA_set_loc
      std::uint64_t location = 0;
      if (!read_pointer(reader, image_, common_.pointer_encoding & ~indirect, header_, location)) {
        return rule_search::malformed;
      }
      if (in_common_entry_ || location < rule_.from || common_.code_unit != 1) return rule_search::malformed;
      moves = true;
      units = location - rule_.from;
      break;
    }
    case 0x02:  // DW_CFA_advance_loc1
      moves = true;
      units = reader.read<std::uint8_t>();
      break;
    case 0x03:
      moves = true;
      units = reader.read<std::uint16_t>();
      break;
    case 0x04:
      moves = true;
      units = reader.read<std::uint32_t>();
      break;
    case 0x05:  // DW_CFA_offset_extended
      number = reader.read_uleb();
      set(number, recovery::at_cfa, scaled(reader.read_uleb()));
      break;
    case 0x06:  // DW_CFA_restore_extended
      restore(reader.read_uleb());
      break;
    case 0x07:  // DW_CFA_undefined
      set(reader.read_uleb(), recovery::undefined, 0);
      break;
    case 0x08:  // DW_CFA_same_value
      set(reader.read_uleb(), recovery::same, 0);
      break;
    case 0x09:  // DW_CFA_register
      number = reader.read_uleb();
      set(number, recovery::in_register, static_cast<std::int64_t>(reader.read_uleb()));
      break;
    case 0x0a:  // DW_CFA_remember_state
      if (remembered_ == rule_workspace::deepest_remembered) return rule_search::unsupported;
      workspace_.remembered[remembered_++] = rule_;
      break;
    case 0x0b: {  // DW_CFA_restore_state
      if (remembered_ == 0) return rule_search::malformed;
      const std::uint64_t from = rule_.from;
      const std::uint64_t to = rule_.to;
      rule_ = workspace_.remembered[--remembered_];
      rule_.from = from;
      rule_.to = to;
      break;
    }
    case 0x0c:  // DW_CFA_def_cfa
      if (!set_cfa_register(reader.read_uleb())) return rule_search::unsupported;
      rule_.cfa_value = static_cast<std::int64_t>(reader.read_uleb());
      break;
    case 0x0d:  // DW_CFA_def_cfa_register
      if (rule_.cfa_expression_size != 0) return rule_search::malformed;
      if (!set_cfa_register(reader.read_uleb())) return rule_search::unsupported;
      break;
    case 0x0e:  // DW_CFA_def_cfa_offset
      if (rule_.cfa_expression_size != 0) return rule_search::malformed;
      rule_.cfa_value = static_cast<std::int64_t>(reader.read_uleb());
      break;
    case 0x0f:  // DW_CFA_def_cfa_expression
      if (!read_expression(reader, rule_.cfa_value, rule_.cfa_expression_size)) return rule_search::malformed;
      break;
    case 0x10:  // DW_CFA_expression
    case 0x16:  // DW_CFA_val_expression
      number = reader.read_uleb();
      if (!read_expression(reader, address, size)) return rule_search::malformed;
      set(number, instruction == 0x10 ? recovery::at_expression : recovery::expression, address, size);
      break;
    case 0x11:  // DW_CFA_offset_extended_sf
      number = reader.read_uleb();
      set(number, recovery::at_cfa, scaled(static_cast<std::uint64_t>(reader.read_sleb())));
      break;
    case 0x12:  // DW_CFA_def_cfa_sf
      if (!set_cfa_register(reader.read_uleb())) return rule_search::unsupported;
      rule_.cfa_value = scaled(static_cast<std::uint64_t>(reader.read_sleb()));
      break;
    case 0x13:  // DW_CFA_def_cfa_offset_sf
      if (rule_.cfa_expression_size != 0) return rule_search::malformed;
      rule_.cfa_value = scaled(static_cast<std::uint64_t>(reader.read_sleb()));
      break;
    case 0x14:  // DW_CFA_val_offset
      number = reader.read_uleb();
      set(number, recovery::cfa_plus, scaled(reader.read_uleb()));
      break;
    case 0x15:  // DW_CFA_val_offset_sf
      number = reader.read_uleb();
      set(number, recovery::cfa_plus, scaled(static_cast<std::uint64_t>(reader.read_sleb())));
      break;
    case 0x2e:  // DW_CFA_GNU_args_size: of no interest here
      reader.read_uleb();
      break;
    case 0x2f:  // DW_CFA_GNU_negative_offset_extended
      number = reader.read_uleb();
      set(number, recovery::at_cfa, scaled(~reader.read_uleb() + 1));
      break;
    default:
      return rule_search::unsupported;
  }
  if (!reader.ok()) return rule_search::malformed;
  if (moves) {
    if (in_common_entry_) return rule_search::malformed;
    complete_ = !advance(units);
  }
  return rule_search::found;
}

// The FDE at this offset: its function, and the rule where it contains `address`.
rule_search read_function_entry(const image_bytes& image, std::size_t offset, std::uint64_t header,
                                std::uint64_t address, frame_rule& rule, rule_workspace& workspace) {
  entry_extent extent;
  bool last = false;
  if (const auto got = read_extent(image, offset, extent, last); got != rule_search::found) return got;
  if (last) return rule_search::malformed;
  byte_reader reader(image.bytes.first(extent.end), extent.content);
  const std::uint64_t back = reader.read<std::uint32_t>();
  if (!reader.ok() || back == 0 || back > extent.content) return rule_search::malformed;
  common_entry common;
  if (const auto got = read_common_entry(image, extent.content - static_cast<std::size_t>(back), common);
      got != rule_search::found) {
    return got;
  }
  std::uint64_t start = 0;
  std::uint64_t size = 0;
  if ((common.pointer_encoding & indirect) != 0 ||
      !read_pointer(reader, image, common.pointer_encoding, header, start) ||
      !read_pointer(reader, image, common.pointer_encoding & form_mask, header, size)) {
    return rule_search::unsupported;
  }
  if (address < start || address - start >= size) return rule_search::no_entry;
  if (start + size < start) return rule_search::malformed;
  if (common.has_augmentation_size) reader.skip(reader.read_uleb());
  if (!reader.ok()) return rule_search::malformed;
  rule = frame_rule{};
  rule.from = start;
  rule.to = start + size;
  rule.signal_frame = common.signal_frame;
  return rule_builder(image, common, header, address, rule, workspace).build(reader.position(), extent.end);
}

}  // namespace

rule_search scan_for_rule(const image_bytes& image, std::uint64_t section, std::uint64_t address,
                          frame_rule& rule, rule_workspace& workspace) noexcept {
  if (section < image.address || section - image.address >= image.bytes.size()) return rule_search::malformed;
  auto offset = static_cast<std::size_t>(section - image.address);
  while (offset != image.bytes.size()) {
    entry_extent extent;
    bool last = false;
    if (const auto got = read_extent(image, offset, extent, last); got != rule_search::found) return got;
    if (last) break;
    byte_reader reader(image.bytes.first(extent.end), extent.content);
    const auto kind = reader.read<std::uint32_t>();
    if (!reader.ok()) return rule_search::malformed;
    if (kind != 0) {
      const auto got = read_function_entry(image, offset, 0, address, rule, workspace);
      if (got != rule_search::no_entry) return got;
    }
    offset = extent.end;
  }
  return rule_search::no_entry;
}

rule_search find_rule(const image_bytes& image, std::uint64_t header, std::uint64_t address, frame_rule& rule,
                      rule_workspace& workspace) noexcept {
  if (header < image.address || header - image.address >= image.bytes.size()) return rule_search::malformed;
  const auto header_offset = static_cast<std::size_t>(header - image.address);
  byte_reader reader(image.bytes, header_offset);
  if (reader.read<std::uint8_t>() != 1) return rule_search::unsupported;
  const auto section_encoding = reader.read<std::uint8_t>();
  const auto count_encoding = reader.read<std::uint8_t>();
  const auto table_encoding = reader.read<std::uint8_t>();
  std::uint64_t section = 0;
  if (section_encoding == omitted || (section_encoding & indirect) != 0 ||
      !read_pointer(reader, image, section_encoding, header, section)) {
    return rule_search::unsupported;
  }
  if (count_encoding == omitted || table_encoding != (relative_to_header | four_signed_bytes)) {
    return scan_for_rule(image, section, address, rule, workspace);
  }
  std::uint64_t count = 0;
  if (!read_pointer(reader, image, count_encoding, header, count)) return rule_search::malformed;
  const std::size_t table = reader.position();
  constexpr std::size_t row_bytes = 8;
  if (count > (image.bytes.size() - table) / row_bytes) return rule_search::malformed;

  const auto row_start = [&](std::uint64_t row) {
    byte_reader cell(image.bytes, table + static_cast<std::size_t>(row) * row_bytes);
    return header + static_cast<std::uint64_t>(std::int64_t{cell.read<std::int32_t>()});
  };
  std::uint64_t below = 0;  // rows that start at or before the address
  std::uint64_t above = count;
  while (below < above) {
    const std::uint64_t middle = below + (above - below) / 2;
    if (row_start(middle) <= address) {
      below = middle + 1;
    } else {
      above = middle;
    }
  }
  if (below == 0) return rule_search::no_entry;
  byte_reader cell(image.bytes, table + static_cast<std::size_t>(below - 1) * row_bytes + 4);
  const std::uint64_t entry = header + static_cast<std::uint64_t>(std::int64_t{cell.read<std::int32_t>()});
  if (entry < image.address || entry - image.address >= image.bytes.size()) return rule_search::malformed;
  return read_function_entry(image, static_cast<std::size_t>(entry - image.address), header, address, rule,
                             workspace);
}

}  // namespace deft::profile::agent
