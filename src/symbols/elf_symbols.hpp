#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct Dwfl_Module;  // elfutils

namespace deft::symbols {

/// The functions of one module by address: symbol tables of the file and of its debug file, PLT entries as
/// "name@plt", and for code without any symbol the function starts that the unwind table lists.
class elf_symbols {
 public:
  /// The module outlives this object: its string tables are not copied.
  explicit elf_symbols(Dwfl_Module* module);

  /// The linker's name of the function at `address` (link-time); empty where there is none.
  std::string_view name_at(std::uint64_t address) const;

  /// Where the nameless function at `address` starts; `address` itself where not even that is known.
  std::uint64_t function_start(std::uint64_t address) const;

  /// From the first byte of the function at `address` to behind its last, by its symbol or else by the unwind
  /// table; empty where neither knows it.
  struct range {
    std::uint64_t start = 0;
    std::uint64_t end = 0;
  };

  std::optional<range> function_range(std::uint64_t address) const;

  /// Link-time address of the function of that name.
  std::optional<std::uint64_t> address_of(std::string_view name) const;

 private:
  struct symbol {
    std::uint64_t start;
    std::uint64_t end;
    int rank;  // which of several names for one address is shown: lower is better
    std::string_view name;
  };

  const symbol* find(std::uint64_t address) const;
  void read_tables(Dwfl_Module* module);
  void read_plt(Dwfl_Module* module);
  void read_unwind_starts(Dwfl_Module* module);
  void sort();

  std::vector<symbol> symbols_;
  std::deque<std::string> plt_names_;
  std::vector<std::uint64_t> unwind_starts_;
};

}  // namespace deft::symbols
