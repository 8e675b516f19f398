// Packed records misused.
#include "deft/record/packed.hpp"

#include <any>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct tick {
  std::int64_t ts;
  deft::bounded<int, 0, 19> venue;
  std::optional<std::int32_t> cond;
  bool buy;
  double price;
};

struct other {
  int x;
};

using packed_tick = deft::packed<tick>;
[[maybe_unused]] constexpr packed_tick sample = tick{1, 2, 3, true, 4.0};

#ifdef MISUSE_packed_loose_enum
enum color { red, green };

struct colored {
  color shade;
};

deft::packed<colored> p;
#endif

#ifdef MISUSE_packed_string
struct named {
  std::string name;
};

deft::packed<named> p;
#endif

#ifdef MISUSE_packed_string_view
struct named {
  int id;
  std::string_view name;
};

deft::packed<named> p;
#endif

#ifdef MISUSE_packed_pointer
struct node {
  int* next;
};

deft::packed<node> p;
#endif

#ifdef MISUSE_packed_vector
struct list {
  std::vector<int> values;
};

deft::packed<list> p;
#endif

#ifdef MISUSE_packed_long_double
struct precise {
  long double x;
};

deft::packed<precise> p;
#endif

#ifdef MISUSE_packed_union
union either {
  int i;
  float f;
};

struct holder {
  either e;
};

deft::packed<holder> p;
#endif

#ifdef MISUSE_packed_other_class
struct holder {
  std::pair<int, int> range;
};

deft::packed<holder> p;
#endif

#ifdef MISUSE_packed_any
struct anything {
  std::any value;
};

deft::packed<anything> p;
#endif

#ifdef MISUSE_packed_nested_string
struct inner {
  std::string name;
};

struct outer {
  int id;
  std::optional<inner> in;
};

deft::packed<outer> p;
#endif

#ifdef MISUSE_packed_optional_pointer
struct node {
  std::optional<const char*> text;
};

deft::packed<node> p;
#endif

#ifdef MISUSE_packed_no_fields
struct empty {};

deft::packed<empty> p;
#endif

#ifdef MISUSE_packed_layout
struct loose {
  static constexpr bool is_aligned = false;
};

deft::packed<tick, loose> p;
#endif

#ifdef MISUSE_packed_field_of_another
auto x(const packed_tick& p) {
  return p.get<&other::x>();
}
#endif

#ifdef MISUSE_packed_no_such_name
auto x(const packed_tick& p) {
  return p.get<"prize">();
}
#endif

#ifdef MISUSE_packed_set_no_such_name
void x(packed_tick& p) {
  p.set<"prize">(1);
}
#endif

#ifdef MISUSE_packed_bind_reference
void x(packed_tick& p) {
  auto& [ts, venue, cond, buy, price] = p;
  buy = true;
}
#endif

#ifdef MISUSE_packed_assign_through_get
void x(packed_tick& p) {
  p.get<&tick::price>() = 1.0;
}
#endif

#ifdef MISUSE_packed_set_wrong_type
void x(packed_tick& p) {
  p.set<&tick::price>("text");
}
#endif

#ifdef MISUSE_packed_set_float_into_bounded
void x(packed_tick& p) {
  p.set<&tick::venue>(1.5);
}
#endif

#ifdef MISUSE_packed_set_const
void x(const packed_tick& p) {
  p.set<&tick::buy>(true);
}
#endif

#ifdef MISUSE_packed_constant_outside
constexpr packed_tick changed = sample.with<&tick::venue>(20);
#endif

#ifdef MISUSE_packed_set_many_twice
void x(packed_tick& p) {
  p.set_many<&tick::buy, &tick::buy>(true, false);
}
#endif

#ifdef MISUSE_packed_set_many_too_few
void x(packed_tick& p) {
  p.set_many<&tick::buy, &tick::venue>(true);
}
#endif

#ifdef MISUSE_packed_compare_layouts
bool x(const packed_tick& a, const deft::packed<tick, deft::aligned>& b) {
  return a == b;
}
#endif

#ifdef MISUSE_packed_too_few_names
void x(const packed_tick& p) {
  auto [ts, venue] = p;
}
#endif
