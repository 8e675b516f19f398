#pragma once

#include <span>
#include <string>

#include "symbols/stack_profile.hpp"
#include "symbols/stack_resolver.hpp"

namespace deft::symbols {

/// Counts equal stacks. `frames` is what the samples' numbers point into. The result depends on the samples'
/// content only: not on their order, nor on the numbers.
stack_profile fold(std::span<const resolved_sample> samples, std::span<const frame> frames);

/// One line a stack, "root;caller;leaf 12", in the order of the profile: the form that flame graph tools
/// read. Semicolons and line breaks inside of names become ':' and ' '.
std::string to_collapsed(const stack_profile& profile);

}  // namespace deft::symbols
