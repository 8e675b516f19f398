#include "view/truncation_guard.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>

#if __has_include(<sys/mman.h>)
#include <csignal>

#include <sys/mman.h>
#include <unistd.h>
#endif

namespace deft::detail {

namespace {

struct block {
  guarded_mapping mappings[32];
  std::atomic<block*> next{nullptr};
};

constinit block first_block;
constinit std::mutex changes;

// The handler reads it: its memory must be there before, which the model sees to.
#if defined(__ELF__)
[[gnu::tls_model("initial-exec")]]
#endif
constinit thread_local visit_mark* innermost_visit = nullptr;

#if __has_include(<sys/mman.h>)

struct sigaction previous;
bool installed = false;

/// Text without allocations, as signal handlers need it.
class message {
 public:
  void add(const char* text) noexcept {
    while (*text != '\0' && used_ < sizeof text_) text_[used_++] = *text++;
  }

  void add(std::uintmax_t number) noexcept {
    char digits[24];
    char* at = digits + sizeof digits;
    *--at = '\0';
    do *--at = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    add(at);
  }

  void write() const noexcept { static_cast<void>(::write(STDERR_FILENO, text_, used_)); }

 private:
  char text_[1024];
  std::size_t used_ = 0;
};

guarded_mapping* mapping_at(std::uintptr_t address) noexcept {
  for (block* b = &first_block; b != nullptr; b = b->next.load(std::memory_order_acquire)) {
    for (guarded_mapping& m : b->mappings) {
      const std::uintptr_t begin = m.begin.load(std::memory_order_acquire);
      const std::uintptr_t end = m.end.load(std::memory_order_acquire);
      // Both of one mapping, not of two that have used this place.
      if (begin != m.begin.load(std::memory_order_acquire)) continue;
      if (begin != 0 && begin <= address && address < end) return &m;
    }
  }
  return nullptr;
}

bool visited_by_this_thread(const guarded_mapping& m) noexcept {
  const visit_mark* visit = innermost_visit;
  while (visit != nullptr && visit->guard != &m) visit = visit->outer;
  return visit != nullptr;
}

/// Gives zeros from the page in question to the mapping's end: one fault, not one for each page.
bool give_zeros(guarded_mapping& m, std::uintptr_t address) noexcept {
  const auto page = static_cast<std::uintptr_t>(sysconf(_SC_PAGESIZE));
  const std::uintptr_t from = address & ~(page - 1);
  void* const given = mmap(reinterpret_cast<void*>(from), m.end.load(std::memory_order_relaxed) - from,
                           PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (given == MAP_FAILED) return false;
  m.lost.store(true, std::memory_order_release);
  std::uintptr_t lowest = m.zeros_from.load(std::memory_order_relaxed);
  while ((lowest == 0 || from < lowest) &&
         !m.zeros_from.compare_exchange_weak(lowest, from, std::memory_order_acq_rel)) {
  }
  return true;
}

/// The file where zeros were given; where that fails nothing, which nobody takes for the file's bytes.
void take_zeros_back(guarded_mapping& m) noexcept {
  const std::uintptr_t from = m.zeros_from.exchange(0, std::memory_order_acq_rel);
  if (from == 0) return;
  const std::uintptr_t begin = m.begin.load(std::memory_order_relaxed);
  const std::size_t size = m.end.load(std::memory_order_relaxed) - from;
  auto* const memory = reinterpret_cast<void*>(from);
  const auto offset = static_cast<off_t>(m.first_byte + (from - begin));
  if (mmap(memory, size, PROT_READ, MAP_SHARED | MAP_FIXED, m.file, offset) == MAP_FAILED) {
    mprotect(memory, size, PROT_NONE);
  }
}

[[noreturn]] void report(const guarded_mapping& m, std::uintptr_t address) noexcept {
  message text;
  text.add("deft: ");
  text.add(m.path);
  text.add(": truncated while mapped: it had at least ");
  text.add(std::uintmax_t{m.file_size_needed});
  text.add(" bytes, and byte ");
  text.add(std::uintmax_t{m.first_byte + (address - m.begin.load(std::memory_order_relaxed))});
  text.add(" is no longer there (mapped_file::visit makes that an error)\n");
  text.write();
  std::abort();
}

void pass_on(int number, siginfo_t* info, void* context) noexcept {
  if ((previous.sa_flags & SA_SIGINFO) != 0) {
    previous.sa_sigaction(number, info, context);
  } else if (previous.sa_handler == SIG_IGN && info->si_code <= 0) {
    // Somebody sent it, and the program does not want to know.
  } else if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN) {
    previous.sa_handler(number);
  } else {
    // The instruction faults again, and the system does what it would have done; a signal that somebody sent
    // has to be sent again.
    struct sigaction usual{};
    usual.sa_handler = SIG_DFL;
    sigaction(SIGBUS, &usual, nullptr);
    if (info->si_code <= 0) static_cast<void>(raise(number));
  }
}

void on_bus_error(int number, siginfo_t* info, void* context) {
  const int kept_errno = errno;
  const auto address = reinterpret_cast<std::uintptr_t>(info->si_addr);
  guarded_mapping* const m = info->si_code == BUS_ADRERR ? mapping_at(address) : nullptr;
  if (m == nullptr) {
    pass_on(number, info, context);
  } else if (!visited_by_this_thread(*m) || !give_zeros(*m, address)) {
    report(*m, address);
  }
  errno = kept_errno;
}

void install() noexcept {
  if (installed) return;
  struct sigaction ours{};
  ours.sa_sigaction = on_bus_error;
  ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&ours.sa_mask);
  // Known before ours is there, which reads it.
  installed = sigaction(SIGBUS, nullptr, &previous) == 0 && sigaction(SIGBUS, &ours, nullptr) == 0;
}

#else

void install() noexcept {}

void take_zeros_back(guarded_mapping&) noexcept {}

#endif

guarded_mapping* unused_mapping() {
  for (block* b = &first_block;; b = b->next.load(std::memory_order_relaxed)) {
    for (guarded_mapping& m : b->mappings) {
      if (m.begin.load(std::memory_order_relaxed) == 0) return &m;
    }
    if (b->next.load(std::memory_order_relaxed) == nullptr)
      b->next.store(new block, std::memory_order_release);
  }
}

}  // namespace

