#include "symbols/qualified_names.hpp"

#include <algorithm>

#include <dwarf.h>

namespace deft::symbols {
namespace {

bool is_named_scope(int tag) {
  return tag == DW_TAG_namespace || tag == DW_TAG_class_type || tag == DW_TAG_structure_type ||
         tag == DW_TAG_union_type;
}

}  // namespace

void qualified_names::collect(Dwarf_Die* parent, std::uint32_t parent_number, die_walk& walk, scopes& into) {
  Dwarf_Die child;
  if (!walk.enter(parent, &child)) return;
  const die_walk::level below(walk);
  do {
    const int tag = dwarf_tag(&child);
    if (is_named_scope(tag) || tag == DW_TAG_subprogram) {
      into.push_back({child, parent_number});
      collect(&child, static_cast<std::uint32_t>(into.size() - 1), walk, into);
    } else if (tag == DW_TAG_lexical_block) {  // with types of its own
      collect(&child, parent_number, walk, into);
    }
  } while (walk.next(&child));
}

std::string qualified_names::name_of(Dwarf_Die* die) {
  const char* name = dwarf_diename(die);
  if (name == nullptr) return {};
  std::string result = name;
  Dwarf_Die declaration = *die;
  for (const unsigned reference : {DW_AT_abstract_origin, DW_AT_specification}) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    if (dwarf_attr(&declaration, reference, &attribute) != nullptr &&
        dwarf_formref_die(&attribute, &target) != nullptr) {
      declaration = target;
    }
  }
  Dwarf_Die unit;
  if (dwarf_diecu(&declaration, &unit, nullptr, nullptr) == nullptr) return result;
  const auto [kept, added] = units_.try_emplace(unit.addr);
  const scopes& known = kept->second;
  if (added) {
    die_walk walk(&unit);
    collect(&unit, no_parent, walk, kept->second);
  }
  const auto own = std::lower_bound(known.begin(), known.end(), declaration.addr,
                                    [](const scope& s, const void* wanted) { return s.die.addr < wanted; });
  if (own == known.end() || own->die.addr != declaration.addr) return result;
  for (std::uint32_t at = own->parent; at != no_parent; at = known[at].parent) {
    Dwarf_Die around = known[at].die;
    const int tag = dwarf_tag(&around);
    if (!is_named_scope(tag)) continue;
    const char* outer = dwarf_diename(&around);
    result.insert(0, "::");
    result.insert(0, outer != nullptr          ? outer
                     : tag == DW_TAG_namespace ? "(anonymous namespace)"
                                               : "{unnamed}");
  }
  return result;
}

}  // namespace deft::symbols
