#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "symbols/unwind_rules.hpp"

namespace deft::symbols {

class module_file;

/// A `deft::profile::scope` that was open on a thread's stack.
struct scope_mark {
  std::uint64_t name_address = 0;  ///< In the sampled process.
  std::uint64_t order = 0;         ///< Grows from outer to inner ones.
};

/// Adds the open scopes of one frame, whose words are from `start` up to `end`, in the order of addresses.
void find_scope_marks(const stack_bytes& stack, std::uint64_t start, std::uint64_t end,
                      std::vector<scope_mark>& marks);

/// The text at `address` (link-time) of a module's constant data: empty where there is none, where it is not
/// UTF-8 without control characters, or not terminated within the 200 bytes that a name may have.
std::optional<std::string> read_scope_name(const module_file& file, std::uint64_t address);

}  // namespace deft::symbols
