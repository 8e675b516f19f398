#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "symbols/annotation.hpp"
#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::profile {

/// Unwinds, names and folds what a collector sees, however much that is: once much has come together, in a
/// thread of its own while the program runs, so that memory stays bounded. Short runs are left in peace, and
/// resolved when they have ended.
class profile_builder {
 public:
  struct settings {
    symbols::profile_kind kind = symbols::profile_kind::cpu;
    std::uint64_t period_ns = 0;                      ///< What a sample of weight 1 stands for.
    std::size_t begin_bytes = std::size_t{64} << 20;  ///< Of samples that wait: work begins.
    std::size_t most_bytes = std::size_t{256}
                             << 20;  ///< Likewise: further samples are given up, and counted.
  };

  explicit profile_builder(const settings& wanted);
  profile_builder(const profile_builder&) = delete;
  profile_builder& operator=(const profile_builder&) = delete;
  ~profile_builder();

  /// Parts come in order of time, from one thread at a time.
  void add(symbols::recording part);

  struct outcome {
    symbols::stack_profile profile;
    std::vector<symbols::annotated_function> hot_functions;
  };

  /// Once, after the last part.
  outcome finish();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace deft::profile
