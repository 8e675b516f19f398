#pragma once

#include <string>

#include "store/profile_file.hpp"

namespace deft::cli {

/// For a terminal: how much was seen and how, and the functions in whose own code most of it was.
std::string summary_of(const store::profile_file& file);

/// As a shell would take it.
std::string shell_words(const std::vector<std::string>& argv);

}  // namespace deft::cli
