#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "store/result_file.hpp"
#include "support/result.hpp"
#include "symbols/annotation.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::store {

/// What `deft profile` saw of a command, or what was imported. The same content gives the same bytes.
struct profile_file {
  static constexpr int current_version = 1;

  std::string deft_version;
  std::string created;  ///< UTC, ISO 8601.
  std::string command;  ///< As a shell would take it; of an import the file's name.
  std::string ended;    ///< "exit code 0", "killed by SIGSEGV (...)"; empty where unknown.
  double duration_seconds = 0;
  store::machine machine;
  symbols::stack_profile profile;
  std::vector<symbols::annotated_function> hot_functions;  ///< Most samples first.
};

/// The JSON text, schema "deft-profile", ends in a newline.
std::string to_json(const profile_file& file);

/// The inverse. `origin` names the file in messages. Errors say at what byte, what was expected, and tell a
/// file cut in half from a newer version.
support::result<profile_file> profile_from_json(std::string_view text, std::string_view origin);

}  // namespace deft::store
