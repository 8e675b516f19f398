#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "symbols/stack_profile.hpp"

namespace deft::testing {

/// "main;work;spin;"
inline std::string stack_text(const symbols::stack_profile& profile, const symbols::folded_stack& stack) {
  std::string text;
  for (const std::uint32_t number : stack.frames) text += profile.frames[number].function + ";";
  return text;
}

inline std::string all_stacks(const symbols::stack_profile& profile) {
  std::string text;
  for (const auto& stack : profile.stacks) {
    text += stack_text(profile, stack) + " " + std::to_string(stack.count) + "\n";
  }
  return text;
}

/// How many samples have these functions, callers first, others between them allowed. `milliseconds`, if
/// wanted, becomes the processor time that they stand for.
inline std::uint64_t count_chain(const symbols::stack_profile& profile, const std::vector<std::string>& chain,
                                 double* milliseconds = nullptr) {
  std::uint64_t count = 0;
  if (milliseconds != nullptr) *milliseconds = 0;
  for (const auto& stack : profile.stacks) {
    std::size_t found = 0;
    for (const std::uint32_t number : stack.frames) {
      if (found < chain.size() && profile.frames[number].function.find(chain[found]) != std::string::npos) {
        ++found;
      }
    }
    if (found != chain.size()) continue;
    count += stack.count;
    if (milliseconds != nullptr) *milliseconds += static_cast<double>(stack.value) * 1e-6;
  }
  return count;
}

}  // namespace deft::testing
