// Libraries to be named and disassembled: DEFT_VARIANT gives the same code another name, and another build
// id.

#include <cstddef>
#include <cstdlib>

#define DEFT_JOIN_AGAIN(a, b) a##b
#define DEFT_JOIN(a, b) DEFT_JOIN_AGAIN(a, b)

namespace {

__attribute__((always_inline)) inline unsigned mix(unsigned state, unsigned value) {
  state ^= value;
  state *= 2654435761U;
  return state ^ state >> 15;
}

__attribute__((noinline)) int compare(const void* left, const void* right) {
  return *static_cast<const int*>(left) - *static_cast<const int*>(right);
}

}  // namespace

extern "C" {

__attribute__((noinline)) unsigned DEFT_JOIN(hot_loop_, DEFT_VARIANT)(const unsigned* values,
                                                                      unsigned count) {
  unsigned state = 1;
  for (unsigned i = 0; i < count; ++i) {
    state = mix(state, values[i]);
  }
  return state;
}

__attribute__((noinline)) void call_library(int* values, unsigned count) {
  std::qsort(values, count, sizeof *values, compare);
  asm volatile("" : : "r"(values) : "memory");
}

// More instructions than anybody reads.
__attribute__((noinline)) void long_function() {
  asm volatile(".rept 3000\n\tnop\n\t.endr");
}
}
