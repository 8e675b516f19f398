#include "symbols/debug_scopes.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "symbols/demangle.hpp"
#include "symbols/die_walk.hpp"
#include "symbols/module_file.hpp"
#include "symbols/qualified_names.hpp"

namespace deft::symbols {
namespace {

// Of one entry: more are not there where a linker wrote them.
constexpr int most_ranges = 1 << 16;

// Something inside of a function that has code: what is inlined there, or a block.
struct scope_node {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
  const frame* inlined = nullptr;  // null: a block
  std::vector<scope_node> children;

  bool contains(std::uint64_t address) const {
    return std::any_of(ranges.begin(), ranges.end(),
                       [&](const auto& range) { return address >= range.first && address < range.second; });
  }
};

struct function_range {
  std::uint64_t low;
  std::uint64_t high;
  Dwarf_Die die;
  std::unique_ptr<scope_node> scopes;  // once an address fell into it
};

template <class Visit>
void for_each_range(Dwarf_Die* die, Visit visit) {
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  std::ptrdiff_t at = 0;
  for (int i = 0; i < most_ranges; ++i) {
    at = dwarf_ranges(die, at, &base, &low, &high);
    if (at <= 0) break;
    if (low < high) visit(low, high);
  }
}

// Functions with code stand below the unit, or in namespaces and (clang) below what they are members of.
void collect_functions(Dwarf_Die* parent, die_walk& walk, std::vector<function_range>& functions) {
  Dwarf_Die child;
  if (!walk.enter(parent, &child)) return;
  const die_walk::level below(walk);
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram:
        for_each_range(&child, [&](std::uint64_t low, std::uint64_t high) {
          functions.push_back({low, high, child, nullptr});
        });
        break;
      case DW_TAG_namespace:
      case DW_TAG_module:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
        collect_functions(&child, walk, functions);
        break;
      default:
        break;
    }
  } while (walk.next(&child));
}

// The mangled name; null for C functions, whose linkage name is an alias at most ("__GI___qsort_r" for
// "__qsort_r").
const char* mangled_name(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  for (const unsigned kind : {DW_AT_linkage_name, DW_AT_MIPS_linkage_name}) {
    if (dwarf_attr_integrate(die, kind, &attribute) == nullptr) continue;
    const char* name = dwarf_formstring(&attribute);
    if (name != nullptr && std::string_view(name).starts_with("_Z")) return name;
  }
  return nullptr;
}

// By hand, because dwarf_decl_file (0.188) aborts on the units of -gsplit-dwarf.
std::string declaring_file(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Word number = 0;
  if (dwarf_attr_integrate(die, DW_AT_decl_file, &attribute) == nullptr ||
      dwarf_formudata(&attribute, &number) != 0) {
    return {};
  }
  Dwarf_Die unit;
  Dwarf_Files* files = nullptr;
  std::size_t count = 0;
  if (dwarf_cu_die(attribute.cu, &unit, nullptr, nullptr, nullptr, nullptr, nullptr, nullptr) == nullptr ||
      dwarf_getsrcfiles(&unit, &files, &count) != 0 || number >= count) {
    return {};
  }
  const char* path = dwarf_filesrc(files, number, nullptr, nullptr);
  return path == nullptr ? std::string() : base_name(path);
}

}  // namespace

struct debug_scopes::unit {
  Dwarf_Die die;
  bool read = false;
  std::vector<function_range> functions;  // by low
};

struct debug_scopes::unit_range {
  std::uint64_t low;
  std::uint64_t high;
  std::size_t unit;
};

struct debug_scopes::state {
  const module_file* file = nullptr;
  Dwarf_Addr bias = 0;
  std::vector<unit> units;
  std::vector<unit_range> ranges;  // by low
  qualified_names names;
  std::unordered_map<const void*, frame> descriptions;  // by the entry that describes the function

