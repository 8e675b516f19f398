#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace deft::symbols {

/// The functions of the running kernel. Who may not know its addresses sees none.
class kernel_symbols {
 public:
  /// Reads a list in the form of /proc/kallsyms. Empty where it cannot be read or hides the addresses.
  explicit kernel_symbols(const std::string& path = "/proc/kallsyms");

  /// The function around `address`; empty where none is known.
  std::string_view name_at(std::uint64_t address) const;

  std::size_t size() const noexcept { return symbols_.size(); }

 private:
  struct symbol {
    std::uint64_t start;
    std::uint32_t name;  // into names_
    std::uint32_t name_size;
  };

  std::vector<symbol> symbols_;  // by start
  std::string names_;
};

}  // namespace deft::symbols
