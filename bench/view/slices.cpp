// What it costs to hold a part of a buffer: borrowed, shared, as memoryview does it, and copied. Sizes are
// bytes of the part.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

#include "deft/view/any_view.hpp"
#include "deft/view/shared_view.hpp"
#include "deft/view/view.hpp"

namespace {

constexpr std::size_t whole = std::size_t{1} << 26;

const deft::shared_view<std::byte>& buffer() {
  static const deft::shared_view<std::byte> bytes(std::vector<std::byte>(whole, std::byte{1}));
  return bytes;
}

const std::shared_ptr<const std::byte[]>& shared_bytes() {
  static const std::shared_ptr<const std::byte[]> bytes = [] {
    std::thread([] {}).join();  // from here on libstdc++ counts with atomics
    return std::shared_ptr<const std::byte[]>(new std::byte[whole]());
  }();
  return bytes;
}

/// `cut(offset, size)` gives the part; where it begins changes from call to call.
template <typename Cut>
void register_slices(const std::string& peer, Cut cut) {
  for (const std::size_t size :
       {std::size_t{16}, std::size_t{1024}, std::size_t{16384}, std::size_t{1048576}}) {
    const std::string name = "view/slice/bytes/" + std::to_string(size) + "/" + peer;
    benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) {
      static_cast<void>(buffer());
      static_cast<void>(shared_bytes());
      std::size_t offset = 0;
      for (auto _ : state) {
        auto part = cut(offset, size);
        benchmark::DoNotOptimize(part);
        offset = (offset + 7919 * 64) & (whole / 2 - 1);
      }
      state.SetItemsProcessed(state.iterations());
    });
  }
}

struct copied {
  explicit copied(std::byte* made) : bytes(made) {}

  copied(const copied&) = delete;
  copied& operator=(const copied&) = delete;

  ~copied() { std::free(bytes); }

  std::byte* bytes;
};

const bool registered = [] {
  register_slices("deft",
                  [](std::size_t first, std::size_t size) { return buffer().slice(first, first + size); });
  register_slices("deft_borrowed", [](std::size_t first, std::size_t size) {
    return buffer().borrowed().slice(first, first + size);
  });
  register_slices("deft_any_view", [](std::size_t first, std::size_t size) {
    static const deft::any_view any(buffer());
    return any.slice(first, first + size);
  });
  register_slices("shared_ptr", [](std::size_t first, std::size_t) {
    return std::shared_ptr<const std::byte[]>(shared_bytes(), shared_bytes().get() + first);
  });
  register_slices("malloc_memcpy", [](std::size_t first, std::size_t size) {
    auto* const bytes = static_cast<std::byte*>(std::malloc(size));
    std::memcpy(bytes, buffer().data() + first, size);
    return copied(bytes);
  });
  return true;
}();

}  // namespace