  void read_units(Dwarf* debug_information);
  unit* unit_at(std::uint64_t address);
  function_range* function_at(std::uint64_t address);
  const frame& describe(Dwarf_Die* die);
  void read_scopes(Dwarf_Die* parent, die_walk& walk, scope_node& into);

  // Linkers leave the entries of functions that they removed, at 0 or thereabouts.
  bool is_code(std::uint64_t address) const { return file->is_code(address + bias); }
};

// Own ranges of the units, and not .debug_aranges: clang writes none.
void debug_scopes::state::read_units(Dwarf* debug_information) {
  Dwarf_CU* at = nullptr;
  Dwarf_Die die;
  std::uint8_t type = 0;
  while (dwarf_get_units(debug_information, at, &at, nullptr, &type, &die, nullptr) == 0) {
    if (type == DW_UT_type || type == DW_UT_partial || dwarf_tag(&die) == DW_TAG_partial_unit) continue;
    const std::size_t index = units.size();
    for_each_range(&die, [&](std::uint64_t low, std::uint64_t high) {
      if (is_code(low)) ranges.push_back({low, high, index});
    });
    units.push_back({.die = die, .read = false, .functions = {}});
  }
  std::sort(ranges.begin(), ranges.end(), [](const unit_range& a, const unit_range& b) {
    return std::tie(a.low, a.high) < std::tie(b.low, b.high);
  });
}

debug_scopes::unit* debug_scopes::state::unit_at(std::uint64_t address) {
  auto after = std::upper_bound(ranges.begin(), ranges.end(), address,
                                [](std::uint64_t wanted, const unit_range& r) { return wanted < r.low; });
  // Ranges of units overlap only where the linker folded functions: one step back is enough.
  if (after == ranges.begin() || address >= std::prev(after)->high) return nullptr;
  return &units[std::prev(after)->unit];
}

function_range* debug_scopes::state::function_at(std::uint64_t address) {
  unit* const owner = unit_at(address);
  if (owner == nullptr) return nullptr;
  if (!owner->read) {
    owner->read = true;
    // With -gsplit-dwarf the program has a skeleton, and the .dwo file the functions.
    Dwarf_Die functions = owner->die;
    Dwarf_Die split;
    std::uint8_t type = 0;
    if (dwarf_cu_info(owner->die.cu, nullptr, &type, nullptr, &split, nullptr, nullptr, nullptr) == 0 &&
        type == DW_UT_skeleton && dwarf_tag(&split) != DW_TAG_invalid) {
      functions = split;
    }
    die_walk walk(&functions);
    collect_functions(&functions, walk, owner->functions);
    std::erase_if(owner->functions, [&](const function_range& f) { return !is_code(f.low); });
    std::sort(owner->functions.begin(), owner->functions.end(),
              [](const function_range& a, const function_range& b) {
                return std::tie(a.low, a.high) < std::tie(b.low, b.high);
              });
  }
  auto next = std::upper_bound(owner->functions.begin(), owner->functions.end(), address,
                               [](std::uint64_t wanted, const function_range& f) { return wanted < f.low; });
  if (next == owner->functions.begin() || address >= std::prev(next)->high) return nullptr;
  return &*std::prev(next);
}

// What inlined copies of a function share is described once, at the declaration that they refer to.
const frame& debug_scopes::state::describe(Dwarf_Die* die) {
  Dwarf_Attribute attribute;
  Dwarf_Die origin = *die;
  if (dwarf_attr(die, DW_AT_abstract_origin, &attribute) != nullptr) {
    Dwarf_Die target;
    if (dwarf_formref_die(&attribute, &target) != nullptr) origin = target;
  }
  // A copy with a linkage name of its own (constructors have several) stands for itself.
  Dwarf_Die* subject = dwarf_hasattr(die, DW_AT_linkage_name) != 0 ? die : &origin;
  auto [kept, added] = descriptions.try_emplace(subject->addr);
  if (!added) return kept->second;
  frame& description = kept->second;
  const char* mangled = mangled_name(subject);
  description.function = mangled != nullptr ? demangle(mangled) : names.name_of(subject);
  description.file = declaring_file(subject);
  int line = 0;
  if (dwarf_decl_line(subject, &line) == 0 && line > 0) description.line = static_cast<std::uint32_t>(line);
  return description;
}

