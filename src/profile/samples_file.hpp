#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "profile/command_profiler.hpp"
#include "support/result.hpp"
#include "symbols/recording.hpp"

namespace deft::profile {

/// Whether these are the first bytes of what `deft::profile::sampler` writes.
bool is_samples_file(std::string_view bytes) noexcept;

/// What a file of samples has, without names.
struct sampled_region {
  symbols::recording recording;
  std::uint64_t period_ns = 0;  ///< What a sample of weight 1 stands for.
};

/// Believes nothing in the file. One that ends within a record, as a program leaves it that was killed, has
/// what is before it, and one more lost. `origin` names it in messages.
support::result<sampled_region> parse_samples(std::string_view bytes, std::string_view origin);

/// Reads, names and folds it. The programs and libraries it mentions are looked for where they were.
support::result<command_profile> load_samples(const std::string& path);

}  // namespace deft::profile
