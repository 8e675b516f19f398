#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "deft/measure/detail/suite.hpp"

#include "measure/program.hpp"
#include "measure/worker/line_socket.hpp"
#include "support/process.hpp"
#include "support/result.hpp"

namespace deft::measure {

/// A program that said it is a worker.
struct worker_benchmarks {
  std::string suite;  ///< "deft" or "google-benchmark".
  std::vector<std::string> names;
};

/// A process of a program that is driven: told batch by batch what to measure. Whatever it does, every call
/// returns in time, with an error of one line if something is wrong.
class worker_process {
 public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Starts it, and hears its greeting. An error of kind `unavailable` if it is no worker: it ends, or does
  /// not speak within a few seconds. `complaints` is a file for what it writes to stderr; it is quoted when
  /// the process dies.
  static support::result<worker_process> start(const program& p, support::spawn_options options,
                                               const std::string& complaints, time_point until);

  const std::string& suite() const noexcept { return suite_; }

  /// The names of its benchmarks, each once.
  support::result<std::vector<std::string>> list(time_point until);

  /// Asks for a batch. There must be one answer() for each.
  support::result<void> ask(const detail::batch_request& wanted, time_point until);

  /// An error of kind `unavailable` if the benchmark skips itself.
  support::result<detail::batch> answer(time_point until);

  /// Moves it to this processor.
  void pin(int cpu);

  /// Says good-bye; kills it if it does not leave.
  void quit();

 private:
  worker_process(support::child process, wire::line_socket socket, std::string complaints);

  support::result<std::string> receive(time_point until);
  support::error lost();
  support::error misunderstood(const std::string& line);

  std::optional<support::child> process_;
  wire::line_socket socket_;
  std::string complaints_;
  std::string suite_;
};

/// Whether the program can be driven, and its benchmarks. Empty: it is no worker, and `p` is to be asked as
/// Google Benchmark programs are. An error if it speaks the protocol, and speaks it wrong or in another
/// version.
support::result<std::optional<worker_benchmarks>> ask_worker(const program& p,
                                                             std::chrono::milliseconds time_limit);

}  // namespace deft::measure
