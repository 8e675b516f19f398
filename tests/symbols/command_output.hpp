#pragma once

#include <string>
#include <vector>

namespace deft::symbols::testing {

/// What a command writes to standard output, by line.
std::vector<std::string> output_of(const std::string& command);

/// Made by tests/symbols/CMakeLists.txt: "plugin_1.so", "plugin_2.so", "plugin_1_stripped.so",
/// "plugin_1.debug".
std::string plugin(const std::string& name);

}  // namespace deft::symbols::testing
