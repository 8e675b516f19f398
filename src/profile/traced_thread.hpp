#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <sys/types.h>

#include "symbols/recording.hpp"

namespace deft::profile {

/// Fills in the registers of a thread that is in a ptrace stop.
bool read_registers(pid_t tid, symbols::stack_sample& sample);

/// The bytes of a process' memory from `address` on, fewer where it ends.
std::vector<std::uint8_t> read_memory(pid_t pid, std::uint64_t address, std::size_t size_bytes);

/// Lets the system call that our stop has interrupted begin again where it would fail with EINTR, although no
/// signal came. For a thread in the stop that we asked for.
void undo_interruption(pid_t tid);

/// Whether a system call of this number fails with EINTR when its thread is stopped for a moment, although
/// the program handles no signal. Most calls go on as if nothing had been.
bool fails_when_stopped(long system_call) noexcept;

}  // namespace deft::profile
