#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace deft::profile::testing {

/// Runs `talk` in a forked process, which may give things up for good, and returns what it said.
inline std::string said_by_child(const std::function<std::string()>& talk) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) return "no pipe";
  std::fflush(nullptr);  // else the child might write again what waits here
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(pipe_ends[0]);
    const std::string text = talk();
    const auto written = ::write(pipe_ends[1], text.data(), text.size());
    static_cast<void>(written);
    ::_exit(0);
  }
  ::close(pipe_ends[1]);
  std::string text;
  char buffer[4096];
  for (ssize_t got = 0; (got = ::read(pipe_ends[0], buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(got));
  }
  ::close(pipe_ends[0]);
  ::waitpid(child, nullptr, 0);
  return text;
}

/// As Docker's default profile does.
inline bool forbid_system_call(unsigned number, int error_number) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error_number)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof filter / sizeof filter[0], filter};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

inline bool forbid_perf_event_open(int error_number = EPERM) {
  return forbid_system_call(SYS_perf_event_open, error_number);
}

/// True where we are no root already, too.
inline bool become_unprivileged() {
  if (::geteuid() != 0) return true;
  constexpr uid_t nobody = 65534;
  if (::setgid(nobody) != 0 || ::setuid(nobody) != 0) return false;
  ::prctl(PR_SET_DUMPABLE, 1);  // as after a login: giving up root forbids being traced, and perf with it
  return true;
}

}  // namespace deft::profile::testing
