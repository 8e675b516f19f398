/// @file
/// How a deft::profile::scope lies on a stack: for the class itself, and for those who look for one in a copy
/// of a stack. Knows nothing else.
#pragma once

#include <cstdint>

namespace deft::profile::detail {

/// The words of an open scope, in the order of their addresses, aligned to 8:
///
/// | word    | content                                                                           |
/// |---------|-----------------------------------------------------------------------------------|
/// | `check` | `scope_magic ^ address of this word`; 0 when the scope is closed                  |
/// | `name`  | address of the name, zero-terminated, which lives as long as the program           |
/// | `order` | grows from each scope that a thread opens to the next: tells outer from inner ones |
///
/// A scope belongs to the frame whose words, from its stack pointer up to its CFA, contain it; one frame may
/// have several. The compiler may put them in any order, hence `order`. The address in `check` is that in the
/// running thread: a copy that was moved aside, or a dead one further down, is no scope.
struct scope_words {
  std::uint64_t check;
  std::uint64_t name;
  std::uint64_t order;
};

inline constexpr std::uint64_t scope_magic = 0x9d5f0c3ae17b2846ULL;

/// What `check` holds in a scope at this address.
constexpr std::uint64_t scope_check(std::uint64_t address) noexcept {
  return scope_magic ^ address;
}

}  // namespace deft::profile::detail
