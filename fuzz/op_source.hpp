// Turns bytes into decisions: the same for a fuzzer's input, a corpus file and a unit test's random bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <span>

namespace deft_fuzz {

class op_source {
 public:
  explicit op_source(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

  bool empty() const { return at_ == bytes_.size(); }

  /// 0 once the input is used up.
  std::uint8_t byte() { return empty() ? std::uint8_t{0} : bytes_[at_++]; }

  /// A number in [0, bound).
  int below(int bound) {
    if (bound <= 1) return 0;
    if (bound <= 256) return byte() % bound;
    const int high = byte();
    return (high * 256 + byte()) % bound;
  }

  /// Any value of a trivially copyable type.
  template <typename T>
  T raw() {
    unsigned char image[sizeof(T)];
    for (auto& b : image) b = byte();
    T value;
    std::memcpy(&value, image, sizeof(T));
    return value;
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

[[noreturn]] inline void differs(const char* file, int line, const char* what) {
  std::fprintf(stderr, "%s:%d: differs from the model: %s\n", file, line, what);
  std::abort();
}

}  // namespace deft_fuzz

#define DEFT_FUZZ_CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::deft_fuzz::differs(__FILE__, __LINE__, #condition))
