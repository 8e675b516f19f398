#include "deft/memo/detail/flight_sampling.hpp"

#include <atomic>
#include <cstdint>

namespace deft::detail {
namespace {

/// Weyl's sequence: every thread starts elsewhere in it.
constexpr std::uint64_t stride = 0x9e3779b97f4a7c15;

std::uint64_t first_of_this_thread() noexcept {
  static std::atomic<std::uint64_t> threads{0};
  return (threads.fetch_add(1, std::memory_order_relaxed) + 1) * 0xd1342543de82ef95;
}

}  // namespace

bool sampled(double rate) noexcept {
  thread_local std::uint64_t position = first_of_this_thread();
  // SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
  std::uint64_t x = position += stride;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
  x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
  x ^= x >> 31;
  return static_cast<double>(x >> 11) * 0x1p-53 < rate;
}

}  // namespace deft::detail
