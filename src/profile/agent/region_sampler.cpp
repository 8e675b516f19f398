#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "deft/profile/sampler.hpp"

#include "profile/agent/cpu_sampler.hpp"

namespace deft::profile {
namespace {

// 8,000 slots, three or four a sample, for a tenth of a second: 80 threads at 250 Hz.
constexpr std::size_t ring_bytes = std::size_t{1} << 20;
constexpr int drain_interval_ms = 100;
constexpr std::uint64_t ns_per_s = 1'000'000'000;
constexpr std::uint64_t patience_ns = ns_per_s;

constinit agent::recorder records;
constinit std::atomic<bool> taken{false};

// The child of a fork has one thread, no timers, and may start a sampler of its own.
void abandon_in_child() {
  agent::process_sampler().abandon_after_fork();
  taken.store(false, std::memory_order_relaxed);
}

class descriptor {
 public:
  explicit descriptor(int number = -1) noexcept : number_(number) {}

  descriptor(const descriptor&) = delete;
  descriptor& operator=(const descriptor&) = delete;

  ~descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  int get() const noexcept { return number_; }

 private:
  int number_;
};

std::string with_reason(const char* what, int error_number) {
  return std::string(what) + ": " + std::strerror(error_number);
}

}  // namespace

struct sampler::state {
  state(const std::string& path, std::uint64_t period)
      : file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)),
        wake(::eventfd(0, EFD_CLOEXEC)),
        memory(::mmap(nullptr, ring_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE,
                      -1, 0)),
        period_ns(period) {}

  ~state() {
    if (memory != MAP_FAILED) ::munmap(memory, ring_bytes);
  }

  state(const state&) = delete;
  state& operator=(const state&) = delete;

  std::string begin(bool paused);
  bool start_writer();
  void finish();
  void write(const void* bytes, std::size_t size) noexcept;
  void drain(std::uint64_t patience) noexcept;
  void write_until_told() noexcept;

  bool in_this_process() const noexcept { return owner == ::getpid(); }

  descriptor file;
  descriptor wake;
  void* memory;
  std::uint64_t period_ns;
  pid_t owner = ::getpid();
  agent::ring_memory ring;
  std::unique_ptr<agent::ring_reader> reader;
  pthread_t writer{};
  bool has_writer = false;
  std::atomic<pid_t> writer_thread{0};
  int write_error = 0;  // of the first that failed; read when the writer has ended
};

void sampler::state::write(const void* bytes, std::size_t size) noexcept {
  const char* at = static_cast<const char*>(bytes);
  while (size != 0 && write_error == 0) {
    const ssize_t written = ::write(file.get(), at, size);
    if (written >= 0) {
      at += written;
      size -= static_cast<std::size_t>(written);
    } else if (errno != EINTR) {
      write_error = errno;
    }
  }
}

void sampler::state::drain(std::uint64_t patience) noexcept {
  reader->drain(agent::monotonic_ns(), patience, this, [](void* self, std::span<const std::uint64_t> record) {
    static_cast<state*>(self)->write(record.data(), record.size_bytes());
  });
}

void sampler::state::write_until_told() noexcept {
  writer_thread.store(static_cast<pid_t>(::syscall(SYS_gettid)), std::memory_order_release);
  writer_thread.notify_all();
  pollfd told{wake.get(), POLLIN, 0};
  while (::poll(&told, 1, drain_interval_ms) <= 0) {
    drain(patience_ns);
    if (agent::process_sampler().running()) agent::process_sampler().look_for_threads();
  }
}

// Signals are the program's: its handlers run on its threads.
bool sampler::state::start_writer() {
  sigset_t all;
  sigset_t former;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, &former);
  const int failed = ::pthread_create(
      &writer, nullptr,
      [](void* self) -> void* {
        ::pthread_setname_np(::pthread_self(), "deft-sampler");
        static_cast<state*>(self)->write_until_told();
        return nullptr;
      },
      this);
  ::pthread_sigmask(SIG_SETMASK, &former, nullptr);
  has_writer = failed == 0;
  if (has_writer) writer_thread.wait(0, std::memory_order_acquire);
  return has_writer;
}

