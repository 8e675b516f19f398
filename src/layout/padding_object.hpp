#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "measure/random_source.hpp"

namespace deft::layout {

/// How much a padding object adds to each section.
struct padding_sizes {
  std::uint32_t code = 0;
  std::uint32_t constants = 0;
  std::uint32_t data = 0;
  std::uint32_t zeros = 0;
};

/// Sizes of which neither all nor any are a multiple of a cache line or a page, but by chance.
padding_sizes random_sizes(measure::random_source& random);

/// The symbols of a padding object. A linker that is told to keep them keeps it whole (--gc-sections).
std::vector<std::string> padding_symbols();

/// An ELF object with a function that nobody calls, a constant, and data that nobody reads, for the machine
/// of `sample`, the beginning of any object for that machine. Empty if that is no 64-bit little-endian ELF
/// file: such are not padded.
std::optional<std::string> padding_object(std::string_view sample, const padding_sizes& sizes);

}  // namespace deft::layout
