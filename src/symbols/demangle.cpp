#include "symbols/demangle.hpp"

#include <array>
#include <cstdlib>
#include <memory>

#include <cxxabi.h>

namespace deft::symbols {
namespace {

// libiberty's demangler recurses; names beyond this are no names that a person reads.
constexpr std::size_t longest_symbol = 16 * 1024;

std::string_view without_clone_suffix(std::string_view symbol) {
  if (symbol.starts_with("_Z")) return symbol.substr(0, symbol.find('.'));
  constexpr std::array<std::string_view, 6> suffixes = {".cold", ".constprop", ".isra",
                                                        ".part", ".lto_priv",  ".llvm."};
  std::size_t end = symbol.size();
  for (std::string_view suffix : suffixes) {
    const std::size_t found = symbol.find(suffix);
    if (found != std::string_view::npos && found > 0 && found < end) end = found;
  }
  return symbol.substr(0, end);
}

// The name before its template arguments and parameters.
std::string_view without_arguments(std::string_view name) {
  // "operator()", "operator<<" and the like have the brackets in their names.
  const std::size_t from = name.starts_with("operator") ? std::string_view("operator()").size() : 0;
  return name.substr(0, name.find_first_of("<(", from));
}

}  // namespace

std::string demangle(std::string_view symbol) {
  const std::size_t version = symbol.find('@');
  if (version != std::string_view::npos && version > 0) symbol = symbol.substr(0, version);
  const std::string bare(without_clone_suffix(symbol));
  if (!bare.starts_with("_Z") || bare.size() > longest_symbol) return bare;
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(bare.c_str(), nullptr, nullptr, &status), &std::free);
  return status == 0 && name ? std::string(name.get()) : bare;
}

std::string scoped_name(std::string debug_name, std::string_view symbol) {
  const std::string_view bare = without_arguments(debug_name);
  if (bare.empty() || bare.find("::") != std::string_view::npos) return debug_name;
  const std::string member = "::" + std::string(bare);
  std::string linker_name = demangle(symbol);
  for (std::size_t at = linker_name.find(member); at != std::string::npos;
       at = linker_name.find(member, at + 1)) {
    const std::size_t end = at + member.size();
    if (end < linker_name.size() && (linker_name[end] == '(' || linker_name[end] == '<')) return linker_name;
  }
  return debug_name;
}

}  // namespace deft::symbols
