// Bulk operations misused.
#include "deft/view/bulk.hpp"

#include <string>
#include <vector>

#include "deft/view/zip.hpp"

std::vector<int> make();

[[maybe_unused]] void right(deft::view<int> v, std::vector<int>& w) {
  deft::copy(v, w);
  deft::transform(v, w, [](int x) { return x; });
  deft::gather(v, v, w);
  for (auto [x, y] : deft::zip(v, w)) x = y;
}

#ifdef MISUSE_zip_of_temporary
void f(deft::view<int> v) {
  for (auto [x, y] : deft::zip(v, make())) x = y;
}
#endif

#ifdef MISUSE_zip_of_nothing
auto z = deft::zip();
#endif

#ifdef MISUSE_copy_into_const
void f(deft::view<int> v, const std::vector<int>& w) {
  deft::copy(v, w);
}
#endif

#ifdef MISUSE_copy_text_into_numbers
void f(deft::view<std::string> v, deft::view<int> w) {
  deft::copy(v, w);
}
#endif

#ifdef MISUSE_transform_into_const
void f(deft::view<int> v, deft::view<const int> w) {
  deft::transform(v, w, [](int x) { return x; });
}
#endif

#ifdef MISUSE_fill_const
void f(deft::view<const int> v) {
  deft::fill(v, 0);
}
#endif

#ifdef MISUSE_gather_by_doubles
void f(deft::view<int> v, deft::view<double> i) {
  deft::gather(v, i, v);
}
#endif

#ifdef MISUSE_equal_text_and_numbers
bool f(deft::view<int> v, deft::view<std::string> w) {
  return v == w;
}
#endif
