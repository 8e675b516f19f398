#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace deft::symbols {

/// One decoded instruction.
struct decoded_instruction {
  std::uint64_t address = 0;
  std::uint32_t size_bytes = 0;
  std::string text;                     ///< "mov rax, rbx"; ".byte 0x06" for what is no instruction.
  std::optional<std::uint64_t> target;  ///< Of jumps and calls to a fixed address.
};

enum class instruction_set : std::uint8_t { x86_64, aarch64 };

/// The one that deft itself was compiled for.
instruction_set own_instruction_set() noexcept;

/// Turns machine code into text, by Capstone.
class disassembler {
 public:
  explicit disassembler(instruction_set set = own_instruction_set());
  ~disassembler();
  disassembler(const disassembler&) = delete;
  disassembler& operator=(const disassembler&) = delete;

  /// What starts at the first byte of `code`, one after the other; at most `most` of them. The last one may
  /// be cut off and then is shown as bytes.
  std::vector<decoded_instruction> decode(std::span<const unsigned char> code, std::uint64_t address,
                                          std::size_t most) const;

 private:
  struct handle;
  std::unique_ptr<handle> handle_;  // empty where Capstone was built without this instruction set
  instruction_set set_;
};

}  // namespace deft::symbols
