#include "profile/agent_session.hpp"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "profile/agent/ring.hpp"
#include "profile/agent_library.hpp"
#include "profile/recording_parts.hpp"
#include "profile/sample_records.hpp"
#include "support/files.hpp"

namespace deft::profile {
namespace {

// 130,000 slots, three or four a sample: 64 threads at 250 Hz fill it in two seconds.
constexpr std::size_t ring_bytes = agent::ring_header::bytes + (std::size_t{16} << 20);
constexpr std::chrono::milliseconds drain_interval{20};
constexpr std::uint64_t patience_ns = 1'000'000'000;
constexpr std::uint64_t ns_per_s = 1'000'000'000;
constexpr std::uint64_t part_bytes = std::uint64_t{8} << 20;

// A thread that was preempted while it wrote its sample comes after those that were not.
constexpr std::uint64_t settling_ns = 100'000'000;

std::uint64_t now_ns() {
  return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                    std::chrono::nanoseconds(1));
}

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

/// The kernel looks at timers on processor time once a tick.
std::uint64_t tick_ns() {
  timespec tick{};
  if (::clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0) return 4'000'000;
  return static_cast<std::uint64_t>(tick.tv_sec) * ns_per_s + static_cast<std::uint64_t>(tick.tv_nsec);
}

std::uint64_t period_of(unsigned wanted_hz) {
  return std::max(ns_per_s / std::max(wanted_hz, 1U), tick_ns());
}

/// A file that this process and the agents map.
class shared_file {
 public:
  shared_file() = default;
  shared_file(const shared_file&) = delete;
  shared_file& operator=(const shared_file&) = delete;

  ~shared_file() {
    if (memory_ != nullptr) ::munmap(memory_, bytes_);
  }

  /// An errno, or 0. All of its room is taken at once: a full disk is an error here, and not a SIGBUS later
  /// in someone's program.
  int create(const std::string& path, std::size_t bytes) {
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    int failed = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
    if (failed == 0) {
      void* const memory = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
      if (memory == MAP_FAILED) {
        failed = errno;
      } else {
        memory_ = memory;
        bytes_ = bytes;
      }
    }
    ::close(file);
    return failed;
  }

  void* memory() const noexcept { return memory_; }

 private:
  void* memory_ = nullptr;
  std::size_t bytes_ = 0;
};

}  // namespace

struct agent_session::state {
  explicit state(support::temporary_folder made) : folder(std::move(made)) {}

  ~state() {
    if (collector.joinable()) stop();
  }

  state(const state&) = delete;
  state& operator=(const state&) = delete;

  void collect();
  void drain(std::uint64_t patience);
  void hand_over(std::uint64_t until_ns);
  void stop();

  support::temporary_folder folder;
  shared_file file;
  agent::ring_memory ring;
  std::optional<agent::ring_reader> reader;
  sample_records records;
  symbols::recording unsettled;
  std::function<void(symbols::recording)> on_part;
  std::uint64_t damaged = 0;
  std::vector<std::pair<std::string, std::string>> environment;
  std::mutex mutex;
  std::condition_variable told;
  bool finished = false;
  std::thread collector;
};

void agent_session::state::drain(std::uint64_t patience) {
  reader->drain(now_ns(), patience, this, [](void* self, std::span<const std::uint64_t> record) {
    auto& owner = *static_cast<state*>(self);
    if (!owner.records.take(record)) ++owner.damaged;
  });
}

void agent_session::state::collect() {
  std::unique_lock lock(mutex);
  while (!told.wait_for(lock, drain_interval, [this] { return finished; })) {
    const std::uint64_t begin_ns = now_ns();
    drain(patience_ns);
    if (on_part && records.kept_bytes() >= part_bytes) hand_over(begin_ns - settling_ns);
  }
}

void agent_session::state::hand_over(std::uint64_t until_ns) {
  append(unsettled, records.finish());
  on_part(take_until(unsettled, until_ns));
}

void agent_session::state::stop() {
  {
    const std::lock_guard lock(mutex);
    finished = true;
  }
  told.notify_one();
  collector.join();
  // What still runs (a service that the program started) stops sampling.
  ring.header().closed.store(1, std::memory_order_relaxed);
  drain(0);
}

agent_session::agent_session(std::unique_ptr<state> prepared) : state_(std::move(prepared)) {}

agent_session::agent_session(agent_session&&) noexcept = default;
agent_session& agent_session::operator=(agent_session&&) noexcept = default;
agent_session::~agent_session() = default;

unsigned agent_frequency_hz(unsigned wanted_hz) {
  const std::uint64_t period_ns = period_of(wanted_hz);
  return static_cast<unsigned>((ns_per_s + period_ns / 2) / period_ns);
}

support::result<agent_session> agent_session::start(const agent_settings& settings) {
  const auto unavailable = [](std::string message) {
    return support::error{support::error_kind::unavailable, std::move(message)};
  };
  const bool allocations = settings.kind == symbols::profile_kind::allocation;
  const auto library =
      find_agent_library(settings.agent_path, allocations ? agent_kind::allocations : agent_kind::cpu);
  if (!library) return library.error();
  auto folder = support::temporary_folder::make("agent");
  if (!folder) return unavailable(folder.error().message);
  auto prepared = std::make_unique<state>(std::move(*folder));
  prepared->on_part = settings.on_part;

  const std::string ring_path = prepared->folder.path() / "samples";
  if (const int failed = prepared->file.create(ring_path, ring_bytes)) {
    return unavailable("no room for samples in " + ring_path + ": " + reason(failed));
  }
  std::uint64_t period_ns = 0;
  if (!allocations) period_ns = period_of(settings.frequency_hz);
  prepared->ring = agent::ring_memory::create(
      prepared->file.memory(), ring_bytes, period_ns,
      allocations ? std::max<std::uint64_t>(settings.allocation_interval_bytes, 1) : 0);
  prepared->reader.emplace(prepared->ring);

  // A list whose names cannot contain what separates them.
  std::string preloaded = *library;
  if (preloaded.find_first_of(" :") != std::string::npos) {
    const std::filesystem::path link = prepared->folder.path() / "agent.so";
    std::error_code failed;
    std::filesystem::create_symlink(preloaded, link, failed);
    if (failed || link.native().find_first_of(" :") != std::string::npos) {
      return unavailable("the dynamic linker cannot preload " + preloaded +
                         ": a space or a colon in its path separates libraries");
    }
    preloaded = link;
  }
  if (const char* const others = std::getenv("LD_PRELOAD"); others != nullptr && *others != '\0') {
    preloaded += ':';
    preloaded += others;
  }
  prepared->environment = {{"LD_PRELOAD", preloaded}, {"DEFT_AGENT_RING", ring_path}};
  state* const running = prepared.get();
  prepared->collector = std::thread([running] { running->collect(); });
  return agent_session(std::move(prepared));
}

const std::vector<std::pair<std::string, std::string>>& agent_session::environment() const noexcept {
  return state_->environment;
}

agent_session::outcome agent_session::finish() {
  state_->stop();
  outcome result;
  append(state_->unsettled, state_->records.finish());
  result.recording = take_until(state_->unsettled, UINT64_MAX);
  result.recording.lost += state_->reader->lost() + state_->damaged;
  result.agent_answered = state_->ring.header().attached.load(std::memory_order_relaxed) != 0;
  return result;
}

}  // namespace deft::profile
