// Arrays of several dimensions misused.
#include "deft/view/nd_view.hpp"

using deft::ellipsis;
using deft::full_extent;
using matrix = deft::nd_view<int, 2>;

[[maybe_unused]] int right(matrix m) {
  return m(0, 1) + m.slice(ellipsis, 0)(1) + m.slice(0, deft::slice{1, 2})(0) +
         m.slice(full_extent).at(-1, -1);
}

#ifdef MISUSE_nd_rank_0
deft::nd_view<int, 0> v;
#endif

#ifdef MISUSE_nd_too_few_positions
int f(matrix m) {
  return m(1);
}
#endif

#ifdef MISUSE_nd_too_many_positions
int f(matrix m) {
  return m(1, 2, 3);
}
#endif

#ifdef MISUSE_nd_at_too_few_positions
int f(matrix m) {
  return m.at(1);
}
#endif

#ifdef MISUSE_nd_slice_too_many
auto f(matrix m) {
  return m.slice(full_extent, full_extent, full_extent);
}
#endif

#ifdef MISUSE_nd_slice_two_ellipses
auto f(matrix m) {
  return m.slice(ellipsis, 0, ellipsis);
}
#endif

#ifdef MISUSE_nd_slice_float
auto f(matrix m) {
  return m.slice(0.5);
}
#endif

#ifdef MISUSE_nd_other_rank
void f(deft::nd_view<int, 3> m) {
  matrix v = m;
}
#endif