guarded_mapping* guard_mapping(void* begin, std::size_t size, std::size_t first_byte, int file,
                               std::size_t file_size_needed, const std::string& path, bool with_handler) {
  const std::lock_guard lock(changes);
  guarded_mapping* const m = unused_mapping();
  if (with_handler) install();
  m->file = file;
  m->file_size_needed = file_size_needed;
  m->first_byte = first_byte;
  m->visits.store(0, std::memory_order_relaxed);
  m->lost.store(false, std::memory_order_relaxed);
  m->zeros_from.store(0, std::memory_order_relaxed);
  const std::size_t kept = std::min(path.size(), sizeof m->path - 1);
  std::memcpy(m->path, path.data() + (path.size() - kept), kept);
  m->path[kept] = '\0';
  const auto address = reinterpret_cast<std::uintptr_t>(begin);
  m->end.store(address + size, std::memory_order_relaxed);
  m->begin.store(address, std::memory_order_release);
  return m;
}

void begin_visit(visit_mark& mark) noexcept {
  mark.guard->visits.fetch_add(1, std::memory_order_acq_rel);
  mark.outer = innermost_visit;
  innermost_visit = &mark;
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

void end_visit(visit_mark& mark) noexcept {
  std::atomic_signal_fence(std::memory_order_seq_cst);
  innermost_visit = mark.outer;
  if (mark.guard->visits.fetch_sub(1, std::memory_order_acq_rel) == 1) take_zeros_back(*mark.guard);
}

void forget_mapping(guarded_mapping* mapping) noexcept {
  const std::lock_guard lock(changes);
  mapping->begin.store(0, std::memory_order_release);
}

}  // namespace deft::detail
