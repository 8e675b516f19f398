// The agent's own reader of call frame information, which runs in foreign programs' signal handlers: any
// bytes give an answer that stays inside of them; where a section is well formed but for the programs in it,
// elfutils must agree.
//
// Input: the bytes of an image, .eh_frame or .eh_frame_hdr at its start; then once more, as programs of
// entries.
#include "profile/agent/eh_frame.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

#include <dwarf.h>
#include <elf.h>
#include <elfutils/libdw.h>
#include <libelf.h>

#include "fuzz/reader.hpp"

namespace {

using namespace deft::profile::agent;  // NOLINT(google-build-using-namespace): its names are those of the
                                       // subject
using deft_fuzz::op_source;

constexpr std::uint64_t image_address = 0x400000;
constexpr std::uint64_t stack_start = 0x7ffc00000000;
constexpr std::size_t stack_bytes = 512;

bool lies_inside(const image_bytes& image, std::int64_t address, std::uint32_t size) {
  const std::uint64_t offset = static_cast<std::uint64_t>(address) - image.address;
  return offset <= image.bytes.size() && size <= image.bytes.size() - offset;
}

void check_rule(const image_bytes& image, std::uint64_t address, const frame_rule& rule) {
  DEFT_FUZZ_CHECK(rule.from <= address && address < rule.to);
  DEFT_FUZZ_CHECK(rule.cfa_register < register_count);
  if (rule.cfa_expression_size != 0)
    DEFT_FUZZ_CHECK(lies_inside(image, rule.cfa_value, rule.cfa_expression_size));
  for (const register_rule& r : rule.registers) {
    if (r.how == recovery::at_expression || r.how == recovery::expression) {
      DEFT_FUZZ_CHECK(r.size != 0 && lies_inside(image, r.value, r.size));
    }
  }
}

// A stack that counts upwards: every word is another one.
bool read_stack(void* /*context*/, std::uint64_t address, std::uint64_t& word) noexcept {
  if (address < stack_start || address - stack_start > stack_bytes - sizeof word) return false;
  word = image_address + (address - stack_start);
  return true;
}

void check_step(const frame_rule& rule, const image_bytes& image) {
  frame_registers before;
  for (unsigned i = 0; i < register_count; ++i) before.set(i, stack_start + 16 * i);
  before.set(stack_pointer, stack_start);
  frame_registers after = before;
  std::uint64_t frame_end = 0;
  const word_reader memory{nullptr, read_stack};
  const step result = follow(rule, image, memory, after, frame_end);
  if (result != step::stepped) return;
  DEFT_FUZZ_CHECK(after.knows(return_address) && after.knows(stack_pointer) &&
                  after.value[return_address] != 0);
  if (!rule.signal_frame) DEFT_FUZZ_CHECK(after.value[stack_pointer] > before.value[stack_pointer]);
}

bool same(const frame_rule& a, const frame_rule& b) {
  return a.from == b.from && a.to == b.to && a.cfa_expression_size == b.cfa_expression_size &&
         a.cfa_register == b.cfa_register && a.cfa_value == b.cfa_value && a.signal_frame == b.signal_frame &&
         std::ranges::equal(a.registers, b.registers, [](const register_rule& x, const register_rule& y) {
           return x.how == y.how && x.size == y.size && x.value == y.value;
         });
}

void read_any_image(std::span<const std::uint8_t> bytes) {
  const image_bytes image{bytes, image_address};
  rule_workspace workspace;
  std::vector<std::uint64_t> addresses = {0, image_address, ~std::uint64_t{0}};
  // Functions that are mentioned lie at the addresses that some four bytes are an offset to.
  for (std::size_t at = 0; at + 4 <= bytes.size() && addresses.size() < 64; at += 4) {
    std::int32_t offset = 0;
    std::memcpy(&offset, bytes.data() + at, sizeof offset);
    addresses.push_back(image_address + at + static_cast<std::uint64_t>(std::int64_t{offset}));
    addresses.push_back(image_address + static_cast<std::uint64_t>(std::int64_t{offset}));
  }
  for (const std::uint64_t address : addresses) {
    for (const auto search : {scan_for_rule, find_rule}) {
      frame_rule rule;
      const rule_search answer = search(image, image_address, address, rule, workspace);
      if (answer == rule_search::found) {
        check_rule(image, address, rule);
        check_step(rule, image);
      }
      frame_rule again;
      DEFT_FUZZ_CHECK(search(image, image_address, address, again, workspace) == answer);
      DEFT_FUZZ_CHECK(answer != rule_search::found || same(rule, again));
    }
  }
}

// A well-formed .eh_frame and where its functions are.
struct section {
  std::vector<std::uint8_t> bytes;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> functions;  // start, end

