#include "count/counter.hpp"

#include "count/counting_process.hpp"
#include "profile/agent_library.hpp"
#include "profile/preloading.hpp"
#include "support/process.hpp"

namespace deft::count {
namespace {

using support::error_kind;

constexpr unsigned first_runs = 2;  // 1 and 10 iterations
constexpr unsigned usual_runs = 3;  // where instructions cannot tell
constexpr double most_instructions = 100e6;

void add_reason(observation& to, const std::string& what, const std::string& why) {
  to.why_not += (to.why_not.empty() ? "" : "; ") + what + ": " + why;
}

/// Errors that are a property of the benchmark become its reason; the others are returned.
support::result<void> note(const support::error& problem, const std::string& what, observation& into) {
  if (problem.kind != error_kind::unavailable && problem.kind != error_kind::benchmark_failed) return problem;
  add_reason(into, what, problem.message);
  return {};
}

bool runs_in_several_threads(const std::string& benchmark) {
  const std::size_t at = benchmark.find("/threads:");
  return at != std::string::npos && benchmark.compare(at, 11, "/threads:1/") != 0 &&
         benchmark.substr(at) != "/threads:1";
}

}  // namespace

unsigned runs_for(double instructions_per_iteration) noexcept {
  unsigned runs = first_runs;
  double iterations = 1 + 10;
  for (double next = 100; runs < 4; next *= 10) {
    iterations += next;
    if (instructions_per_iteration * iterations > most_instructions) break;
    ++runs;
  }
  return runs;
}

counter::counter(std::chrono::milliseconds time_limit) : time_limit_(time_limit) {
  if (const std::string found = support::find_program("valgrind"); !found.empty()) {
    valgrind_ = {found,
                 "--command-line-only=yes",  // whatever ~/.valgrindrc says
                 "--tool=callgrind",
                 "--instr-atstart=no",
                 "--collect-atstart=no",
                 "--combine-dumps=yes",
                 "--dump-line=no",
                 "--collect-jumps=no",
                 "--trace-children=no"};
  } else {
    no_instructions_ = "valgrind is not installed";
  }
  const auto find = [](profile::agent_kind kind, std::string& path, std::string& why_not) {
    auto found = profile::find_agent_library({}, kind);
    if (found) {
      path = *std::move(found);
    } else if (why_not.empty()) {
      why_not = found.error().message;
    }
  };
  find(profile::agent_kind::instruction_counts, instruction_agent_, no_instructions_);
  find(profile::agent_kind::allocation_counts, allocation_agent_, no_allocations_);
}

support::result<void> counter::count_instructions(const measure::program& p, const std::string& benchmark,
                                                  unsigned runs, observation& into) const {
  constexpr const char* what = "instructions";
  if (!no_instructions_.empty()) {
    add_reason(into, what, no_instructions_);
    return {};
  }
  counting_settings settings{instruction_agent_, valgrind_, runs != 0 ? runs : first_runs, time_limit_};
  auto counted = run_counted(p, benchmark, settings);
  if (!counted && counted.error().kind == error_kind::benchmark_failed && settings.runs > 1) {
    settings.runs = 1;  // Ten iterations may have been too many.
    auto fewer = run_counted(p, benchmark, settings);
    if (fewer) counted = std::move(fewer);
  }
  if (!counted) return note(counted.error(), what, into);
  into.runs = settings.runs;
  if (runs == 0 && counted->iterations.size() == first_runs) {
    const unsigned more = runs_for(static_cast<double>(counted->instructions.back()) /
                                   static_cast<double>(counted->iterations.back()));
    settings.runs = into.runs = more;
    if (more != first_runs) counted = run_counted(p, benchmark, settings);
    if (!counted) return note(counted.error(), what, into);
  }
  for (std::size_t i = 0; i < counted->iterations.size(); ++i)
    into.instruction_runs.push_back({counted->iterations[i], counted->instructions[i]});
  return {};
}

support::result<void> counter::count_allocations(const measure::program& p, const std::string& benchmark,
                                                 observation& into) const {
  constexpr const char* what = "allocations";
  if (!no_allocations_.empty()) {
    add_reason(into, what, no_allocations_);
    return {};
  }
  counting_settings settings{allocation_agent_, {}, into.runs != 0 ? into.runs : usual_runs, time_limit_};
  auto counted = run_counted(p, benchmark, settings);
  if (!counted && counted.error().kind == error_kind::benchmark_failed && settings.runs > 1) {
    settings.runs = 1;
    auto fewer = run_counted(p, benchmark, settings);
    if (fewer) counted = std::move(fewer);
  }
  if (!counted) return note(counted.error(), what, into);
  if (into.runs == 0) into.runs = settings.runs;
  if (counted->all_allocations == 0) {
    add_reason(into, what, "it has an allocator of its own linked in");
    return {};
  }
  for (std::size_t i = 0; i < counted->iterations.size(); ++i)
    into.allocation_runs.push_back(
        {counted->iterations[i], counted->runs[i].allocations, counted->runs[i].allocated_bytes});
  into.peak_bytes = counted->runs.back().peak_bytes;
  return {};
}

support::result<observation> counter::count(const measure::program& p, const std::string& benchmark,
                                            unsigned runs) const {
  observation seen;
  seen.runs = runs;
  if (runs_in_several_threads(benchmark)) {
    seen.why_not = "it runs in several threads, whose order is not the same twice";
    return seen;
  }
  if (const auto possible = profile::check_preload(measure::executable(p)); !possible.possible) {
    seen.why_not = possible.obstacle;
    return seen;
  }
  if (const auto done = count_instructions(p, benchmark, runs, seen); !done) return done.error();
  if (const auto done = count_allocations(p, benchmark, seen); !done) return done.error();
  if (seen.instruction_runs.empty() && seen.allocation_runs.empty()) {
    auto fails = how_it_fails(p, benchmark, time_limit_);
    if (!fails) return fails.error();
    seen.failure = *std::move(fails);
  }
  return seen;
}

}  // namespace deft::count
