#include "profile/agent/recorder.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>

#include <sched.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "profile/agent/executable_mappings.hpp"
#include "profile/agent/module_finder.hpp"
#include "profile/agent/stack_memory.hpp"
#include "profile/agent/stack_walk.hpp"

namespace deft::profile::agent {
namespace {

constexpr std::size_t head_words = sizeof(record_head) / 8;

// A mapping is dated back: another thread's sample that knows of it may be older than ours.
constexpr std::uint64_t mapping_lead_ns = 2'000'000;

// Parts of memory that have code and no file.
constexpr std::uint32_t most_regions = 256;

// Completes a record whose body of `bytes` is behind the head, and writes it.
bool finish_record(const ring_memory& ring, std::uint64_t* record, record_kind kind, std::size_t bytes) {
  const std::size_t words = (bytes + 7) / 8;
  const record_head head{static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(words * 8),
                         record_checksum(static_cast<std::uint32_t>(kind), record + head_words, words)};
  std::memcpy(record, &head, sizeof head);
  return write_record(ring, {record, head_words + words});
}

template <class Body>
bool write_small(const ring_memory& ring, record_kind kind, const Body& body) {
  static_assert(sizeof body % 8 == 0);
  std::uint64_t record[head_words + sizeof body / 8];
  std::memcpy(record + head_words, &body, sizeof body);
  return finish_record(ring, record, kind, sizeof body);
}

/// What need not be asked for with each sample of a thread.
struct thread_memo {
  std::uint64_t name[2] = {0, 0};  // that it was last said to have
  std::uint64_t name_asked_ns = 0;
  std::uint32_t thread = 0;  // threads that the C library knows nothing of share this
  std::uint32_t generation = 0;
  known_stack stack;
};

// Names change once, and soon.
constexpr std::uint64_t name_interval_ns = 50'000'000;

// Not the dynamic model, which would call the linker's allocator from a signal handler.
[[gnu::tls_model("initial-exec")]] constinit thread_local thread_memo this_thread;

void announce_thread_name(const ring_memory& ring, thread_memo& memo, std::uint64_t time_ns,
                          std::uint32_t process, std::uint32_t thread, std::uint32_t generation) {
  const bool known = memo.generation == generation && memo.thread == thread;
  if (known && time_ns - memo.name_asked_ns < name_interval_ns) return;
  memo.name_asked_ns = time_ns;
  std::uint64_t name[2] = {0, 0};
  if (::prctl(PR_GET_NAME, name, 0, 0, 0) != 0) return;
  if (known && memo.name[0] == name[0] && memo.name[1] == name[1]) return;
  thread_name_record body{time_ns, process, thread, {}};
  std::memcpy(body.name, name, sizeof body.name);
  if (!write_small(ring, record_kind::thread_name, body)) return;
  memo.name[0] = name[0];
  memo.name[1] = name[1];
  memo.thread = thread;
  memo.generation = generation;
}

/// What one sample needs and a signal's stack has no room for.
struct workshop {
  std::atomic<bool> busy{false};
  walk_buffers walk;
  std::uint64_t scopes[2 * most_scopes] = {};
  std::uint64_t sample[longest_record_bytes / 8] = {};
  std::uint64_t mapping
      [(sizeof(record_head) + sizeof(mapping_record) + longest_path_bytes + longest_build_id_bytes) / 8 + 1] =
          {};
  char lines[2 * longest_path_bytes] = {};
};

// As many threads as can be in the handler at once on any machine that this is likely to meet; only what is
// used takes memory.
constexpr std::size_t workshop_count = 64;
constinit workshop workshops[workshop_count];

workshop* claim_workshop() {
  // One that this thread or processor is likely to have used: the caches know it.
  const auto processor = static_cast<unsigned>(::sched_getcpu());
  for (std::size_t i = 0; i < workshop_count; ++i) {
    workshop& each = workshops[(processor + i) % workshop_count];
    if (!each.busy.exchange(true, std::memory_order_acquire)) return &each;
  }
  return nullptr;
}

}  // namespace

std::uint64_t monotonic_ns() noexcept {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 + static_cast<std::uint64_t>(now.tv_nsec);
}

/// Tells of an image's executable mappings when it is met for the first time.
class recorder::announcer {
 public:
  announcer(recorder& owner, workshop& room, std::uint64_t time_ns)
      : owner_(owner), room_(room), time_ns_(time_ns) {}

