// Casts misused.
#include <cstdint>
#include <string>
#include <vector>

#include "deft/view/cast_view.hpp"
#include "deft/view/endian.hpp"

enum class color : std::uint8_t { red, green };

struct padded {
  std::uint8_t a;
  std::uint32_t b;
};

struct plain {
  std::uint16_t a;
  std::uint16_t b;
};

std::vector<unsigned char> make();

[[maybe_unused]] void right(deft::view<unsigned char> bytes) {
  (void)deft::cast_view<float>(bytes);
  (void)deft::cast_view<const bool>(bytes);
  (void)deft::cast_view<deft::be<double>>(bytes);
  (void)deft::cast_view<const color>(bytes, [](int n) { return n < 2; });
}

#ifdef MISUSE_cast_of_temporary
auto v = deft::cast_view<const float>(make());
#endif

#ifdef MISUSE_cast_floats_to_integers
auto f(deft::view<float> v) {
  return deft::cast_view<std::uint32_t>(v);
}
#endif

#ifdef MISUSE_cast_of_strings
auto f(deft::view<std::string> v) {
  return deft::cast_view<std::byte>(v);
}
#endif

#ifdef MISUSE_cast_to_strings
auto f(deft::view<std::byte> v) {
  return deft::cast_view<std::string>(v);
}
#endif

#ifdef MISUSE_cast_drops_const
auto f(deft::view<const std::byte> v) {
  return deft::cast_view<int>(v);
}
#endif

#ifdef MISUSE_cast_of_padding
auto f(deft::view<padded> v) {
  return deft::cast_view<std::byte>(v);
}
#endif

#ifdef MISUSE_cast_to_enum
auto f(deft::view<std::byte> v) {
  return deft::cast_view<color>(v);
}
#endif

#ifdef MISUSE_cast_to_pointer
auto f(deft::view<std::byte> v) {
  return deft::cast_view<int*>(v);
}
#endif

#ifdef MISUSE_cast_to_struct
auto f(deft::view<std::byte> v) {
  return deft::cast_view<plain>(v);
}
#endif

#ifdef MISUSE_cast_to_writable_bool
auto f(deft::view<std::byte> v) {
  return deft::cast_view<bool>(v);
}
#endif

#ifdef MISUSE_cast_to_writable_enum
auto f(deft::view<std::byte> v) {
  return deft::cast_view<color>(v, [](int n) { return n < 2; });
}
#endif

#ifdef MISUSE_cast_of_strided
auto f(deft::view<std::byte> v) {
  return deft::cast_view<int>(v.slice<2>());
}
#endif

#ifdef MISUSE_endian_bool
deft::le<bool> n;
#endif

#ifdef MISUSE_endian_long_double
deft::be<long double> n;
#endif

#ifdef MISUSE_endian_struct
deft::le<plain> n;
#endif

#ifdef MISUSE_endian_const
deft::unaligned<const int> n{1};
#endif
