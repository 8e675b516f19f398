#pragma once

#include <string>
#include <string_view>

namespace deft::symbols {

/// The C++ name of a linker symbol, without what the compiler appends to clones (".cold", ".constprop.0") and
/// without a symbol version ("@@GLIBC_2.34"); the symbol itself where it is no mangled name.
std::string demangle(std::string_view symbol);

}  // namespace deft::symbols
