#include "selftest/load.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure/random_source.hpp"

namespace deft::selftest {
namespace {

/// Exponentially distributed, at most ten times the mean.
void sleep_about(double mean_seconds, measure::random_source& random) {
  const double uniform = (static_cast<double>(random.below(1'000'000)) + 1) / 1'000'001;
  const double seconds = std::fmin(-std::log(uniform), 10) * mean_seconds;
  timespec left{static_cast<time_t>(seconds), static_cast<long>((seconds - std::floor(seconds)) * 1e9)};
  while (::nanosleep(&left, &left) != 0) {
  }
}

pid_t start_burner() {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) std::_Exit(0);  // It died before it could be asked to take us along.
  volatile std::uint64_t burnt = 0;
  for (;;) burnt = burnt + 1;
}

}  // namespace

int run_load(int argc, const char* const* argv) {
  measure::random_source random(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0);
  for (;;) {
    sleep_about(1.5, random);
    std::vector<pid_t> burners;
    for (std::uint64_t left = 1 + random.below(3); left > 0; --left) {
      const pid_t pid = start_burner();
      if (pid > 0) burners.push_back(pid);
    }
    sleep_about(1, random);
    for (const pid_t pid : burners) {
      ::kill(pid, SIGKILL);
      ::waitpid(pid, nullptr, 0);
    }
  }
}

}  // namespace deft::selftest
