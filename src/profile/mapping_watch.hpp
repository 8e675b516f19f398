#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>

#include <sys/types.h>

#include "symbols/recording.hpp"

namespace deft::profile {

/// Finds out what processes have mapped by looking from time to time: nothing tells a tracer when it happens.
/// What is new is taken as mapped just after the look before, so that samples in between have names.
class mapping_watch {
 public:
  /// Events go to `out`.
  explicit mapping_watch(symbols::recording& out) : out_(out) {}

  void forked(pid_t pid, pid_t parent, std::uint64_t now_ns);
  void replaced(pid_t pid, std::uint64_t now_ns);  ///< By exec.

  void ended(pid_t pid) { processes_.erase(pid); }

  bool knows(pid_t pid) const { return processes_.contains(pid); }

  void look(pid_t pid, std::uint64_t now_ns);
  void look_where_due(pid_t pid, std::uint64_t now_ns);  ///< Often at first, then every quarter of a second.
  void look_at_all(std::uint64_t now_ns);

 private:
  using content = std::tuple<std::uint64_t, std::uint64_t, std::string>;  // size, offset, path

  struct process {
    std::map<std::uint64_t, content> known;  // by start
    std::uint64_t last_look_ns = 0;
    std::uint64_t interval_ns = 0;
  };

  symbols::recording& out_;
  std::unordered_map<pid_t, process> processes_;
};

}  // namespace deft::profile
