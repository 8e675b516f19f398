// Huge pages for the blocks of large tables: a table that grows touches each page of each new block once, and
// of pages of 4 KiB that costs more than filling the rows.
#include <cstddef>
#include <cstdint>

#include "deft/record/detail/table_memory.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace deft::detail {

void expect_whole_use([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t huge_page_bytes = std::uintptr_t{1} << 21U;
  if (size < 2 * huge_page_bytes) return;
  // Whole pages inside the block only: what lies around it is not the table's.
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (address + huge_page_bytes - 1) / huge_page_bytes * huge_page_bytes;
  const std::uintptr_t last = (address + size) / huge_page_bytes * huge_page_bytes;
  // A hint: where it is refused, pages stay small.
  if (first < last) static_cast<void>(madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE));
#endif
}

}  // namespace deft::detail
