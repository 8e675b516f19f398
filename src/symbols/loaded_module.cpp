#include "symbols/loaded_module.hpp"

#include <cstdio>
#include <utility>

#include "symbols/demangle.hpp"
#include "symbols/printable.hpp"

namespace deft::symbols {

std::string nameless(const std::string& module, std::uint64_t address) {
  char offset[32];
  std::snprintf(offset, sizeof offset, "+0x%llx]", static_cast<unsigned long long>(address));
  // "[vdso]" already has its brackets.
  const bool bracketed = module.size() > 2 && module.front() == '[' && module.back() == ']';
  return "[" + (bracketed ? module.substr(1, module.size() - 2) : module) + offset;
}

const elf_symbols& loaded_module::symbols() {
  if (!symbols_) symbols_.emplace(file_->handle());
  return *symbols_;
}

debug_scopes& loaded_module::scopes() {
  if (!scopes_) scopes_.emplace(*file_);
  return *scopes_;
}

std::vector<frame> loaded_module::frames_at(std::uint64_t address) {
  std::vector<frame> frames = scopes().frames_at(address);
  if (frames.empty()) frames.emplace_back();
  for (frame& each : frames) each.module = file_->name();
  const std::string_view symbol = symbols().name_at(address);
  std::string& function = frames.front().function;
  if (function.empty()) {
    function = symbol.empty() ? nameless(file_->name(), symbols().function_start(address)) : demangle(symbol);
  } else {
    function = scoped_name(std::move(function), symbol);
  }
  for (frame& each : frames) {
    if (each.function.empty()) each.function = "[inlined]";
    // Anybody may have written the file; names end up on terminals.
    if (!is_printable(each.function)) each.function = to_printable(each.function, each.function.size());
    if (!is_printable(each.file)) each.file = to_printable(each.file, each.file.size());
  }
  return frames;
}

}  // namespace deft::symbols
