#pragma once

#include <string>
#include <string_view>

namespace deft::symbols {

/// The C++ name of a linker symbol, without what the compiler appends to clones (".cold", ".constprop.0") and
/// without a symbol version ("@@GLIBC_2.34"); the symbol itself where it is no mangled name.
std::string demangle(std::string_view symbol);

/// The name of a function from what debug information calls it and its linker symbol: the latter, demangled,
/// where the former tells neither namespace nor class ("operator()", "merge<long int>"; g++ -g1) and the two
/// are of one function, else the former.
std::string scoped_name(std::string debug_name, std::string_view symbol);

}  // namespace deft::symbols
