#include "profile/agent/ring.hpp"

#include <algorithm>
#include <cstring>

namespace deft::profile::agent {
namespace {

constexpr std::size_t payload_words = ring_slot::payload_bytes / 8;
constexpr std::size_t head_words = sizeof(record_head) / 8;

}  // namespace

ring_memory ring_memory::attach(void* memory, std::size_t bytes) noexcept {
  ring_memory ring;
  auto* header = static_cast<ring_header*>(memory);
  if (bytes < ring_header::bytes + sizeof(ring_slot) || header->magic != ring_header::right_magic)
    return ring;
  const std::uint64_t count = header->slot_count;
  if (count == 0 || count != (bytes - ring_header::bytes) / sizeof(ring_slot)) return ring;
  ring.header_ = header;
  ring.slots_ = reinterpret_cast<ring_slot*>(static_cast<char*>(memory) + ring_header::bytes);
  ring.count_ = count;
  return ring;
}

ring_memory ring_memory::create(void* memory, std::size_t bytes, std::uint64_t period_ns,
                                std::uint64_t allocation_interval_bytes) noexcept {
  if (bytes < ring_header::bytes + sizeof(ring_slot)) return {};
  auto* header = static_cast<ring_header*>(memory);
  header->magic = ring_header::right_magic;
  header->slot_count = (bytes - ring_header::bytes) / sizeof(ring_slot);
  header->period_ns = period_ns;
  header->allocation_interval_bytes = allocation_interval_bytes;
  return attach(memory, bytes);
}

bool write_record(const ring_memory& ring, std::span<const std::uint64_t> record) noexcept {
  ring_header& header = ring.header();
  const std::size_t slots = slots_for(record.size() * 8);
  std::uint64_t position = header.head.load(std::memory_order_relaxed);
  for (;;) {
    const std::uint64_t tail = header.tail.load(std::memory_order_acquire);
    if (tail > position) {  // others wrote, and were read, since
      position = header.head.load(std::memory_order_relaxed);
      if (tail > position) return false;  // overwritten by the program that is profiled
      continue;
    }
    if (position + slots - tail > ring.slot_count()) {
      header.lost.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    if (header.head.compare_exchange_weak(position, position + slots, std::memory_order_relaxed)) break;
  }
  for (std::size_t i = 0; i < slots; ++i) {
    ring_slot& slot = ring.slot(position + i);
    const std::size_t from = i * payload_words;
    std::memcpy(slot.payload, record.data() + from, std::min(payload_words, record.size() - from) * 8);
    if (i != 0) slot.mark.store(slot_mark(position + i, false), std::memory_order_release);
  }
  ring.slot(position).mark.store(slot_mark(position, true), std::memory_order_release);
  return true;
}

bool ring_reader::read_record(std::uint64_t position, std::uint64_t head, std::size_t& slots,
                              std::size_t& words) noexcept {
  record_head begin;
  std::memcpy(&begin, ring_.slot(position).payload, sizeof begin);
  const std::size_t bytes = sizeof begin + std::size_t{begin.bytes};
  slots = slots_for(bytes);
  words = bytes / 8;
  if (begin.bytes % 8 != 0 || bytes > longest_record_bytes || slots > head - position) {
    slots = 1;
    return false;
  }
  for (std::size_t i = 0; i < slots; ++i) {
    const ring_slot& slot = ring_.slot(position + i);
    if (slot.mark.load(std::memory_order_acquire) != slot_mark(position + i, i == 0)) {
      slots = 1;
      return false;
    }
    const std::size_t from = i * payload_words;
    std::memcpy(record_ + from, slot.payload, std::min(payload_words, words - from) * 8);
  }
  return record_checksum(begin.kind, record_ + head_words, words - head_words) == begin.checksum;
}

void ring_reader::drain(std::uint64_t now_ns, std::uint64_t patience_ns, void* context,
                        void (*take)(void* context, std::span<const std::uint64_t> record)) noexcept {
  ring_header& header = ring_.header();
  std::uint64_t position = header.tail.load(std::memory_order_relaxed);
  const std::uint64_t head = header.head.load(std::memory_order_acquire);
  if (head - position > ring_.slot_count()) {  // overwritten by the program that is profiled
    ++damaged_;
    header.tail.store(head, std::memory_order_release);
    return;
  }
  while (position != head) {
    const std::uint64_t mark = ring_.slot(position).mark.load(std::memory_order_acquire);
    if (mark == slot_mark(position, true)) {
      std::size_t slots = 0;
      std::size_t words = 0;
      if (read_record(position, head, slots, words)) {
        take(context, {record_, words});
      } else {
        ++damaged_;
      }
      position += slots;
      stuck_ = false;
    } else if (mark == slot_mark(position, false)) {
      ++position;  // the rest of one that was given up
    } else {
      if (!stuck_) {
        stuck_ = true;
        stuck_since_ns_ = now_ns;
      }
      if (now_ns - stuck_since_ns_ < patience_ns) break;
      ++damaged_;  // one record, however many of its slots are skipped
      std::uint64_t next = 0;
      do {
        ++position;
        next = position != head ? ring_.slot(position).mark.load(std::memory_order_acquire) : 0;
      } while (position != head && next != slot_mark(position, true) && next != slot_mark(position, false));
      stuck_ = false;
    }
    header.tail.store(position, std::memory_order_release);
  }
}

std::uint64_t ring_reader::lost() const noexcept {
  return damaged_ + ring_.header().lost.load(std::memory_order_relaxed);
}

}  // namespace deft::profile::agent