  void u32(std::uint32_t value) {
    const auto* const image = reinterpret_cast<const std::uint8_t*>(&value);
    bytes.insert(bytes.end(), image, image + sizeof value);
  }

  // Fills in the length field at `start`, and up with DW_CFA_nop.
  void close_entry(std::size_t start) {
    while (bytes.size() % 8 != 4) bytes.push_back(0);
    const auto length = static_cast<std::uint32_t>(bytes.size() - start - 4);
    std::memcpy(bytes.data() + start, &length, sizeof length);
  }

  void uleb(unsigned value) {
    for (; value > 127; value >>= 7) bytes.push_back(static_cast<std::uint8_t>(value | 128));
    bytes.push_back(static_cast<std::uint8_t>(value));
  }

  void expression(op_source& in) {
    const int size = 1 + in.below(4);
    uleb(static_cast<unsigned>(size));
    for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(DW_OP_lit0 + in.below(32)));
  }

  // Registers stay few: elfutils makes room for as many as the largest number says.
  void instruction(op_source& in) {
    struct shape {
      std::uint8_t code;
      const char* operands;  // r: a register, u: a number, s: a signed one, x: an expression; 1, 2, 4: bytes
    };

    static constexpr shape known[] = {{DW_CFA_nop, ""},
                                      {DW_CFA_advance_loc1, "1"},
                                      {DW_CFA_advance_loc2, "2"},
                                      {DW_CFA_advance_loc4, "4"},
                                      {DW_CFA_offset_extended, "ru"},
                                      {DW_CFA_restore_extended, "r"},
                                      {DW_CFA_undefined, "r"},
                                      {DW_CFA_same_value, "r"},
                                      {DW_CFA_register, "rr"},
                                      {DW_CFA_remember_state, ""},
                                      {DW_CFA_restore_state, ""},
                                      {DW_CFA_def_cfa, "ru"},
                                      {DW_CFA_def_cfa_register, "r"},
                                      {DW_CFA_def_cfa_offset, "u"},
                                      {DW_CFA_def_cfa_expression, "x"},
                                      {DW_CFA_expression, "rx"},
                                      {DW_CFA_offset_extended_sf, "rs"},
                                      {DW_CFA_def_cfa_sf, "rs"},
                                      {DW_CFA_def_cfa_offset_sf, "s"},
                                      {DW_CFA_val_offset, "ru"},
                                      {DW_CFA_val_offset_sf, "rs"},
                                      {DW_CFA_val_expression, "rx"},
                                      {DW_CFA_GNU_args_size, "u"}};
    const int choice = in.below(static_cast<int>(std::size(known)) + 24);
    if (choice >= static_cast<int>(std::size(known))) {  // the common ones, with an operand in the code
      const int operand = in.below(20);
      static constexpr int packed[] = {DW_CFA_advance_loc, DW_CFA_offset, DW_CFA_restore};
      const int code = packed[in.below(3)];
      bytes.push_back(static_cast<std::uint8_t>(code | operand));
      if (code == DW_CFA_offset) uleb(in.byte());
      return;
    }
    const auto& [code, operands] = known[choice];
    bytes.push_back(code);
    for (const char* operand = operands; *operand != 0; ++operand) {
      switch (*operand) {
        case 'r':
          uleb(static_cast<unsigned>(in.below(24)));
          break;
        case 'u':
          uleb(static_cast<unsigned>(in.below(65536)));
          break;
        case 's':
          bytes.push_back(in.byte() & 0x7f);
          break;
        case 'x':
          expression(in);
          break;
        default:
          bytes.push_back(in.byte());
          for (int i = 1; i < *operand - '0'; ++i) bytes.push_back(0);
      }
    }
  }

