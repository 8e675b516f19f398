#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

struct Dwfl;         // elfutils
struct Dwfl_Module;  // elfutils

namespace deft::symbols {

/// A program or library on disk (or the vdso, copied from this process: the kernel maps the same one
/// everywhere), opened at the addresses it was linked for. Debug information apart from the file is found by
/// build id and debug link in the system's folders; never over a network.
class module_file {
 public:
  /// Null where the file cannot be read or is no ELF file of this machine.
  static std::unique_ptr<module_file> open(const std::string& path);

  module_file(const module_file&) = delete;
  module_file& operator=(const module_file&) = delete;
  ~module_file();

  /// The link-time address of a byte of the file that belongs to an executable segment.
  std::optional<std::uint64_t> address_of(std::uint64_t file_offset) const;

  /// The inverse.
  std::optional<std::uint64_t> offset_of(std::uint64_t address) const;

  /// Last part of the path, or "[vdso]".
  const std::string& name() const noexcept { return name_; }

  Dwfl_Module* handle() const noexcept { return module_; }

 private:
  struct segment {
    std::uint64_t file_offset;
    std::uint64_t address;
    std::uint64_t size_bytes;
  };

  module_file() = default;
  bool read_segments();

  std::string name_;
  Dwfl* session_ = nullptr;
  Dwfl_Module* module_ = nullptr;
  std::vector<segment> segments_;  // executable ones
};

/// The part of a path that is shown.
std::string base_name(const std::string& path);

}  // namespace deft::symbols
