#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace deft::symbols {

/// A part of a program or library that is mapped when it runs.
struct elf_segment {
  std::uint64_t file_offset = 0;
  std::uint64_t file_bytes = 0;
  std::uint64_t address = 0;  ///< Link-time.
  std::uint64_t memory_bytes = 0;
  std::uint64_t alignment = 0;
  bool executable = false;
  bool writable = false;
};

/// What deft itself reads of a file before it trusts elfutils with it.
struct elf_layout {
  std::vector<elf_segment> loads;  ///< In the file's order; at least one.
  std::uint64_t entry = 0;         ///< Link-time address of the first instruction that runs.
  std::string build_id;            ///< In hexadecimal; empty where there is none.
};

/// Copies `count` bytes at `offset`; false where the file has less.
using file_reader = std::function<bool(std::uint64_t offset, void* into, std::size_t count)>;

/// Empty where it is no program or library of this machine, or where a header, section, string or symbol
/// table leads outside of the file: anybody can write a file, and whatever a process has mapped is opened.
std::optional<elf_layout> read_elf_layout(const file_reader& read, std::uint64_t file_bytes);

}  // namespace deft::symbols
