#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

#include "symbols/loaded_module.hpp"
#include "symbols/number_index.hpp"

namespace deft::symbols {

/// What processes map: a file, as it was at one time, or memory without one.
struct module_entry {
  std::string path;      ///< As the kernel gave it.
  std::string build_id;  ///< As the mapping's event gave it; empty where unknown.
  std::string name;      ///< That is shown: "libc.so.6", "plugin.so (deleted)", "[vdso]".
  std::uint32_t number = 0;
  bool opened = false;
  std::unique_ptr<loaded_module> module;  ///< Null where it is no file, or none that can be read and trusted.
  number_index code;                      ///< By link-time address: the owner's numbers.
};

/// The files that processes map, each opened once, when it is first looked into.
class module_table {
 public:
  /// `debug_path`: as in `module_file::open`.
  explicit module_table(std::string debug_path) : debug_path_(std::move(debug_path)) {}

  /// Stays where it is as long as the table. A path has several entries where its file was replaced:
  /// `build_id` tells which one is meant, and without one it is the file that is there now.
  module_entry& entry(const std::string& path, const std::string& build_id = {});

  /// Opens the file of `entry` unless that was tried before; null where it cannot be read, or is not the one
  /// that was mapped.
  loaded_module* open(module_entry& entry);

  module_entry& operator[](std::uint32_t number) { return entries_[number]; }

 private:
  std::string debug_path_;
  std::deque<module_entry> entries_;
  std::unordered_map<std::string, std::uint32_t> by_path_;  // and build id
};

}  // namespace deft::symbols
