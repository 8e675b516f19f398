// Four threads that do everything with small caches, for Helgrind and DRD: `cache_under_valgrind OPERATIONS`.
// Exits with 1 if a value is wrong.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "deft/memo/concurrent_cache.hpp"
#include "deft/memo/errors.hpp"
#include "deft/memo/policy.hpp"

#include "tests/memo/concurrency/valgrind_sync.hpp"

namespace deft::test {
namespace {

marked_atomic<bool> wrong{false};

void expect(bool right) {
  if (!right) wrong.store(true, std::memory_order_relaxed);
}

struct numbers {
  using type = std::uint64_t;

  static type of(int n) { return static_cast<type>(n); }
};

struct texts {
  using type = std::string;

  static type of(int n) { return "a text that does not fit into the string itself: " + std::to_string(n); }
};

template <typename Types, typename Policy>
void use(concurrent_cache<typename Types::type, typename Types::type, Policy, valgrind_sync>& cache,
         unsigned seed, int operations) {
  constexpr int keys = 40;
  std::minstd_rand random(seed);
  for (int i = 0; i < operations; ++i) {
    const int n = static_cast<int>(random() % keys);
    const auto key = Types::of(n);
    switch (random() % 16) {
      case 0:
        cache.put(key, Types::of(n));
        break;
      case 1:
        cache.invalidate(key);
        break;
      case 2:
        if (i % 8 == 0) cache.clear();
        break;
      case 3:
        if (i % 8 == 0) cache.resize(i % 16 == 0 ? 20 : 30);
        break;
      case 4:
        if (const auto pinned = cache.pin(key)) expect(*pinned == Types::of(n));
        break;
      case 5:
        expect(cache.info().size <= keys);
        break;
      case 6:
        if (const auto got = cache.get(key)) expect(*got == Types::of(n));
        break;
      default:
        try {
          const auto got = cache.get_or_compute(key, [&] {
            std::this_thread::yield();  // So that others come to wait.
            if (random() % 8 == 0) throw std::runtime_error("f");
            return Types::of(n);
          });
          expect(got == Types::of(n));
        } catch (const std::runtime_error&) {
        }
    }
  }
}

template <typename Types, typename Policy>
void use_in_threads(int operations) {
  concurrent_cache<typename Types::type, typename Types::type, Policy, valgrind_sync> cache({.max_size = 30});
  std::vector<std::jthread> threads;
  for (unsigned seed = 1; seed <= 4; ++seed)
    threads.emplace_back([&cache, seed, operations] { use<Types>(cache, seed, operations); });
}

}  // namespace
}  // namespace deft::test

int main(int argc, char** argv) {
  using namespace deft::test;
  const int operations = argc > 1 ? std::atoi(argv[1]) : 10'000;
  // What the language's run-time prepares at the first exception, it does in ways that valgrind does not
  // follow.
  try {
    throw std::runtime_error("first");
  } catch (const std::runtime_error&) {
  }
  use_in_threads<numbers, deft::policy::s3_fifo>(operations);
  use_in_threads<numbers, deft::policy::lru>(operations);
  use_in_threads<texts, deft::policy::clock>(operations);
  use_in_threads<texts, deft::policy::tiny_lfu>(operations);
  if (wrong.load()) std::puts("a key got another key's value");
  return wrong.load() ? 1 : 0;
}
