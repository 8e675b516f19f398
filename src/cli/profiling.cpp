#include "cli/profiling.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

#include "profile/profiler.hpp"
#include "support/interrupt.hpp"

namespace deft::cli {
namespace {

struct wanted_profile {
  const measure::program* program;
  const listed_benchmark* benchmark;
  std::optional<symbols::stack_profile>* into;
};

std::vector<wanted_profile> wanted_profiles(store::result_file& file, const lineup& all) {
  std::vector<wanted_profile> wanted;
  for (std::size_t i = 0; i < all.benchmarks.size(); ++i) {
    const listed_benchmark& listed = all.benchmarks[i];
    store::benchmark& b = file.benchmarks[i];
    if (!b.failure.empty()) continue;
    const measure::contender& c = all.contenders[listed.contender];
    if (listed.where == presence::both && c.head) {
      wanted.push_back({&*c.head, &listed, &b.profile});
      wanted.push_back({&c.base, &listed, &b.base_profile});
    } else {
      wanted.push_back(
          {&c.base, &listed, listed.where == presence::base_only ? &b.base_profile : &b.profile});
    }
  }
  return wanted;
}

}  // namespace

void take_profiles(store::result_file& file, const lineup& all, const measure_options& options,
                   progress& watch, std::optional<std::chrono::steady_clock::time_point> deadline) {
  using clock = std::chrono::steady_clock;
  const std::chrono::duration<double> wanted_time(options.profile_seconds);
  const std::vector<wanted_profile> wanted = wanted_profiles(file, all);
  if (wanted.empty()) return;
  profile::benchmark_profiler profiler;
  watch.begin("profiling");
  for (std::size_t k = 0; k < wanted.size(); ++k) {
    watch.update(wanted[k].benchmark->name, k, wanted.size());
    if (wanted[k].program->own_benchmarks) {
      wanted[k].into->emplace().unavailable =
          "its benchmarks are deft::measure's own, which are not profiled yet";
      continue;
    }
    if (deadline && clock::now() + wanted_time > *deadline) {
      wanted[k].into->emplace().unavailable = "no time was left for it (--time-budget)";
      continue;
    }
    profile::benchmark_profile_request request;
    request.program = measure::executable(*wanted[k].program);
    request.benchmark = wanted[k].benchmark->name;
    request.arguments = wanted[k].program->arguments;
    request.environment = wanted[k].program->environment;
    request.min_time_s = options.profile_seconds;
    request.time_limit = std::chrono::milliseconds(
        static_cast<std::int64_t>((options.time_limit_seconds + options.profile_seconds) * 1000));
    if (deadline) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(*deadline - clock::now());
      request.time_limit = std::min(request.time_limit, left);
    }
    auto taken = profiler.profile(request);
    if (!taken && (taken.error().kind == support::error_kind::interrupted || support::interrupted())) {
      file.interrupted = true;
      break;
    }
    if (taken) {
      *wanted[k].into = *std::move(taken);
    } else {
      wanted[k].into->emplace().unavailable = taken.error().message;
    }
  }
  watch.clear();
}

}  // namespace deft::cli
