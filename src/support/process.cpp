#include "support/process.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/interrupt.hpp"

namespace deft::support {
namespace {

using clock = std::chrono::steady_clock;

std::string reason(int error_number) {
  return std::generic_category().message(error_number);
}

std::vector<std::string> merged_environment(
    const std::vector<std::pair<std::string, std::string>>& additions) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view line = *entry;
    const bool replaced = std::any_of(additions.begin(), additions.end(), [line](const auto& addition) {
      return line.size() > addition.first.size() && line.starts_with(addition.first) &&
             line[addition.first.size()] == '=';
    });
    if (!replaced) merged.emplace_back(line);
  }
  for (const auto& [name, value] : additions) merged.push_back(name + "=" + value);
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (auto& string : strings) result.push_back(string.data());
  result.push_back(nullptr);
  return result;
}

/// Prepared before fork: between fork and exec only async-signal-safe calls are allowed.
struct launch {
  const char* program;
  char** argv;
  char** environment;
  const spawn_options* options;
  int hold_read;
  int report_write;
  pid_t parent;
  bool own_group;
};

[[noreturn]] void fail(const launch& plan, int error_number) {
  ::signal(SIGPIPE, SIG_IGN);  // Where nobody reads the report any more: 127 it shall be.
  const auto ignored = ::write(plan.report_write, &error_number, sizeof error_number);
  static_cast<void>(ignored);
  ::_exit(127);
}

void redirect(const launch& plan, const std::string& path, int target) {
  if (path.empty()) return;
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0666);
  if (descriptor < 0) fail(plan, errno);
  ::dup2(descriptor, target);
  ::close(descriptor);
}

[[noreturn]] void become(const launch& plan) {
  if (plan.own_group) ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != plan.parent) ::_exit(127);  // The parent died before the line above.
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(signal_number, SIG_DFL);
  if (plan.options->cpu) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(*plan.options->cpu), &set);
    if (::sched_setaffinity(0, sizeof set, &set) != 0) fail(plan, errno);
  }
  if (plan.options->fixed_addresses) ::personality(ADDR_NO_RANDOMIZE);  // Containers may refuse.
  if (!plan.options->inherit_stdin) {
    const int input = ::open("/dev/null", O_RDONLY);
    if (input >= 0) {
      ::dup2(input, 0);
      ::close(input);
    }
  }
  redirect(plan, plan.options->stdout_path, 1);
  redirect(plan, plan.options->stderr_path, 2);
  if (!plan.options->working_folder.empty() && ::chdir(plan.options->working_folder.c_str()) != 0)
    fail(plan, errno);
  for (const int descriptor : plan.options->inherited) {
    if (::fcntl(descriptor, F_SETFD, 0) != 0) fail(plan, errno);
  }
  if (plan.hold_read >= 0) {
    char byte;
    while (::read(plan.hold_read, &byte, 1) < 0 && errno == EINTR) {
    }
  }
  ::execve(plan.program, plan.argv, plan.environment);
  fail(plan, errno);
}

void close_once(int& descriptor) {
  if (descriptor >= 0) ::close(std::exchange(descriptor, -1));
}

error cannot_start(const std::string& name, const std::string& why) {
  return {error_kind::benchmark_failed, "cannot start " + name + ": " + why};
}

// The pipe closes at exec, or carries the reason why there was none: 0 or an errno.
int reported_failure(int descriptor) {
  int error_number = 0;
  ssize_t got = 0;
  while ((got = ::read(descriptor, &error_number, sizeof error_number)) < 0 && errno == EINTR) {
  }
  return got == sizeof error_number ? error_number : 0;
}

double seconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
}

exit_status decode(int wait_status) {
  exit_status status;
  if (WIFEXITED(wait_status)) status.code = WEXITSTATUS(wait_status);
  if (WIFSIGNALED(wait_status)) status.signal = WTERMSIG(wait_status);
  return status;
}

}  // namespace

