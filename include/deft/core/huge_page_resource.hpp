/// @file
/// deft::huge_page_resource: memory for containers from transparent huge pages.
#pragma once

#include <cstddef>
#include <memory_resource>

#include "deft/core/contracts.hpp"

namespace deft {

/// A memory resource that places many blocks of a few sizes, such as the nodes of one large tree, into huge
/// pages, so that going from one to another in no order misses the processor's tables of pages less often.
///
/// Use it for a container of some megabytes or more that is searched at random:
///
///     deft::huge_page_resource pages;
///     std::pmr::set<std::uint64_t> numbers(&pages);
///
/// Do *not* use it for many small containers (the first block takes 2 MiB, though one resource may serve them
/// all), for blocks of ever changing sizes, or where memory must go back to the system while containers live:
/// only large blocks do, all else stays with the resource until release().
///
/// Blocks of up to 64 KiB come from regions of 2 MiB, which the system is asked to back by huge pages, and
/// return to a list of free blocks of their size: multiples of 16 bytes up to 4 KiB, eight sizes for each
/// doubling above. A size takes about 16 KiB of a region at a time, so that blocks of one size lie together.
/// Larger blocks, and those of a stricter alignment than 4 KiB, are mapped by themselves. Where there are no
/// transparent huge pages (other systems, `never` in /sys/kernel/mm/transparent_hugepage/enabled) everything
/// works in small pages.
///
/// With AddressSanitizer, touching a block that has been returned, or what lies right behind one, is
/// reported; its search for leaks looks into the blocks.
///
/// Memory: 2.4 KiB for the resource; per block what rounding its size up takes; up to 64 KiB unused per
/// region.
///
/// Threads: not synchronised: one thread at a time, for all containers on one resource.
class huge_page_resource final : public std::pmr::memory_resource {
 public:
  /// A resource that has reserved nothing yet.
  /// @complexity  O(1). @concurrency Safe.
  huge_page_resource() noexcept = default;

  huge_page_resource(const huge_page_resource&) = delete;
  huge_page_resource& operator=(const huge_page_resource&) = delete;

  /// As release().
  ~huge_page_resource() override;

  /// Gives everything back to the system, blocks that are still in use included; the resource may be used
  /// anew.
  /// @pre         Nobody touches or returns an earlier block any more: containers on this resource are gone,
  ///              or are never used again.
  /// @throws      Nothing.
  /// @complexity  O(regions and large blocks). @invalidates Every block.
  /// @concurrency Exclusive access to *this.
  void release() noexcept;

  /// What the resource holds of the address space, in use or free. The system lends memory for it as it is
  /// touched, 2 MiB at a time where there are huge pages.
  /// @returns     Bytes.
  /// @complexity  O(1). @concurrency Concurrent reads.
  [[nodiscard]] DEFT_TAGGED std::size_t bytes_reserved() const noexcept { return bytes_reserved_; }

 private:
  struct free_block;
  struct mapping;

  static constexpr std::size_t size_count = 256 + 4 * 8;  // up to 4 KiB, and from there to 64 KiB

  void* do_allocate(std::size_t bytes, std::size_t alignment) override;
  void do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) override;
  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override;

  void refill(std::size_t index);
  void* allocate_large(std::size_t bytes, std::size_t alignment);
  void deallocate_large(void* memory, std::size_t bytes) noexcept;
  std::byte* map(std::size_t bytes, std::size_t alignment);
  void unmap(mapping* which) noexcept;

  free_block* free_[size_count] = {};
  mapping* mappings_ = nullptr;  // all of them, the newest first
  std::byte* unused_ = nullptr;  // of the newest region
  std::byte* unused_end_ = nullptr;
  std::size_t bytes_reserved_ = 0;
};

}  // namespace deft
