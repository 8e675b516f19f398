#pragma once

#include <cstdint>
#include <string>

#include "symbols/recording.hpp"

namespace deft::symbols::testing {

/// Where `map_file` puts files: as a whole, so that an address is this and an offset in the file.
inline constexpr std::uint64_t mapped_at = 0x70000000;

/// That process 1 mapped a file at some time.
mapping_event map_file(const std::string& path, std::uint64_t time_ns = 0, const std::string& build_id = {});

/// A sample of process 1 at a byte of that file.
stack_sample sample_at(std::uint64_t file_offset, std::uint64_t time_ns = 1);

}  // namespace deft::symbols::testing
