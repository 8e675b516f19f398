#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "symbols/recording.hpp"

namespace deft::profile {

// What /proc tells of other processes. Whatever has ended meanwhile is empty.

/// The executable mappings of a process.
std::vector<symbols::mapping_event> executable_mappings(pid_t pid);

struct task_identity {
  pid_t pid = 0;  ///< The process that the thread belongs to.
  pid_t parent = 0;
};

std::optional<task_identity> identity_of(pid_t tid);

std::string name_of(pid_t pid, pid_t tid);

struct thread_activity {
  char state = 'X';              ///< 'R' running or ready, 'S' and 'D' blocked, 'T' and 't' stopped ...
  std::uint64_t running_ns = 0;  ///< Processor time so far.
};

std::optional<thread_activity> activity_of(pid_t pid, pid_t tid);

/// The system call that blocks a thread.
struct blocking_call {
  long number = -1;  ///< -1: a page fault, or none.
  std::uint64_t stack_pointer = 0;
  std::uint64_t program_counter = 0;
  std::string text;  ///< With its arguments: equal where it is the same call.
};

/// Empty where it runs.
std::optional<blocking_call> blocking_call_of(pid_t pid, pid_t tid);

}  // namespace deft::profile
