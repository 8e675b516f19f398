#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "stats/layout_floor.hpp"
#include "store/result_file.hpp"
#include "support/result.hpp"

namespace deft::store {

/// What `deft layout` learnt of a program on a machine. The same content gives the same bytes.
struct layout_file {
  static constexpr int current_version = 1;

  std::string deft_version;
  std::string created;  ///< UTC, ISO 8601.
  double duration_seconds = 0;
  store::machine machine;
  std::string program;
  std::string build;  ///< The command that built it; empty where ready-made programs were compared.
  std::uint64_t seed = 0;
  std::uint32_t rounds = 0;  ///< For each rebuild.
  stats::layout_floor learnt;
};

/// The JSON text, schema "deft-layout-floor", ends in a newline.
std::string to_json(const layout_file& file);

/// The inverse. `origin` names the file in messages. Refuses floors that are no numbers above 0.
support::result<layout_file> layout_from_json(std::string_view text, std::string_view origin);

support::result<layout_file> load_layout(const std::filesystem::path& path);
support::result<void> save(const layout_file& file, const std::filesystem::path& path);

}  // namespace deft::store
