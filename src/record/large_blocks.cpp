// Huge pages for the blocks of large tables: a table that grows touches each page of each new block once, and
// at 4 KiB that costs more than filling the rows.
#include <cstddef>
#include <cstdint>

#include "deft/record/detail/column_decode.hpp"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace deft::detail {

void expect_whole_use([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) noexcept {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  constexpr std::uintptr_t huge = std::uintptr_t{2} << 20U;
  if (size < 2 * huge) return;
  const auto address = reinterpret_cast<std::uintptr_t>(memory);
  const std::uintptr_t first = (address + huge - 1) / huge * huge;
  const std::uintptr_t last = (address + size) / huge * huge;
  // A hint: where it is refused, pages stay small.
  if (first < last) static_cast<void>(madvise(reinterpret_cast<void*>(first), last - first, MADV_HUGEPAGE));
#endif
}

}  // namespace deft::detail
