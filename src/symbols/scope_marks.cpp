#include "symbols/scope_marks.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "deft/profile/detail/scope_layout.hpp"

#include "symbols/module_file.hpp"
#include "symbols/printable.hpp"

namespace deft::symbols {
namespace {

constexpr std::size_t longest_name = 200;

}  // namespace

void find_scope_marks(const stack_bytes& stack, std::uint64_t start, std::uint64_t end,
                      std::vector<scope_mark>& marks) {
  using profile::detail::scope_words;
  constexpr std::uint64_t word_bytes = sizeof(std::uint64_t);
  start = (std::max(start, stack.start) + word_bytes - 1) / word_bytes * word_bytes;
  end = std::min(end, stack.start + stack.bytes.size());
  if (end < stack.start || start >= end || end - start < sizeof(scope_words)) return;
  for (std::uint64_t at = start; at <= end - sizeof(scope_words); at += word_bytes) {
    std::uint64_t check = 0;
    std::memcpy(&check, stack.bytes.data() + (at - stack.start), sizeof check);
    if (check != profile::detail::scope_check(at)) continue;
    scope_words words;
    std::memcpy(&words, stack.bytes.data() + (at - stack.start), sizeof words);
    marks.push_back({words.name, words.order});
  }
}

std::optional<std::string> read_scope_name(const module_file& file, std::uint64_t address) {
  std::array<char, longest_name + 1> bytes{};
  const std::size_t count = file.read_constant(address, bytes);
  const auto end = std::find(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count), '\0');
  if (end == bytes.begin() + static_cast<std::ptrdiff_t>(count) || end == bytes.begin()) return std::nullopt;
  std::string name(bytes.begin(), end);
  if (!is_printable(name)) return std::nullopt;
  return name;
}

}  // namespace deft::symbols
