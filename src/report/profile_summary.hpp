#pragma once

#include <string>

#include "store/profile_file.hpp"

namespace deft::report {

/// What the widths of a profile's flame graph mean.
enum class value_unit { samples, ns, bytes };

/// Samples where neither values nor a sampling period are known.
value_unit unit_of(const symbols::stack_profile& profile);

/// What a stack stands for, in that unit.
double value_of(const symbols::folded_stack& stack, const symbols::stack_profile& profile);

/// The profile in one plain sentence, without markup: how much there is and which function took most itself.
std::string headline(const store::profile_file& file);

/// "212 ms", "12.3 s", "3 min 12 s"; empty where it is not known.
std::string elapsed(const store::profile_file& file);

/// "sort big.txt · exit code 0 · 12.3 s": what was profiled.
std::string subject(const store::profile_file& file);

}  // namespace deft::report
