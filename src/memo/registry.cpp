#include "deft/memo/detail/registry.hpp"

#include <mutex>
#include <new>

#include <pthread.h>

#include "deft/memo/named_caches.hpp"

#include "memo/fork.hpp"

namespace deft {
namespace detail {
namespace {

struct cache_list {
  std::mutex mutex;
  listed_cache* first = nullptr;
  listed_cache* last = nullptr;
};

// Never destroyed: caches of static lifetime may outlive it otherwise.
cache_list& all_caches() noexcept {
  alignas(cache_list) static unsigned char storage[sizeof(cache_list)];
  static auto* const instance = new (storage) cache_list;
  return *instance;
}

void lock_everything() {
  cache_list& list = all_caches();
  list.mutex.lock();
  for (listed_cache* cache = list.first; cache != nullptr; cache = cache->next) cache->before_fork();
  lock_threads_before_fork();
}

void unlock_everything(bool child) {
  cache_list& list = all_caches();
  unlock_threads_after_fork(child);
  for (listed_cache* cache = list.last; cache != nullptr; cache = cache->previous) cache->after_fork(child);
  list.mutex.unlock();
}

}  // namespace

void listed_cache::list() noexcept {
  [[maybe_unused]] static const int registered =
      pthread_atfork(lock_everything, [] { unlock_everything(false); }, [] { unlock_everything(true); });
  cache_list& list = all_caches();
  const std::lock_guard lock(list.mutex);
  previous = list.last;
  (previous != nullptr ? previous->next : list.first) = this;
  list.last = this;
}

void listed_cache::unlist() noexcept {
  cache_list& list = all_caches();
  const std::lock_guard lock(list.mutex);
  (previous != nullptr ? previous->next : list.first) = next;
  (next != nullptr ? next->previous : list.last) = previous;
}

}  // namespace detail

std::vector<named_cache> named_caches() {
  detail::cache_list& list = detail::all_caches();
  const std::lock_guard lock(list.mutex);
  std::vector<named_cache> result;
  for (const detail::listed_cache* cache = list.first; cache != nullptr; cache = cache->next) {
    if (!cache->name().empty()) result.push_back({cache->name(), cache->current_info()});
  }
  return result;
}

}  // namespace deft
