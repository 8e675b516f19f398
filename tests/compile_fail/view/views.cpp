// Views misused.
#include <array>
#include <list>
#include <vector>

#include "deft/view/view.hpp"

std::vector<int> make();
int sum(deft::view<const int> v);

struct base {
  int x;
};

struct derived : base {
  int y;
};

struct owner {
  std::vector<int> numbers;
};

[[maybe_unused]] int right(std::vector<int>& v, const std::vector<int>& c) {
  return sum(v) + sum(c) + sum(deft::borrow(make())) + deft::view<int>(v).slice<2>()[0];
}

#ifdef MISUSE_view_of_temporary_vector
deft::view<const int> v = std::vector<int>{1, 2, 3};
#endif

#ifdef MISUSE_view_of_returned_vector
int total() {
  return sum(make());
}
#endif

#ifdef MISUSE_view_of_temporary_array
deft::view<const int> v{std::array<int, 2>{1, 2}};
#endif

#ifdef MISUSE_view_of_member_of_temporary
deft::view<int> v = owner{}.numbers;
#endif

#ifdef MISUSE_view_argument_deduced_from_temporary
auto v = deft::view(make());
#endif

#ifdef MISUSE_view_drops_const
void f(const std::vector<int>& c) {
  deft::view<int> v = c;
}
#endif

#ifdef MISUSE_view_of_other_elements
void f(std::vector<long>& c) {
  deft::view<int> v = c;
}
#endif

#ifdef MISUSE_view_of_derived
void f(std::vector<derived>& c) {
  deft::view<base> v = c;
}
#endif

#ifdef MISUSE_view_of_list
void f(std::list<int>& c) {
  deft::view<int> v = c;
}
#endif

#ifdef MISUSE_view_of_strided
void f(deft::view<int> v) {
  deft::view<int> w = v.reversed();
}
#endif

#ifdef MISUSE_view_of_void
deft::view<void> v;
#endif

#ifdef MISUSE_view_of_reference
deft::view<int&> v;
#endif

#ifdef MISUSE_view_step_0
auto f(deft::view<int> v) {
  return v.slice<0>();
}
#endif

#ifdef MISUSE_view_column_of_numbers
auto f(deft::view<int> v) {
  return v.column<&base::x>();
}
#endif

#ifdef MISUSE_view_writes_const
void f(deft::view<const int> v) {
  v[0] = 1;
}
#endif

#ifdef MISUSE_strided_static_from_dynamic
void f(deft::strided_view<int> v) {
  deft::strided_view<int, 2> w = v;
}
#endif
