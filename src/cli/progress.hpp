#pragma once

#include <chrono>
#include <cstddef>
#include <string>

namespace deft::cli {

/// Says on stderr what is going on, how much of it is done and how long the rest will take: one line that is
/// rewritten on a terminal, now and then a line of its own where stderr is a file or a pipe.
class progress {
 public:
  explicit progress(bool quiet);
  progress(const progress&) = delete;
  progress& operator=(const progress&) = delete;
  ~progress();

  /// A new phase: "measuring 12 benchmarks". The time left is estimated within a phase.
  void begin(std::string phase);

  /// `done` of `wanted` steps are done; the next one is about `what`.
  void update(const std::string& what, std::size_t done, std::size_t wanted);

  /// Removes the line, so that something else can be printed.
  void clear();

  /// A remark on a line of its own.
  void say(const std::string& line);

 private:
  using clock = std::chrono::steady_clock;

  std::string time_left(std::size_t done, std::size_t wanted) const;

  bool quiet_;
  bool terminal_;
  bool line_open_ = false;
  std::string phase_;
  clock::time_point phase_begin_;
  clock::time_point last_line_;
};

}  // namespace deft::cli
