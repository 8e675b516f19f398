#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "symbols/elf_layout.hpp"

struct Dwfl_Module;  // elfutils

namespace deft::symbols {

/// A program or library on disk (or the vdso, copied from this process: the kernel maps the same one
/// everywhere), opened at the addresses it was linked for. Debug information apart from the file is found by
/// build id and debug link in the system's folders; never over a network.
///
/// The file may be anybody's and may be damaged: headers and tables are checked before elfutils sees them,
/// and files below 64 MiB are read into memory, so that nothing happens when they are cut short meanwhile.
class module_file {
 public:
  /// Null where the file cannot be read or is no ELF file of this machine. `debug_path` says where debug
  /// files lie: folders separated by ':', relative ones beside the program; empty: ":.debug:/usr/lib/debug".
  static std::unique_ptr<module_file> open(const std::string& path, const std::string& debug_path = {});

  /// The same of a file's content. No debug file is looked for.
  static std::unique_ptr<module_file> from_bytes(std::string name, std::vector<char> content);

  module_file(const module_file&) = delete;
  module_file& operator=(const module_file&) = delete;
  ~module_file();

  /// The link-time address of a byte of the file that belongs to an executable segment.
  std::optional<std::uint64_t> address_of(std::uint64_t file_offset) const;

  /// The inverse.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const;

  /// Whether `address` (link-time) belongs to an executable segment.
  bool is_code(std::uint64_t address) const noexcept { return offset_of(address).has_value(); }

  /// Copies what the program finds at `address` (link-time) and cannot write to. Less than asked for where
  /// the segment ends.
  std::size_t read_constant(std::uint64_t address, std::span<char> into) const;

  /// Last part of the path, or "[vdso]".
  const std::string& name() const noexcept { return name_; }

  /// As it was opened; empty where there is no file.
  const std::string& path() const noexcept { return path_; }

  /// In hexadecimal; empty where there is none.
  const std::string& build_id() const noexcept { return layout_.build_id; }

  /// Link-time address of the first instruction of a program or of the dynamic linker; 0 in other libraries.
  std::uint64_t entry() const noexcept { return layout_.entry; }

  /// Whether the file that was opened still is what one finds at its path.
  bool is_still_there() const;

  /// When the file was written, in seconds since 1970; 0 where that is not known.
  std::int64_t modified_s() const noexcept;

  Dwfl_Module* handle() const noexcept { return module_; }

 private:
  struct session;

  module_file();
  static std::unique_ptr<module_file> finish(std::unique_ptr<module_file> file);

  std::string name_;
  std::string path_;
  elf_layout layout_;
  std::unique_ptr<session> session_;
  Dwfl_Module* module_ = nullptr;
};

/// The part of a path that is shown.
std::string base_name(const std::string& path);

}  // namespace deft::symbols
