/// @file
/// deft::profile::sampler: a CPU profile of a region of a running program, taken by the program itself.
#pragma once

#include <memory>
#include <string>

#include "deft/profile/scope.hpp"

namespace deft::profile {

/// What to sample, and where to.
struct sampler_options {
  std::string output = "deft.samples";  ///< Replaced if it exists. `deft import` and `deft export` read it.
  unsigned frequency_hz = 199;          ///< Samples per second of processor time and thread, at least 1.
  bool paused = false;                  ///< Begins with the first `resume()`.
};

/// Samples all threads of this process from its construction to its destruction, and writes what they were
/// doing into a file: `deft::profile::sampler region({.output = "load.samples"});`.
///
/// When to use it: to profile a part of a program that runs for long, or one that nobody can start under
/// `deft profile`. It needs no privileges and no perf_event. When not: for a whole run (`deft profile --
/// program` needs no change of it); for waiting, which takes no processor time.
///
/// Each thread gets a timer on the processor time it uses; when that expires, the thread walks its own stack
/// in a signal handler and leaves addresses. Names are looked up later by `deft`, so the program need not
/// have any. Frame pointers are not needed. The kernel looks at such timers once a tick: more than
/// `frequency_hz()` of them a second (250 on many systems) cannot be had.
///
/// One at a time: while one runs, a second one does not start and says so; one inside of another's region
/// changes nothing. Threads that begin while it runs are found within 100 ms. Children of a fork are not
/// sampled, nor is code while its thread blocks all signals. It takes one real-time signal near SIGRTMAX,
/// whose disposition is as before after `stop()`, and starts one thread, which blocks all signals.
///
/// Memory: 2 MiB while it runs.
///
/// Threads: an object is used by one thread at a time; everything else goes on.
class sampler {
 public:
  /// Starts, unless the options say to wait. Where it cannot, the program runs on without it, and `problem()`
  /// tells why.
  /// @throws      std::bad_alloc.
  /// @complexity  O(threads), some system calls each. @concurrency Safe.
  explicit sampler(const sampler_options& options = {});

  sampler(const sampler&) = delete;
  sampler& operator=(const sampler&) = delete;

  /// stop().
  ~sampler();

  /// Why nothing is sampled, or not written: a line for a person. Empty where all is well.
  /// @returns     The line, owned by this object.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] const std::string& problem() const noexcept;

  /// Whether samples are being taken now.
  /// @returns     False also while paused and after stop().
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] bool running() const noexcept;

  /// What the timers do: what was asked for, or what the kernel can.
  /// @returns     Samples per second of processor time and thread; 0 where none are taken.
  /// @complexity  O(1). @concurrency Reads *this.
  [[nodiscard]] unsigned frequency_hz() const noexcept;

  /// Takes no sample until `resume()`, and costs nothing meanwhile.
  /// @complexity  O(threads), a system call each. @concurrency Exclusive access to *this.
  void pause() noexcept;

  /// The end of a pause.
  /// @complexity  O(threads), some system calls each. @concurrency Exclusive access to *this.
  void resume() noexcept;

  /// Ends sampling and completes the file.
  /// @returns     Whether the file has all that it should have; if not, `problem()` tells.
  /// @throws      std::bad_alloc, for the words of `problem()`.
  /// @complexity  O(threads), and what is not written yet. @concurrency Exclusive access to *this.
  bool stop();

 private:
  struct state;
  std::unique_ptr<state> state_;
  std::string problem_;
};

}  // namespace deft::profile
