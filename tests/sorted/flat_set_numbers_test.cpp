// Every integer type, with its extreme values, as keys.
#include "tests/sorted/flat_set_numbers.hpp"

#include <gtest/gtest.h>

#include "deft/sorted/flat_set.hpp"

namespace {

template <typename... T>
void each_keeps_extreme_values() {
  (deft_test::keeps_extreme_values<deft::flat_set<T>>(), ...);
}

TEST(FlatSet, KeepsEveryCharacterTypeInOrder) {
  each_keeps_extreme_values<char, signed char, unsigned char, wchar_t, char8_t, char16_t, char32_t>();
}

TEST(FlatSet, KeepsEveryIntegerTypeInOrder) {
  each_keeps_extreme_values<short, unsigned short, int, unsigned, long, unsigned long, long long,
                            unsigned long long>();
}

}  // namespace
