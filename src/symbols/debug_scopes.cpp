#include "symbols/debug_scopes.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include <dwarf.h>
#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>

#include "symbols/demangle.hpp"
#include "symbols/module_file.hpp"

namespace deft::symbols {
namespace {

// Damaged debug information may nest without end.
constexpr int deepest_nesting = 256;

struct function_range {
  std::uint64_t low;
  std::uint64_t high;
  Dwarf_Die die;
};

template <class Visit>
void for_each_range(Dwarf_Die* die, Visit visit) {
  Dwarf_Addr base = 0;
  Dwarf_Addr low = 0;
  Dwarf_Addr high = 0;
  for (std::ptrdiff_t at = dwarf_ranges(die, 0, &base, &low, &high); at > 0;
       at = dwarf_ranges(die, at, &base, &low, &high)) {
    if (low < high) visit(low, high);
  }
}

// Functions with code stand below the unit, or in namespaces and (clang) below what they are members of.
void collect_functions(Dwarf_Die* parent, int depth, std::vector<function_range>& functions) {
  Dwarf_Die child;
  if (depth > deepest_nesting || dwarf_child(parent, &child) != 0) return;
  do {
    switch (dwarf_tag(&child)) {
      case DW_TAG_subprogram:
        for_each_range(
            &child, [&](std::uint64_t low, std::uint64_t high) { functions.push_back({low, high, child}); });
        break;
      case DW_TAG_namespace:
      case DW_TAG_module:
      case DW_TAG_class_type:
      case DW_TAG_structure_type:
        collect_functions(&child, depth + 1, functions);
        break;
      default:
        break;
    }
  } while (dwarf_siblingof(&child, &child) == 0);
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

// "outer::inner::name" from the scopes around the declaration: for inlined constructors and lambdas without a
// linkage name. Searches the whole unit, so its callers keep the answer.
std::string qualified_name(Dwarf_Die* die) {
  const char* name = dwarf_diename(die);
  if (name == nullptr) return {};
  std::string result = name;
  Dwarf_Die declaration = *die;
  Dwarf_Attribute attribute;
  for (const unsigned reference : {DW_AT_abstract_origin, DW_AT_specification}) {
    Dwarf_Die target;
    if (dwarf_attr(&declaration, reference, &attribute) != nullptr &&
        dwarf_formref_die(&attribute, &target) != nullptr) {
      declaration = target;
    }
  }
  Dwarf_Die* scopes = nullptr;
  const int count = dwarf_getscopes_die(&declaration, &scopes);
  for (int i = 1; i < count; ++i) {
    const int tag = dwarf_tag(&scopes[i]);
    if (tag != DW_TAG_namespace && tag != DW_TAG_class_type && tag != DW_TAG_structure_type &&
        tag != DW_TAG_union_type) {
      continue;
    }
    const char* outer = dwarf_diename(&scopes[i]);
    result.insert(0, "::");
    result.insert(0, outer != nullptr          ? outer
                     : tag == DW_TAG_namespace ? "(anonymous namespace)"
                                               : "{unnamed}");
  }
  std::free(scopes);
  return result;
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
  std::vector<unit_range> ranges;                       // by low
  std::unordered_map<const void*, frame> descriptions;  // by the entry that describes the function

  void read_units(Dwarf* debug_information);
  unit* unit_at(std::uint64_t address);
  const Dwarf_Die* function_at(std::uint64_t address);
  const frame& describe(Dwarf_Die* die);

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

const Dwarf_Die* debug_scopes::state::function_at(std::uint64_t address) {
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
    collect_functions(&functions, 0, owner->functions);
    std::erase_if(owner->functions, [&](const function_range& f) { return !is_code(f.low); });
    std::sort(owner->functions.begin(), owner->functions.end(),
              [](const function_range& a, const function_range& b) {
                return std::tie(a.low, a.high) < std::tie(b.low, b.high);
              });
  }
  auto next = std::upper_bound(owner->functions.begin(), owner->functions.end(), address,
                               [](std::uint64_t wanted, const function_range& f) { return wanted < f.low; });
  if (next == owner->functions.begin() || address >= std::prev(next)->high) return nullptr;
  return &std::prev(next)->die;
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
  description.function = mangled != nullptr ? demangle(mangled) : qualified_name(subject);
  description.file = declaring_file(subject);
  int line = 0;
  if (dwarf_decl_line(subject, &line) == 0 && line > 0) description.line = static_cast<std::uint32_t>(line);
  return description;
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
  const Dwarf_Die* function = state_->function_at(wanted);
  if (function == nullptr) return frames;

  Dwarf_Die scope = *function;
  frames.push_back(state_->describe(&scope));
  for (int depth = 0; depth < deepest_nesting; ++depth) {
    Dwarf_Die child;
    if (dwarf_child(&scope, &child) != 0) break;
    bool entered = false;
    do {
      const int tag = dwarf_tag(&child);
      if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) continue;
      if (dwarf_haspc(&child, wanted) != 1) continue;
      if (tag == DW_TAG_inlined_subroutine) {
        frames.push_back(state_->describe(&child));
        frames.back().inlined = true;
      }
      scope = child;
      entered = true;
      break;
    } while (dwarf_siblingof(&child, &child) == 0);
    if (!entered) break;
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
  const std::filesystem::path path = std::filesystem::path(folder == nullptr ? "" : folder) / file;
  return source_line{path.lexically_normal().string(), static_cast<std::uint32_t>(line)};
}

}  // namespace deft::symbols
