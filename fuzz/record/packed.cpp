// packed<T> against the plain struct: what is set is what is read, whichever way; and against a reader that
// takes bit by bit what the layout report says lies there, which also judges bytes of unknown origin.
#include "deft/record/packed.hpp"

#include <array>
#include <bit>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "deft/record/fields.hpp"
#include "deft/record/layout_report.hpp"
#include "deft/record/print.hpp"

#include "fuzz/op_source.hpp"
#include "tests/record/random_records.hpp"
#include "tests/record/schemas.hpp"

namespace {

using deft_fuzz::op_source;

struct random_from {
  op_source& in;

  std::uint64_t operator()() { return in.raw<std::uint64_t>(); }
};

// What decides whether bytes are a record's, and what they say, without any code of packed's.
class bit_by_bit {
 public:
  bit_by_bit(const std::byte* bytes, const deft::field_layout& field)
      : bytes_(bytes), byte_(field.byte), bit_(field.bit) {}

  /// False if the bytes are none of F's.
  template <typename F>
  bool read(F& value) {
    if constexpr (deft::detail::is_bit<F>) {
      value = static_cast<F>(take_bits(1) != 0);
      return true;
    } else if constexpr (deft::detail::is_bounded<F>) {
      const std::uint64_t code = take_bits(F::bits);
      const auto lowest = static_cast<std::uint64_t>(F::lowest);
      if (code > static_cast<std::uint64_t>(F::highest) - lowest) return false;
      value = F(static_cast<typename F::value_type>(lowest + code));
      return true;
    } else if constexpr (deft::detail::is_optional<F>) {
      using value_type = typename F::value_type;
      if (take_bits(1) != 0) {
        value_type present{};
        if (!read(present)) return false;
        value = present;
        return true;
      }
      // What is absent has only zeros.
      bool zero = true;
      for (std::size_t i = 0; i < bits_of<value_type>(); ++i) zero = take_bits(1) == 0 && zero;
      for (std::size_t i = 0; i < bytes_of<value_type>(); ++i) zero = bytes_[byte_++] == std::byte{} && zero;
      value.reset();
      return zero;
    } else if constexpr (deft::detail::is_std_array<F>) {
      bool good = true;
      for (auto& each : value) good = read(each) && good;
      return good;
    } else {
      std::memcpy(&value, bytes_ + byte_, sizeof value);
      byte_ += sizeof value;
      return true;
    }
  }

 private:
  template <typename F>
  static constexpr std::size_t bits_of() {
    return deft::detail::codec<F, false>::bits;
  }

  template <typename F>
  static constexpr std::size_t bytes_of() {
    return deft::detail::codec<F, false>::bytes;
  }

  std::uint64_t take_bits(std::size_t width) {
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < width; ++i, ++bit_) {
      if ((bytes_[bit_ / 8] >> (bit_ % 8) & std::byte{1}) != std::byte{}) bits |= std::uint64_t{1} << i;
    }
    return bits;
  }

  const std::byte* bytes_;
  std::size_t byte_;
  std::size_t bit_;
};

// The fields of these schemas are no structs, whose inner layout the report does not show.
template <typename Packed>
std::optional<typename Packed::value_type> read_bit_by_bit(const std::byte* bytes) {
  using schema = typename Packed::value_type;
  constexpr auto report = deft::layout_report<schema, typename Packed::layout_type>();
  for (std::size_t bit = report.information_bits; bit < 8 * report.packed_bytes; ++bit) {
    if ((bytes[bit / 8] >> (bit % 8) & std::byte{1}) != std::byte{}) return std::nullopt;
  }
  schema object{};
  bool good = true;
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&](auto index) {
      good = bit_by_bit(bytes, report.fields[index]).read(std::get<index>(deft::tie_fields(object))) && good;
    };
    (one(std::integral_constant<std::size_t, I>()), ...);
  }(std::make_index_sequence<deft::field_count<schema>>());
  if (!good) return std::nullopt;
  return object;
}

// As the fields compare, one after the other.
template <typename Schema>
std::partial_ordering order_of(const Schema& a, const Schema& b) {
  std::partial_ordering result = std::partial_ordering::equivalent;
  const auto fields_of_a = deft::tie_fields(a);
  const auto fields_of_b = deft::tie_fields(b);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    const auto one = [&](const auto& x, const auto& y) {
      if (result == 0)
        result = x < y    ? std::partial_ordering::less
                 : y < x  ? std::partial_ordering::greater
                 : x == y ? std::partial_ordering::equivalent
                          : std::partial_ordering::unordered;
    };
    (one(std::get<I>(fields_of_a), std::get<I>(fields_of_b)), ...);
  }(std::make_index_sequence<deft::field_count<Schema>>());
  return result;
}

