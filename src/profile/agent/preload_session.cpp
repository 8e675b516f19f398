#include "profile/agent/preload_session.hpp"

#include <cerrno>
#include <cstdlib>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "profile/agent/module_finder.hpp"

namespace deft::profile::agent {
namespace {

ring_memory map_ring(const char* path) {
  const int file = ::open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) return {};
  struct stat status{};
  void* memory = MAP_FAILED;
  const bool regular = ::fstat(file, &status) == 0 && S_ISREG(status.st_mode);
  const auto bytes = static_cast<std::size_t>(status.st_size);
  if (regular && bytes != 0) memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  ::close(file);
  if (memory == MAP_FAILED) return {};
  const ring_memory ring = ring_memory::attach(memory, bytes);
  if (!ring || ring.header().closed.load(std::memory_order_relaxed) != 0) {
    ::munmap(memory, bytes);
    return {};
  }
  return ring;
}

}  // namespace

bool join_session(recorder& to) noexcept {
  const int error_number = errno;
  const char* const path = ::secure_getenv(ring_variable);
  const ring_memory ring = path != nullptr ? map_ring(path) : ring_memory{};
  if (ring) {
    loaded_image ours;
    if (!find_image(reinterpret_cast<std::uint64_t>(&join_session), ours)) ours = {};
    ring.header().attached.fetch_add(1, std::memory_order_relaxed);
    to.start(ring, ours.start, ours.end);
    to.write_exec();
  }
  errno = error_number;
  return static_cast<bool>(ring);
}

}  // namespace deft::profile::agent
