#include "formats/weight.hpp"

#include <algorithm>

namespace deft::formats {

__extension__ using wide = unsigned __int128;

std::uint64_t saturating_sum(std::uint64_t a, std::uint64_t b) noexcept {
  return std::min(a, largest_number) > largest_number - std::min(b, largest_number) ? largest_number : a + b;
}

std::uint64_t value_of(const symbols::stack_profile& profile, const symbols::folded_stack& stack) noexcept {
  if (stack.value != 0) return std::min(stack.value, largest_number);
  if (profile.frequency_hz == 0 || profile.kind == symbols::profile_kind::allocation) return 0;
  const wide value = (wide{stack.count} * 1'000'000'000 + profile.frequency_hz / 2) / profile.frequency_hz;
  return value > largest_number ? largest_number : static_cast<std::uint64_t>(value);
}

bool has_values(const symbols::stack_profile& profile) noexcept {
  if (profile.frequency_hz != 0 && profile.kind != symbols::profile_kind::allocation) return true;
  return std::any_of(profile.stacks.begin(), profile.stacks.end(),
                     [](const symbols::folded_stack& stack) { return stack.value != 0; });
}

weight_words words_for(symbols::profile_kind kind) noexcept {
  switch (kind) {
    case symbols::profile_kind::wall:
      return {"samples", "wall", "nanoseconds"};
    case symbols::profile_kind::off_cpu:
      return {"samples", "off_cpu", "nanoseconds"};
    case symbols::profile_kind::allocation:
      return {"alloc_objects", "alloc_space", "bytes"};
    case symbols::profile_kind::cpu:
      break;
  }
  return {"samples", "cpu", "nanoseconds"};
}

}  // namespace deft::formats
