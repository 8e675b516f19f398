#pragma once

#include <string>
#include <string_view>

#include "profile/command_profiler.hpp"
#include "support/result.hpp"
#include "symbols/recording.hpp"

namespace deft::profile {

/// Whether these are the first bytes of what `deft::profile::sampler` writes.
bool is_samples_file(std::string_view bytes) noexcept;

/// What was sampled, without names. Believes no length in the file. `origin` names it in messages.
support::result<symbols::recording> parse_samples(std::string_view bytes, std::string_view origin);

/// Reads, names and folds it. The programs and libraries it mentions are looked for where they were.
support::result<command_profile> load_samples(const std::string& path);

}  // namespace deft::profile
