// Tables misused.
#include "deft/record/record_vector.hpp"

#include <algorithm>
#include <any>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "deft/record/fields.hpp"

struct tick {
  std::int64_t ts;
  deft::bounded<int, 0, 19> venue;
  std::optional<std::int32_t> cond;
  bool buy;
  double price;
  std::string note;
};

struct other {
  int x;
};

using table = deft::record_vector<tick>;
table make();

[[maybe_unused]] inline void sample(table& v) {
  v.push_back({1, 2, 3, true, 4.0, "note"});
  v[0].set<&tick::venue>(3);
}

#ifdef MISUSE_table_of_vectors
struct nested {
  std::vector<int> values;
};

deft::record_vector<nested> v(3);
#endif

#ifdef MISUSE_table_of_owning_class
struct owner {
  std::optional<std::unique_ptr<int>> p;
};

deft::record_vector<owner> v(3);
#endif

#ifdef MISUSE_table_of_any
struct anything {
  std::any value;
};

deft::record_vector<anything> v(3);
#endif

#ifdef MISUSE_table_of_numbers
deft::record_vector<int> v(3);
#endif

#ifdef MISUSE_table_of_base
struct derived : other {
  int y;
};

deft::record_vector<derived> v(3);
#endif

#ifdef MISUSE_table_over_aligned
struct alignas(128) large {
  int x;
};

struct holder {
  large field;
};

deft::record_vector<holder> v(3);
#endif

#ifdef MISUSE_table_other_allocator
deft::record_vector<tick, deft::byte_columns, std::allocator<int>> v(3);
#endif

#ifdef MISUSE_table_column_of_temporary
auto prices = make().column<&tick::price>();
#endif

#ifdef MISUSE_table_row_of_temporary
auto row = make()[0];
#endif

#ifdef MISUSE_table_begin_of_temporary
auto it = make().begin();
#endif

#ifdef MISUSE_table_select_of_temporary
auto selected = make().select<&tick::ts>();
#endif

#ifdef MISUSE_table_validity_of_temporary
auto valid = make().validity<&tick::cond>();
#endif

#ifdef MISUSE_table_column_of_shared_temporary
table v;
auto prices = v.share().column<&tick::price>();
#endif

#ifdef MISUSE_table_field_of_another
double read(const table& v) {
  return v[0].get<&other::x>();
}
#endif

#ifdef MISUSE_table_field_number
auto read(const table& v) {
  return v[0].get<6>();
}
#endif

#ifdef MISUSE_table_validity_of_plain
auto read(const table& v) {
  return v.validity<&tick::price>();
}
#endif

#ifdef MISUSE_table_write_const_row
void write(const table& v) {
  v[0].set<&tick::price>(1.0);
}
#endif

#ifdef MISUSE_table_write_through_const_get
void write(const table& v) {
  v[0].get<&tick::price>() = 1.0;
}
#endif

#ifdef MISUSE_table_assign_const_row
void write(const table& v, const tick& t) {
  v[0] = t;
}
#endif

#ifdef MISUSE_table_write_through_bounded_column
void write(table& v) {
  v.column<&tick::venue>()[0] = 99;
}
#endif

#ifdef MISUSE_table_write_through_enum_column
enum class side : std::uint8_t { buy, sell };

struct order {
  side way;
};

void write(deft::record_vector<order>& v) {
  v.column<&order::way>()[0] = side::sell;
}
#endif

#ifdef MISUSE_table_write_through_enum_get
enum class side : std::uint8_t { buy, sell };

struct order {
  side way;
};

void write(deft::record_vector<order>& v) {
  v[0].get<&order::way>() = side::sell;
}
#endif

#ifdef MISUSE_table_write_through_optional_column
void write(table& v) {
  v.column<&tick::cond>()[0] = 99;
}
#endif

#ifdef MISUSE_table_write_through_bounded_get
void write(table& v) {
  v[0].get<&tick::venue>() = nullptr;
}
#endif

#ifdef MISUSE_table_set_wrong_type
void write(table& v) {
  v[0].set<&tick::price>("text");
}
#endif

#ifdef MISUSE_table_set_float_into_bounded
void write(table& v) {
  v[0].set<&tick::venue>(1.5);
}
#endif

#ifdef MISUSE_table_set_float_into_integer
void write(table& v) {
  v[0].set<&tick::ts>(1.5);
}
#endif

#ifdef MISUSE_table_set_number_as_text
void write(table& v) {
  v[0].set<&tick::note>(15);
}
#endif

#ifdef MISUSE_table_set_many_twice
void write(table& v) {
  v[0].set_many<&tick::price, &tick::price>(1.0, 2.0);
}
#endif

#ifdef MISUSE_table_set_many_too_few
void write(table& v) {
  v[0].set_many<&tick::price, &tick::buy>(1.0);
}
#endif

#ifdef MISUSE_table_sort_const
void sort(const table& v) {
  std::ranges::sort(v, {}, deft::project<&tick::price>);
}
#endif

#ifdef MISUSE_table_sort_by_nothing
void sort(table& v) {
  v.sort_by<>();
}
#endif

#ifdef MISUSE_table_pack_a_double
deft::record_vector<tick, deft::bit_packed<&tick::price>> v(3);
#endif

#ifdef MISUSE_table_pack_a_stranger
deft::record_vector<tick, deft::bit_packed<&other::x>> v(3);
#endif

#ifdef MISUSE_table_push_another
void push(table& v) {
  v.push_back(other{1});
}
#endif

#ifdef MISUSE_table_append_too_few_columns
void append(table& v, const std::vector<int>& c) {
  v.append_columns(c, c, c);
}
#endif

#ifdef MISUSE_table_bind_reference
void bind(table& v) {
  auto& [ts, venue, cond, buy, price, note] = v[0];
}
#endif

#ifdef MISUSE_table_too_few_names
void bind(table& v) {
  auto [ts, venue] = v[0];
}
#endif
