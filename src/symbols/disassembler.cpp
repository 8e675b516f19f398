#include "symbols/disassembler.hpp"

#include <charconv>
#include <string_view>

#include <capstone/capstone.h>

namespace deft::symbols {
namespace {

bool is_branch(std::string_view mnemonic, instruction_set set) {
  if (set == instruction_set::x86_64)
    return mnemonic.starts_with('j') || mnemonic.starts_with("call") || mnemonic.starts_with("loop");
  return mnemonic == "b" || mnemonic == "bl" || mnemonic.starts_with("b.") || mnemonic.starts_with("cb") ||
         mnemonic.starts_with("tb");
}

// The last operand: "0x1040", or "w0, #0x1040" on AArch64.
std::optional<std::uint64_t> branch_target(std::string_view operands) {
  const std::size_t comma = operands.rfind(", ");
  if (comma != std::string_view::npos) operands.remove_prefix(comma + 2);
  if (operands.starts_with('#')) operands.remove_prefix(1);
  if (!operands.starts_with("0x")) return std::nullopt;
  operands.remove_prefix(2);
  std::uint64_t address = 0;
  const auto [end, error] = std::from_chars(operands.data(), operands.data() + operands.size(), address, 16);
  if (error != std::errc{} || end != operands.data() + operands.size()) return std::nullopt;
  return address;
}

}  // namespace

struct disassembler::handle {
  csh capstone = 0;
  cs_insn* instruction = nullptr;

  handle() = default;
  handle(const handle&) = delete;
  handle& operator=(const handle&) = delete;

  ~handle() {
    if (instruction != nullptr) ::cs_free(instruction, 1);
    if (capstone != 0) ::cs_close(&capstone);
  }
};

instruction_set own_instruction_set() noexcept {
#if defined(__aarch64__)
  return instruction_set::aarch64;
#else
  return instruction_set::x86_64;
#endif
}

disassembler::disassembler(instruction_set set) : handle_(std::make_unique<handle>()), set_(set) {
  const bool is_x86 = set == instruction_set::x86_64;
  const cs_err opened = is_x86 ? ::cs_open(CS_ARCH_X86, CS_MODE_64, &handle_->capstone)
                               : ::cs_open(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN, &handle_->capstone);
  if (opened == CS_ERR_OK) {
    ::cs_option(handle_->capstone, CS_OPT_SKIPDATA, CS_OPT_ON);  // data between code does not end it
    handle_->instruction = ::cs_malloc(handle_->capstone);
  }
  if (handle_->instruction == nullptr) handle_.reset();
}

disassembler::~disassembler() = default;

std::vector<decoded_instruction> disassembler::decode(std::span<const unsigned char> code,
                                                      std::uint64_t address, std::size_t most) const {
  std::vector<decoded_instruction> decoded;
  if (!handle_) return decoded;
  const std::uint8_t* at = code.data();
  std::size_t rest = code.size();
  while (decoded.size() < most &&
         ::cs_disasm_iter(handle_->capstone, &at, &rest, &address, handle_->instruction)) {
    const cs_insn& found = *handle_->instruction;
    decoded_instruction& next = decoded.emplace_back();
    next.address = found.address;
    next.size_bytes = found.size;
    const std::string_view mnemonic = static_cast<const char*>(found.mnemonic);
    const std::string_view operands = static_cast<const char*>(found.op_str);
    next.text = mnemonic;
    if (!operands.empty()) next.text.append(" ").append(operands);
    if (is_branch(mnemonic, set_)) next.target = branch_target(operands);
  }
  return decoded;
}

}  // namespace deft::symbols
