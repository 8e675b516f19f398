#include "profile/agent/next_allocator.hpp"

#include <dlfcn.h>

namespace deft::profile::agent {

namespace {

// Serves while dlsym looks for the next one, should that ask for memory itself.
constinit allocator c_library;
constinit allocator found;

template <class Function>
void resolve(Function*& function, const char* name) {
  if (void* const address = ::dlsym(RTLD_NEXT, name)) function = reinterpret_cast<Function*>(address);
}

}  // namespace

constinit std::atomic<const allocator*> detail::next_allocator{nullptr};

const allocator& find_next_allocator() noexcept {
  detail::next_allocator.store(&c_library, std::memory_order_release);
  resolve(found.malloc, "malloc");
  resolve(found.calloc, "calloc");
  resolve(found.realloc, "realloc");
  resolve(found.free, "free");
  resolve(found.aligned_alloc, "aligned_alloc");
  resolve(found.memalign, "memalign");
  resolve(found.posix_memalign, "posix_memalign");
  resolve(found.valloc, "valloc");
  resolve(found.pvalloc, "pvalloc");
  resolve(found.usable_size, "malloc_usable_size");
  detail::next_allocator.store(&found, std::memory_order_release);
  return found;
}

}  // namespace deft::profile::agent
