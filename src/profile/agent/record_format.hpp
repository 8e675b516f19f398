#pragma once

// What samplers inside of a process write: records, in a ring in shared memory or one after the other in a
// file. Written by signal handlers, so everything is plain words of the machine's byte order. Readers believe
// nothing of it.

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace deft::profile::agent {

enum class record_kind : std::uint32_t {
  sample = 1,
  mapping = 2,
  fork = 3,
  exec = 4,
  thread_name = 5,
  lost = 6,  ///< In files: how many records were given up.
};

/// Starts each record. `checksum` is of the kind and the `bytes` behind it, so that what a killed or
/// overtaken writer left is recognised.
struct record_head {
  std::uint32_t kind;
  std::uint32_t bytes;
  std::uint64_t checksum;
};

/// Followed by the addresses and then the scopes, two words each: into the addresses, and the name's address.
struct sample_record {
  std::uint64_t time_ns;
  std::uint32_t pid;
  std::uint32_t tid;
  std::uint32_t cause;  ///< symbols::sample_cause
  std::uint32_t rooted;
  std::uint64_t weight;
  std::uint64_t bytes;
  std::uint64_t objects;
  std::uint32_t address_count;
  std::uint32_t scope_count;
};

/// Followed by the build id and then the path, padded to a whole word together.
struct mapping_record {
  std::uint64_t time_ns;
  std::uint32_t pid;
  std::uint32_t build_id_bytes;
  std::uint64_t start;
  std::uint64_t size_bytes;
  std::uint64_t file_offset;
  std::uint64_t path_bytes;
};

/// Of a fork and, with no parent, of an exec.
struct process_record {
  std::uint64_t time_ns;
  std::uint32_t pid;
  std::uint32_t parent_pid;
};

struct thread_name_record {
  std::uint64_t time_ns;
  std::uint32_t pid;
  std::uint32_t tid;
  char name[16];  ///< Zero-padded, not always terminated.
};

struct lost_record {
  std::uint64_t count;
};

inline constexpr std::size_t most_addresses = 1000;
inline constexpr std::size_t most_scopes = 64;
inline constexpr std::size_t longest_path_bytes = 4096;
inline constexpr std::size_t longest_build_id_bytes = 64;

/// Of a whole record, head included. A sample is the longest.
inline constexpr std::size_t longest_record_bytes =
    sizeof(record_head) + sizeof(sample_record) + most_addresses * 8 + most_scopes * 16;
static_assert(longest_record_bytes >=
              sizeof(record_head) + sizeof(mapping_record) + longest_path_bytes + longest_build_id_bytes + 8);

/// Of a kind and a body of `count` words.
inline std::uint64_t record_checksum(std::uint32_t kind, const std::uint64_t* words,
                                     std::size_t count) noexcept {
  std::uint64_t sum = 0x2545f4914f6cdd1dULL + count + (std::uint64_t{kind} << 32);
  for (std::size_t i = 0; i < count; ++i) {
    sum = (sum ^ words[i]) * 0x9e3779b97f4a7c15ULL;
    sum ^= sum >> 32;
  }
  return sum;
}

/// A record lies in consecutive slots. A writer reserves them by moving `head`, fills them, and marks the
/// first one last. A reader frees them by moving `tail`.
struct ring_slot {
  static constexpr std::size_t payload_bytes = 120;

  /// `slot_mark` of what is in it.
  std::atomic<std::uint64_t> mark;
  std::uint64_t payload[payload_bytes / 8];
};

/// `position` counts slots since the ring was made, and so no mark is met twice.
constexpr std::uint64_t slot_mark(std::uint64_t position, bool first) noexcept {
  return (position + 1) << 1 | (first ? 1U : 0U);
}

constexpr std::size_t slots_for(std::size_t record_bytes) noexcept {
  return (record_bytes + ring_slot::payload_bytes - 1) / ring_slot::payload_bytes;
}

/// What the agents are to do. One page; the slots follow.
struct ring_header {
  static constexpr std::uint64_t right_magic = 0x31676e6972746665;  // "eftring1"
  static constexpr std::size_t bytes = 4096;

  std::uint64_t magic;
  std::uint64_t slot_count;
  std::uint64_t period_ns;                  ///< Of the CPU timers; 0: no CPU profile.
  std::uint64_t allocation_interval_bytes;  ///< Mean distance of sampled allocations; 0: none are sampled.

  alignas(64) std::atomic<std::uint64_t> head;
  alignas(64) std::atomic<std::uint64_t> tail;
  alignas(64) std::atomic<std::uint64_t> lost;  ///< Records that did not fit, and time that was not sampled.
  std::atomic<std::uint32_t> attached;          ///< Processes that found this ring.
  std::atomic<std::uint32_t> closed;            ///< Nobody reads any more.
};

static_assert(sizeof(ring_header) <= ring_header::bytes && sizeof(ring_slot) == 128);
static_assert(std::atomic<std::uint64_t>::is_always_lock_free);

/// Starts a file of samples; records follow to its end.
struct samples_file_header {
  static constexpr char right_magic[16] = {'d', 'e', 'f', 't', ' ', 's', 'a',  'm',
                                           'p', 'l', 'e', 's', ' ', '1', '\n', 0};
  static constexpr std::uint64_t right_byte_order = 0x0102030405060708;

  char magic[16];
  std::uint64_t byte_order;
  std::uint64_t period_ns;
};

}  // namespace deft::profile::agent
