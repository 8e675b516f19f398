// bisect_left, bisect_right, their batched forms and the find_ family against counting, on every instruction
// set path.
//
// Input: key type, kind of values, a shape, then the values; what is left are the needles.
#include "deft/sorted/bisect.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <type_traits>
#include <vector>

#include "fuzz/op_source.hpp"
#include "fuzz/sorted/each_isa.hpp"

namespace {

using deft_fuzz::op_source;

template <typename T>
T value(op_source& in, int kind) {
  if (kind == 0) return static_cast<T>(in.byte() % 16);  // many equals
  return in.raw<T>();
}

template <typename T>
std::vector<T> sorted_keys(op_source& in, int kind) {
  std::vector<T> keys;
  if (kind == 2) {
    // More keys than an input has bytes: the kernels change their way with the size.
    std::uint64_t state = in.raw<std::uint32_t>();
    for (int n = in.below(5000); n > 0; --n) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      keys.push_back(static_cast<T>(static_cast<std::int64_t>(state) >> 40));
    }
  } else {
    for (int n = in.below(600); n > 0; --n) keys.push_back(value<T>(in, kind));
  }
  if constexpr (std::is_floating_point_v<T>) std::erase_if(keys, [](T x) { return std::isnan(x); });
  std::ranges::sort(keys);
  return keys;
}

template <typename T>
void compare_paths(op_source& in) {
  const int kind = in.below(3);
  const std::vector<T> keys = sorted_keys<T>(in, kind);
  std::vector<T> needles;
  while (!in.empty() && needles.size() < 64) {
    needles.push_back(keys.empty() || in.byte() % 2 == 0 ? value<T>(in, kind)
                                                         : keys[in.below(static_cast<int>(keys.size()))]);
  }
  const std::size_t n = keys.size();
  const deft::bounds part{n / 3, n - n / 4};

  std::vector<std::size_t> left;
  std::vector<std::size_t> right;
  for (const T x : needles) {
    left.push_back(std::ranges::count_if(keys, [x](T key) { return key < x; }));
    right.push_back(std::ranges::count_if(keys, [x](T key) { return !(x < key); }));
  }
  deft_fuzz::for_each_isa([&] {
    std::vector<std::size_t> out(needles.size());
    deft::bisect_left_many(keys, needles, out);
    DEFT_FUZZ_CHECK(out == left);
    deft::bisect_right_many(keys, needles, out);
    DEFT_FUZZ_CHECK(out == right);
    for (std::size_t i = 0; i < needles.size(); ++i) {
      const T x = needles[i];
      DEFT_FUZZ_CHECK(deft::bisect_left(keys, x) == left[i]);
      DEFT_FUZZ_CHECK(deft::bisect_right(keys, x) == right[i]);
      DEFT_FUZZ_CHECK(deft::bisect_left(keys, x, part) == std::clamp(left[i], part.lo, part.hi));
      DEFT_FUZZ_CHECK(deft::bisect_right(keys, x, part) == std::clamp(right[i], part.lo, part.hi));
      // The inline search must give the kernels' answers.
      const auto less = [](T a, T b) { return a < b; };
      DEFT_FUZZ_CHECK(deft::bisect_left(keys, x, less) == left[i]);
      DEFT_FUZZ_CHECK(deft::bisect_right(keys, x, less, std::identity()) == right[i]);
      const auto end = keys.end();
      DEFT_FUZZ_CHECK(deft::find_lt(keys, x) == (left[i] == 0 ? end : keys.begin() + (left[i] - 1)));
      DEFT_FUZZ_CHECK(deft::find_le(keys, x) == (right[i] == 0 ? end : keys.begin() + (right[i] - 1)));
      DEFT_FUZZ_CHECK(deft::find_gt(keys, x) == keys.begin() + right[i]);
      DEFT_FUZZ_CHECK(deft::find_ge(keys, x) == keys.begin() + left[i]);
    }
  });

  if (needles.empty() || needles[0] != needles[0]) return;
  std::vector<T> grown = keys;
  const auto first = deft::insort_left(grown, needles[0]);
  DEFT_FUZZ_CHECK(first == grown.begin() + left[0]);
  const auto last = deft::insort_right(grown, needles[0]);
  DEFT_FUZZ_CHECK(last == grown.begin() + right[0] + 1);
  DEFT_FUZZ_CHECK(grown.size() == n + 2 && std::ranges::is_sorted(grown));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  op_source in({data, size});
  switch (in.byte() % 10) {
    case 0:
      compare_paths<std::uint8_t>(in);
      break;
    case 1:
      compare_paths<std::int8_t>(in);
      break;
    case 2:
      compare_paths<std::uint16_t>(in);
      break;
    case 3:
      compare_paths<std::int16_t>(in);
      break;
    case 4:
      compare_paths<std::uint32_t>(in);
      break;
    case 5:
      compare_paths<std::int32_t>(in);
      break;
    case 6:
      compare_paths<std::uint64_t>(in);
      break;
    case 7:
      compare_paths<std::int64_t>(in);
      break;
    case 8:
      compare_paths<float>(in);
      break;
    default:
      compare_paths<double>(in);
  }
  return 0;
}
