// Regions of 2 MiB cut into blocks of a size each, and larger blocks by themselves. Each mapping ends with a
// note about itself: at its beginning a note would push the first block off its alignment.
#include "deft/core/huge_page_resource.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <new>

#if __has_include(<sys/mman.h>)
#include <sys/mman.h>
#define DEFT_HAS_MMAP 1
#else
#define DEFT_HAS_MMAP 0
#endif

#if DEFT_DETAIL_ASAN
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#endif

namespace deft {

struct huge_page_resource::free_block {
  free_block* next;
};

struct huge_page_resource::mapping {
  mapping* previous;  // newer
  mapping* next;      // older
  std::byte* begin;
  std::size_t bytes;  // with this note
  std::size_t alignment;

  /// Of a large block and its note.
  static auto whole_bytes(std::size_t bytes) noexcept -> std::size_t;
};

namespace {

constexpr std::size_t page_bytes = 4096;
constexpr std::size_t huge_page_bytes = std::size_t{1} << 21;
constexpr std::size_t smallest = 16;
constexpr std::size_t largest = std::size_t{1} << 16;
constexpr std::size_t fine_limit = 4096;  // sizes are multiples of `smallest` up to here
constexpr std::size_t run_bytes = 16384;

// With ASan, what nobody may touch behind each block.
constexpr std::size_t guard_bytes = DEFT_DETAIL_ASAN ? 16 : 0;

// More than any request that can succeed, and far enough from the end that adding to it does not overflow.
constexpr std::size_t too_many_bytes = static_cast<std::size_t>(PTRDIFF_MAX) / 4;

void close_memory([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if DEFT_DETAIL_ASAN
  ASAN_POISON_MEMORY_REGION(memory, bytes);
#endif
}

void open_memory([[maybe_unused]] const void* memory, [[maybe_unused]] std::size_t bytes) noexcept {
#if DEFT_DETAIL_ASAN
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
#endif
}

[[noreturn, gnu::cold]] void throw_bad_alloc() {
#if defined(__cpp_exceptions)
  throw std::bad_alloc();
#else
  std::abort();
#endif
}

constexpr auto rounded_up(std::size_t bytes, std::size_t multiple) noexcept -> std::size_t {
  return (bytes + multiple - 1) & ~(multiple - 1);
}

constexpr auto step_at(std::size_t bytes) noexcept -> std::size_t {
  return bytes <= fine_limit ? smallest : std::bit_floor(bytes - 1) / 8;
}

/// The size of the blocks that serve a request. A block is aligned to the greatest power of two that divides
/// its size, up to a page: rounding the size up to the alignment is all that an alignment needs.
constexpr auto block_bytes(std::size_t bytes, std::size_t alignment) noexcept -> std::size_t {
  const std::size_t aligned =
      rounded_up(std::max(bytes + guard_bytes, smallest), std::max(alignment, smallest));
  return rounded_up(aligned, std::max(step_at(aligned), alignment));
}

constexpr auto index_of(std::size_t block) noexcept -> std::size_t {
  if (block <= fine_limit) return block / smallest - 1;
  const std::size_t below = std::bit_floor(block - 1);
  const auto doublings = static_cast<std::size_t>(std::countr_zero(below) - std::countr_zero(fine_limit));
  return fine_limit / smallest + 8 * doublings + (block - below) / (below / 8) - 1;
}

constexpr auto size_at(std::size_t index) noexcept -> std::size_t {
  if (index < fine_limit / smallest) return (index + 1) * smallest;
  const std::size_t coarse = index - fine_limit / smallest;
  const std::size_t below = fine_limit << (coarse / 8);
  return below + (coarse % 8 + 1) * (below / 8);
}

static_assert(index_of(smallest) == 0 && index_of(fine_limit) == 255 && index_of(fine_limit + 512) == 256);
static_assert(index_of(largest) == 256 + 4 * 8 - 1 && size_at(256 + 4 * 8 - 1) == largest);
static_assert(size_at(index_of(1088)) == 1088 && size_at(index_of(5120)) == 5120 &&
              size_at(index_of(18432)) == 18432);

constexpr auto fits_region(std::size_t bytes, std::size_t alignment) noexcept -> bool {
  return bytes <= largest && alignment <= page_bytes && block_bytes(bytes, alignment) <= largest;
}

#if DEFT_HAS_MMAP

auto map_anywhere(std::size_t bytes) -> std::byte* {
  void* const memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) throw_bad_alloc();
  return static_cast<std::byte*>(memory);
}

auto missing_to(std::size_t alignment, const std::byte* memory) noexcept -> std::size_t {
  return (0 - reinterpret_cast<std::uintptr_t>(memory)) & (alignment - 1);
}

auto system_allocate(std::size_t bytes, std::size_t alignment) -> std::byte* {
  // The system places a mapping right below the one before, so that only the first of the regions has to be
  // cut out of a larger one. Always cutting would leave a hole between any two, and each a mapping of its
  // own.
  std::byte* begin = map_anywhere(bytes);
  if (missing_to(alignment, begin) != 0) {
    munmap(begin, bytes);
    begin = map_anywhere(bytes + alignment);
    const std::size_t before = missing_to(alignment, begin);
    if (before != 0) munmap(begin, before);
    begin += before;
    munmap(begin + bytes, alignment - before);
  }
#ifdef MADV_HUGEPAGE
  if (alignment >= huge_page_bytes) static_cast<void>(madvise(begin, bytes, MADV_HUGEPAGE));
#endif
  return begin;
}

void system_deallocate(std::byte* begin, std::size_t bytes, std::size_t /*alignment*/) noexcept {
  munmap(begin, bytes);
}

#else

auto system_allocate(std::size_t bytes, std::size_t alignment) -> std::byte* {
  return static_cast<std::byte*>(::operator new(bytes, std::align_val_t(alignment)));
}

void system_deallocate(std::byte* begin, std::size_t /*bytes*/, std::size_t alignment) noexcept {
  ::operator delete(begin, std::align_val_t(alignment));
}

#endif

}  // namespace

auto huge_page_resource::mapping::whole_bytes(std::size_t bytes) noexcept -> std::size_t {
  return rounded_up(rounded_up(bytes + guard_bytes, alignof(mapping)) + sizeof(mapping), page_bytes);
}

huge_page_resource::~huge_page_resource() {
  release();
}

void huge_page_resource::release() noexcept {
  while (mappings_ != nullptr) unmap(mappings_);
  std::fill(std::begin(free_), std::end(free_), nullptr);
  unused_ = unused_end_ = nullptr;
}

void* huge_page_resource::do_allocate(std::size_t bytes, std::size_t alignment) {
  DEFT_PRECONDITION(std::has_single_bit(alignment), "huge_page_resource: an alignment is a power of two");
  if (!fits_region(bytes, alignment)) return allocate_large(bytes, alignment);
  const std::size_t block = block_bytes(bytes, alignment);
  free_block*& list = free_[index_of(block)];
  if (list == nullptr) refill(index_of(block));
  free_block* const taken = list;
  open_memory(taken, sizeof(free_block));
  list = taken->next;
  close_memory(taken, sizeof(free_block));
  open_memory(taken, bytes);
  return taken;
}

void huge_page_resource::do_deallocate(void* memory, std::size_t bytes, std::size_t alignment) {
  if (!fits_region(bytes, alignment)) {
    deallocate_large(memory, bytes);
    return;
  }
  const std::size_t block = block_bytes(bytes, alignment);
  free_block*& list = free_[index_of(block)];
  open_memory(memory, sizeof(free_block));
  list = ::new (memory) free_block{list};
  close_memory(memory, block);
}

bool huge_page_resource::do_is_equal(const std::pmr::memory_resource& other) const noexcept {
  return this == &other;
}

/// Cuts free blocks of one size, at least one.
void huge_page_resource::refill(std::size_t index) {
  const std::size_t block = size_at(index);
  const std::size_t alignment = std::min(block & (0 - block), page_bytes);
  const auto begin_in = [alignment](std::byte* from) {
    return from + ((0 - reinterpret_cast<std::uintptr_t>(from)) & (alignment - 1));
  };
  std::byte* first = begin_in(unused_);
  if (unused_ == nullptr || first > unused_end_ || static_cast<std::size_t>(unused_end_ - first) < block) {
    unused_ = map(huge_page_bytes, huge_page_bytes);
    unused_end_ = unused_ + huge_page_bytes - sizeof(mapping);
    close_memory(unused_, huge_page_bytes - sizeof(mapping));
    first = unused_;
  }
  const auto room = static_cast<std::size_t>(unused_end_ - first) / block;
  const std::size_t count = std::min(room, std::max(run_bytes / block, std::size_t{1}));
  unused_ = first + count * block;
  // From the last to the first: they are taken in the order of their addresses.
  for (std::size_t i = count; i-- > 0;) {
    std::byte* const at = first + i * block;
    open_memory(at, sizeof(free_block));
    free_[index] = ::new (at) free_block{free_[index]};
    close_memory(at, sizeof(free_block));
  }
}

void* huge_page_resource::allocate_large(std::size_t bytes, std::size_t alignment) {
  if (bytes > too_many_bytes || alignment > too_many_bytes) throw_bad_alloc();
  const std::size_t whole = mapping::whole_bytes(bytes);
  const std::size_t least = bytes >= huge_page_bytes ? huge_page_bytes : page_bytes;
  std::byte* const memory = map(whole, std::max(alignment, least));
  close_memory(memory + bytes, whole - sizeof(mapping) - bytes);
  return memory;
}

void huge_page_resource::deallocate_large(void* memory, std::size_t bytes) noexcept {
  const std::size_t whole = mapping::whole_bytes(bytes);
  unmap(reinterpret_cast<mapping*>(static_cast<std::byte*>(memory) + whole) - 1);
}

std::byte* huge_page_resource::map(std::size_t bytes, std::size_t alignment) {
  std::byte* const begin = system_allocate(bytes, alignment);
#if DEFT_DETAIL_ASAN
  __lsan_register_root_region(begin, bytes);
#endif
  auto* const note = ::new (begin + bytes - sizeof(mapping))
      mapping{.previous = nullptr, .next = mappings_, .begin = begin, .bytes = bytes, .alignment = alignment};
  if (mappings_ != nullptr) mappings_->previous = note;
  mappings_ = note;
  bytes_reserved_ += bytes;
  return begin;
}

void huge_page_resource::unmap(mapping* which) noexcept {
  (which->previous != nullptr ? which->previous->next : mappings_) = which->next;
  if (which->next != nullptr) which->next->previous = which->previous;
  std::byte* const begin = which->begin;
  const std::size_t bytes = which->bytes;
  const std::size_t alignment = which->alignment;
  bytes_reserved_ -= bytes;
  open_memory(begin, bytes);
#if DEFT_DETAIL_ASAN
  __lsan_unregister_root_region(begin, bytes);
#endif
  system_deallocate(begin, bytes, alignment);
}

}  // namespace deft
