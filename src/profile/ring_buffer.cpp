#include "profile/ring_buffer.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include <linux/perf_event.h>
#include <sys/mman.h>
#include <unistd.h>

namespace deft::profile {
namespace {

std::size_t control_bytes() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void copy_out(std::span<const std::uint8_t> ring, std::uint64_t position, std::span<std::uint8_t> to) {
  const std::size_t at = position & (ring.size() - 1);
  const std::size_t first = std::min(to.size(), ring.size() - at);
  std::memcpy(to.data(), ring.data() + at, first);
  std::memcpy(to.data() + first, ring.data(), to.size() - first);
}

}  // namespace

std::uint64_t read_records(std::span<const std::uint8_t> ring, std::uint64_t tail, std::uint64_t head,
                           std::vector<std::uint8_t>& scratch, const record_sink& sink,
                           std::uint64_t& broken) {
  if (head - tail > ring.size()) {  // also where head is before tail
    ++broken;
    return head;
  }
  while (head - tail >= sizeof(perf_event_header)) {
    perf_event_header header{};
    copy_out(ring, tail,
             {reinterpret_cast<std::uint8_t*>(&header), sizeof header});  // NOLINT: bytes of a C struct
    if (header.size < sizeof header || header.size > head - tail) {
      ++broken;
      return head;
    }
    const std::size_t at = tail & (ring.size() - 1);
    if (at + header.size <= ring.size()) {
      sink(ring.subspan(at, header.size));
    } else {
      scratch.resize(header.size);
      copy_out(ring, tail, scratch);
      sink(scratch);
    }
    tail += header.size;
  }
  return tail;
}

ring_buffer ring_buffer::map(int event, std::size_t data_bytes) {
  ring_buffer ring;
  void* memory = ::mmap(nullptr, control_bytes() + data_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, event, 0);
  if (memory == MAP_FAILED) return ring;
  ring.memory_ = memory;
  ring.data_bytes_ = data_bytes;
  return ring;
}

ring_buffer::ring_buffer(ring_buffer&& other) noexcept
    : memory_(std::exchange(other.memory_, nullptr)),
      data_bytes_(other.data_bytes_),
      broken_(other.broken_),
      scratch_(std::move(other.scratch_)) {}

ring_buffer& ring_buffer::operator=(ring_buffer&& other) noexcept {
  std::swap(memory_, other.memory_);
  std::swap(data_bytes_, other.data_bytes_);
  std::swap(broken_, other.broken_);
  std::swap(scratch_, other.scratch_);
  return *this;
}

ring_buffer::~ring_buffer() {
  if (memory_ != nullptr) ::munmap(memory_, control_bytes() + data_bytes_);
}

void ring_buffer::drain(const record_sink& sink) {
  auto* control = static_cast<perf_event_mmap_page*>(memory_);
  // SAFETY: the kernel writes the data, then the head; acquire and release are what its interface asks for.
  const std::uint64_t head = __atomic_load_n(&control->data_head, __ATOMIC_ACQUIRE);
  const std::uint64_t tail = control->data_tail;
  if (head == tail) return;
  const std::span<const std::uint8_t> data(static_cast<const std::uint8_t*>(memory_) + control_bytes(),
                                           data_bytes_);
  __atomic_store_n(&control->data_tail, read_records(data, tail, head, scratch_, sink, broken_),
                   __ATOMIC_RELEASE);
}

}  // namespace deft::profile
