#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

#include "support/result.hpp"

namespace deft::support {

struct spawn_options {
  std::vector<std::string> argv;  ///< argv[0] is a path, or a name looked up in PATH.
  std::vector<std::pair<std::string, std::string>> environment;  ///< Set on top of the inherited environment.
  std::optional<int> cpu;                                        ///< Pin to this processor.
  std::string working_folder;                                    ///< Empty: inherited.
  std::string stdout_path = "/dev/null";                         ///< Empty: inherited.
  std::string stderr_path = "/dev/null";                         ///< Empty: inherited.
  bool inherit_stdin =
      false;  ///< Else /dev/null. From a terminal, the child also stays in our process group.
  std::vector<int> inherited;    ///< Descriptors that the child keeps across exec; all others that deft opens
                                 ///< are closed then.
  bool fixed_addresses = false;  ///< The same addresses in every run, where the kernel lets us ask for it.
  bool hold =
      false;  ///< The child waits before exec until `release()`: time to attach a profiler to its pid.
};

/// How a child ended.
struct exit_status {
  int code = -1;             ///< Exit code, or -1 where a signal ended it.
  int signal = 0;            ///< The signal that ended it, or 0.
  bool timed_out = false;    ///< Killed by us at the deadline.
  bool interrupted = false;  ///< Killed by us because the user asked to stop.
  double cpu_seconds = 0;    ///< Of the child and of those of its children that it waited for.
  std::chrono::steady_clock::time_point end;  ///< When it was seen to have ended.

  bool ok() const noexcept { return code == 0 && signal == 0 && !timed_out && !interrupted; }

  /// "exit code 3", "killed by SIGSEGV (Segmentation fault)", "no answer within 10 s": for messages.
  std::string describe() const;
};

/// A running child, leader of its own process group (unless it shares our terminal); dies with this program
/// (PR_SET_PDEATHSIG), and the destructor kills the whole group of one that was not waited for.
class child {
 public:
  child(child&& other) noexcept;
  child& operator=(child&& other) noexcept;
  ~child();

  pid_t pid() const noexcept { return pid_; }

  void release();  ///< Lets a held child go on to exec.

  /// The same, and waits until exec has happened or failed; the error says why.
  result<void> start();

  void kill();  ///< SIGKILL to the whole group; still to be waited for.

  /// The caller waits for it from here on, and kills it if need be (a tracer, whose waiting sees more).
  pid_t disown() noexcept;

 private:
  friend result<child> spawn(const spawn_options&);
  friend std::vector<exit_status> wait_all(std::span<child>, std::chrono::milliseconds);
  child() = default;

  pid_t pid_ = -1;
  int pid_descriptor_ = -1;
  int hold_descriptor_ = -1;
  int report_descriptor_ = -1;  // of a held child: where it says why exec failed
  std::string name_;
};

/// Starts a child. A program that does not exist or cannot be executed is an error here, not an exit code
/// later, except for a held child, where exec's failure becomes exit code 127.
result<child> spawn(const spawn_options& options);

/// Waits until all children ended, the time is up or the user interrupts; in the last two cases kills the
/// groups of those that still run. Each group is swept at the end, so that no grandchild is left.
std::vector<exit_status> wait_all(std::span<child> children, std::chrono::milliseconds timeout);

/// spawn + wait_all of one.
result<exit_status> run(const spawn_options& options, std::chrono::milliseconds timeout);

/// The file that a command's name means, looked up in PATH where it has no slash; empty if there is none.
std::string find_program(const std::string& name);

/// The processors this process may run on, in ascending order.
std::vector<int> allowed_cpus();

}  // namespace deft::support
