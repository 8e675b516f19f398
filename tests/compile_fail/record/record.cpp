// Records of named fields, fixed strings and reports misused.
#include "deft/record/record.hpp"

#include <string>
#include <string_view>

#include "deft/record/layout_report.hpp"

using row = deft::record<deft::field<"x", int>, deft::field<"y", double>>;
[[maybe_unused]] constexpr row sample{1, 2.0};

#ifdef MISUSE_record_no_such_name
auto z = sample.get<"z">();
#endif

#ifdef MISUSE_record_same_name
deft::record<deft::field<"x", int>, deft::field<"x", double>> twice;
#endif

#ifdef MISUSE_record_no_name
deft::record<deft::field<"", int>> unnamed;
#endif

#ifdef MISUSE_record_of_types
deft::record<int, double> tuple;
#endif

#ifdef MISUSE_record_reference
deft::record<deft::field<"x", int&>>* referring = nullptr;
auto size = sizeof *referring;
#endif

#ifdef MISUSE_record_too_many_values
row three{1, 2.0, 3};
#endif

#ifdef MISUSE_record_wrong_value
row wrong{"text", 2.0};
#endif

#ifdef MISUSE_fixed_string_too_long
deft::fixed_string<3> code = "long";
#endif

#ifdef MISUSE_fixed_string_constant_too_long
constexpr deft::fixed_string<3> code{std::string_view("long")};
#endif

#ifdef MISUSE_layout_report_string
struct named {
  std::string name;
};

constexpr auto report = deft::layout_report<named>();
#endif
