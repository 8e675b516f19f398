#include "deft/interop/mimalloc.hpp"

#include <cstddef>
#include <memory_resource>
#include <new>

#include <mimalloc.h>

namespace deft {
namespace {

class resource final : public std::pmr::memory_resource {
  void* do_allocate(std::size_t bytes, std::size_t alignment) override {
    void* const memory = mi_malloc_aligned(bytes, alignment);
    if (memory == nullptr) throw std::bad_alloc();
    return memory;
  }

  void do_deallocate(void* memory, std::size_t /*bytes*/, std::size_t alignment) override {
    mi_free_aligned(memory, alignment);
  }

  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }
};

}  // namespace

std::pmr::memory_resource* mimalloc_resource() noexcept {
  // Never destroyed: what it gave out may outlive every static object.
  alignas(resource) static unsigned char storage[sizeof(resource)];
  static auto* const instance = new (storage) resource;
  return instance;
}

}  // namespace deft
