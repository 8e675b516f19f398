// What users see where the kernel says no: each case in a process of its own that has given something up.

#include <cerrno>
#include <cstddef>
#include <functional>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "profile/perf_events.hpp"
#include "profile/profiler.hpp"
#include "symbols/fold.hpp"
#include "tests/profile/perf_permitted.hpp"

namespace deft::profile {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Runs `talk` in a forked process and returns what it said.
std::string said_by_child(const std::function<std::string()>& talk) {
  int pipe_ends[2];
  if (::pipe(pipe_ends) != 0) return "no pipe";
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
bool forbid_perf_event_open(int error_number) {
  sock_filter filter[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | static_cast<unsigned>(error_number)),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  const sock_fprog program{sizeof filter / sizeof filter[0], filter};
  return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
         ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

benchmark_profile_request short_request() {
  benchmark_profile_request request;
  request.program = DEFT_TEST_PROGRAMS "/timed_parts";
  request.benchmark = "set_up_and_tear_down";
  request.min_time_s = 0.1;
  return request;
}

std::string outcome_of_a_profile() {
  benchmark_profiler profiler;
  const auto taken = profiler.profile(short_request());
  if (!taken) return "error: " + taken.error().message;
  if (!taken->unavailable.empty()) return "unavailable: " + taken->unavailable;
  const std::string stacks = symbols::to_collapsed(*taken);
  return stacks.find("timed_work") != std::string::npos && taken->unrooted <= 1 + taken->samples / 100
             ? "profiled"
             : "wrong profile (" + taken->note + "):\n" + stacks;
}

TEST(Refusal, ByASeccompFilterIsAProfileThatSaysWhyAndWhatHelps) {
  const std::string said = said_by_child([]() -> std::string {
    if (!forbid_perf_event_open(EPERM)) return "cannot filter";
    return outcome_of_a_profile();
  });
  if (said == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  EXPECT_THAT(said, StartsWith("unavailable: perf_event_open was refused (Operation not permitted): "));
  EXPECT_THAT(said, ::testing::AnyOf(HasSubstr("seccomp"), HasSubstr("perf_event_paranoid")));
}

TEST(Refusal, ByAKernelWithoutPerfEventsSaysThat) {
  const std::string said = said_by_child([]() -> std::string {
    if (!forbid_perf_event_open(ENOSYS)) return "cannot filter";
    return outcome_of_a_profile();
  });
  if (said == "cannot filter") GTEST_SKIP() << "this sandbox allows no seccomp filter";
  EXPECT_THAT(said, StartsWith("unavailable: perf_event_open was refused (Function not implemented): "));
}

TEST(Refusal, DoesNotMeetAnUnprivilegedUserWhereTheKernelAllowsHisOwnPrograms) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give up being root; as a user the other tests show it";
  constexpr uid_t nobody = 65534;
  const std::string said = said_by_child([]() -> std::string {
    if (::setgid(nobody) != 0 || ::setuid(nobody) != 0) return "cannot become nobody";
    ::prctl(PR_SET_DUMPABLE, 1);  // as after a login: giving up root forbids being traced, and perf with it
    if (::access(DEFT_TEST_PROGRAMS "/timed_parts", X_OK) != 0) return "cannot reach the program";
    return outcome_of_a_profile();
  });
  if (said.starts_with("cannot")) GTEST_SKIP() << said;
  EXPECT_THAT(said, ::testing::AnyOf("profiled", StartsWith("unavailable: perf_event_open was refused")));
  if (testing::perf_permitted()) {
    std::cout << "[   NOTE   ] as nobody: " << said.substr(0, 200) << '\n';
  }
}

TEST(ExplainRefusal, NamesACauseAndARemedyForEachReason) {
  for (const int reason : {EACCES, EPERM, ENOSYS, ENODEV, EMFILE, EINVAL}) {
    EXPECT_THAT(explain_refusal(reason), StartsWith("perf_event_open was refused ("));
    EXPECT_GT(explain_refusal(reason).size(), 60U);
  }
}

}  // namespace
}  // namespace deft::profile
