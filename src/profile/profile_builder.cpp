#include "profile/profile_builder.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include <sys/resource.h>

#include "profile/recording_parts.hpp"
#include "symbols/annotate.hpp"
#include "symbols/fold.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::profile {

struct profile_builder::state {
  explicit state(const settings& s)
      : wanted(s), folder({.kind = s.kind, .period_ns = s.period_ns, .by_thread = true}), counts(s.kind) {
    resolver.begin();
  }

  struct waiting_part {
    symbols::recording recording;
    std::size_t bytes = 0;
  };

  settings wanted;
  symbols::stack_resolver resolver;
  symbols::stack_folder folder;
  symbols::leaf_counts counts;

  std::mutex mutex;
  std::condition_variable changed;
  std::deque<waiting_part> waiting;  // under `mutex`, as all below
  std::size_t waiting_bytes = 0;
  std::uint64_t lost = 0;
  bool ended = false;
  std::thread worker;

  void resolve(const symbols::recording& part);
  void work();
};

void profile_builder::state::resolve(const symbols::recording& part) {
  const std::vector<symbols::resolved_sample> samples = resolver.resolve_part(part);
  folder.name_threads(part);
  folder.add(samples);
  counts.add(samples);
}

void profile_builder::state::work() {
  // Of this thread only: the measured program comes first.
  ::setpriority(PRIO_PROCESS, 0, 10);
  std::unique_lock lock(mutex);
  for (;;) {
    changed.wait(lock, [this] { return ended || waiting_bytes >= wanted.begin_bytes; });
    while (!ended && !waiting.empty()) {
      waiting_part next = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      resolve(next.recording);
      lock.lock();
      waiting_bytes -= next.bytes;
    }
    if (ended) return;
  }
}

profile_builder::profile_builder(const settings& wanted) : state_(std::make_unique<state>(wanted)) {
  state_->worker = std::thread([running = state_.get()] { running->work(); });
}

profile_builder::~profile_builder() {
  if (state_->worker.joinable()) finish();
}

void profile_builder::add(symbols::recording part) {
  const std::lock_guard lock(state_->mutex);
  std::size_t bytes = sample_bytes(part);
  state_->lost += std::exchange(part.lost, 0);
  if (state_->waiting_bytes + bytes > state_->wanted.most_bytes) {
    // Mappings and names are kept: those that follow need them.
    state_->lost += part.samples.size();
    part.samples.clear();
    bytes = 0;
  }
  state_->waiting_bytes += bytes;
  state_->waiting.push_back({std::move(part), bytes});
  if (state_->waiting_bytes >= state_->wanted.begin_bytes) state_->changed.notify_one();
}

profile_builder::outcome profile_builder::finish() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->ended = true;
  }
  state_->changed.notify_one();
  state_->worker.join();
  for (const state::waiting_part& part : state_->waiting) state_->resolve(part.recording);
  state_->waiting.clear();
  outcome result;
  result.profile = state_->folder.finish(state_->resolver.frames());
  result.profile.lost = state_->lost;
  result.hot_functions = symbols::annotate(state_->counts, state_->resolver);
  return result;
}

}  // namespace deft::profile
