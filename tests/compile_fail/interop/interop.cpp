// Exports misused.
#include "deft/interop.hpp"

#include <chrono>
#include <cstdint>
#include <string>

#include "deft/record/record_vector.hpp"

struct point {
  float x;
  float y;
};

struct row {
  std::int64_t ts;
  bool buy;
  std::string note;
  point where;
};

template <typename Field>
struct holds {
  Field field;
};

[[maybe_unused]] inline deft::arrow_pair sample(deft::record_vector<row>& v) {
  return deft::export_arrow(v.share());
}

#ifdef MISUSE_arrow_of_unknown_field
auto schema = deft::export_arrow_schema<holds<long double>>();
#endif

#ifdef MISUSE_arrow_of_padded_field
class padded {
 public:
  padded() = default;

  explicit padded(int v) : value(v) {}

 private:
  char letter = 0;
  int value = 0;
};

auto schema = deft::export_arrow_schema<holds<padded>>();
#endif

#ifdef MISUSE_arrow_of_minutes
auto schema = deft::export_arrow_schema<holds<std::chrono::duration<std::int64_t, std::ratio<60>>>>();
#endif

#ifdef MISUSE_arrow_of_fractions
auto schema = deft::export_arrow_schema<holds<std::chrono::duration<double>>>();
#endif

#ifdef MISUSE_arrow_of_unshared_table
auto pair(const deft::record_vector<row>& v) {
  return deft::export_arrow(v);
}
#endif

#ifdef MISUSE_arrow_handle_copied
deft::arrow_array copy(const deft::arrow_array& a) {
  return a;
}
#endif

#ifdef MISUSE_column_view_of_bools
auto view(const deft::shared_table<row>& t) {
  return deft::column_view<&row::buy>(t);
}
#endif

#ifdef MISUSE_column_view_of_texts
auto view(const deft::shared_table<row>& t) {
  return deft::column_view<&row::note>(t);
}
#endif

#ifdef MISUSE_column_view_of_structs
auto view(const deft::shared_table<row>& t) {
  return deft::column_view<&row::where>(t);
}
#endif

#ifdef MISUSE_arrow_values_of_bools
auto values(const deft::arrow_column& c) {
  return c.values<bool>();
}
#endif
