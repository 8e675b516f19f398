// The promises of deft/core/hash.hpp: bytes hash alike wherever they lie, equal values hash alike, integers
// are mixed by a bijection (undone here step by step).
#include "deft/core/hash.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "fuzz/op_source.hpp"

namespace {

std::uint64_t unmix(std::uint64_t h, std::uint64_t seed) {
  h ^= h >> 31 ^ h >> 62;
  h *= 0x319642b2d24d8ec3u;  // the inverses of the mixer's factors modulo 2^64
  h ^= h >> 27 ^ h >> 54;
  h *= 0x96de1b173f119089u;
  h ^= h >> 30 ^ h >> 60;
  return h ^ seed ^ 0x9e3779b97f4a7c15u;
}

// An integer hashes as its value does, whatever its type is; negative ones as the 64-bit number that they
// extend to.
template <typename... Integers>
void check_integers(deft_fuzz::op_source in, std::uint64_t seed) {
  const auto check = [&](auto value) {
    const deft::hash<decltype(value)> hash(seed);
    DEFT_FUZZ_CHECK(hash(value) ==
                    static_cast<std::size_t>(deft::hash_integer(static_cast<std::uint64_t>(value), seed)));
    DEFT_FUZZ_CHECK(deft::hash_value(value, seed) ==
                    deft::hash_integer(static_cast<std::uint64_t>(value), seed));
  };
  for (int i = 0; i < 4; ++i) (check(in.raw<Integers>()), ...);
}

// Another last part is always another hash; a pair hashes as the tuple of the same values.
void check_combining(deft_fuzz::op_source in, std::uint64_t seed) {
  std::vector<std::uint64_t> parts(static_cast<std::size_t>(1 + in.below(8)));
  for (auto& part : parts) part = in.raw<std::uint64_t>();
  const auto combined = [&] {
    std::uint64_t hash = seed;
    for (const std::uint64_t part : parts) hash = deft::hash_combine(hash, part);
    return hash;
  };
  const std::uint64_t before = combined();
  const std::size_t changed = static_cast<std::size_t>(in.below(static_cast<int>(parts.size())));
  parts[changed] ^= std::uint64_t{1} << in.below(64);
  if (changed + 1 == parts.size()) DEFT_FUZZ_CHECK(combined() != before);
  const std::pair<std::uint64_t, std::uint64_t> pair(parts.front(), parts.back());
  DEFT_FUZZ_CHECK(deft::hash_value(pair, seed) ==
                  deft::hash_value(std::tuple(parts.front(), parts.back()), seed));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deft_fuzz::op_source in({data, size});
  const auto seed = in.raw<std::uint64_t>();
  const auto x = in.raw<std::uint64_t>();
  DEFT_FUZZ_CHECK(unmix(deft::hash_integer(x, seed), seed) == x);

  check_integers<std::uint8_t, std::int8_t, std::uint16_t, std::int16_t, std::uint32_t, std::int32_t,
                 std::uint64_t, std::int64_t, char, wchar_t>(in, seed);
  check_combining(in, seed);

  const auto number = in.raw<double>();
  const deft::hash<double> of_double(seed);
  DEFT_FUZZ_CHECK(of_double(number) == of_double(number == 0 ? -number : number));
  if (number != number) DEFT_FUZZ_CHECK(of_double(number) == of_double(-number));
  DEFT_FUZZ_CHECK(deft::hash<float>(seed)(1.5F) == of_double(1.5));

  const std::string text(reinterpret_cast<const char*>(data), size);
  const std::uint64_t expected = deft::hash_bytes(text.data(), text.size(), seed);
  for (std::size_t shift = 1; shift < 4; ++shift) {
    const std::vector<char> elsewhere = [&] {
      std::vector<char> copy(shift, 'x');
      copy.insert(copy.end(), text.begin(), text.end());
      return copy;
    }();
    DEFT_FUZZ_CHECK(deft::hash_bytes(elsewhere.data() + shift, text.size(), seed) == expected);
  }
  DEFT_FUZZ_CHECK(deft::hash<std::string>(seed)(text) == static_cast<std::size_t>(expected));
  DEFT_FUZZ_CHECK(deft::hash<std::string>(seed)(std::string_view(text)) ==
                  static_cast<std::size_t>(expected));

  const std::tuple<std::uint64_t, std::string, std::optional<double>> owned(x, text, number);
  const std::string_view view = text;
  const std::optional<double> maybe = number;
  DEFT_FUZZ_CHECK(deft::hash_value(owned, seed) == deft::hash_value(std::tie(x, view, maybe), seed));
  return 0;
}
