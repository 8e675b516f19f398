#include <chrono>
#include <cstdio>
#include <string>

#include "cli/perform.hpp"
#include "cli/profile_files.hpp"
#include "cli/profile_summary.hpp"
#include "profile/command_profiler.hpp"
#include "profile/profiler.hpp"
#include "report/escape.hpp"
#include "store/machine.hpp"
#include "store/utc.hpp"

namespace deft::cli {
namespace {

/// As a shell and timeout(1) would say how the command ended.
exit_code exit_code_of(const support::exit_status& status) {
  constexpr int timed_out = 124;
  constexpr int killed = 128;
  if (status.interrupted) return exit_code::interrupted;
  if (status.timed_out) return static_cast<exit_code>(timed_out);
  return static_cast<exit_code>(status.signal != 0 ? killed + status.signal : status.code);
}

void tell(const store::profile_file& file, const std::vector<output_file>& outputs) {
  std::string names;
  for (const output_file& output : outputs) names += (names.empty() ? "" : ", ") + report::plain(output.path);
  // On the standard error: the standard output is the command's.
  std::fprintf(stderr, "deft: %swritten to %s\n", summary_of(file).c_str(), names.c_str());
}

}  // namespace

exit_code perform(const profile_command& wish) {
  if (const auto writable = check_writable(wish.outputs); !writable) return refuse(writable.error());
  profile::command_profile_request request;
  request.argv = wish.argv;
  request.kind = wish.kind;
  request.how = wish.how;
  request.frequency_hz = wish.frequency_hz;
  request.time_limit = std::chrono::milliseconds(static_cast<std::int64_t>(wish.time_limit_seconds * 1000));
  const std::string created = store::utc_now();
  auto taken = profile::profile_command(request);
  if (!taken) return refuse(taken.error());

  const support::exit_status status = taken->status;
  store::profile_file file = file_of(*std::move(taken));
  file.created = created;
  file.command = shell_words(wish.argv);
  file.ended = status.describe();
  file.machine = store::read_machine();
  file.machine.perf_event = profile::perf_event_state();
  if (const auto written = write_profile(file, wish.outputs); !written) return refuse(written.error());
  if (!wish.quiet) tell(file, wish.outputs);
  if (status.interrupted)
    complain({support::error_kind::interrupted, "interrupted; what was seen until then is kept"});
  return exit_code_of(status);
}

}  // namespace deft::cli