  void program(op_source& in, int most) {
    for (int n = in.below(most); n > 0; --n) instruction(in);
  }
};

section generate(op_source& in) {
  section made;
  made.u32(0);
  made.u32(0);  // a CIE
  const bool signal = in.below(4) == 0;
  const std::string_view augmentation = signal ? "zRS" : "zR";
  made.bytes.push_back(1);
  made.bytes.insert(made.bytes.end(), augmentation.begin(), augmentation.end());
  made.bytes.insert(made.bytes.end(), {0, static_cast<std::uint8_t>(in.below(2) == 0 ? 1 : 4), 0x78,
                                       return_address, 1, DW_EH_PE_pcrel | DW_EH_PE_sdata4});
  made.bytes.insert(made.bytes.end(), {DW_CFA_def_cfa, stack_pointer, 8, DW_CFA_offset | return_address, 1});
  made.close_entry(0);
  for (int i = 0, n = 1 + in.below(3); i < n; ++i) {
    const std::size_t start = made.bytes.size();
    const std::uint64_t function = 0x10000 + std::uint64_t{0x1000} * static_cast<std::uint64_t>(i);
    const auto size = static_cast<std::uint32_t>(1 + in.below(256));
    made.functions.emplace_back(function, function + size);
    made.u32(0);
    made.u32(static_cast<std::uint32_t>(made.bytes.size()));  // back to the CIE
    made.u32(static_cast<std::uint32_t>(function - (image_address + made.bytes.size())));
    made.u32(size);
    made.bytes.push_back(0);
    made.program(in, 24);
    made.close_entry(start);
  }
  return made;
}

// The section in the smallest file that elfutils takes.
std::vector<char> in_elf_file(const section& s) {
  constexpr std::string_view names{"\0.eh_frame\0.shstrtab", 21};
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_DYN;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_ehsize = sizeof header;
  header.e_shentsize = sizeof(Elf64_Shdr);
  header.e_shnum = 3;
  header.e_shstrndx = 2;
  header.e_shoff = sizeof header;
  std::array<Elf64_Shdr, 3> sections{};
  const std::size_t content = sizeof header + sizeof sections;
  sections[1] = {.sh_name = 1,
                 .sh_type = SHT_PROGBITS,
                 .sh_flags = SHF_ALLOC,
                 .sh_addr = image_address,
                 .sh_offset = content,
                 .sh_size = s.bytes.size(),
                 .sh_link = 0,
                 .sh_info = 0,
                 .sh_addralign = 8,
                 .sh_entsize = 0};
  sections[2].sh_name = 11;
  sections[2].sh_type = SHT_STRTAB;
  sections[2].sh_offset = content + s.bytes.size();
  sections[2].sh_size = names.size();
  std::vector<char> file(content + s.bytes.size() + names.size());
  std::memcpy(file.data(), &header, sizeof header);
  std::memcpy(file.data() + sizeof header, sections.data(), sizeof sections);
  std::memcpy(file.data() + content, s.bytes.data(), s.bytes.size());
  std::memcpy(file.data() + content + s.bytes.size(), names.data(), names.size());
  return file;
}

