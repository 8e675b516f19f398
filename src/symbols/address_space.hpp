#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "symbols/recording.hpp"

namespace deft::symbols {

class loaded_module;

/// One executable mapping of a process.
struct mapped_range {
  std::uint64_t size_bytes = 0;
  std::uint64_t file_offset = 0;
  std::string path;
  loaded_module* module = nullptr;  ///< Null where the file could not be read, or is none.
};

/// Where the code of one process lies at one moment.
class address_space {
 public:
  /// Later mappings replace what they overlap, as the kernel does.
  void map(std::uint64_t start, mapped_range range);

  void clear() { ranges_.clear(); }

  /// The range around `address` and its start, or null.
  const mapped_range* find(std::uint64_t address, std::uint64_t& start) const;

 private:
  std::map<std::uint64_t, mapped_range> ranges_;
};

}  // namespace deft::symbols
