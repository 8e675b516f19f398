// Structs that are no schema. See the folder's CMakeLists.txt for what is said of each.
#include <array>
#include <cstdint>
#include <tuple>

#include "deft/record/bounded.hpp"
#include "deft/record/fields.hpp"

struct point {
  int x;
  int y;

  int norm() const { return x + y; }
};

[[maybe_unused]] constexpr auto names = deft::field_names<point>();

#ifdef MISUSE_schema_private_field
class hidden {
  int x;
};

constexpr auto fields = deft::field_names<hidden>();
#endif

#ifdef MISUSE_schema_constructor
struct constructed {
  constructed(int);
  int x;
};

constexpr auto fields = deft::field_names<constructed>();
#endif

#ifdef MISUSE_schema_virtual
struct dispatched {
  virtual void f();
  int x;
};

constexpr auto fields = deft::field_names<dispatched>();
#endif

#ifdef MISUSE_schema_number
constexpr auto fields = deft::field_names<int>();
#endif

#ifdef MISUSE_schema_std_array
constexpr auto fields = deft::field_names<std::array<int, 3>>();
#endif

#ifdef MISUSE_schema_base
struct derived : point {
  int z;
};

constexpr auto fields = deft::field_names<derived>();
#endif

#ifdef MISUSE_schema_c_array
struct with_array {
  int before;
  int values[3];
};

auto fields(with_array a) {
  return deft::as_tuple(a);
}
#endif

#ifdef MISUSE_schema_reference
struct with_reference {
  int& x;
};

auto fields(with_reference a) {
  return deft::as_tuple(a);
}
#endif

#ifdef MISUSE_schema_const_field
struct with_const {
  const int x;
  int y;
};

auto fields(with_const a) {
  return deft::as_tuple(a);
}
#endif

#ifdef MISUSE_schema_bit_field
struct with_bits {
  unsigned x : 3;
  unsigned y : 5;
};

auto fields(with_bits a) {
  return deft::as_tuple(a);
}
#endif

#ifdef MISUSE_schema_65_fields
#define EIGHT(p) int p##0, p##1, p##2, p##3, p##4, p##5, p##6, p##7;

struct large {
  EIGHT(a) EIGHT(b) EIGHT(c) EIGHT(d) EIGHT(e) EIGHT(f) EIGHT(g) EIGHT(h) int last;
};

auto fields(const large& a) {
  return deft::as_tuple(a);
}
#endif

#ifdef MISUSE_from_tuple_too_short
auto make() {
  return deft::from_tuple<point>(std::tuple(1));
}
#endif

#ifdef MISUSE_project_function
auto norm(const point& p) {
  return deft::project<&point::norm>(p);
}
#endif

#ifdef MISUSE_with_wrong_type
struct small {
  deft::bounded<int, 0, 9> digit;
};

auto changed(const small& s) {
  return deft::with<&small::digit>(s, "text");
}
#endif
