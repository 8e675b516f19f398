#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "profile/agent/record_format.hpp"

namespace deft::profile::agent {

/// A ring in memory that others may write to as well.
class ring_memory {
 public:
  ring_memory() = default;

  /// Null-like where the memory is no ring of that size.
  static ring_memory attach(void* memory, std::size_t bytes) noexcept;

  /// Makes a ring of what is all zeros.
  static ring_memory create(void* memory, std::size_t bytes, std::uint64_t period_ns,
                            std::uint64_t allocation_interval_bytes) noexcept;

  explicit operator bool() const noexcept { return header_ != nullptr; }

  ring_header& header() const noexcept { return *header_; }

  ring_slot& slot(std::uint64_t position) const noexcept { return slots_[position % count_]; }

  /// As checked once: the header's may be overwritten by a program gone wild.
  std::uint64_t slot_count() const noexcept { return count_; }

 private:
  ring_header* header_ = nullptr;
  ring_slot* slots_ = nullptr;
  std::uint64_t count_ = 0;
};

/// Appends a record. False, and it is counted as lost, where the reader is too far behind. Any number of
/// threads, processes and signal handlers at once.
bool write_record(const ring_memory& ring, std::span<const std::uint64_t> record) noexcept;

/// The other end: one at a time.
class ring_reader {
 public:
  explicit ring_reader(ring_memory ring) noexcept : ring_(ring) {}

  /// Hands each complete record, head and all, to `take(context, record)`, in the order in which they were
  /// begun. A record that was begun and not completed holds up those behind it for `patience_ns`, then it is
  /// counted as lost: its writer was killed. `now_ns` is any steady clock.
  void drain(std::uint64_t now_ns, std::uint64_t patience_ns, void* context,
             void (*take)(void* context, std::span<const std::uint64_t> record)) noexcept;

  /// Incomplete, damaged, or not fitting into the ring.
  std::uint64_t lost() const noexcept;

 private:
  bool read_record(std::uint64_t position, std::uint64_t head, std::size_t& slots,
                   std::size_t& words) noexcept;

  ring_memory ring_;
  std::uint64_t stuck_since_ns_ = 0;
  std::uint64_t damaged_ = 0;
  bool stuck_ = false;
  std::uint64_t record_[longest_record_bytes / 8];
};

}  // namespace deft::profile::agent
