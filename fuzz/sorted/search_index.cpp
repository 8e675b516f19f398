// search_index against counting, on every instruction set path: both bounds, their batched forms, what copies
// and moves answer. Strings and records against the same.
//
// Input: key type, kind of values, a shape, then the values; what is left are the needles.
#include "deft/sorted/search_index.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "fuzz/op_source.hpp"
#include "fuzz/sorted/each_isa.hpp"

namespace {

using deft_fuzz::op_source;

struct record {
  std::int32_t key;
  std::int32_t payload;
};

template <typename T>
T value(op_source& in, int kind) {
  if constexpr (std::is_same_v<T, std::string>) {
    // Behind a prefix that many share, with characters that compare as unsigned, zeros among them.
    std::string text = kind == 1 ? "https://" : "";
    for (int n = in.below(20); n > 0; --n) text += static_cast<char>(kind == 0 ? in.byte() % 3 : in.byte());
    return text;
  } else if constexpr (std::is_same_v<T, record>) {
    return {static_cast<std::int32_t>(in.raw<std::int16_t>()), 0};
  } else {
    if (kind == 0) return static_cast<T>(in.byte() % 16);  // many equals
    return in.raw<T>();
  }
}

template <typename T>
std::vector<T> some_elements(op_source& in, int kind) {
  std::vector<T> elements;
  if constexpr (std::is_arithmetic_v<T>) {
    if (kind == 2) {
      // More keys than an input has bytes: layers grow with the size, and the array may begin anywhere in a
      // node.
      std::uint64_t state = in.raw<std::uint32_t>();
      for (int n = in.below(6000); n > 0; --n) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        elements.push_back(static_cast<T>(static_cast<std::int64_t>(state) >> 40));
      }
      return elements;
    }
  }
  for (int n = in.below(400); n > 0; --n) elements.push_back(value<T>(in, kind));
  if constexpr (std::is_floating_point_v<T>) std::erase_if(elements, [](T x) { return std::isnan(x); });
  return elements;
}

template <typename Index, typename Needle>
void check(const Index& index, const std::vector<Needle>& needles, const std::vector<std::size_t>& lower,
           const std::vector<std::size_t>& upper) {
  std::vector<std::size_t> out(needles.size());
  index.lower_bound_many(needles, out);
  DEFT_FUZZ_CHECK(out == lower);
  index.upper_bound_many(needles, out);
  DEFT_FUZZ_CHECK(out == upper);
  for (std::size_t i = 0; i < needles.size(); ++i) {
    const Needle& x = needles[i];
    const bool is_number = x == x;
    DEFT_FUZZ_CHECK(index.lower_bound(x) == lower[i]);
    DEFT_FUZZ_CHECK(index.upper_bound(x) == upper[i]);
    DEFT_FUZZ_CHECK(index.equal_range(x) == std::pair(lower[i], upper[i]));
    DEFT_FUZZ_CHECK(index.count(x) == (is_number ? upper[i] - lower[i] : 0));
    DEFT_FUZZ_CHECK(index.contains(x) == (is_number && upper[i] != lower[i]));
  }
}

template <typename T, typename Compare = std::less<T>, typename Projection = std::identity>
void compare_paths(op_source& in, Compare comp = {}, Projection proj = {}) {
  using key = std::remove_cvref_t<std::invoke_result_t<Projection, const T&>>;
  const int kind = in.below(3);
  // Room before the array moves its beginning within a cache line.
  const auto room = static_cast<std::size_t>(in.below(17));
  std::vector<T> all = some_elements<T>(in, kind);
  std::ranges::sort(all, comp, proj);
  all.insert(all.begin(), room, all.empty() ? T{} : all.front());
  const std::span<const T> elements = std::span(all).subspan(room);
  std::vector<key> needles;
  while (!in.empty() && needles.size() < 300) {
    const bool is_there = !elements.empty() && in.byte() % 2 != 0;
    needles.push_back(std::invoke(
        proj, is_there ? elements[static_cast<std::size_t>(in.below(static_cast<int>(elements.size())))]
                       : value<T>(in, kind)));
  }
  std::vector<std::size_t> lower;
  std::vector<std::size_t> upper;
  for (const key& x : needles) {
    lower.push_back(std::ranges::count_if(elements, [&](const key& e) { return comp(e, x); }, proj));
    upper.push_back(std::ranges::count_if(elements, [&](const key& e) { return !comp(x, e); }, proj));
  }
  deft_fuzz::for_each_isa([&] {
    using index = deft::search_index<T, Compare, Projection>;
    index built(elements, comp, proj);
    check(built, needles, lower, upper);
    index copy(built);
    index moved(std::move(built));
    check(copy, needles, lower, upper);
    check(moved, needles, lower, upper);
    DEFT_FUZZ_CHECK(built.empty());
    built = copy;
    copy = std::move(moved);
    check(built, needles, lower, upper);
    check(copy, needles, lower, upper);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  op_source in({data, size});
  switch (in.byte() % 13) {
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
    case 9:
      compare_paths<double>(in);
      break;
    case 10:
      compare_paths<std::string>(in);
      break;
    case 11:
      compare_paths<record>(in, std::less<>(), &record::key);
      break;
    default:
      compare_paths<std::uint64_t>(in, std::greater<>());
  }
  return 0;
}
