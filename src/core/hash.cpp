#include "deft/core/hash.hpp"

#include <charconv>
#include <chrono>
#include <cstdlib>
#include <string_view>

#if defined(__linux__)
#include <sys/random.h>
#endif

// Inlined and private: no symbol of xxHash leaves this library, none of another copy gets in.
#define XXH_INLINE_ALL
#include <xxhash.h>

namespace deft {

namespace {

#if !defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)

bool read_seed(std::string_view text, std::uint64_t& seed) noexcept {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X")) {
    text.remove_prefix(2);
    base = 16;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed, base);
  return error == std::errc{} && end == text.data() + text.size();
}

std::uint64_t random_seed() noexcept {
  std::uint64_t seed = 0;
#if defined(__linux__)
  if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == static_cast<ssize_t>(sizeof seed)) return seed;
#endif
  // Early in boot, or elsewhere: the clock and where the loader put us.
  const auto now =
      static_cast<std::uint64_t>(std::chrono::high_resolution_clock::now().time_since_epoch().count());
  return hash_combine(hash_integer(now, reinterpret_cast<std::uintptr_t>(&seed)),
                      reinterpret_cast<std::uintptr_t>(&read_seed));
}

#endif

std::uint64_t choose_seed() noexcept {
#if defined(FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION)
  return 0;  // a crash must be reproducible from its input alone
#else
  std::uint64_t seed = 0;
  const char* const wanted = std::getenv("DEFT_HASH_SEED");
  if (wanted != nullptr && read_seed(wanted, seed)) return seed;
  return random_seed();
#endif
}

}  // namespace

std::uint64_t hash_seed() noexcept {
  static const std::uint64_t seed = choose_seed();
  return seed;
}

std::uint64_t hash_bytes(const void* bytes, std::size_t size, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(size == 0 ? "" : bytes, size, seed);
}

}  // namespace deft
