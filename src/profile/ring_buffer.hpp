#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace deft::profile {

using record_sink = std::function<void(std::span<const std::uint8_t>)>;

/// Hands each whole record between the positions `tail` and `head` of a ring to `sink` (copied together where
/// it wraps) and returns the new tail. Positions only ever grow; `ring.size()` is a power of two. Where a
/// header says a size that cannot be, the rest is skipped and `broken` counted up: the kernel never writes
/// one.
std::uint64_t read_records(std::span<const std::uint8_t> ring, std::uint64_t tail, std::uint64_t head,
                           std::vector<std::uint8_t>& scratch, const record_sink& sink,
                           std::uint64_t& broken);

/// The memory that the kernel shares with the reader of a perf event.
class ring_buffer {
 public:
  /// Maps the ring of `event`; empty (false) where the kernel refuses, with errno set.
  static ring_buffer map(int event, std::size_t data_bytes);

  ring_buffer() = default;
  ring_buffer(ring_buffer&& other) noexcept;
  ring_buffer& operator=(ring_buffer&& other) noexcept;
  ~ring_buffer();

  explicit operator bool() const noexcept { return memory_ != nullptr; }

  /// Empties the ring into `sink`.
  void drain(const record_sink& sink);

  std::uint64_t broken() const noexcept { return broken_; }

 private:
  void* memory_ = nullptr;  // one control page, then the data
  std::size_t data_bytes_ = 0;
  std::uint64_t broken_ = 0;
  std::vector<std::uint8_t> scratch_;
};

}  // namespace deft::profile
