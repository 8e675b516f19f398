#pragma once

#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "profile/command_profiler.hpp"
#include "store/profile_file.hpp"
#include "support/result.hpp"

namespace deft::cli {

/// Whether all could be written later.
support::result<void> check_writable(const std::vector<output_file>& outputs);

/// Writes the profile as each of them. All are tried; the error is that of the first that failed.
support::result<void> write_profile(const store::profile_file& file, const std::vector<output_file>& outputs);

/// Reads what `export` and `import` take: a profile in any form, or a result file, of which `benchmark` names
/// one (and `base` its base side).
support::result<store::profile_file> load_profile(const std::string& path, const std::string& benchmark,
                                                  bool base);

/// What a profiler saw, as a file: the rest is for the caller to fill.
store::profile_file file_of(profile::command_profile taken);

}  // namespace deft::cli
