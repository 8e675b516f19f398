#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "symbols/debug_scopes.hpp"
#include "symbols/elf_symbols.hpp"
#include "symbols/module_file.hpp"
#include "symbols/stack_profile.hpp"
#include "symbols/unwind_rules.hpp"

namespace deft::symbols {

/// A file with what was read from it so far. Symbols and debug information are read when the first name is
/// wanted.
class loaded_module {
 public:
  explicit loaded_module(std::unique_ptr<module_file> file)
      : file_(std::move(file)), rules_(file_->handle()) {}

  const module_file& file() const noexcept { return *file_; }

  unwind_rules& rules() noexcept { return rules_; }

  const elf_symbols& symbols();

  debug_scopes& scopes();

  /// What a person is shown for code at `address` (link-time): a function and what is inlined into it there,
  /// outermost first; never empty.
  std::vector<frame> frames_at(std::uint64_t address);

 private:
  std::unique_ptr<module_file> file_;
  unwind_rules rules_;
  std::optional<elf_symbols> symbols_;
  std::optional<debug_scopes> scopes_;
};

/// "[lib.so+0x12f]": for code without a name.
std::string nameless(const std::string& module, std::uint64_t address);

}  // namespace deft::symbols
