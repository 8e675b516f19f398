#include "profile/agent/rule_cache.hpp"

namespace deft::profile::agent {
namespace {

constexpr std::uint64_t no_caller_bit = std::uint64_t{1} << 37;
constexpr std::uint64_t rule_bit = std::uint64_t{1} << 38;
constexpr unsigned saved_bits = 10;
constexpr std::uint64_t saved_mask = (std::uint64_t{1} << saved_bits) - 1;

// What a function must give back as it got it.
constexpr unsigned preserved[] = {3, 6, 12, 13, 14, 15};

constexpr bool is_preserved(unsigned number) {
  for (const unsigned each : preserved) {
    if (each == number) return true;
  }
  return false;
}

}  // namespace

bool short_rule::shorten(const frame_rule& rule, short_rule& result) noexcept {
  if (rule.signal_frame || rule.cfa_expression_size != 0) return false;
  if (rule.cfa_value < INT32_MIN || rule.cfa_value > INT32_MAX) return false;
  std::uint64_t cfa =
      static_cast<std::uint32_t>(rule.cfa_value) | std::uint64_t{rule.cfa_register} << 32 | rule_bit;
  const register_rule& caller = rule.registers[return_address];
  if (caller.how == recovery::undefined) {
    cfa |= no_caller_bit;
  } else if (caller.how != recovery::at_cfa || caller.value != -8) {
    return false;
  }
  for (unsigned number = 0; number < return_address; ++number) {
    if (!is_preserved(number) && rule.registers[number].how != recovery::same) return false;
  }
  std::uint64_t saved = 0;
  unsigned shift = 0;
  for (const unsigned number : preserved) {
    const register_rule& each = rule.registers[number];
    if (each.how == recovery::at_cfa) {
      if (each.value >= 0 || each.value % 8 != 0 ||
          static_cast<std::uint64_t>(-each.value / 8) > saved_mask) {
        return false;
      }
      saved |= static_cast<std::uint64_t>(-each.value / 8) << shift;
    } else if (each.how != recovery::same) {
      return false;
    }
    shift += saved_bits;
  }
  result = short_rule(cfa, saved);
  return true;
}

step short_rule::apply(stack_memory& memory, frame_registers& registers,
                       std::uint64_t& frame_end) const noexcept {
  frame_end = 0;
  const auto cfa_register = static_cast<unsigned>(cfa_ >> 32 & 31);
  if (!registers.knows(cfa_register)) return step::broken;
  const auto offset = static_cast<std::int64_t>(static_cast<std::int32_t>(cfa_ & 0xffffffff));
  const std::uint64_t cfa = registers.value[cfa_register] + static_cast<std::uint64_t>(offset);
  frame_end = cfa;
  if ((cfa_ & no_caller_bit) != 0) return step::root;
  std::uint64_t caller = 0;
  if (!memory.read(cfa - 8, caller)) return step::broken;
  if (caller == 0) return step::root;
  if (cfa <= registers.value[stack_pointer]) return step::broken;
  std::uint64_t saved = saved_;
  for (std::size_t i = 0; saved != 0; ++i, saved >>= saved_bits) {
    const std::uint64_t words = saved & saved_mask;
    if (words == 0) continue;
    std::uint64_t value = 0;
    if (memory.read(cfa - words * 8, value)) {
      registers.set(preserved[i], value);
    } else {
      registers.forget(preserved[i]);
    }
  }
  registers.set(stack_pointer, cfa);
  registers.set(return_address, caller);
  return step::stepped;
}

}  // namespace deft::profile::agent