std::string sampler::state::begin(bool paused) {
  if (memory == MAP_FAILED || wake.get() < 0) return with_reason("cannot sample: no memory", errno);
  ring = agent::ring_memory::create(memory, ring_bytes, period_ns, 0);
  reader = std::make_unique<agent::ring_reader>(ring);
  agent::samples_file_header header{};
  std::memcpy(header.magic, agent::samples_file_header::right_magic, sizeof header.magic);
  header.byte_order = agent::samples_file_header::right_byte_order;
  header.period_ns = period_ns;
  write(&header, sizeof header);
  if (!start_writer()) return "cannot sample: no thread for writing can be started";
  records.start(ring, 0, 0);
  switch (agent::process_sampler().start(
      records,
      {.period_ns = period_ns, .rescans = false, .without = writer_thread.load(), .paused = paused})) {
    case agent::start_problem::none:
      break;
    case agent::start_problem::no_signal:
      return "cannot sample: every real-time signal it could take has a handler";
    case agent::start_problem::no_timer:
      return "cannot sample: the kernel refuses timers on processor time (RLIMIT_SIGPENDING?)";
  }
  return {};
}

void sampler::state::finish() {
  records.stop();
  if (has_writer) {
    const std::uint64_t one = 1;
    while (::write(wake.get(), &one, sizeof one) < 0 && errno == EINTR) {
    }
    ::pthread_join(writer, nullptr);
  }
  if (reader) {
    drain(0);
    if (reader->lost() != 0) {
      const agent::lost_record body{reader->lost()};
      std::uint64_t words[sizeof body / 8];
      std::memcpy(words, &body, sizeof body);
      constexpr auto kind = static_cast<std::uint32_t>(agent::record_kind::lost);
      const agent::record_head head{kind, sizeof body, agent::record_checksum(kind, words, sizeof body / 8)};
      write(&head, sizeof head);
      write(&body, sizeof body);
    }
  }
}

sampler::sampler(const sampler_options& options) {
  if (options.frequency_hz == 0) {
    problem_ = "cannot sample: a frequency of 0";
    return;
  }
  if (taken.exchange(true)) {
    problem_ = "cannot sample: another deft::profile::sampler of this process is running";
    return;
  }
  static const bool told_of_forks = ::pthread_atfork(nullptr, nullptr, abandon_in_child) == 0;
  static_cast<void>(told_of_forks);
  const std::uint64_t period_ns =
      std::max(ns_per_s / options.frequency_hz, agent::shortest_timer_period_ns());
  state_ = std::make_unique<state>(options.output, period_ns);
  if (state_->file.get() < 0) {
    problem_ = with_reason(("cannot write " + options.output).c_str(), errno);
  } else {
    problem_ = state_->begin(options.paused);
  }
  if (problem_.empty()) return;
  state_->finish();
  state_.reset();
  taken.store(false);
}

sampler::~sampler() {
  stop();
}

const std::string& sampler::problem() const noexcept {
  return problem_;
}

bool sampler::running() const noexcept {
  return state_ != nullptr && state_->in_this_process() && agent::process_sampler().running();
}

unsigned sampler::frequency_hz() const noexcept {
  return state_ != nullptr ? static_cast<unsigned>((ns_per_s + state_->period_ns / 2) / state_->period_ns)
                           : 0;
}

void sampler::pause() noexcept {
  if (running()) agent::process_sampler().pause();
}

void sampler::resume() noexcept {
  if (state_ != nullptr && state_->in_this_process() && !running()) agent::process_sampler().resume();
}

bool sampler::stop() {
  if (state_ == nullptr) return problem_.empty();
  if (state_->in_this_process()) {
    agent::process_sampler().stop();
    state_->finish();
    if (state_->write_error != 0) problem_ = with_reason("the samples are incomplete", state_->write_error);
    taken.store(false);
  }
  state_.reset();
  return problem_.empty();
}

}  // namespace deft::profile
