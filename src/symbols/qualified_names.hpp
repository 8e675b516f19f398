#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <elfutils/libdw.h>

#include "symbols/die_walk.hpp"

namespace deft::symbols {

/// "outer::inner::name" from the scopes around a declaration: for what has no linkage name, inlined
/// constructors and lambdas. Debug information leads from a scope to what is in it and not back: the way back
/// is kept for each unit that was asked about.
class qualified_names {
 public:
  /// Empty where the entry has no name.
  std::string name_of(Dwarf_Die* die);

 private:
  static constexpr std::uint32_t no_parent = ~std::uint32_t{0};

  // A namespace, type or function.
  struct scope {
    Dwarf_Die die;
    std::uint32_t parent;
  };

  using scopes = std::vector<scope>;  // by address, which is the order in which they are written

  static void collect(Dwarf_Die* parent, std::uint32_t parent_number, die_walk& walk, scopes& into);

  std::unordered_map<const void*, scopes> units_;
};

}  // namespace deft::symbols
