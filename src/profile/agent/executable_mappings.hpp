#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace deft::profile::agent {

/// A line of /proc/self/maps.
struct executable_mapping {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint64_t file_offset = 0;
  std::span<const char> path;  ///< "[vdso]" and the like for what is no file; empty for anonymous memory.
};

struct mapping_visitor {
  void* context = nullptr;
  void (*visit)(void* context, const executable_mapping& mapping) noexcept = nullptr;
};

/// Reads one line; false where it is none.
bool parse_mapping(std::span<const char> line, executable_mapping& mapping, bool& executable) noexcept;

/// Visits the executable mappings that have something in [from, to). False where /proc cannot be read. A line
/// longer than `buffer` is skipped. For signal handlers.
bool visit_executable_mappings(std::uint64_t from, std::uint64_t to, std::span<char> buffer,
                               const mapping_visitor& visitor) noexcept;

}  // namespace deft::profile::agent
