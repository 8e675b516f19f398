#include "deft/core/shared_buffer.hpp"

#include <cstdint>
#include <cstring>

#if DEFT_DETAIL_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace deft {

namespace detail {

namespace {

constexpr std::size_t alignment = 64;
static_assert(sizeof(buffer_control) <= alignment);

// What lies between the control block and the bytes belongs to nobody: with ASan a read before the first byte
// is reported, not only one behind the last.
void close_gap([[maybe_unused]] buffer_control* control) noexcept {
#if DEFT_DETAIL_ASAN
  ASAN_POISON_MEMORY_REGION(control + 1, alignment - sizeof *control);
#endif
}

void open_gap([[maybe_unused]] buffer_control* control) noexcept {
#if DEFT_DETAIL_ASAN
  ASAN_UNPOISON_MEMORY_REGION(control + 1, alignment - sizeof *control);
#endif
}

}  // namespace

buffer_control* allocate_buffer(std::size_t size, std::byte*& bytes) {
  if (size > static_cast<std::size_t>(PTRDIFF_MAX) - alignment) {
    throw_length_error("deft: a shared_buffer would exceed the address space");
  }
  void* const memory = ::operator new(alignment + size, std::align_val_t{alignment});
  auto* const control = ::new (memory) buffer_control;
  control->destroy = [](buffer_control* self) noexcept {
    open_gap(self);
    self->~buffer_control();
    ::operator delete(static_cast<void*>(self), std::align_val_t{alignment});
  };
  control->writable = true;
  close_gap(control);
  bytes = static_cast<std::byte*>(memory) + alignment;
  return control;
}

}  // namespace detail

shared_buffer shared_buffer::copy_of(std::span<const std::byte> bytes) {
  shared_buffer copy = allocate(bytes.size());
  if (!bytes.empty()) std::memcpy(copy.data_, bytes.data(), bytes.size());
  return copy;
}

}  // namespace deft
