/// @file
/// What the handler of SIGBUS knows of the files that deft has mapped.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

#include "deft/view/mapped_file.hpp"

namespace deft::detail {

/// A mapping as the handler sees it. Never freed, only used again: a handler may be looking at it.
struct guarded_mapping {
  std::atomic<std::uintptr_t> begin{0};  // 0: not in use
  std::atomic<std::uintptr_t> end{0};
  std::atomic<int> visits{0};
  std::atomic<std::uintptr_t> zeros_from{0};  // the lowest address that zeros were given at; 0: none
  std::atomic<bool> lost{false};  // something behind the file's end was read, and was given as zeros
  int file = -1;
  std::size_t file_size_needed = 0;
  std::size_t first_byte = 0;  // of the file, at `begin`
  char path[512] = {};         // the end of it, if it is longer
};

/// Notes a mapping, and installs the handler if `with_handler` and it is not installed yet.
/// @throws std::bad_alloc.
guarded_mapping* guard_mapping(void* begin, std::size_t size, std::size_t first_byte, int file,
                               std::size_t file_size_needed, const std::string& path, bool with_handler);

/// This thread visits a mapping from now on, and no longer. When nobody does, zeros that were given make way
/// for the file again: who reads behind its end then is told.
/// @{
void begin_visit(visit_mark& mark) noexcept;
void end_visit(visit_mark& mark) noexcept;
/// @}

/// The mapping is no longer there.
void forget_mapping(guarded_mapping* mapping) noexcept;

}  // namespace deft::detail
