// What unwinding has to get through: a C library function that calls back, a tree, inlined functions,
// threads. Compiled as users do, -O2 -g without frame pointers; profiled as it is, stripped, and with its
// debug file apart.

#include <cstdint>
#include <thread>

#include "workload.hpp"

namespace {

__attribute__((noinline)) void hash_inlined(std::uint64_t& state) {
  sink = outer_inlined(next(state));
}

}  // namespace

int main() {
  constexpr double each = 0.15;
  work_for(each, sort_with_callback);
  work_for(each, fill_map);
  std::thread([each] { work_for(each, hash_inlined); }).join();
}
