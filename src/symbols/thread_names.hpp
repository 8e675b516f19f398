#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "symbols/recording.hpp"
#include "symbols/stack_profile.hpp"

namespace deft::symbols {

/// The last known names of threads and processes.
class thread_names {
 public:
  /// Takes in the next events of a recording.
  void apply(const recording& part);

  profiled_thread describe(std::uint32_t pid, std::uint32_t tid) const;

 private:
  const std::string* find(std::uint32_t pid, std::uint32_t tid) const;

  std::unordered_map<std::uint64_t, std::string> names_;  // by pid and tid
};

}  // namespace deft::symbols
