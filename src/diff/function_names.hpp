#pragma once

#include <string>
#include <string_view>

namespace deft::diff {

// Names of functions with less and less in them: two functions that agree in a shorter name may be one that
// was changed. Text that is no C++ name comes through as it is, or shorter.

/// Without what compilers append to copies of a function: ".constprop.0", ".isra.0", ".part.1", ".cold",
/// ".lto_priv.0", ".llvm.123", " [clone .cold]".
std::string without_clone_suffix(std::string_view name);

/// Without "[abi:cxx11]", and with "(anonymous namespace)" as g++'s debug information has it.
std::string without_abi_tags(std::string_view name);

/// Without template arguments, too.
std::string without_template_arguments(std::string_view name);

/// Without parameter types, return type, qualifiers behind them and the numbers of lambdas, too.
std::string without_parameters(std::string_view name);

/// Of that, what is behind the last "::": all that some debug information has of an inlined function.
std::string without_scopes(std::string_view name);

/// "[lib.so+0x12f]": code of which only the address is known.
bool is_unnamed(std::string_view name) noexcept;

}  // namespace deft::diff
