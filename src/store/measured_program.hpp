#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "support/result.hpp"

namespace deft::store {

/// A program as it was run: what somebody needs who wants to run it again.
struct measured_program {
  std::string path;  ///< Absolute.
  std::vector<std::string> arguments;
  std::vector<std::pair<std::string, std::string>> environment;  ///< On top of the inherited one.
  std::uint64_t size_bytes = 0;
  std::string content;  ///< Hash of the file's bytes; empty where it could not be read.
};

/// Notes what the file holds now.
void identify(measured_program& program);

/// Whether the file still is what it was: else an error (`unreadable_input`) that says what is wrong with it.
support::result<void> check_unchanged(const measured_program& program);

}  // namespace deft::store
