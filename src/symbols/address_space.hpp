#pragma once

#include <cstdint>
#include <map>

namespace deft::symbols {

struct module_entry;

/// One executable mapping of a process.
struct mapped_range {
  std::uint64_t size_bytes = 0;
  std::uint64_t file_offset = 0;
  module_entry* module = nullptr;  ///< What is mapped there: never null in a process that was sampled.
};

/// Where the code of one process lies at one moment.
class address_space {
 public:
  /// Later mappings replace what they overlap, as the kernel does.
  void map(std::uint64_t start, mapped_range range);

  void clear() { ranges_.clear(); }

  /// The range around `address` and its start, or null.
  const mapped_range* find(std::uint64_t address, std::uint64_t& start) const;

  /// The last range that starts at or before `address`, or null.
  const mapped_range* find_before(std::uint64_t address, std::uint64_t& start) const;

  /// The first range that starts after `address`, or null.
  const mapped_range* find_after(std::uint64_t address, std::uint64_t& start) const;

 private:
  std::map<std::uint64_t, mapped_range> ranges_;
};

}  // namespace deft::symbols
