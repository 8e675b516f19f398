#pragma once

#include <string>

#include "cli/command_line.hpp"
#include "measure/session.hpp"

namespace deft::cli {

/// Whether the mode needs programs that let deft drive them.
constexpr bool is_driven(comparison_mode mode) noexcept {
  return mode == comparison_mode::workers || mode == comparison_mode::duet;
}

struct mode_choice {
  measure::method how = measure::method::same_core;
  std::string why;  ///< One sentence for a person, without its full stop.
};

/// How a benchmark of these programs is measured, given what --mode says.
mode_choice choose_mode(const std::string& benchmark, const measure::contender& programs,
                        comparison_mode mode);

/// The word for --mode.
const char* mode_word(measure::method how) noexcept;

}  // namespace deft::cli