// elfutils says where a register is by an expression.
bool agrees(const register_rule& ours, unsigned number, const Dwarf_Op* theirs, std::size_t count) {
  const auto is_cfa_plus = [&](std::size_t length) {
    if (count == 0 || theirs[0].atom != DW_OP_call_frame_cfa) return false;
    if (ours.value == 0) return count == length;
    return count == length + 1 && theirs[1].atom == DW_OP_plus_uconst &&
           theirs[1].number == static_cast<std::uint64_t>(ours.value);
  };
  switch (ours.how) {
    case recovery::same:
    case recovery::undefined:
      // It has the ABI's opinion on registers that no rule mentions.
      return count == 0 || number == stack_pointer;
    case recovery::at_cfa:
      return is_cfa_plus(1);
    case recovery::cfa_plus:
      return is_cfa_plus(2) && theirs[count - 1].atom == DW_OP_stack_value;
    case recovery::in_register:
      return count == 1 && theirs[0].atom == DW_OP_regx &&
             theirs[0].number == static_cast<std::uint64_t>(ours.value);
    case recovery::at_expression:
    case recovery::expression:
      return count != 0;
  }
  return false;
}

void compare_at(const image_bytes& image, Dwarf_CFI* cfi, std::uint64_t address, std::uint64_t function_end) {
  frame_rule rule;
  rule_workspace workspace;
  if (scan_for_rule(image, image_address, address, rule, workspace) != rule_search::found) return;
  check_rule(image, address, rule);
  frame_rule elsewhere;
  const rule_search at_start = scan_for_rule(image, image_address, rule.from, elsewhere, workspace);
  DEFT_FUZZ_CHECK(at_start == rule_search::found && same(rule, elsewhere));
  check_step(rule, image);

  Dwarf_Frame* frame = nullptr;
  if (dwarf_cfi_addrframe(cfi, address, &frame) != 0) return;  // stricter about what follows is its right
  Dwarf_Addr from = 0;
  Dwarf_Addr to = 0;
  bool signal = false;
  dwarf_frame_info(frame, &from, &to, &signal);
  // After DW_CFA_restore_state it says where the remembered row started.
  DEFT_FUZZ_CHECK(from <= rule.from && std::min(to, function_end) == rule.to && signal == rule.signal_frame);
  Dwarf_Op* operations = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_cfa(frame, &operations, &count) == 0 && rule.cfa_expression_size == 0) {
    DEFT_FUZZ_CHECK(count >= 1 && operations[0].atom == DW_OP_bregx);
    DEFT_FUZZ_CHECK(operations[0].number == rule.cfa_register);
    DEFT_FUZZ_CHECK(operations[0].number2 == static_cast<std::uint64_t>(rule.cfa_value));
  }
  for (unsigned number = 0; number < register_count; ++number) {
    std::array<Dwarf_Op, 3> buffer{};
    if (dwarf_frame_register(frame, static_cast<int>(number), buffer.data(), &operations, &count) != 0)
      continue;
    DEFT_FUZZ_CHECK(agrees(rule.registers[number], number, operations, count));
  }
  std::free(frame);
}

void compare_with_elfutils(op_source in) {
  const section made = generate(in);
  const image_bytes image{made.bytes, image_address};
  std::vector<char> file = in_elf_file(made);
  elf_version(EV_CURRENT);
  Elf* const elf = elf_memory(file.data(), file.size());
  DEFT_FUZZ_CHECK(elf != nullptr);
  Dwarf_CFI* const cfi = dwarf_getcfi_elf(elf);
  DEFT_FUZZ_CHECK(cfi != nullptr);
  for (const auto& [start, end] : made.functions) {
    for (std::uint64_t address = start; address < end; address += 1 + (end - start) / 8) {
      compare_at(image, cfi, address, end);
    }
  }
  dwarf_cfi_end(cfi);
  elf_end(elf);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const deft_fuzz::exact_copy input(data, size);
  read_any_image(input.bytes());
  compare_with_elfutils(op_source(input.bytes()));
  return 0;
}
