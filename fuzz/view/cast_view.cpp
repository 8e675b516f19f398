// Bytes as numbers of every type, by cast_view and through le<T>, be<T>, unaligned<T>: what memcpy gives. And
// strided views, copies that overlap, and == over the same bytes.
#include "deft/view/cast_view.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <vector>

#include "deft/view/bulk.hpp"
#include "deft/view/endian.hpp"

#include "fuzz/op_source.hpp"

namespace {

using deft::view;

template <typename T>
bool same_bytes(const T& a, const T& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

template <typename T>
T read(const std::uint8_t* from, bool reversed) {
  std::uint8_t bytes[sizeof(T)];
  std::memcpy(bytes, from, sizeof(T));
  if (reversed) std::reverse(std::begin(bytes), std::end(bytes));
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

template <typename T>
void check_type(view<std::uint8_t> bytes) {
  const bool whole = bytes.size() % sizeof(T) == 0;
  const bool aligned = bytes.empty() || reinterpret_cast<std::uintptr_t>(bytes.data()) % alignof(T) == 0;
  DEFT_FUZZ_CHECK(deft::can_cast_view<T>(bytes) == (whole && aligned));
  try {
    const view<T> numbers = deft::cast_view<T>(bytes);
    DEFT_FUZZ_CHECK(whole && aligned && numbers.size() == bytes.size() / sizeof(T));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      DEFT_FUZZ_CHECK(same_bytes(numbers[i], read<T>(bytes.data() + i * sizeof(T), false)));
    }
    DEFT_FUZZ_CHECK(deft::cast_view<std::uint8_t>(numbers) == bytes);
  } catch (const std::invalid_argument&) {
    DEFT_FUZZ_CHECK(!whole || !aligned);
  }
  const view<std::uint8_t> cut = bytes.first(bytes.size() / sizeof(T) * sizeof(T));
  const auto little = deft::cast_view<deft::le<T>>(cut);
  const auto big = deft::cast_view<const deft::be<T>>(cut);
  const auto own = deft::cast_view<deft::unaligned<T>>(cut);
  for (std::size_t i = 0; i < own.size(); ++i) {
    const std::uint8_t* const at = cut.data() + i * sizeof(T);
    const bool is_little = std::endian::native == std::endian::little;
    DEFT_FUZZ_CHECK(same_bytes(own[i].value(), read<T>(at, false)));
    DEFT_FUZZ_CHECK(same_bytes(little[i].value(), read<T>(at, !is_little)));
    DEFT_FUZZ_CHECK(same_bytes(big[i].value(), read<T>(at, is_little)));
    DEFT_FUZZ_CHECK((own[i] == own[i].value()) == (own[i].value() == own[i].value()));  // NaN equals nothing
    const deft::be<T> copy = big[i].value();
    // On the way through a register a signalling NaN may become a quiet one.
    if (big[i].value() == big[i].value()) DEFT_FUZZ_CHECK(copy.bytes() == big[i].bytes());
  }
}

/// Copies that overlap are as if from a copy.
void check_copy(deft_fuzz::op_source in, std::vector<std::uint8_t> memory) {
  if (memory.empty()) return;
  for (int round = 0; round < 4; ++round) {
    const deft::view<std::uint8_t> whole(memory);
    const auto any_part = [&] {
      const int step = in.below(9) - 4;
      return whole.slice(in.raw<std::int8_t>(), in.raw<std::int8_t>(), step == 0 ? 1 : step);
    };
    auto from = any_part();
    auto to = any_part();
    const std::size_t size = std::min(from.size(), to.size());
    from = from.first(size);
    to = to.first(size);
    const std::vector<std::uint8_t> held = from.tolist();
    std::vector<std::uint8_t> expected = memory;
    for (std::size_t i = 0; i < size; ++i)
      expected[static_cast<std::size_t>(&to[i] - memory.data())] = held[i];
    const bool equal_before = held == to.tolist();
    DEFT_FUZZ_CHECK((from == to) == equal_before);
    deft::copy(from, to);
    DEFT_FUZZ_CHECK(memory == expected);
    DEFT_FUZZ_CHECK(to == held);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // In an allocation of just its size, from an address that need not be aligned.
  const std::size_t before = size == 0 ? 0 : data[0] % 8;
  std::vector<std::uint8_t> memory(before + size);
  std::copy_n(data, size, memory.begin() + static_cast<std::ptrdiff_t>(before));
  const view<std::uint8_t> bytes = view<std::uint8_t>(memory).slice(before);
  check_type<std::int8_t>(bytes);
  check_type<std::uint16_t>(bytes);
  check_type<std::int32_t>(bytes);
  check_type<std::uint64_t>(bytes);
  check_type<float>(bytes);
  check_type<double>(bytes);
  check_type<char16_t>(bytes);
  const bool bools = std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b < 2; });
  try {
    DEFT_FUZZ_CHECK(deft::cast_view<const bool>(bytes).size() == size);
    DEFT_FUZZ_CHECK(bools);
  } catch (const std::invalid_argument&) {
    DEFT_FUZZ_CHECK(!bools);
  }
  check_copy(deft_fuzz::op_source({data, size}), {data, data + std::min<std::size_t>(size, 100)});
  return 0;
}
