#pragma once

#include <string>
#include <string_view>

namespace deft::report {

/// A function's name where there is little room: "std::map::find" of "std::map<int, std::less<int>
/// >::find(int const&)". Template arguments, parameters and the return type of a template are left out;
/// operators, lambdas and names of other languages stay readable.
std::string short_name(std::string_view full);

}  // namespace deft::report