  image_listener listener() {
    return {this, [](void* self, const loaded_image& image) noexcept {
              static_cast<announcer*>(self)->announce(image);
            }};
  }

 private:
  void announce(const loaded_image& image) {
    if (owner_.is_announced(image.identity)) return;
    // Each costs a look at all mappings; where unwinding goes astray, every sample would find another.
    if (!image.of_file && owner_.regions_.fetch_add(1, std::memory_order_relaxed) >= most_regions) return;
    build_id_bytes_ = copy_build_id(image, build_id_, sizeof build_id_);
    complete_ = true;
    const mapping_visitor visitor{this, [](void* self, const executable_mapping& mapping) noexcept {
                                    static_cast<announcer*>(self)->write(mapping);
                                  }};
    visit_executable_mappings(image.start, image.end, room_.lines, visitor);
    // Where the ring was full we try again with the next sample.
    if (complete_) owner_.set_announced(image.identity);
  }

  void write(const executable_mapping& mapping) {
    if (mapping.path.size() > longest_path_bytes) return;
    const std::uint64_t earliest = owner_.process_start_ns_.load(std::memory_order_relaxed);
    const mapping_record body{std::max(earliest, time_ns_ - mapping_lead_ns),
                              owner_.process_.load(std::memory_order_relaxed),
                              static_cast<std::uint32_t>(build_id_bytes_),
                              mapping.start,
                              mapping.end - mapping.start,
                              mapping.file_offset,
                              mapping.path.size()};
    auto* at = reinterpret_cast<char*>(room_.mapping + head_words);
    std::memcpy(at, &body, sizeof body);
    at += sizeof body;
    std::memcpy(at, build_id_, build_id_bytes_);
    at += build_id_bytes_;
    std::memcpy(at, mapping.path.data(), mapping.path.size());
    at += mapping.path.size();
    const std::size_t bytes = sizeof body + build_id_bytes_ + mapping.path.size();
    std::memset(at, 0, (bytes + 7) / 8 * 8 - bytes);
    complete_ &= finish_record(owner_.ring_, room_.mapping, record_kind::mapping, bytes);
  }