// All at once: to look through the entries for each address anew costs 200 us in functions that inline much.
void debug_scopes::state::read_scopes(Dwarf_Die* parent, die_walk& walk, scope_node& into) {
  Dwarf_Die child;
  if (!walk.enter(parent, &child)) return;
  const die_walk::level below(walk);
  do {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) continue;
    scope_node node;
    for_each_range(&child,
                   [&](std::uint64_t low, std::uint64_t high) { node.ranges.emplace_back(low, high); });
    if (node.ranges.empty()) continue;
    if (tag == DW_TAG_inlined_subroutine) node.inlined = &describe(&child);
    read_scopes(&child, walk, node);
    // A block that inlines nothing tells nothing.
    if (node.inlined != nullptr || !node.children.empty()) into.children.push_back(std::move(node));
  } while (walk.next(&child));
}

debug_scopes::debug_scopes(const module_file& file) : state_(std::make_unique<state>()) {
  state_->file = &file;
  Dwarf* debug_information = dwfl_module_getdwarf(file.handle(), &state_->bias);
  if (debug_information != nullptr) state_->read_units(debug_information);
}

debug_scopes::~debug_scopes() = default;

std::vector<frame> debug_scopes::frames_at(std::uint64_t address) {
  std::vector<frame> frames;
  const std::uint64_t wanted = address - state_->bias;
  function_range* const function = state_->function_at(wanted);
  if (function == nullptr) return frames;
  frames.push_back(state_->describe(&function->die));
  if (!function->scopes) {
    function->scopes = std::make_unique<scope_node>();
    Dwarf_Die owner;
    if (dwarf_diecu(&function->die, &owner, nullptr, nullptr) != nullptr) {
      die_walk walk(&owner);
      state_->read_scopes(&function->die, walk, *function->scopes);
    }
  }
  for (const scope_node* scope = function->scopes.get();;) {
    const auto inner = std::find_if(scope->children.begin(), scope->children.end(),
                                    [&](const scope_node& child) { return child.contains(wanted); });
    if (inner == scope->children.end()) break;
    scope = &*inner;
    if (scope->inlined == nullptr) continue;
    frames.push_back(*scope->inlined);
    frames.back().inlined = true;
  }
  return frames;
}

std::optional<source_line> debug_scopes::line_at(std::uint64_t address) {
  const std::uint64_t wanted = address - state_->bias;
  unit* const owner = state_->unit_at(wanted);
  if (owner == nullptr) return std::nullopt;
  Dwarf_Line* const found = dwarf_getsrc_die(&owner->die, wanted);
  int line = 0;
  if (found == nullptr || dwarf_lineno(found, &line) != 0 || line <= 0) return std::nullopt;
  const char* file = dwarf_linesrc(found, nullptr, nullptr);
  if (file == nullptr) return std::nullopt;
  Dwarf_Attribute attribute;
  const char* folder = dwarf_formstring(dwarf_attr(&owner->die, DW_AT_comp_dir, &attribute));
  std::filesystem::path path = std::filesystem::path(folder == nullptr ? "" : folder);
  // -ffile-prefix-map=/tree=. makes of both, /tree/build and /tree/a.cpp, paths from the tree's top.
  const std::filesystem::path named = file;
  const bool both_mapped = path.is_relative() && !path.empty() && *path.begin() == *named.begin();
  path = both_mapped ? named : path / named;
  return source_line{path.lexically_normal().string(), static_cast<std::uint32_t>(line)};
}

}  // namespace deft::symbols
