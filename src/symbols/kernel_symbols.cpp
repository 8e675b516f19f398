#include "symbols/kernel_symbols.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>

namespace deft::symbols {
namespace {

// Beyond the last function of the kernel or of a module something else may begin that has no names.
constexpr std::uint64_t longest_function = 1 << 20;

// Names that fill this are no kernel's.
constexpr std::size_t most_name_bytes = std::size_t{64} << 20;

}  // namespace

// "ffffffff81001000 T do_syscall_64", and "\t[module]" behind what a module brought.
kernel_symbols::kernel_symbols(const std::string& path) {
  std::ifstream list(path);
  for (std::string line; std::getline(list, line) && names_.size() < most_name_bytes;) {
    std::uint64_t address = 0;
    const char* const end = line.data() + line.size();
    const auto [after, error] = std::from_chars(line.data(), end, address, 16);
    if (error != std::errc{} || end - after < 4 || after[0] != ' ' || after[2] != ' ') continue;
    const char type = after[1];
    if (type != 'T' && type != 't' && type != 'W' && type != 'w') continue;
    if (address == 0) {  // hidden: then all are
      symbols_.clear();
      return;
    }
    const char* const name = after + 3;
    const char* const name_end = std::find_if(name, end, [](char c) { return c == '\t' || c == ' '; });
    symbols_.push_back({address, static_cast<std::uint32_t>(names_.size()),
                        static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(name_end - name, 512))});
    names_.append(name, symbols_.back().name_size);
  }
  // Aliases: the first one listed names the address.
  std::stable_sort(symbols_.begin(), symbols_.end(),
                   [](const symbol& a, const symbol& b) { return a.start < b.start; });
  symbols_.erase(std::unique(symbols_.begin(), symbols_.end(),
                             [](const symbol& a, const symbol& b) { return a.start == b.start; }),
                 symbols_.end());
}

std::string_view kernel_symbols::name_at(std::uint64_t address) const {
  const auto after = std::upper_bound(symbols_.begin(), symbols_.end(), address,
                                      [](std::uint64_t wanted, const symbol& s) { return wanted < s.start; });
  if (after == symbols_.begin()) return {};
  const symbol& found = *std::prev(after);
  if (address - found.start > longest_function) return {};
  return std::string_view(names_).substr(found.name, found.name_size);
}

}  // namespace deft::symbols