  recorder& owner_;
  workshop& room_;
  std::uint64_t time_ns_;
  std::uint8_t build_id_[longest_build_id_bytes];
  std::size_t build_id_bytes_ = 0;
  bool complete_ = true;
};

bool recorder::is_announced(std::uint64_t identity) const noexcept {
  const std::uint64_t key = identity ^ std::uint64_t{generation_.load(std::memory_order_relaxed)} << 32;
  for (std::size_t i = 0; i < most_announced; ++i) {
    const std::uint64_t kept = announced_[(key + i) % most_announced].load(std::memory_order_relaxed);
    if (kept == key) return true;
    if (kept == 0) return false;
  }
  return true;  // beyond that many libraries, those met last have no names
}

void recorder::set_announced(std::uint64_t identity) noexcept {
  const std::uint64_t key = identity ^ std::uint64_t{generation_.load(std::memory_order_relaxed)} << 32;
  for (std::size_t i = 0; i < most_announced; ++i) {
    std::uint64_t kept = 0;
    if (announced_[(key + i) % most_announced].compare_exchange_strong(kept, key) || kept == key) return;
  }
}

void recorder::start(const ring_memory& ring, std::uint64_t hidden_from, std::uint64_t hidden_to) noexcept {
  prepare_stack_memory();
  forget_users();
  ring_ = ring;
  hidden_from_ = hidden_from;
  hidden_to_ = hidden_to;
  for (auto& each : announced_) each.store(0, std::memory_order_relaxed);
  process_.store(static_cast<std::uint32_t>(::getpid()), std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_relaxed);
  process_start_ns_.store(monotonic_ns(), std::memory_order_relaxed);
  active_.store(true, std::memory_order_seq_cst);
}

void recorder::stop() noexcept {
  active_.store(false, std::memory_order_seq_cst);
  while (users_.load(std::memory_order_seq_cst) != 0) {
    const timespec moment{0, 100'000};
    ::nanosleep(&moment, nullptr);
  }
}

// Of a parent's other threads nothing is left in its child.
void recorder::forget_users() noexcept {
  users_.store(0, std::memory_order_relaxed);
  for (workshop& each : workshops) each.busy.store(false, std::memory_order_relaxed);
}

void recorder::note_fork() noexcept {
  forget_users();
  check_process(monotonic_ns());
}

// Also finds forks that went past the C library.
void recorder::check_process(std::uint64_t time_ns) noexcept {
  const auto now = static_cast<std::uint32_t>(::getpid());
  std::uint32_t before = process_.load(std::memory_order_relaxed);
  if (before == now || !process_.compare_exchange_strong(before, now)) return;
  process_start_ns_.store(time_ns, std::memory_order_relaxed);
  generation_.fetch_add(1, std::memory_order_relaxed);
  for (auto& each : announced_) each.store(0, std::memory_order_relaxed);
  write_small(ring_, record_kind::fork, process_record{time_ns, now, before});
}

void recorder::write_exec() noexcept {
  write_small(ring_, record_kind::exec,
              process_record{monotonic_ns(), process_.load(std::memory_order_relaxed), 0});
  process_start_ns_.store(monotonic_ns(), std::memory_order_relaxed);
}

void recorder::write_sample(const frame_registers& registers, const sample_reason& reason) noexcept {
  const int error_number = errno;
  users_.fetch_add(1, std::memory_order_seq_cst);
  workshop* const room = active_.load(std::memory_order_seq_cst) ? claim_workshop() : nullptr;
  if (room != nullptr) {
    std::uint32_t thread = reason.thread;
    if (thread == 0) {
      check_process(reason.time_ns);
      thread = static_cast<std::uint32_t>(::syscall(SYS_gettid));
    }
    const std::uint32_t process = process_.load(std::memory_order_relaxed);
    thread_memo& memo = this_thread;
    announce_thread_name(ring_, memo, reason.time_ns, process, thread,
                         generation_.load(std::memory_order_relaxed));

    constexpr std::size_t body_words = sizeof(sample_record) / 8;
    std::uint64_t* const addresses = room->sample + head_words + body_words;
    room->walk.addresses = addresses;
    room->walk.scopes = room->scopes;
    announcer images(*this, *room, reason.time_ns);
    const walk_result walked =
        walk_stack(registers, hidden_from_, hidden_to_, images.listener(), room->walk, memo.stack);
    const sample_record body{reason.time_ns,          process,       thread,       reason.cause,
                             walked.rooted ? 1U : 0U, reason.weight, reason.bytes, reason.objects,
                             walked.addresses,        walked.scopes};
    std::memcpy(room->sample + head_words, &body, sizeof body);
    std::memcpy(addresses + walked.addresses, room->scopes, std::size_t{walked.scopes} * 16);
    finish_record(ring_, room->sample, record_kind::sample,
                  sizeof body + (std::size_t{walked.addresses} + std::size_t{2} * walked.scopes) * 8);
    room->busy.store(false, std::memory_order_release);
  } else if (active()) {
    count_lost(1);
  }
  users_.fetch_sub(1, std::memory_order_seq_cst);
  errno = error_number;
}

}  // namespace deft::profile::agent