std::string exit_status::describe() const {
  if (interrupted) return "stopped by the user";
  if (timed_out) return "no end within the time limit";
  if (signal != 0) {
    const char* name = ::sigabbrev_np(signal);
    return std::string("killed by SIG") + (name != nullptr ? name : std::to_string(signal)) + " (" +
           ::strsignal(signal) + ")";
  }
  return "exit code " + std::to_string(code);
}

child::child(child&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      pid_descriptor_(std::exchange(other.pid_descriptor_, -1)),
      hold_descriptor_(std::exchange(other.hold_descriptor_, -1)),
      report_descriptor_(std::exchange(other.report_descriptor_, -1)),
      name_(std::move(other.name_)) {}

child& child::operator=(child&& other) noexcept {
  std::swap(pid_, other.pid_);
  std::swap(pid_descriptor_, other.pid_descriptor_);
  std::swap(hold_descriptor_, other.hold_descriptor_);
  std::swap(report_descriptor_, other.report_descriptor_);
  std::swap(name_, other.name_);
  return *this;
}

child::~child() {
  close_once(hold_descriptor_);
  if (pid_ > 0) {
    kill();
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  close_once(pid_descriptor_);
  close_once(report_descriptor_);
}

void child::release() {
  if (hold_descriptor_ < 0) return;
  const char byte = 1;
  const auto ignored = ::write(hold_descriptor_, &byte, 1);
  static_cast<void>(ignored);
  close_once(hold_descriptor_);
}

result<void> child::start() {
  release();
  if (report_descriptor_ < 0) return {};
  const int error_number = reported_failure(report_descriptor_);
  close_once(report_descriptor_);
  if (error_number == 0) return {};
  return cannot_start(name_, reason(error_number));
}

void child::kill() {
  // Without a group of its own there is none of this number.
  if (pid_ > 0 && ::kill(-pid_, SIGKILL) != 0) ::kill(pid_, SIGKILL);
}

pid_t child::disown() noexcept {
  return std::exchange(pid_, -1);
}

result<child> spawn(const spawn_options& options) {
  if (options.argv.empty()) return error{error_kind::usage, "cannot start a program without a name"};
  const std::string& name = options.argv[0];
  const std::string program = find_program(name);
  if (program.empty()) return cannot_start(name, "not found in PATH");
  std::error_code ignored;
  if (options.working_folder.empty() && std::filesystem::is_directory(program, ignored)) {
    return cannot_start(name, "is a folder, not a program");
  }

  auto arguments = options.argv;
  auto environment = merged_environment(options.environment);
  const auto argument_pointers = pointers(arguments);
  const auto environment_pointers = pointers(environment);

  int report[2];
  int hold[2] = {-1, -1};
  if (::pipe2(report, O_CLOEXEC) != 0) return cannot_start(name, reason(errno));
  if (options.hold && ::pipe2(hold, O_CLOEXEC) != 0) {
    const int error_number = errno;
    ::close(report[0]);
    ::close(report[1]);
    return cannot_start(name, reason(error_number));
  }
  // A group in the background may not read from the terminal, and Ctrl-C and Ctrl-Z would not reach it.
  const bool own_group = !options.inherit_stdin || ::isatty(STDIN_FILENO) == 0;
  const launch plan{program.c_str(),
                    const_cast<char**>(argument_pointers.data()),
                    const_cast<char**>(environment_pointers.data()),
                    &options,
                    hold[0],
                    report[1],
                    ::getpid(),
                    own_group};
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (hold[1] >= 0)
      ::close(hold[1]);  // Else our own copy would keep us waiting after the parent closed its one.
    become(plan);
  }
  const int fork_error = errno;
  ::close(report[1]);
  if (hold[0] >= 0) ::close(hold[0]);
  if (pid < 0) {
    ::close(report[0]);
    close_once(hold[1]);
    return cannot_start(name, reason(fork_error));
  }
  if (own_group) ::setpgid(pid, pid);  // Both sides do it, so that neither can be first too early.

  child started;
  started.pid_ = pid;
  started.hold_descriptor_ = hold[1];
  started.pid_descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
  started.report_descriptor_ = report[0];
  started.name_ = name;
  if (!options.hold) {
    if (const result<void> running = started.start(); !running) return running.error();
  }
  return started;
}

std::vector<exit_status> wait_all(std::span<child> children, std::chrono::milliseconds timeout) {
  const auto deadline = clock::now() + timeout;
  std::vector<exit_status> statuses(children.size());
  const auto running = [&] {
    return std::any_of(children.begin(), children.end(), [](const child& c) { return c.pid_ > 0; });
  };
  const auto reap = [&](std::size_t i, int flags) {
    child& one = children[i];
    if (one.pid_ <= 0) return;
    // Peek first: the group's number is still ours while its leader is a zombie, so the sweep can hit nobody
    // else.
    siginfo_t info{};
    int outcome = 0;
    while ((outcome = ::waitid(P_PID, static_cast<id_t>(one.pid_), &info, WEXITED | WNOWAIT | flags)) < 0 &&
           errno == EINTR) {
    }
    if (outcome == 0 && info.si_pid == 0) return;
    statuses[i].end = clock::now();
    ::kill(-one.pid_, SIGKILL);
    int wait_status = 0;
    rusage used{};
    while (::wait4(one.pid_, &wait_status, 0, &used) < 0 && errno == EINTR) {
    }
    const exit_status ended = decode(wait_status);
    statuses[i].code = ended.code;
    statuses[i].signal = ended.signal;
    statuses[i].cpu_seconds = seconds(used.ru_utime) + seconds(used.ru_stime);
    one.pid_ = -1;
  };

  for (;;) {
    for (std::size_t i = 0; i < children.size(); ++i) reap(i, WNOHANG);
    if (!running()) break;
    const bool late = clock::now() >= deadline;
    if (late || interrupted()) {
      for (std::size_t i = 0; i < children.size(); ++i) {
        if (children[i].pid_ <= 0) continue;
        statuses[i].timed_out = !interrupted();
        statuses[i].interrupted = interrupted();
        children[i].kill();
        reap(i, 0);
      }
      break;
    }
    std::vector<pollfd> watched;
    bool blind = false;  // A kernel without pidfd (before 5.3, some sandboxes): look every few milliseconds.
    for (const child& one : children) {
      if (one.pid_ <= 0) continue;
      if (one.pid_descriptor_ >= 0) {
        watched.push_back({one.pid_descriptor_, POLLIN, 0});
      } else {
        blind = true;
      }
    }
    if (interrupt_descriptor() >= 0) watched.push_back({interrupt_descriptor(), POLLIN, 0});
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now()).count() + 1;
    const long wait_ms = std::clamp<long>(static_cast<long>(left), 0, blind ? 5 : 1000);
    ::poll(watched.data(), watched.size(), static_cast<int>(wait_ms));
  }
  for (child& one : children) {
    close_once(one.pid_descriptor_);
    close_once(one.hold_descriptor_);
    close_once(one.report_descriptor_);
  }
  return statuses;
}

std::string find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) return name;
  const char* variable = std::getenv("PATH");
  const std::string search = variable != nullptr ? variable : "/usr/bin:/bin";
  for (std::size_t begin = 0; begin <= search.size();) {
    const std::size_t end = std::min(search.find(':', begin), search.size());
    const std::string candidate = (end == begin ? "." : search.substr(begin, end - begin)) + "/" + name;
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
    begin = end + 1;
  }
  return {};
}

result<exit_status> run(const spawn_options& options, std::chrono::milliseconds timeout) {
  auto started = spawn(options);
  if (!started) return started.error();
  return wait_all(std::span(&*started, 1), timeout).front();
}

std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) cpus.push_back(cpu);
    }
  }
  return cpus;
}

}  // namespace deft::support
