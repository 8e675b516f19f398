#include <chrono>

#include "deft/core/version.hpp"

#include "cli/contenders.hpp"
#include "cli/counting.hpp"
#include "cli/delivery.hpp"
#include "cli/output.hpp"
#include "cli/perform.hpp"
#include "cli/progress.hpp"
#include "profile/profiler.hpp"
#include "store/machine.hpp"
#include "store/result_file.hpp"
#include "store/utc.hpp"

namespace deft::cli {

exit_code perform(const count_command& wish) {
  const measure_options& options = wish.what.common;
  if (const auto writable = check_outputs(options); !writable) return refuse(writable.error());
  const auto all = line_up(wish.what);
  if (!all) return refuse(all.error());
  const auto begin = std::chrono::steady_clock::now();
  store::result_file file;
  file.kind = store::run_kind::single;
  file.created = store::utc_now();
  file.benchmarks.resize(all->benchmarks.size());
  for (std::size_t i = 0; i < all->benchmarks.size(); ++i) file.benchmarks[i].name = all->benchmarks[i].shown;
  progress watch(options.quiet);
  if (const auto counted = take_counts(file, *all, options, watch); !counted) return refuse(counted.error());

  file.deft_version = DEFT_VERSION_STRING;
  file.duration_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  file.note = options.note;
  file.machine = store::read_machine();
  file.machine.perf_event = profile::perf_event_state();
  for (const std::string& path : wish.what.programs)
    file.base.program += (file.base.program.empty() ? "" : " ") + path;
  file.base.label = file.base.program;
  for (const broken_program& broken : all->broken) {
    complain({support::error_kind::benchmark_failed, broken.message});
    store::benchmark b;
    b.name = broken.path;
    b.failure = broken.message;
    file.benchmarks.push_back(std::move(b));
  }
  const exit_code code = deliver(file, options);
  if (code != exit_code::ok) return code;
  return has_failure(file) ? exit_code::benchmark_failed : exit_code::ok;
}

}  // namespace deft::cli
