// Owners, files and formats misused.
#include <utility>
#include <vector>

#include "deft/view/any_view.hpp"
#include "deft/view/mapped_file.hpp"
#include "deft/view/shared_view.hpp"

struct point {
  float x;
  float y;
};

deft::shared_view<int> make();
int sum(deft::view<const int> v);

[[maybe_unused]] int right(std::vector<int>& v) {
  const deft::shared_view kept(std::move(v));
  const deft::mapped_file file("f");
  return sum(kept) + sum(kept.borrowed()) + kept.slice({}, {}, 2)[0] + static_cast<int>(file.bytes().size());
}

#ifdef MISUSE_view_of_temporary_shared_view
int f() {
  return sum(make());
}
#endif

#ifdef MISUSE_shared_borrowed_of_temporary
auto v = make().borrowed();
#endif

#ifdef MISUSE_shared_step_of_temporary
auto v = make().slice({}, {}, -1);
#endif

#ifdef MISUSE_mapped_bytes_of_temporary
auto v = deft::mapped_file("f").bytes();
#endif

#ifdef MISUSE_shared_of_const
deft::shared_view<const int> v;
#endif

#ifdef MISUSE_shared_of_variable
void f(std::vector<int>& v) {
  deft::shared_view<int> kept(v);
}
#endif

#ifdef MISUSE_shared_written
void f(deft::shared_view<int>& v) {
  v[0] = 1;
}
#endif

#ifdef MISUSE_mapped_as_bool
auto v = deft::map_file<bool>("f");
#endif

#ifdef MISUSE_any_view_of_structs
void f(deft::view<point> v) {
  deft::any_view any = v;
}
#endif

#ifdef MISUSE_any_value_of_pointer
int n;
deft::any_value v = &n;
#endif
