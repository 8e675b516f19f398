#pragma once

// What profiled programs do: a C library function that calls back, a tree, inlined functions. In an unnamed
// namespace, as what a program is made of mostly is.

#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <map>
#include <vector>

namespace {

volatile std::uint64_t sink;

std::uint64_t next(std::uint64_t& state) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return state;
}

__attribute__((noinline)) int compare_callback(const void* left, const void* right) {
  const auto a = *static_cast<const std::uint64_t*>(left);
  const auto b = *static_cast<const std::uint64_t*>(right);
  return a < b ? -1 : a > b;
}

__attribute__((noinline)) void sort_with_callback(std::uint64_t& state) {
  std::vector<std::uint64_t> numbers(2000);
  for (auto& number : numbers) number = next(state);
  std::qsort(numbers.data(), numbers.size(), sizeof numbers[0], compare_callback);
  sink = numbers[7];
}

__attribute__((noinline)) void fill_map(std::uint64_t& state) {
  std::map<std::uint64_t, std::uint64_t> numbers;
  for (int i = 0; i < 1000; ++i) numbers[next(state)] = 1;
  sink = numbers.begin()->first;
}

__attribute__((always_inline)) inline std::uint64_t innermost_inlined(std::uint64_t value) {
  for (int i = 0; i < 4000; ++i) value = value * 6364136223846793005U + 1442695040888963407U;
  return value;
}

__attribute__((always_inline)) inline std::uint64_t outer_inlined(std::uint64_t value) {
  return innermost_inlined(value ^ 1) + 1;
}

double processor_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / 1e9;
}

// Of processor time: as many samples whatever else the machine does.
template <class Work>
void work_for(double seconds, Work work) {
  const double end = processor_seconds() + seconds;
  std::uint64_t state = 88172645463325252U;
  while (processor_seconds() < end) work(state);
}

}  // namespace