template <typename Packed>
void check_state(const Packed& p, const typename Packed::value_type& model) {
  DEFT_FUZZ_CHECK(deft_test::same_record(p.unpack(), model));
  const Packed again = model;
  DEFT_FUZZ_CHECK(std::memcmp(&again, &p, sizeof p) == 0);
  const auto read = read_bit_by_bit<Packed>(p.bytes().data());
  DEFT_FUZZ_CHECK(read.has_value() && deft_test::same_record(*read, model));
}

template <typename Packed>
void compare(const Packed& a, const Packed& b) {
  const std::partial_ordering expected = order_of(a.unpack(), b.unpack());
  DEFT_FUZZ_CHECK(std::partial_ordering(a <=> b) == expected);
  DEFT_FUZZ_CHECK((a == b) == (expected == 0));
  if (expected == 0) DEFT_FUZZ_CHECK(a.hash_value(11) == b.hash_value(11));
}

template <typename Packed>
void run(op_source& in) {
  using schema = typename Packed::value_type;
  constexpr int fields = static_cast<int>(deft::field_count<schema>);
  random_from random{in};
  schema model{};
  Packed p;
  Packed other;
  check_state(p, model);
  for (int round = 0; !in.empty() && round < 200; ++round) {
    switch (in.below(6)) {
      case 0:
      case 1: {  // one field
        const int chosen = in.below(fields);
        [&]<std::size_t... I>(std::index_sequence<I...>) {
          const auto one = [&](auto index) {
            if (static_cast<int>(index) != chosen) return;
            auto& field = std::get<index>(deft::tie_fields(model));
            field = deft_test::random_value<deft::detail::field_type<schema, index>>(random);
            deft_test::set_field<index>(p, field);
            DEFT_FUZZ_CHECK(deft_test::same_value(std::as_const(p).template get<index>(), field));
          };
          (one(std::integral_constant<std::size_t, I>()), ...);
        }(std::make_index_sequence<deft::field_count<schema>>());
        break;
      }
      case 2:  // all at once
        model = deft_test::random_record<schema>(random);
        p = model;
        break;
      case 3: {  // damaged bytes
        std::array<std::byte, Packed::size_bytes> bytes;
        std::memcpy(bytes.data(), p.bytes().data(), bytes.size());
        for (int flips = in.below(4); flips >= 0; --flips) {
          const int bit = in.below(static_cast<int>(8 * bytes.size()));
          bytes[static_cast<std::size_t>(bit / 8)] ^= static_cast<std::byte>(1 << (bit % 8));
        }
        const auto taken = Packed::from_bytes(bytes);
        const auto expected = read_bit_by_bit<Packed>(bytes.data());
        DEFT_FUZZ_CHECK(taken.has_value() == expected.has_value());
        if (taken.has_value()) {
          DEFT_FUZZ_CHECK(deft_test::same_record(taken->unpack(), *expected));
          other = *taken;
          compare(p, other);
        }
        break;
      }
      case 4:
        compare(p, other);
        compare(other, p);
        compare(p, p);
        break;
      default:
        std::swap(p, other);
        model = p.unpack();
        DEFT_FUZZ_CHECK(deft::to_string(p) == deft::to_string(model));
        break;
    }
    check_state(p, model);
  }
}

// Values that need more than one word, and fields that straddle words.
struct wide_bits {
  deft::bounded<std::uint64_t, 0, UINT64_MAX> all;
  bool one;
  deft::bounded<std::int64_t, -1'000'000'000'000, 1'000'000'000'000> middle;
  std::optional<deft::bounded<std::uint64_t, 5, UINT64_MAX>> maybe;
  std::array<deft::bounded<int, 0, 9>, 20> digits;
  std::optional<bool> last;
};

struct seven_bits {
  bool a;
  deft::bounded<int, -9, 20> b;
  std::optional<bool> c;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  op_source in({data, size});
  switch (in.below(11)) {
    case 0:
      run<deft::packed<deft_test::tick>>(in);
      break;
    case 1:
      run<deft::packed<deft_test::tick, deft::aligned>>(in);
      break;
    case 2:
      run<deft::packed<deft_test::lineitem>>(in);
      break;
    case 3:
      run<deft::packed<deft_test::market_tick>>(in);
      break;
    case 4:
      run<deft::packed<deft_test::log_event>>(in);
      break;
    case 5:
      run<deft::packed<deft_test::log_event, deft::aligned>>(in);
      break;
    case 6:
      run<deft::packed<deft_test::particle>>(in);
      break;
    case 7:
      run<deft::packed<deft_test::web_session>>(in);
      break;
    case 8:
      run<deft::packed<wide_bits>>(in);
      break;
    case 9:
      run<deft::packed<wide_bits, deft::aligned>>(in);
      break;
    default:
      run<deft::packed<seven_bits>>(in);
      break;
  }
  return 0;
}
