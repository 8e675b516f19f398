// Domains misused.
#include "deft/record/bounded.hpp"

#include <cstdint>

enum class side { buy, sell };
enum class odd { minus = -1, zero };
using digit = deft::bounded<int, 0, 9>;
using known_side = deft::bounded_enum<side, side::sell>;
[[maybe_unused]] constexpr digit nine = 9;
[[maybe_unused]] constexpr known_side sell = side::sell;

#ifdef MISUSE_bounded_literal_outside
constexpr digit ten = 10;
#endif

#ifdef MISUSE_bounded_constant_sum_outside
constexpr digit sum() {
  digit d = 9;
  d += 1;
  return d;
}

constexpr digit ten = sum();
#endif

#ifdef MISUSE_bounded_float
digit half = 0.5;
#endif

#ifdef MISUSE_bounded_bool
digit yes = true;
#endif

#ifdef MISUSE_bounded_of_bool
deft::bounded<bool, false, true> bit;
#endif

#ifdef MISUSE_bounded_of_enum
deft::bounded<side, side::buy, side::sell> s;
#endif

#ifdef MISUSE_bounded_reversed
deft::bounded<int, 9, 0> d;
#endif

#ifdef MISUSE_bounded_bounds_outside_type
deft::bounded<std::uint8_t, 0, 300> d;
#endif

#ifdef MISUSE_bounded_text
digit d = "7";
#endif

#ifdef MISUSE_bounded_added_fraction
void add(digit& d) {
  d += 0.5;
}
#endif

#ifdef MISUSE_bounded_chosen_beside_number
auto choose(bool c) {
  return c ? nine : 5;
}
#endif

#ifdef MISUSE_bounded_enum_of_int
deft::bounded_enum<int, 3> d;
#endif

#ifdef MISUSE_bounded_enum_negative
deft::bounded_enum<odd, odd::minus> d;
#endif

#ifdef MISUSE_bounded_enum_number
known_side s = 1;
#endif

#ifdef MISUSE_bounded_enum_outside
constexpr known_side s = static_cast<side>(2);
#endif
