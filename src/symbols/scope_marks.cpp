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

std::vector<scope_mark> find_scope_marks(const stack_bytes& stack) {
  using profile::detail::scope_words;
  std::vector<scope_mark> marks;
  if (stack.bytes.size() < sizeof(scope_words)) return marks;
  constexpr std::uint64_t word_bytes = sizeof(std::uint64_t);
  const std::size_t first = (word_bytes - stack.start % word_bytes) % word_bytes;
  const std::size_t last = stack.bytes.size() - sizeof(scope_words);
  for (std::size_t at = first; at <= last; at += word_bytes) {
    std::uint64_t check = 0;
    std::memcpy(&check, stack.bytes.data() + at, sizeof check);
    if (check != profile::detail::scope_check(stack.start + at)) continue;
    scope_words words;
    std::memcpy(&words, stack.bytes.data() + at, sizeof words);
    marks.push_back({stack.start + at, words.name, words.order});
  }
  return marks;
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
